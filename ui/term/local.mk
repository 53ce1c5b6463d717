libui_a_SOURCES += \
	ui/term/bar.c ui/term/bar.h \
	ui/term/canvas.h \
	ui/term/cells.c ui/term/cells.h \
	ui/term/key.c ui/term/key.h \
	ui/term/keydecode.c ui/term/keydecode.h \
	ui/term/keymap.c ui/term/keymap.h \
	ui/term/line.c ui/term/line.h \
	ui/term/term.c ui/term/term.h \
	ui/term/term_info.c \
	ui/term/term_input.c \
	ui/term/term_private.h \
	ui/term/term_screen.c \
	ui/term/term_signal.c \
	ui/term/theme.c ui/term/theme.h \
	ui/term/wrap.c ui/term/wrap.h

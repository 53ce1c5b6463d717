if CONSOLE
noinst_LIBRARIES += libui.a
endif

libui_a_CFLAGS = $(AM_CFLAGS) $(NCURSES_CFLAGS)
libui_a_SOURCES = \
	ui/key.c ui/key.h \
	ui/keydecode.c ui/keydecode.h \
	ui/keymap.c ui/keymap.h \
	ui/theme.c ui/theme.h

UI_LIBS = libui.a $(CORE_LIBS) $(NCURSES_LIBS)

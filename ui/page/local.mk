libui_a_SOURCES += \
	ui/page/message_explain.c \
	ui/page/message_page.c ui/page/message_page.h \
	ui/page/message_part.c ui/page/message_part.h \
	ui/page/message_part_log.c \
	ui/page/message_part_private.h \
	ui/page/message_part_stretch.c \
	ui/page/message_part_und.c \
	ui/page/pager.c ui/page/pager.h \
	ui/page/panel.c ui/page/panel.h \
	ui/page/panel_cause.c \
	ui/page/panel_event.c \
	ui/page/panel_fill.c ui/page/panel_fill.h \
	ui/page/panel_verdict.c

libui_a_SOURCES += \
	ui/list/list.c ui/list/list.h \
	ui/list/list_draw.c ui/list/list_draw.h \
	ui/list/list_kept.c ui/list/list_kept.h \
	ui/list/list_layout.c ui/list/list_layout.h \
	ui/list/list_marks.c \
	ui/list/list_private.h \
	ui/list/list_refresh.c \
	ui/list/list_tags.c \
	ui/list/list_window.c \
	ui/list/tags.c ui/list/tags.h

libui_a_SOURCES += \
	ui/app/app.c ui/app/app.h \
	ui/app/app_connector.c \
	ui/app/app_draw.c \
	ui/app/app_go.c \
	ui/app/app_help.c \
	ui/app/app_keys.c \
	ui/app/app_message.c \
	ui/app/app_prompt.c \
	ui/app/app_undo.c \
	ui/app/app_verb.c \
	ui/app/app_visit.c \
	ui/app/app_watch.c \
	ui/app/app_work.c \
	ui/app/app_write.c \
	ui/app/console.h \
	ui/app/header.c ui/app/header.h \
	ui/app/header_private.h \
	ui/app/header_rates.c \
	ui/app/view.c ui/app/view.h \
	ui/app/view_log.c \
	ui/app/view_mail.c \
	ui/app/view_und.c

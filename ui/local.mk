if CONSOLE
noinst_LIBRARIES += libui.a
endif

libui_a_CFLAGS = $(AM_CFLAGS) $(NCURSES_CFLAGS)
libui_a_SOURCES = \
	ui/app.c ui/app.h \
	ui/app_connector.c \
	ui/app_draw.c \
	ui/app_go.c \
	ui/app_help.c \
	ui/app_keys.c \
	ui/app_message.c \
	ui/app_prompt.c \
	ui/app_undo.c \
	ui/app_verb.c \
	ui/app_visit.c \
	ui/app_watch.c \
	ui/app_work.c \
	ui/app_write.c \
	ui/causes.c ui/causes.h \
	ui/causes_advice.c ui/causes_advice.h \
	ui/causes_look.c \
	ui/cells.c ui/cells.h \
	ui/console.h \
	ui/header.c ui/header.h ui/header_private.h \
	ui/header_rates.c \
	ui/key.c ui/key.h \
	ui/keydecode.c ui/keydecode.h \
	ui/keymap.c ui/keymap.h \
	ui/list.c ui/list.h \
	ui/list_draw.c ui/list_draw.h \
	ui/list_layout.c ui/list_layout.h \
	ui/list_private.h \
	ui/list_refresh.c \
	ui/list_tags.c \
	ui/log_list.c ui/log_list.h \
	ui/mail.c ui/mail.h \
	ui/mail_kinds.c \
	ui/message_explain.c \
	ui/message_page.c ui/message_page.h \
	ui/message_part.c ui/message_part.h ui/message_part_private.h \
	ui/message_part_log.c \
	ui/message_part_stretch.c \
	ui/message_part_und.c \
	ui/pager.c ui/pager.h \
	ui/prompt.c ui/prompt.h \
	ui/prompt_draw.c \
	ui/tags.c ui/tags.h \
	ui/term.c ui/term.h ui/term_private.h \
	ui/term_info.c \
	ui/term_input.c \
	ui/term_signal.c \
	ui/theme.c ui/theme.h \
	ui/verb_page.c ui/verb_page.h ui/verb_page_private.h \
	ui/verb_page_text.c \
	ui/verb_page_then.c \
	ui/und_list.c ui/und_list.h \
	ui/view.c ui/view.h \
	ui/view_log.c \
	ui/view_mail.c \
	ui/view_und.c \
	ui/wrap.c ui/wrap.h

UI_LIBS = libui.a $(CORE_LIBS) $(NCURSES_LIBS)

libui_a_SOURCES += \
	ui/app/app.c \
	ui/app/ask.c ui/app/ask.h \
	ui/app/attention.c ui/app/attention.h \
	ui/app/chore.c ui/app/chore.h \
	ui/app/console.h \
	ui/app/desk.c ui/app/desk.h \
	ui/app/dispatch.c ui/app/dispatch.h \
	ui/app/do.h \
	ui/app/do_command.c \
	ui/app/do_connector.c \
	ui/app/do_filter.c \
	ui/app/do_help.c \
	ui/app/do_pipe.c \
	ui/app/do_program.c \
	ui/app/do_resend.c \
	ui/app/do_sort.c ui/app/do_time.c ui/app/do_note.c \
	ui/app/subject.c ui/app/subject.h \
	ui/app/trend.c ui/app/trend.h \
	ui/app/do_undo.c \
	ui/app/do_unfinished.c \
	ui/app/do_verb.c \
	ui/app/verb_ask.c ui/app/verb_ask.h \
	ui/app/do_write.c \
	ui/app/errand.c ui/app/errand.h \
	ui/app/errand_mail.c \
	ui/app/follow.c ui/app/follow.h \
	ui/app/gather.c ui/app/gather.h \
	ui/app/go.c \
	ui/app/hosts_console.c \
	ui/app/hosts_desk.c ui/app/hosts_desk.h \
	ui/app/hosts_help.c \
	ui/app/hosts_verb.c \
	ui/app/hosts_rows.c ui/app/hosts_rows.h \
	ui/app/header.c ui/app/header.h \
	ui/app/header_private.h \
	ui/app/header_rates.c \
	ui/app/header_row.c \
	ui/app/log_tail.c ui/app/log_tail.h \
	ui/app/make_ready.c ui/app/make_ready.h \
	ui/app/message_build.c ui/app/message_build.h \
	ui/app/plain.c \
	ui/app/plain_program.c ui/app/plain_program.h \
	ui/app/program.c ui/app/program.h \
	ui/app/rest.c ui/app/rest.h \
	ui/app/question.c ui/app/question.h \
	ui/app/says.h \
	ui/app/screen.c ui/app/screen.h \
	ui/app/screen_message.c ui/app/screen_message.h \
	ui/app/screen_run.c ui/app/screen_run.h \
	ui/app/screen_text.c ui/app/screen_text.h \
	ui/app/view.c ui/app/view.h \
	ui/app/view_ages.c ui/app/view_ages.h \
	ui/app/view_causes.c ui/app/view_causes.h \
	ui/app/view_items.c ui/app/view_items.h \
	ui/app/view_log.c \
	ui/app/view_mail.c ui/app/view_mail.h \
	ui/app/view_und.c \
	ui/app/views.c ui/app/views.h \
	ui/app/visit.c ui/app/visit.h \
	ui/app/watch.c ui/app/watch.h \
	ui/app/do_job.c \
	ui/app/view_work.c

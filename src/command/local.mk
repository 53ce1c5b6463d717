ccmq_SOURCES += \
	src/command/cli.c src/command/cli.h \
	src/command/cli_bell.c \
	src/command/cli_beside.c src/command/cli_beside.h \
	src/command/cli_job.c src/command/cli_job.h \
	src/command/cli_made.c src/command/cli_made.h \
	src/command/cli_options.c \
	src/command/cli_print.c \
	src/command/cli_report.c src/command/cli_report.h \
	src/command/cli_rows.c \
	src/command/cmd_adopt.c src/command/cmd_adopt.h \
	src/command/cmd_changes.c \
	src/command/cmd_check.c \
	src/command/cmd_verify.c \
	src/command/cmd_watch.c \
	src/command/cmd_connector.c \
	src/command/cli_hosts.c src/command/cli_hosts.h \
	src/command/cmd_find.c \
	src/command/cmd_history.c \
	src/command/cmd_hosts.c \
	src/command/cmd_init.c \
	src/command/cmd_jobs.c \
	src/command/cmd_list.c \
	src/command/cmd_metrics.c \
	src/command/cmd_note.c \
	src/command/cmd_replay.c \
	src/command/cmd_report.c \
	src/command/cmd_resend.c \
	src/command/cmd_serve.c src/command/cmd_serve_answer.c \
	src/command/cmd_serve.h \
	src/command/cmd_shape.c \
	src/command/cmd_show.c \
	src/command/cmd_split.c \
	src/command/cmd_status.c src/command/cmd_status.h \
	src/command/cmd_status_check.c \
	src/command/cmd_und.c src/command/cmd_und.h \
	src/command/cmd_undo.c \
	src/command/cmd_verbs.c

libcore_a_SOURCES += \
	src/history/changes.c src/history/changes.h \
	src/history/event.h \
	src/history/history.c src/history/history.h \
	src/history/history_action.c \
	src/history/history_at.c src/history/history_at.h \
	src/history/history_at_cause.c src/history/history_at_list.c \
	src/history/history_at_message.c \
	src/history/history_at_private.h src/history/history_at_connector.c \
	src/history/history_at_jobs.c \
	src/history/history_attempt.c \
	src/history/history_cause.c src/history/history_cause.h \
	src/history/history_columns.h \
	src/history/history_connector.c \
	src/history/history_event.c \
	src/history/history_look.c src/history/history_look.h \
	src/history/history_fill.c src/history/history_fill.h \
	src/history/history_list.c \
	src/history/history_log.c \
	src/history/history_message.c src/history/history_message.h \
	src/history/history_note.c src/history/history_note.h \
	src/history/history_private.h \
	src/history/history_question.c src/history/history_question.h \
	src/history/history_report.c src/history/history_report.h \
	src/history/history_schema.c \
	src/history/history_sql.c src/history/history_sql.h \
	src/history/history_shape.c src/history/history_shape.h \
	src/history/history_sorted.c src/history/history_sorted.h \
	src/history/history_statement.c \
	src/history/history_tally.c \
	src/history/history_und.c \
	src/history/history_walk.c src/history/history_walk.h \
	src/history/history_window.c \
	src/history/match.c src/history/match.h \
	src/history/match_key.c \
	src/history/match_pattern.c \
	src/history/match_regex.c \
	src/history/match_word.c src/history/match_word.h \
	src/history/seal.c src/history/seal.h \
	src/history/seal_history.c src/history/seal_history.h \
	src/history/seal_verify.c src/history/seal_verify.h \
	src/history/state.c src/history/state.h

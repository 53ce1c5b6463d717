libcore_a_SOURCES += \
	src/work/duty.c src/work/duty.h \
	src/work/take_out.c src/work/take_out.h \
	src/work/jobs.c src/work/jobs.h \
	src/work/jobs_holder.c \
	src/work/jobs_words.c \
	src/work/check.c src/work/check.h \
	src/work/check_judge.c \
	src/work/check_mend.c \
	src/work/check_missing.c \
	src/work/check_names.c \
	src/work/check_private.h \
	src/work/check_rebuild.c \
	src/work/check_repair.c \
	src/work/made.c src/work/made.h \
	src/work/notes.c src/work/notes.h \
	src/work/operation_result.c \
	src/work/operations.c src/work/operations.h \
	src/work/operations_change.c \
	src/work/operations_connector.c \
	src/work/operations_private.h \
	src/work/operations_unfinished.c \
	src/work/outcome.c src/work/outcome.h \
	src/work/recovery.c \
	src/work/report.c src/work/report.h \
	src/work/report_archive.c \
	src/work/report_incident.c \
	src/work/report_private.h \
	src/work/report_write.c \
	src/work/row_json.c src/work/row_json.h \
	src/work/replay.c src/work/replay.h \
	src/work/resend.c src/work/resend.h \
	src/work/shape.c src/work/shape.h \
	src/work/split.c src/work/split.h

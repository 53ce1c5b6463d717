noinst_LIBRARIES += libcore.a
libcore_a_CFLAGS = $(AM_CFLAGS) $(SQLITE_CFLAGS) $(LIBCONFIG_CFLAGS) \
	$(JANSSON_CFLAGS) $(PCRE2_CFLAGS)
libcore_a_SOURCES = \
	src/actor.c src/actor.h \
	src/connector.c src/connector.h src/connector_private.h \
	src/connector_attempt.c \
	src/connector_care.c \
	src/connector_intake.c \
	src/event.h \
	src/history.c src/history.h src/history_private.h \
	src/history_action.c \
	src/history_attempt.c \
	src/history_connector.c \
	src/history_event.c \
	src/history_list.c \
	src/history_message.c \
	src/history_sql.c src/history_sql.h \
	src/history_und.c \
	src/importer.c src/importer.h src/importer_private.h \
	src/importer_runner.c \
	src/operations.c src/operations.h \
	src/operations_connector.c \
	src/operations_recover.c \
	src/outcome.c src/outcome.h \
	src/spool.c src/spool.h \
	src/store.c src/store.h \
	src/store_moves.c \
	src/ccmail_address.c src/ccmail_address.h \
	src/ccmail_date.c src/ccmail_date.h \
	src/charset.c src/charset.h \
	src/clock.c src/clock.h \
	src/error.c src/error.h \
	src/fsutil.c src/fsutil.h \
	src/log.c src/log.h \
	src/match.c src/match.h \
	src/match_key.c \
	src/match_pattern.c \
	src/match_regex.c \
	src/match_word.c src/match_word.h \
	src/policy.c src/policy.h \
	src/settings.c src/settings.h \
	src/settings_print.c \
	src/settings_read.c \
	src/settings_scan.c \
	src/settings_table.c src/settings_table.h \
	src/message.c src/message.h \
	src/message_attach.c \
	src/message_headers.c \
	src/message_hex.h \
	src/message_items.c \
	src/message_parse.c src/message_parse.h \
	src/message_scan.c src/message_scan.h \
	src/message_store.h \
	src/message_summary.c src/message_summary.h \
	src/message_writer.h \
	src/state.c src/state.h \
	src/str.c src/str.h \
	src/text.c src/text.h \
	src/status.c src/status.h \
	src/und_account.c src/und_account.h \
	src/und.c src/und.h \
	src/verdict.c src/verdict.h \
	src/width.c src/width.h \
	src/xalloc.c src/xalloc.h

CORE_LIBS = libcore.a $(SQLITE_LIBS) $(LIBCONFIG_LIBS) $(JANSSON_LIBS) \
	$(PCRE2_LIBS)

sbin_PROGRAMS += ccmqd
ccmqd_SOURCES = src/ccmqd_main.c
ccmqd_LDADD = $(CORE_LIBS)

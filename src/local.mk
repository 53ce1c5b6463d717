noinst_LIBRARIES += libcore.a
libcore_a_CFLAGS = $(AM_CFLAGS) $(SQLITE_CFLAGS) $(LIBCONFIG_CFLAGS) \
	$(JANSSON_CFLAGS) $(PCRE2_CFLAGS)
libcore_a_SOURCES = \
	src/actor.c src/actor.h \
	src/check.c src/check.h src/check_private.h \
	src/check_rebuild.c \
	src/check_repair.c \
	src/connector.c src/connector.h src/connector_private.h \
	src/connector_attempt.c \
	src/connector_begin.c \
	src/connector_care.c \
	src/connector_ending.c \
	src/connector_intake.c \
	src/connector_life.c \
	src/connector_program.c \
	src/event.h \
	src/history.c src/history.h src/history_private.h \
	src/history_action.c \
	src/history_attempt.c \
	src/history_cause.c src/history_cause.h \
	src/history_connector.c \
	src/history_event.c \
	src/history_list.c \
	src/history_log.c \
	src/history_message.c src/history_message.h \
	src/history_schema.c \
	src/history_sql.c src/history_sql.h \
	src/history_statement.c \
	src/history_und.c \
	src/history_window.c \
	src/importer.c src/importer.h src/importer_private.h \
	src/importer_runner.c \
	src/operations.c src/operations.h \
	src/operations_change.c src/operations_private.h \
	src/operations_connector.c \
	src/operations_unfinished.c \
	src/operations_recover.c \
	src/outcome.c src/outcome.h \
	src/spool.c src/spool.h \
	src/spool_lock.c \
	src/store.c src/store.h \
	src/store_moves.c \
	src/ccmail_address.c src/ccmail_address.h \
	src/ccmail_date.c src/ccmail_date.h \
	src/charset.c src/charset.h \
	src/clock.c src/clock.h \
	src/error.c src/error.h \
	src/fd_source.c src/fd_source.h \
	src/fsutil.c src/fsutil.h \
	src/json.c src/json.h \
	src/log.c src/log.h \
	src/message.c src/message.h \
	src/message_attach.c \
	src/message_headers.c \
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
	src/message_hex.c src/message_hex.h \
	src/message_items.c \
	src/message_keyword.c \
	src/message_parse.c src/message_parse.h \
	src/message_probe.c \
	src/message_scan.c src/message_scan.h \
	src/message_store.h \
	src/message_summary.c src/message_summary.h \
	src/message_writer.c src/message_writer.h \
	src/state.c src/state.h \
	src/str.c src/str.h \
	src/text.c src/text.h \
	src/text_number.c \
	src/status.c src/status.h \
	src/und_account.c src/und_account.h \
	src/und.c src/und.h \
	src/verdict.c src/verdict.h \
	src/width.c src/width.h \
	src/xalloc.c src/xalloc.h

CORE_LIBS = libcore.a $(SQLITE_LIBS) $(LIBCONFIG_LIBS) $(JANSSON_LIBS) \
	$(PCRE2_LIBS)

# The post office, conversion and delivery: of ccmq-import and ccmq convert.
noinst_LIBRARIES += libdeliver.a
libdeliver_a_CFLAGS = $(AM_CFLAGS) $(LIBCONFIG_CFLAGS) $(GMIME_CFLAGS) \
	$(JANSSON_CFLAGS)
libdeliver_a_SOURCES = \
	src/convert.c src/convert.h src/convert_private.h \
	src/convert_archive.c \
	src/convert_bar.c \
	src/convert_options.c \
	src/convert_read.c \
	src/convert_target.c \
	src/convert_text.c \
	src/convert_walk.c \
	src/deliver.c src/deliver.h src/deliver_private.h \
	src/deliver_address.c \
	src/deliver_header.c \
	src/deliver_macintosh.c \
	src/deliver_part.c \
	src/deliver_spool.c \
	src/delivered.c src/delivered.h \
	src/handoff.c src/handoff.h \
	src/handoff_note.c src/handoff_note.h \
	src/import_judge.c src/import_judge.h \
	src/import_message.c src/import_message.h \
	src/import_options.c src/import_options.h \
	src/import_run.c src/import_run.h \
	src/import_und.c src/import_und.h \
	src/json_convert.c src/json_convert.h \
	src/maildir.c src/maildir.h \
	src/postoffice.c src/postoffice.h src/postoffice_private.h \
	src/postoffice_index.c \
	src/postoffice_load.c \
	src/postoffice_local_part.c

# Only what it needs: each library costs a start of ccmq-import time.
DELIVER_LIBS = libdeliver.a libcore.a $(LIBCONFIG_LIBS) $(GMIME_LIBS)

bin_PROGRAMS += ccmq-import
ccmq_import_SOURCES = src/ccmq_import_main.c
ccmq_import_LDADD = $(DELIVER_LIBS)
sbin_PROGRAMS += ccmqd
ccmqd_SOURCES = src/ccmqd_main.c
ccmqd_LDADD = $(CORE_LIBS)

bin_PROGRAMS += ccmq
ccmq_CFLAGS = $(AM_CFLAGS) $(GMIME_CFLAGS)
ccmq_SOURCES = \
	src/ccmq_main.c \
	src/cli.c src/cli.h \
	src/cli_rows.c \
	src/cmd_check.c \
	src/cmd_connector.c \
	src/cmd_list.c \
	src/cmd_history.c \
	src/cmd_show.c \
	src/cmd_status.c \
	src/cmd_und.c \
	src/cmd_verbs.c
ccmq_LDADD = $(ccmq_console) libdeliver.a $(CORE_LIBS) $(GMIME_LIBS)
if CONSOLE
ccmq_console = libui.a $(NCURSES_LIBS)
endif

TEST_EXTENSIONS = .sh .keys
LOG_DRIVER = env AM_TAP_AWK='$(AWK)' $(SHELL) $(top_srcdir)/build-aux/tap-driver.sh
SH_LOG_DRIVER = $(LOG_DRIVER)
KEYS_LOG_DRIVER = $(LOG_DRIVER)
KEYS_LOG_COMPILER = tests/screen/screen
AM_TESTS_ENVIRONMENT = \
	CMOCKA_MESSAGE_OUTPUT=TAP; export CMOCKA_MESSAGE_OUTPUT; \
	srcdir='$(abs_top_srcdir)'; export srcdir; \
	builddir='$(abs_top_builddir)'; export builddir;

UNIT_LIBS = $(CORE_LIBS) $(CMOCKA_LIBS)

unit_tests = \
	tests/unit/test_connector \
	tests/unit/test_match \
	tests/unit/test_policy \
	tests/unit/test_settings \
	tests/unit/test_ccmail_address \
	tests/unit/test_ccmail_date \
	tests/unit/test_charset \
	tests/unit/test_maildir \
	tests/unit/test_postoffice \
	tests/unit/test_message \
	tests/unit/test_message_limits \
	tests/unit/test_message_summary \
	tests/unit/test_message_writer \
	tests/unit/test_spool \
	tests/unit/test_store \
	tests/unit/test_text \
	tests/unit/test_und \
	tests/unit/test_verdict

# These need the console's library, not a terminal.
ui_unit_tests = \
	tests/unit/test_causes \
	tests/unit/test_header \
	tests/unit/test_keydecode \
	tests/unit/test_keymap \
	tests/unit/test_list \
	tests/unit/test_message_page \
	tests/unit/test_message_part \
	tests/unit/test_prompt \
	tests/unit/test_verb_page \
	tests/unit/test_wrap

if HAVE_CMOCKA
check_PROGRAMS += $(unit_tests)
TESTS += $(unit_tests)
if CONSOLE
check_PROGRAMS += $(ui_unit_tests)
TESTS += $(ui_unit_tests)
endif
endif

tests_unit_test_connector_SOURCES = tests/unit/test_connector.c \
	tests/unit/unit.h
tests_unit_test_connector_LDADD = $(UNIT_LIBS)

tests_unit_test_spool_SOURCES = tests/unit/test_spool.c tests/unit/unit.h
tests_unit_test_spool_LDADD = $(UNIT_LIBS)

tests_unit_test_store_SOURCES = tests/unit/test_store.c tests/unit/unit.h
tests_unit_test_store_LDADD = $(UNIT_LIBS)

tests_unit_test_match_SOURCES = tests/unit/test_match.c tests/unit/unit.h
tests_unit_test_match_CFLAGS = $(AM_CFLAGS) $(SQLITE_CFLAGS)
tests_unit_test_match_LDADD = $(UNIT_LIBS)

tests_unit_test_policy_SOURCES = tests/unit/test_policy.c tests/unit/unit.h
tests_unit_test_policy_LDADD = $(UNIT_LIBS)

tests_unit_test_settings_SOURCES = tests/unit/test_settings.c \
	tests/unit/unit.h
tests_unit_test_settings_LDADD = $(UNIT_LIBS)

tests_unit_test_text_SOURCES = tests/unit/test_text.c tests/unit/unit.h
tests_unit_test_text_LDADD = $(UNIT_LIBS)

tests_unit_test_ccmail_address_SOURCES = tests/unit/test_ccmail_address.c tests/unit/unit.h
tests_unit_test_ccmail_address_LDADD = $(UNIT_LIBS)

tests_unit_test_ccmail_date_SOURCES = tests/unit/test_ccmail_date.c tests/unit/unit.h
tests_unit_test_ccmail_date_LDADD = $(UNIT_LIBS)

tests_unit_test_charset_SOURCES = tests/unit/test_charset.c tests/unit/unit.h
tests_unit_test_charset_LDADD = $(UNIT_LIBS)

tests_unit_test_maildir_SOURCES = tests/unit/test_maildir.c tests/unit/unit.h
tests_unit_test_maildir_LDADD = $(DELIVER_LIBS) $(CMOCKA_LIBS)

tests_unit_test_postoffice_SOURCES = tests/unit/test_postoffice.c tests/unit/unit.h
tests_unit_test_postoffice_LDADD = $(DELIVER_LIBS) $(CMOCKA_LIBS)
tests_unit_test_message_SOURCES = tests/unit/test_message.c \
	tests/unit/message_cases.h tests/unit/source.h tests/unit/unit.h
tests_unit_test_message_LDADD = $(UNIT_LIBS)

tests_unit_test_message_limits_SOURCES = tests/unit/test_message_limits.c \
	tests/unit/unit.h
tests_unit_test_message_limits_LDADD = $(UNIT_LIBS)
tests_unit_test_message_limits_LDFLAGS = $(AM_LDFLAGS) \
	-Wl,--wrap=malloc -Wl,--wrap=calloc -Wl,--wrap=realloc -Wl,--wrap=free

tests_unit_test_message_summary_SOURCES = tests/unit/test_message_summary.c tests/unit/source.h \
	tests/unit/unit.h
tests_unit_test_message_summary_LDADD = $(UNIT_LIBS)

tests_unit_test_und_SOURCES = tests/unit/test_und.c tests/unit/source.h \
	tests/unit/unit.h
tests_unit_test_und_LDADD = $(UNIT_LIBS)

check_PROGRAMS += tests/import/convert
tests_import_convert_SOURCES = tests/import/convert_main.c
tests_import_convert_LDADD = $(DELIVER_LIBS) $(JANSSON_LIBS)
# Crash and fault harness: see tests/fault/README.md. The library is built
# without sanitizers: it is loaded into every program of a run, before libc.
fault_lib_sources = \
	$(srcdir)/tests/fault/fault_core.c \
	$(srcdir)/tests/fault/fault_data.c \
	$(srcdir)/tests/fault/fault_exec.c \
	$(srcdir)/tests/fault/fault_journal.c \
	$(srcdir)/tests/fault/fault_meta.c \
	$(srcdir)/tests/fault/fault_names.c \
	$(srcdir)/tests/fault/fault_place.c \
	$(srcdir)/tests/fault/fault_stdio.c
fault_lib_headers = \
	$(srcdir)/tests/fault/fault.h \
	$(srcdir)/tests/fault/fault_core.h

tests/fault/libfault.so: $(fault_lib_sources) $(fault_lib_headers)
	$(AM_V_GEN)$(MKDIR_P) tests/fault && \
	$(CC) -std=gnu11 -D_GNU_SOURCE $(WARN_CFLAGS) -g -O2 \
		-U_FORTIFY_SOURCE -fPIC -shared -fvisibility=hidden \
		-o $@ $(fault_lib_sources) -ldl

check_PROGRAMS += \
	tests/fault/fault_undo \
	tests/fault/sqlite_writer \
	tests/fault/steps \
	tests/fault/stub_import \
	tests/fault/sweep \
	tests/fault/sweep_judge
check_DATA = tests/fault/libfault.so
CLEANFILES += tests/fault/libfault.so
TESTS += tests/fault/test_harness.sh
EXTRA_DIST += $(fault_lib_sources) $(fault_lib_headers) \
	tests/fault/README.md \
	tests/fault/fault_run.sh \
	tests/fault/scenario_sqlite.sh \
	tests/fault/test_harness.sh

tests_fault_fault_undo_SOURCES = tests/fault/fault.h \
	tests/fault/fault_undo.c \
	tests/fault/undo.c tests/fault/undo.h \
	tests/fault/undo_plan.c tests/fault/undo_plan.h
tests_fault_sqlite_writer_SOURCES = tests/fault/sqlite_writer.c
tests_fault_sqlite_writer_CFLAGS = $(AM_CFLAGS) $(SQLITE_CFLAGS)
tests_fault_sqlite_writer_LDADD = $(SQLITE_LIBS)
tests_fault_steps_SOURCES = tests/fault/steps.c
tests_fault_stub_import_SOURCES = tests/fault/stub_import.c \
	tests/fault/sweep_hash.h
tests_fault_sweep_judge_SOURCES = tests/fault/sweep_judge.c \
	tests/fault/sweep_hash.h
tests_fault_sweep_judge_CFLAGS = $(AM_CFLAGS) $(SQLITE_CFLAGS)
tests_fault_sweep_judge_LDADD = $(SQLITE_LIBS)
tests_fault_sweep_SOURCES = tests/fault/fault.h \
	tests/fault/sweep.c tests/fault/sweep.h \
	tests/fault/sweep_child.c \
	tests/fault/sweep_mode.c \
	tests/fault/sweep_point.c \
	tests/fault/undo.c tests/fault/undo.h \
	tests/fault/undo_plan.c tests/fault/undo_plan.h

fault_scenarios = \
	tests/fault/scenario_deferral.sh \
	tests/fault/scenario_failure.sh \
	tests/fault/scenario_init.sh \
	tests/fault/scenario_intake.sh \
	tests/fault/scenario_lib.sh \
	tests/fault/scenario_retention.sh \
	tests/fault/scenario_rotation.sh \
	tests/fault/scenario_success.sh \
	tests/fault/scenario_verb.sh
TESTS += tests/fault/sweep_core.sh
EXTRA_DIST += $(fault_scenarios) \
	tests/fault/sweep_core.sh \
	tests/fault/sweep_lib.sh \
	tests/fault/sweep_long.sh

import_tests = \
	tests/system/import_big.sh \
	tests/system/import_codes.sh \
	tests/system/import_convert.sh \
	tests/system/import_crash.sh \
	tests/system/import_once.sh \
	tests/system/import_samples.sh
import_samples = attachments bad_date blank_user codepage headers \
	injection internet long_lines no_contents no_from_no_date no_item \
	not_a_message several
TESTS += $(import_tests)
EXTRA_DIST += $(import_tests) \
	$(import_samples:%=tests/import/samples/%.ccm) \
	tests/import/expected \
	tests/import/check_mail.py \
	tests/import/scenario_deliver.sh \
	tests/import/tap.sh
tests_unit_test_message_writer_SOURCES = tests/unit/test_message_writer.c \
	tests/unit/source.h tests/unit/unit.h
tests_unit_test_message_writer_LDADD = $(UNIT_LIBS)
tests_unit_test_verdict_SOURCES = tests/unit/test_verdict.c tests/unit/unit.h
tests_unit_test_verdict_LDADD = $(UNIT_LIBS)

tests_unit_test_keydecode_SOURCES = tests/unit/test_keydecode.c tests/unit/unit.h
tests_unit_test_keydecode_LDADD = libui.a $(UNIT_LIBS)

tests_unit_test_keymap_SOURCES = tests/unit/test_keymap.c tests/unit/unit.h
tests_unit_test_keymap_LDADD = libui.a $(UNIT_LIBS)

tests_unit_test_causes_SOURCES = tests/unit/test_causes.c tests/unit/unit.h
tests_unit_test_causes_LDADD = $(UI_LIBS) $(CMOCKA_LIBS)

tests_unit_test_header_SOURCES = tests/unit/test_header.c tests/unit/unit.h
tests_unit_test_header_LDADD = $(UI_LIBS) $(CMOCKA_LIBS)

tests_unit_test_message_page_SOURCES = tests/unit/test_message_page.c \
	tests/unit/unit.h
tests_unit_test_message_page_LDADD = libui.a $(UNIT_LIBS)

tests_unit_test_message_part_SOURCES = tests/unit/test_message_part.c \
	tests/unit/unit.h
tests_unit_test_message_part_LDADD = libui.a $(UNIT_LIBS)

tests_unit_test_verb_page_SOURCES = tests/unit/test_verb_page.c tests/unit/unit.h
tests_unit_test_verb_page_LDADD = libui.a $(UNIT_LIBS)

tests_unit_test_wrap_SOURCES = tests/unit/test_wrap.c tests/unit/unit.h
tests_unit_test_wrap_LDADD = libui.a $(UNIT_LIBS)

tests_unit_test_list_SOURCES = tests/unit/test_list.c tests/unit/unit.h \
	tests/fake_source.c tests/fake_source.h
tests_unit_test_list_LDADD = libui.a $(UNIT_LIBS)
tests_unit_test_list_CPPFLAGS = $(AM_CPPFLAGS) -iquote $(srcdir)/tests

# Fuzzers: with clang and --enable-fuzzing the real ones; else a replay of
# their seeds, which is a test.
fuzz_programs = \
	tests/fuzz/fuzz_address \
	tests/fuzz/fuzz_date \
	tests/fuzz/fuzz_match \
	tests/fuzz/fuzz_message \
	tests/fuzz/fuzz_settings \
	tests/fuzz/fuzz_und

if CONSOLE
fuzz_programs += tests/fuzz/fuzz_keys
endif

if FUZZING
EXTRA_PROGRAMS += $(fuzz_programs)
fuzz_main =
fuzz_ldflags = $(AM_LDFLAGS) -fsanitize=fuzzer
else
check_PROGRAMS += $(fuzz_programs)
TESTS += $(fuzz_programs)
fuzz_main = tests/fuzz/replay.c
fuzz_ldflags = $(AM_LDFLAGS)
endif

EXTRA_DIST += tests/fuzz/seeds

tests_fuzz_fuzz_address_SOURCES = tests/fuzz/fuzz_address.c tests/fuzz/fuzz.h $(fuzz_main)
tests_fuzz_fuzz_address_LDADD = $(CORE_LIBS)
tests_fuzz_fuzz_address_LDFLAGS = $(fuzz_ldflags)

tests_fuzz_fuzz_date_SOURCES = tests/fuzz/fuzz_date.c tests/fuzz/fuzz.h $(fuzz_main)
tests_fuzz_fuzz_date_LDADD = $(CORE_LIBS)
tests_fuzz_fuzz_date_LDFLAGS = $(fuzz_ldflags)

tests_fuzz_fuzz_keys_SOURCES = tests/fuzz/fuzz_keys.c tests/fuzz/fuzz.h $(fuzz_main)
tests_fuzz_fuzz_keys_LDADD = libui.a $(CORE_LIBS)
tests_fuzz_fuzz_keys_LDFLAGS = $(fuzz_ldflags)

tests_fuzz_fuzz_match_SOURCES = tests/fuzz/fuzz_match.c $(fuzz_main)
tests_fuzz_fuzz_match_CFLAGS = $(AM_CFLAGS) $(SQLITE_CFLAGS)
tests_fuzz_fuzz_match_LDADD = $(CORE_LIBS)
tests_fuzz_fuzz_match_LDFLAGS = $(fuzz_ldflags)

tests_fuzz_fuzz_message_SOURCES = tests/fuzz/fuzz_message.c tests/fuzz/fuzz.h $(fuzz_main)
tests_fuzz_fuzz_message_LDADD = $(CORE_LIBS)
tests_fuzz_fuzz_message_LDFLAGS = $(fuzz_ldflags)

tests_fuzz_fuzz_settings_SOURCES = tests/fuzz/fuzz_settings.c $(fuzz_main)
tests_fuzz_fuzz_settings_LDADD = $(CORE_LIBS)
tests_fuzz_fuzz_settings_LDFLAGS = $(fuzz_ldflags)

tests_fuzz_fuzz_und_SOURCES = tests/fuzz/fuzz_und.c tests/fuzz/fuzz.h $(fuzz_main)
tests_fuzz_fuzz_und_LDADD = $(CORE_LIBS)
tests_fuzz_fuzz_und_LDFLAGS = $(fuzz_ldflags)
# The console on a terminal in memory: scripts of keys, expected pictures.
screen_tests = \
	tests/screen/console.keys \
	tests/screen/console-readonly.keys \
	tests/screen/badline.keys \
	tests/screen/burst.keys \
	tests/screen/keys.keys \
	tests/screen/leave.keys \
	tests/screen/list.keys \
	tests/screen/lost.keys \
	tests/screen/matrix.keys \
	tests/screen/nasty.keys \
	tests/screen/readonly.keys \
	tests/screen/terms.keys \
	tests/screen/two.keys \
	tests/screen/views.keys
EXTRA_DIST += $(screen_tests) $(screen_pictures) tests/screen/console.sh \
	tests/screen/ccmq.sh tests/screen/store.sh tests/screen/long.sh \
	tests/screen/views.sh tests/screen/views.sql
view_pictures = cause-80x24 causes-80x24 causes-crashed-80x24 \
	command-prompt-80x24 connector-80x24 filter-prompt-80x24 \
	filtered-80x24 first-80x24 held-80x24 help-80x24 hold-80x24 \
	list-132x50 list-40x12 list-80x24 log-80x24 message-132x50 \
	message-40x12 message-80x24 message-part-2-80x24 \
	message-part-3-80x24 message-part-4-80x24 message-part-5-80x24 \
	message-part-6-80x24 message-part-7-80x24 one-purge-80x24 \
	one-retry-80x24 purge-80x24 quarantine-80x24 queue-80x24 \
	queue-other-80x24 read-only-80x24 results-80x24 retry-40x12 \
	retry-80x24 sort-prompt-80x24 stopped-80x24 trash-80x24 \
	tripped-132x50 tripped-40x12 tripped-80x24 two-80x24 und-132x50 \
	und-40x12 und-80x24 und-entries-80x24 undo-80x24 which-80x24
screen_pictures = \
	$(view_pictures:%=tests/screen/views/%.screen) \
	tests/screen/demo-40x12.screen \
	tests/screen/demo-80x24.screen \
	tests/screen/demo-80x24-c.screen \
	tests/screen/demo-132x50.screen \
	tests/screen/gone.screen \
	tests/screen/hostile.screen \
	tests/screen/hostile-c.screen \
	tests/screen/page.screen \
	tests/screen/sideways.screen

if CONSOLE
if HAVE_VTERM
check_PROGRAMS += tests/screen/demo tests/screen/screen \
	tests/screen/stand_in bench/bench_fill
check_SCRIPTS = tests/screen/console
check_DATA += tests/screen/elsewhere.so
TESTS += $(screen_tests)
endif
endif

tests/screen/console: $(srcdir)/tests/screen/console.sh
	$(AM_V_GEN)$(MKDIR_P) tests/screen && cp $(srcdir)/tests/screen/console.sh $@ && chmod +x $@
CLEANFILES += tests/screen/console
clean-local: clean-console
clean-console:
	-rm -rf tests/screen/console-*.store tests/screen/work-*

tests_screen_demo_SOURCES = tests/screen/demo.c tests/fake_source.c \
	tests/fake_source.h
tests_screen_demo_CPPFLAGS = $(AM_CPPFLAGS) -iquote $(srcdir)/tests
tests_screen_demo_LDADD = $(UI_LIBS)
tests_screen_stand_in_SOURCES = tests/screen/stand_in.c
tests_screen_stand_in_LDADD = $(CORE_LIBS)
screen_harness = tests/screen/child.c \
	tests/screen/child.h tests/screen/commands.c \
	tests/screen/commands_look.c tests/screen/commands_store.c \
	tests/screen/picture.c tests/screen/picture.h tests/screen/script.h \
	tests/screen/stream.c tests/screen/stream.h
tests_screen_screen_SOURCES = tests/screen/screen.c $(screen_harness)
tests_screen_screen_CFLAGS = $(AM_CFLAGS) $(VTERM_CFLAGS) $(NCURSES_CFLAGS)
tests_screen_screen_LDADD = libui.a $(CORE_LIBS) $(VTERM_LIBS) $(NCURSES_LIBS)
tests_unit_test_prompt_SOURCES = tests/unit/test_prompt.c tests/unit/unit.h
tests_unit_test_prompt_LDADD = $(UI_LIBS) $(CMOCKA_LIBS)

# What the reader makes of each sample.
check_PROGRAMS += tests/message/dump
TESTS += tests/message/samples.sh
EXTRA_DIST += tests/make-samples.py tests/message/samples.sh \
	tests/message/expected
tests_message_dump_SOURCES = tests/message/dump.c
tests_message_dump_LDADD = $(CORE_LIBS)
# Rules that a script can check.
house_tests = tests/check_house.sh tests/check_manuals.sh
TESTS += $(house_tests)
EXTRA_DIST += $(house_tests)
if HAVE_CMOCKA
check_PROGRAMS += tests/import/round_trip
TESTS += tests/import/round_trip
endif
tests_import_round_trip_SOURCES = tests/import/round_trip.c \
	tests/import/round_trip.h tests/import/round_trip_make.c tests/unit/unit.h
tests_import_round_trip_CFLAGS = $(AM_CFLAGS) $(GMIME_CFLAGS)
tests_import_round_trip_LDADD = $(DELIVER_LIBS) $(CMOCKA_LIBS)

# Real programs in private stores.
connector_tests = tests/system/breaker.sh tests/system/incident.sh \
	tests/system/names.sh tests/system/nasty.sh \
	tests/system/cli.sh tests/system/incidents.sh \
	tests/system/two_writers.sh \
	tests/system/unavailable.sh \
	tests/system/upgrade.sh
TESTS += $(connector_tests)
EXTRA_DIST += $(connector_tests) tests/system/lib.sh

# For a night: what check has no time for. See tests/check_long.sh.
EXTRA_DIST += tests/check_long.sh tests/unit/valgrind.sh \
	tests/unit/valgrind.supp
long_programs = $(check_PROGRAMS) $(check_DATA)
if FUZZING
long_programs += $(fuzz_programs)
endif
check-long: all $(long_programs)
	srcdir='$(abs_top_srcdir)' builddir='$(abs_top_builddir)' \
		$(SHELL) $(srcdir)/tests/check_long.sh
.PHONY: check-long

# The pictures of README.md, into the source tree: make pictures.
EXTRA_PROGRAMS += tests/screen/shoot
tests_screen_shoot_SOURCES = tests/screen/shoot.c tests/screen/svg.c \
	tests/screen/svg.h $(screen_harness)
tests_screen_shoot_CFLAGS = $(AM_CFLAGS) $(VTERM_CFLAGS) $(NCURSES_CFLAGS)
tests_screen_shoot_LDADD = libui.a $(CORE_LIBS) $(VTERM_LIBS) $(NCURSES_LIBS)
tests/screen/elsewhere.so: $(srcdir)/tests/screen/elsewhere.c
	$(AM_V_GEN)$(MKDIR_P) tests/screen && $(CC) -std=gnu11 -D_GNU_SOURCE \
		$(WARN_CFLAGS) -O2 -fPIC -shared -o $@ \
		$(srcdir)/tests/screen/elsewhere.c -ldl
CLEANFILES += tests/screen/elsewhere.so tests/screen/shoot
EXTRA_DIST += tests/screen/elsewhere.c tests/screen/pictures.sh
pictures: all tests/screen/shoot tests/screen/elsewhere.so
	srcdir='$(abs_top_srcdir)' builddir='$(abs_top_builddir)' $(SHELL) \
		$(srcdir)/tests/screen/pictures.sh $(srcdir)/data/pictures
.PHONY: pictures

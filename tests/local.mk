TEST_EXTENSIONS = .sh
LOG_DRIVER = env AM_TAP_AWK='$(AWK)' $(SHELL) $(top_srcdir)/build-aux/tap-driver.sh
SH_LOG_DRIVER = $(LOG_DRIVER)
AM_TESTS_ENVIRONMENT = \
	CMOCKA_MESSAGE_OUTPUT=TAP; export CMOCKA_MESSAGE_OUTPUT; \
	srcdir='$(abs_top_srcdir)'; export srcdir; \
	builddir='$(abs_top_builddir)'; export builddir;

UNIT_LIBS = $(CORE_LIBS) $(CMOCKA_LIBS)

unit_tests = \
	tests/unit/test_ccmail_address \
	tests/unit/test_ccmail_date \
	tests/unit/test_charset \
	tests/unit/test_message \
	tests/unit/test_message_limits \
	tests/unit/test_message_summary \
	tests/unit/test_message_writer \
	tests/unit/test_text \
	tests/unit/test_und

if HAVE_CMOCKA
check_PROGRAMS += $(unit_tests)
TESTS += $(unit_tests)
endif

tests_unit_test_text_SOURCES = tests/unit/test_text.c tests/unit/unit.h
tests_unit_test_text_LDADD = $(UNIT_LIBS)

tests_unit_test_ccmail_address_SOURCES = tests/unit/test_ccmail_address.c tests/unit/unit.h
tests_unit_test_ccmail_address_LDADD = $(UNIT_LIBS)

tests_unit_test_ccmail_date_SOURCES = tests/unit/test_ccmail_date.c tests/unit/unit.h
tests_unit_test_ccmail_date_LDADD = $(UNIT_LIBS)

tests_unit_test_charset_SOURCES = tests/unit/test_charset.c tests/unit/unit.h
tests_unit_test_charset_LDADD = $(UNIT_LIBS)

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

tests_unit_test_message_writer_SOURCES = tests/unit/test_message_writer.c \
	tests/unit/source.h tests/unit/unit.h
tests_unit_test_message_writer_LDADD = $(UNIT_LIBS)

# Fuzzers: with clang and --enable-fuzzing the real ones; else a replay of
# their seeds, which is a test.
fuzz_programs = \
	tests/fuzz/fuzz_address \
	tests/fuzz/fuzz_date \
	tests/fuzz/fuzz_message \
	tests/fuzz/fuzz_und

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

tests_fuzz_fuzz_message_SOURCES = tests/fuzz/fuzz_message.c tests/fuzz/fuzz.h $(fuzz_main)
tests_fuzz_fuzz_message_LDADD = $(CORE_LIBS)
tests_fuzz_fuzz_message_LDFLAGS = $(fuzz_ldflags)

tests_fuzz_fuzz_und_SOURCES = tests/fuzz/fuzz_und.c tests/fuzz/fuzz.h $(fuzz_main)
tests_fuzz_fuzz_und_LDADD = $(CORE_LIBS)
tests_fuzz_fuzz_und_LDFLAGS = $(fuzz_ldflags)

# What the reader makes of each sample.
check_PROGRAMS += tests/message/dump
TESTS += tests/message/samples.sh
EXTRA_DIST += tests/make-samples.py tests/message/samples.sh $(sample_expected)
sample_expected = \
	tests/message/attachment.expected \
	tests/message/bad-date.expected \
	tests/message/blank-user.expected \
	tests/message/board.expected \
	tests/message/boxes.expected \
	tests/message/brackets.expected \
	tests/message/case.expected \
	tests/message/count-blank.expected \
	tests/message/count-contents.expected \
	tests/message/count-item.expected \
	tests/message/count-message.expected \
	tests/message/count-missing.expected \
	tests/message/count-overrun.expected \
	tests/message/counted.expected \
	tests/message/cr.expected \
	tests/message/ctrl-z.expected \
	tests/message/cut-body.expected \
	tests/message/cut-headers.expected \
	tests/message/empty-items.expected \
	tests/message/forwarded.expected \
	tests/message/four-digits.expected \
	tests/message/glued.expected \
	tests/message/half-known.expected \
	tests/message/hex.expected \
	tests/message/items.expected \
	tests/message/junk-before.expected \
	tests/message/junk-contents.expected \
	tests/message/junk-header.expected \
	tests/message/lf.expected \
	tests/message/long-subject.expected \
	tests/message/long-title.expected \
	tests/message/loose.expected \
	tests/message/macbinary.expected \
	tests/message/many-recipients.expected \
	tests/message/no-contents.expected \
	tests/message/no-from.expected \
	tests/message/no-headers.expected \
	tests/message/no-item.expected \
	tests/message/no-message.expected \
	tests/message/nothing.expected \
	tests/message/nul.expected \
	tests/message/plain.expected \
	tests/message/published.expected \
	tests/message/reason.expected \
	tests/message/recipients.expected \
	tests/message/repeated.expected \
	tests/message/two-messages.expected \
	tests/message/two-plain.expected \
	tests/message/unknown-header.expected \
	tests/message/unknown-item.expected \
	tests/message/unknown-recipient.expected \
	tests/message/written-on.expected
tests_message_dump_SOURCES = tests/message/dump.c
tests_message_dump_LDADD = $(CORE_LIBS)

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

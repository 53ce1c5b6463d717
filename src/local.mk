noinst_LIBRARIES += libcore.a
libcore_a_CFLAGS = $(AM_CFLAGS) $(SQLITE_CFLAGS) $(LIBCONFIG_CFLAGS) \
	$(JANSSON_CFLAGS) $(PCRE2_CFLAGS)
libcore_a_SOURCES = \
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
	src/state.c src/state.h \
	src/str.c src/str.h \
	src/text.c src/text.h \
	src/xalloc.c src/xalloc.h

CORE_LIBS = libcore.a $(SQLITE_LIBS) $(LIBCONFIG_LIBS) $(JANSSON_LIBS) \
	$(PCRE2_LIBS)

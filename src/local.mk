noinst_LIBRARIES += libcore.a
libcore_a_CFLAGS = $(AM_CFLAGS) $(SQLITE_CFLAGS) $(LIBCONFIG_CFLAGS) \
	$(JANSSON_CFLAGS) $(PCRE2_CFLAGS)
libcore_a_SOURCES = \
	src/clock.c src/clock.h \
	src/error.c src/error.h \
	src/fsutil.c src/fsutil.h \
	src/log.c src/log.h \
	src/state.c src/state.h \
	src/str.c src/str.h \
	src/text.c src/text.h \
	src/verdict.c src/verdict.h \
	src/width.c src/width.h \
	src/xalloc.c src/xalloc.h

CORE_LIBS = libcore.a $(SQLITE_LIBS) $(LIBCONFIG_LIBS) $(JANSSON_LIBS) \
	$(PCRE2_LIBS)

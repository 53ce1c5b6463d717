noinst_LIBRARIES += libcore.a
libcore_a_CFLAGS = $(AM_CFLAGS) $(SQLITE_CFLAGS) $(LIBCONFIG_CFLAGS) \
	$(JANSSON_CFLAGS) $(PCRE2_CFLAGS)
libcore_a_SOURCES = \
	src/ccmail_address.c src/ccmail_address.h \
	src/ccmail_date.c src/ccmail_date.h \
	src/charset.c src/charset.h \
	src/clock.c src/clock.h \
	src/error.c src/error.h \
	src/fsutil.c src/fsutil.h \
	src/log.c src/log.h \
	src/message.c src/message.h \
	src/message_attach.c \
	src/message_headers.c \
	src/message_hex.c src/message_hex.h \
	src/message_items.c \
	src/message_parse.c src/message_parse.h \
	src/message_scan.c src/message_scan.h \
	src/message_store.h \
	src/message_summary.c src/message_summary.h \
	src/message_writer.c src/message_writer.h \
	src/state.c src/state.h \
	src/str.c src/str.h \
	src/text.c src/text.h \
	src/und.c src/und.h \
	src/xalloc.c src/xalloc.h

CORE_LIBS = libcore.a $(SQLITE_LIBS) $(LIBCONFIG_LIBS) $(JANSSON_LIBS) \
	$(PCRE2_LIBS)

# The core: what the programs share. Each room has a local.mk of its own, which
# names its files.
noinst_LIBRARIES += libcore.a
libcore_a_CFLAGS = $(AM_CFLAGS) $(SQLITE_CFLAGS) $(LIBCONFIG_CFLAGS) \
	$(JANSSON_CFLAGS) $(PCRE2_CFLAGS) $(NETTLE_CFLAGS)
libcore_a_SOURCES =
CORE_LIBS = libcore.a $(SQLITE_LIBS) $(LIBCONFIG_LIBS) $(JANSSON_LIBS) \
	$(PCRE2_LIBS) $(NETTLE_LIBS)

# The post office, conversion and delivery: of ccmq-import and ccmq-convert.
noinst_LIBRARIES += libdeliver.a
libdeliver_a_CFLAGS = $(AM_CFLAGS) $(LIBCONFIG_CFLAGS) $(GMIME_CFLAGS) \
	$(JANSSON_CFLAGS)
libdeliver_a_SOURCES =
# Only what it needs: each library costs a start of ccmq-import time.
DELIVER_LIBS = libdeliver.a libcore.a $(LIBCONFIG_LIBS) $(GMIME_LIBS) \
	$(JANSSON_LIBS)

bin_PROGRAMS += ccmq-import
ccmq_import_SOURCES = src/ccmq_import_main.c
ccmq_import_LDADD = $(DELIVER_LIBS)
bin_PROGRAMS += ccmq-convert
ccmq_convert_SOURCES = src/ccmq_convert_main.c
ccmq_convert_LDADD = $(DELIVER_LIBS)
sbin_PROGRAMS += ccmqd
ccmqd_SOURCES = src/ccmqd_main.c
ccmqd_LDADD = $(CORE_LIBS)

bin_PROGRAMS += ccmq
ccmq_SOURCES = src/ccmq_main.c
ccmq_LDADD = $(ccmq_console) $(CORE_LIBS)
if CONSOLE
ccmq_console = libui.a $(NCURSES_LIBS) $(EDIT_LIBS)
endif

# The archive: it alone needs libpq.
archive_sources = src/ccmq_archive_main.c src/command/cli_bell.c \
	src/reach/archive.c src/reach/archive.h src/reach/archive_private.h \
	src/reach/archive_db.c src/reach/archive_find.c \
	src/reach/archive_rows.c \
	src/reach/archive_schema.c
if LIBPQ
sbin_PROGRAMS += ccmq-archive
ccmq_archive_CFLAGS = $(AM_CFLAGS) $(LIBPQ_CFLAGS)
ccmq_archive_SOURCES = $(archive_sources)
ccmq_archive_LDADD = $(CORE_LIBS) $(LIBPQ_LIBS)
endif
EXTRA_DIST += $(archive_sources)

# From the ground up.
include src/base/local.mk
include src/mail/local.mk
include src/history/local.mk
include src/settings/local.mk
include src/import/local.mk
include src/convert/local.mk
include src/store/local.mk
include src/work/local.mk
include src/connector/local.mk
include src/reach/local.mk
include src/command/local.mk

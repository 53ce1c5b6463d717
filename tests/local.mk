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
	tests/unit/test_maildir \
	tests/unit/test_message_summary \
	tests/unit/test_postoffice \
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

tests_unit_test_maildir_SOURCES = tests/unit/test_maildir.c tests/unit/unit.h
tests_unit_test_maildir_LDADD = $(DELIVER_LIBS) $(CMOCKA_LIBS)

tests_unit_test_postoffice_SOURCES = tests/unit/test_postoffice.c tests/unit/unit.h
tests_unit_test_postoffice_LDADD = $(DELIVER_LIBS) $(CMOCKA_LIBS)
tests_unit_test_message_summary_SOURCES = tests/unit/test_message_summary.c tests/unit/source.h \
	tests/unit/unit.h
tests_unit_test_message_summary_LDADD = $(UNIT_LIBS)

tests_unit_test_und_SOURCES = tests/unit/test_und.c tests/unit/source.h \
	tests/unit/unit.h
tests_unit_test_und_LDADD = $(UNIT_LIBS)

check_PROGRAMS += tests/import/convert
tests_import_convert_SOURCES = tests/import/convert_main.c
tests_import_convert_LDADD = $(DELIVER_LIBS) $(JANSSON_LIBS)

TEST_EXTENSIONS = .sh
LOG_DRIVER = env AM_TAP_AWK='$(AWK)' $(SHELL) $(top_srcdir)/build-aux/tap-driver.sh
SH_LOG_DRIVER = $(LOG_DRIVER)
AM_TESTS_ENVIRONMENT = \
	CMOCKA_MESSAGE_OUTPUT=TAP; export CMOCKA_MESSAGE_OUTPUT; \
	srcdir='$(abs_top_srcdir)'; export srcdir; \
	builddir='$(abs_top_builddir)'; export builddir;

UNIT_LIBS = $(CORE_LIBS) $(CMOCKA_LIBS)

unit_tests = \
	tests/unit/test_text \
	tests/unit/test_verdict

# These need the console's library, not a terminal.
ui_unit_tests = \
	tests/unit/test_keydecode \
	tests/unit/test_keymap \
	tests/unit/test_list

if HAVE_CMOCKA
check_PROGRAMS += $(unit_tests)
TESTS += $(unit_tests)
if CONSOLE
check_PROGRAMS += $(ui_unit_tests)
TESTS += $(ui_unit_tests)
endif
endif

tests_unit_test_text_SOURCES = tests/unit/test_text.c tests/unit/unit.h
tests_unit_test_text_LDADD = $(UNIT_LIBS)

tests_unit_test_verdict_SOURCES = tests/unit/test_verdict.c tests/unit/unit.h
tests_unit_test_verdict_LDADD = $(UNIT_LIBS)

tests_unit_test_keydecode_SOURCES = tests/unit/test_keydecode.c tests/unit/unit.h
tests_unit_test_keydecode_LDADD = libui.a $(UNIT_LIBS)

tests_unit_test_keymap_SOURCES = tests/unit/test_keymap.c tests/unit/unit.h
tests_unit_test_keymap_LDADD = libui.a $(UNIT_LIBS)

tests_unit_test_list_SOURCES = tests/unit/test_list.c tests/unit/unit.h \
	tests/fake_source.c tests/fake_source.h
tests_unit_test_list_LDADD = libui.a $(UNIT_LIBS)
tests_unit_test_list_CPPFLAGS = $(AM_CPPFLAGS) -iquote $(srcdir)/tests

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

# The console on a terminal in memory: scripts of keys, expected pictures.
screen_tests = \
	tests/screen/keys.keys \
	tests/screen/leave.keys \
	tests/screen/list.keys \
	tests/screen/terms.keys
EXTRA_DIST += $(screen_tests) $(screen_pictures)
screen_pictures = \
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
check_PROGRAMS += tests/screen/demo tests/screen/screen
TESTS += $(screen_tests)
endif
endif

tests_screen_demo_SOURCES = tests/screen/demo.c tests/fake_source.c \
	tests/fake_source.h
tests_screen_demo_CPPFLAGS = $(AM_CPPFLAGS) -iquote $(srcdir)/tests
tests_screen_demo_LDADD = $(UI_LIBS)
tests_screen_screen_SOURCES = tests/screen/screen.c tests/screen/child.c \
	tests/screen/child.h tests/screen/picture.c tests/screen/picture.h
tests_screen_screen_CFLAGS = $(AM_CFLAGS) $(VTERM_CFLAGS)
tests_screen_screen_LDADD = libui.a $(CORE_LIBS) $(VTERM_LIBS)

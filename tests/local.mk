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

# Rules that a script can check.
house_tests = tests/check_house.sh tests/check_manuals.sh \
	tests/check_packaging.sh
TESTS += $(house_tests)
EXTRA_DIST += $(house_tests)

# What takes longest begins first (make check-times); most of it waits, so
# that quickstart runs three for each processor.
if HAVE_CMOCKA
check_PROGRAMS += tests/unit/connector/test_connector
TESTS += tests/unit/connector/test_connector
endif
if GLIBC
TESTS += tests/system/import_crash.sh
endif
# Its library is loaded before glibc's: see configure.ac.
if GLIBC
include tests/fault/local.mk
endif
include tests/screen/local.mk
include tests/system/local.mk
include tests/import/local.mk
include tests/unit/local.mk
include tests/fuzz/local.mk
include tests/message/local.mk

# For a night: what check has no time for. See tests/check_long.sh.
EXTRA_DIST += tests/check_long.sh tests/check_matrix.sh tests/soak.sh tests/unit/valgrind.sh \
	tests/unit/valgrind.supp
long_programs = $(check_PROGRAMS) $(check_DATA)
if FUZZING
long_programs += $(fuzz_programs)
endif
check-long: all $(long_programs)
	srcdir='$(abs_top_srcdir)' builddir='$(abs_top_builddir)' \
		$(SHELL) $(srcdir)/tests/check_long.sh
.PHONY: check-long

# What is slow, of the last check.
EXTRA_DIST += tests/check_times.sh
check-times:
	@builddir='$(abs_top_builddir)' $(SHELL) $(srcdir)/tests/check_times.sh
.PHONY: check-times

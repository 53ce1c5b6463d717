# Crash and fault harness: see tests/fault/README.md. The library is built
# without sanitizers: it is loaded into every program of a run, before libc.
fault_lib_sources = \
	$(srcdir)/tests/fault/fault_core.c \
	$(srcdir)/tests/fault/fault_data.c \
	$(srcdir)/tests/fault/fault_exec.c \
	$(srcdir)/tests/fault/fault_journal.c \
	$(srcdir)/tests/fault/fault_meta.c \
	$(srcdir)/tests/fault/fault_names.c \
	$(srcdir)/tests/fault/fault_place.c \
	$(srcdir)/tests/fault/fault_stdio.c
fault_lib_headers = \
	$(srcdir)/tests/fault/fault.h \
	$(srcdir)/tests/fault/fault_core.h \
	$(srcdir)/tests/fault/fault_raw.h

tests/fault/libfault.so: $(fault_lib_sources) $(fault_lib_headers)
	$(AM_V_GEN)$(MKDIR_P) tests/fault && \
	$(CC) -std=gnu11 $(DEFS) -D_GNU_SOURCE $(WARN_CFLAGS) -g -O2 \
		-U_FORTIFY_SOURCE -fPIC -shared -fvisibility=hidden \
		-o $@ $(fault_lib_sources) -ldl

check_PROGRAMS += \
	tests/fault/fault_undo \
	tests/fault/sqlite_writer \
	tests/fault/steps \
	tests/fault/stub_import \
	tests/fault/sweep \
	tests/fault/sweep_judge
check_DATA += tests/fault/libfault.so
CLEANFILES += tests/fault/libfault.so
EXTRA_DIST += $(fault_lib_sources) $(fault_lib_headers) \
	tests/fault/README.md \
	tests/fault/fault_run.sh \
	tests/fault/scenario_sqlite.sh \
	tests/fault/test_harness.sh

tests_fault_fault_undo_SOURCES = tests/fault/fault.h \
	tests/fault/fault_undo.c \
	tests/fault/undo.c tests/fault/undo.h \
	tests/fault/undo_plan.c tests/fault/undo_plan.h
tests_fault_sqlite_writer_SOURCES = tests/fault/sqlite_writer.c
tests_fault_sqlite_writer_CFLAGS = $(AM_CFLAGS) $(SQLITE_CFLAGS)
tests_fault_sqlite_writer_LDADD = $(SQLITE_LIBS)
tests_fault_steps_SOURCES = tests/fault/steps.c
tests_fault_stub_import_SOURCES = tests/fault/stub_import.c \
	tests/fault/sweep_hash.h
tests_fault_sweep_judge_SOURCES = tests/fault/sweep_judge.c \
	tests/fault/sweep_hash.h
tests_fault_sweep_judge_CFLAGS = $(AM_CFLAGS) $(SQLITE_CFLAGS)
tests_fault_sweep_judge_LDADD = $(SQLITE_LIBS)
tests_fault_sweep_SOURCES = tests/fault/fault.h \
	tests/fault/sweep.c tests/fault/sweep.h \
	tests/fault/sweep_child.c \
	tests/fault/sweep_mode.c \
	tests/fault/sweep_point.c \
	tests/fault/undo.c tests/fault/undo.h \
	tests/fault/undo_plan.c tests/fault/undo_plan.h

fault_scenarios = \
	tests/fault/scenario_batch.sh \
	tests/fault/scenario_beside.sh \
	tests/fault/scenario_deferral.sh \
	tests/fault/scenario_failure.sh \
	tests/fault/scenario_init.sh \
	tests/fault/scenario_intake.sh \
	tests/fault/scenario_job.sh \
	tests/fault/scenario_lib.sh \
	tests/fault/scenario_made.sh \
	tests/fault/scenario_names.sh \
	tests/fault/scenario_retention.sh \
	tests/fault/scenario_rotation.sh \
	tests/fault/scenario_success.sh \
	tests/fault/scenario_take_out.sh \
	tests/fault/scenario_verb.sh
TESTS += tests/fault/sweep_recovery.sh tests/fault/sweep_core.sh \
	tests/fault/sweep_batch.sh \
	tests/fault/test_harness.sh
EXTRA_DIST += $(fault_scenarios) \
	tests/fault/sweep_batch.sh \
	tests/fault/sweep_core.sh \
	tests/fault/sweep_lib.sh \
	tests/fault/sweep_parts.sh \
	tests/fault/sweep_recovery.sh \
	tests/fault/sweep_long.sh

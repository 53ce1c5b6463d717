# `make bench`: programs that are built for it alone.
bench_programs = bench/bench_fill bench/bench_message bench/bench_spawn \
	bench/exit0
EXTRA_PROGRAMS += $(bench_programs)
CLEANFILES += $(bench_programs)

bench_bench_fill_SOURCES = bench/bench_fill.c
bench_bench_fill_LDADD = $(CORE_LIBS)
bench_bench_message_SOURCES = bench/bench_message.c
bench_bench_message_LDADD = $(CORE_LIBS)
EXTRA_DIST += bench/bench_import.sh
bench_bench_spawn_SOURCES = bench/bench_spawn.c
bench_bench_spawn_LDADD = $(CORE_LIBS)
bench_exit0_SOURCES = bench/exit0.c
bench_exit0_LDFLAGS = -static $(AM_LDFLAGS)
EXTRA_DIST += bench/bench_scale.sh bench/run.sh

.PHONY: bench
bench: $(bin_PROGRAMS) $(sbin_PROGRAMS) $(bench_programs)
	bench/bench_message $(srcdir)/data/samples/*.ccm | tail -n 3
	$(srcdir)/bench/run.sh
	$(srcdir)/bench/bench_scale.sh

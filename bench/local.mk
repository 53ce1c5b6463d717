# `make bench`: programs that are built for it alone.
bench_programs = bench/bench_at bench/bench_fill bench/bench_floor bench/bench_look \
	bench/bench_message \
	bench/bench_spawn bench/ccmqd_sealed bench/ccmqd_unsealed \
	bench/exit0
EXTRA_PROGRAMS += $(bench_programs)
CLEANFILES += $(bench_programs)

bench_bench_at_SOURCES = bench/bench_at.c
bench_bench_at_LDADD = $(CORE_LIBS)
bench_bench_fill_SOURCES = bench/bench_fill.c
bench_bench_fill_LDADD = $(CORE_LIBS)
bench_bench_floor_SOURCES = bench/bench_floor.c
bench_bench_floor_CFLAGS = $(AM_CFLAGS) $(SQLITE_CFLAGS)
bench_bench_floor_LDADD = $(CORE_LIBS)
EXTRA_DIST += bench/bench_archive.sh bench/bench_end_to_end.sh bench/bench_postfix.sh \
	bench/bench_memory.sh bench/bench_watch.sh
bench_bench_look_SOURCES = bench/bench_look.c
bench_bench_message_SOURCES = bench/bench_message.c
bench_bench_message_LDADD = $(CORE_LIBS)
EXTRA_DIST += bench/bench_import.sh
bench_bench_spawn_SOURCES = bench/bench_spawn.c
bench_bench_spawn_LDADD = $(CORE_LIBS)
bench_ccmqd_sealed_SOURCES = src/ccmqd_main.c bench/counted.c
bench_ccmqd_sealed_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=posix_spawn
bench_ccmqd_sealed_LDADD = $(CORE_LIBS)
bench_ccmqd_unsealed_SOURCES = src/ccmqd_main.c bench/counted.c \
	bench/unsealed.c
bench_ccmqd_unsealed_LDFLAGS = $(bench_ccmqd_sealed_LDFLAGS) \
	-Wl,--wrap=history_seal -Wl,--wrap=seal_row_begin \
	-Wl,--wrap=seal_put_int -Wl,--wrap=seal_put_null \
	-Wl,--wrap=seal_put_text -Wl,--wrap=seal_row_digest \
	-Wl,--wrap=seal_add
bench_ccmqd_unsealed_LDADD = $(CORE_LIBS)
bench_exit0_SOURCES = bench/exit0.c
bench_exit0_LDFLAGS = -static $(AM_LDFLAGS)
EXTRA_DIST += bench/bench_scale.sh bench/bench_seal.sh bench/bench_time.sh \
	bench/run.sh

# The console, on a terminal in memory: needs libvterm.
EXTRA_DIST += bench/bench_console.sh
bench_bench_console_SOURCES = bench/bench_console.c tests/screen/child.c \
	tests/screen/child.h tests/screen/picture.c tests/screen/picture.h \
	tests/screen/repeat.c tests/screen/repeat.h
bench_bench_console_CPPFLAGS = $(AM_CPPFLAGS) -iquote $(srcdir)/tests/screen
bench_bench_console_CFLAGS = $(AM_CFLAGS) $(VTERM_CFLAGS)
bench_bench_console_LDADD = $(CORE_LIBS) $(VTERM_LIBS)
if CONSOLE
if HAVE_VTERM
EXTRA_PROGRAMS += bench/bench_console
CLEANFILES += bench/bench_console
bench_console = bench/bench_console
endif
endif

.PHONY: bench
bench: $(bin_PROGRAMS) $(sbin_PROGRAMS) $(bench_programs)
	$(srcdir)/bench/bench_import.sh
	$(srcdir)/bench/run.sh
	$(srcdir)/bench/bench_scale.sh
	$(srcdir)/bench/bench_memory.sh
	$(srcdir)/bench/bench_watch.sh
	$(srcdir)/bench/bench_time.sh
	$(srcdir)/bench/bench_seal.sh
	$(srcdir)/bench/bench_archive.sh
	$(MAKE) $(AM_MAKEFLAGS) bench-console
	$(srcdir)/bench/bench_end_to_end.sh

.PHONY: bench-console
bench-console: $(bin_PROGRAMS) $(sbin_PROGRAMS) $(bench_programs) \
		$(bench_console)
	test -z "$(bench_console)" || $(srcdir)/bench/bench_console.sh

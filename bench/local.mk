EXTRA_PROGRAMS += bench/bench_message
bench_bench_message_SOURCES = bench/bench_message.c
bench_bench_message_LDADD = $(CORE_LIBS)
EXTRA_DIST += bench/bench_import.sh

# What the reader makes of each sample.
check_PROGRAMS += tests/message/dump
TESTS += tests/message/samples.sh
EXTRA_DIST += tests/make-samples.py tests/message/samples.sh \
	tests/message/expected
tests_message_dump_SOURCES = tests/message/dump.c
tests_message_dump_LDADD = $(CORE_LIBS)

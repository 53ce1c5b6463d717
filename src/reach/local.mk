libcore_a_SOURCES += \
	src/reach/likeness.c src/reach/likeness.h \
	src/reach/original_log.c src/reach/original_log.h \
	src/reach/watch.c src/reach/watch.h \
	src/reach/watch_tries.c src/reach/watch_private.h

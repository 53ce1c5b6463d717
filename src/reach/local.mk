libcore_a_SOURCES += \
	src/reach/adopt.c src/reach/adopt.h \
	src/reach/hooks.c src/reach/hooks.h \
	src/reach/likeness.c src/reach/likeness.h \
	src/reach/metrics.c src/reach/metrics.h \
	src/reach/observe.c src/reach/observe.h \
	src/reach/observe_hear.c src/reach/observe_private.h \
	src/reach/observe_look.c \
	src/reach/observe_note.c \
	src/reach/original_log.c src/reach/original_log.h \
	src/reach/hosts.c src/reach/hosts.h \
	src/reach/hosts_facts.c \
	src/reach/hosts_causes.c \
	src/reach/hosts_work.c src/reach/hosts_work.h \
	src/reach/serve.h \
	src/reach/watch.c src/reach/watch.h \
	src/reach/watch_tries.c src/reach/watch_private.h

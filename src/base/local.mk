libcore_a_SOURCES += \
	src/base/actor.c src/base/actor.h \
	src/base/clock.c src/base/clock.h \
	src/base/compat.h \
	src/base/error.c src/base/error.h \
	src/base/files.c src/base/files.h \
	src/base/files_dir.c src/base/files_private.h \
	src/base/json.c src/base/json.h \
	src/base/log.c src/base/log.h \
	src/base/notify.c src/base/notify.h \
	src/base/options.c src/base/options.h \
	src/base/put.c src/base/put.h \
	src/base/str.c src/base/str.h \
	src/base/text.c src/base/text.h \
	src/base/text_number.c \
	src/base/trust.c src/base/trust.h \
	src/base/width.c src/base/width.h \
	src/base/xalloc.c src/base/xalloc.h

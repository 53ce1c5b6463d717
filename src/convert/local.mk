libdeliver_a_SOURCES += \
	src/convert/convert.c src/convert/convert.h \
	src/convert/convert_archive.c \
	src/convert/convert_bar.c \
	src/convert/convert_options.c \
	src/convert/convert_private.h \
	src/convert/convert_read.c \
	src/convert/convert_target.c \
	src/convert/convert_text.c \
	src/convert/convert_walk.c \
	src/convert/json_convert.c src/convert/json_convert.h

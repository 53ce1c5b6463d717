libcore_a_SOURCES += \
	src/settings/alarm.c src/settings/alarm.h \
	src/settings/settings.c src/settings/settings.h \
	src/settings/settings_check.c \
	src/settings/settings_print.c \
	src/settings/settings_programs.c \
	src/settings/settings_read.c \
	src/settings/settings_reader.c src/settings/settings_reader.h \
	src/settings/settings_scan.c \
	src/settings/settings_table.c src/settings/settings_table.h

libui_a_SOURCES += \
	ui/view/ages.c ui/view/ages.h \
	ui/view/causes.c ui/view/causes.h \
	ui/view/causes_advice.h \
	ui/view/causes_look.c \
	ui/view/log_list.c ui/view/log_list.h \
	ui/view/log_results.c \
	ui/view/log_words.c \
	ui/view/mail.c ui/view/mail.h \
	ui/view/mail_kinds.c \
	ui/view/mail_words.c \
	ui/view/growth.c ui/view/growth.h \
	ui/view/strip.c ui/view/strip.h \
	ui/view/strip_read.c \
	ui/view/und_list.c ui/view/und_list.h \
	ui/view/work_filter.c ui/view/work_filter.h \
	ui/view/work_list.c ui/view/work_list.h

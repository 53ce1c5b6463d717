libui_a_SOURCES += \
	ui/prompt/prompt.c ui/prompt/prompt.h \
	ui/prompt/prompt_draw.c \
	ui/prompt/prompt_page.c ui/prompt/prompt_page.h \
	ui/prompt/verb_page.c ui/prompt/verb_page.h \
	ui/prompt/verb_page_private.h \
	ui/prompt/verb_page_text.c \
	ui/prompt/verb_page_then.c

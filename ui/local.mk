# The console. Each room has a local.mk of its own, which names its files.
if CONSOLE
noinst_LIBRARIES += libui.a
endif

libui_a_CFLAGS = $(AM_CFLAGS) $(NCURSES_CFLAGS) $(EDIT_CFLAGS)
libui_a_SOURCES =
UI_LIBS = libui.a $(CORE_LIBS) $(NCURSES_LIBS)

# From the ground up.
include ui/term/local.mk
include ui/list/local.mk
include ui/view/local.mk
include ui/page/local.mk
include ui/prompt/local.mk
include ui/app/local.mk

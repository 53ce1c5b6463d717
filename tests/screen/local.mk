# The console on a terminal in memory: scripts of keys, expected pictures.
screen_tests = \
	tests/screen/badline.keys \
	tests/screen/nasty.keys \
	tests/screen/product.keys \
	tests/screen/prompts.keys \
	tests/screen/fields.keys \
	tests/screen/mine.keys \
	tests/screen/burst.keys \
	tests/screen/readonly.keys \
	tests/screen/keys.keys \
	tests/screen/views.keys \
	tests/screen/idle.keys \
	tests/screen/incidents.keys \
	tests/screen/watched.keys \
	tests/screen/lost.keys \
	tests/screen/jobs.keys \
	tests/screen/hosts.keys \
	tests/screen/hosts_view.keys \
	tests/screen/resend.keys \
	tests/screen/programs.keys \
	tests/screen/terms.keys \
	tests/screen/console.keys \
	tests/screen/console-readonly.keys \
	tests/screen/leave.keys \
	tests/screen/list.keys \
	tests/screen/matrix.keys \
	tests/screen/two.keys \
	tests/screen/unrung.keys
EXTRA_DIST += $(screen_tests) $(screen_pictures) tests/screen/console.sh \
	tests/screen/ccmq.sh tests/screen/hosts.sh tests/screen/hosts_view.sh tests/screen/incidents.sh \
	tests/screen/product.sh \
	tests/screen/store.sh tests/screen/long.sh \
	tests/screen/views.sh tests/screen/views.sql tests/screen/direct.ti
view_pictures = past-132x50 past-causes-80x24 past-list-80x24 \
	past-log-80x24 past-message-80x24 past-und-80x24 cause-80x24 causes-80x24 causes-132x50 \
	done-80x24 next-verdict-80x24 causes-crashed-80x24 \
	command-prompt-80x24 connector-80x24 filter-prompt-80x24 filter-sorted-80x24 causes-c-80x24 \
	filtered-80x24 first-80x24 held-80x24 help-80x24 hold-80x24 \
	list-132x50 list-40x12 list-80x24 log-80x24 log-filter-80x24 log-no-success-80x24 log-open-80x24 message-132x50 \
	message-40x12 message-80x24 message-200x60 und-200x60 message-part-2-80x24 \
	message-part-3-80x24 message-part-4-80x24 message-part-5-80x24 \
	message-part-6-80x24 message-part-7-80x24 one-purge-80x24 \
	one-retry-80x24 purge-80x24 quarantine-80x24 queue-80x24 \
	queue-ages-40x12 queue-ages-80x24 queue-sender-80x24 queue-other-80x24 read-only-80x24 results-80x24 retry-40x12 \
	retry-80x24 sort-prompt-80x24 trash-80x24 \
	tripped-132x50 tripped-40x12 tripped-80x24 two-80x24 und-132x50 \
	und-40x12 und-80x24 und-entries-80x24 undo-80x24 watched-132x50 \
	failed-none-80x24 failed-none-132x50 gone-cause-80x24 gone-cause-132x50 \
	gone-message-80x24 gone-message-132x50 queue-none-80x24 \
	queue-none-132x50 work-80x24 work-132x50 \
	watched-40x12 watched-80x24 watched-queue-80x24 which-80x24
incident_pictures = access backlog crash disk duplicates head leftover \
	locked loop storm
screen_pictures = \
	tests/screen/hosts/help-80x24.screen \
	tests/screen/hosts/hosts-40x12.screen \
	$(incident_pictures:%=tests/screen/incidents/%.screen) \
	$(view_pictures:%=tests/screen/views/%.screen) \
	tests/screen/demo-40x12.screen \
	tests/screen/demo-80x24.screen \
	tests/screen/demo-80x24-c.screen \
	tests/screen/demo-132x50.screen \
	tests/screen/gone.screen \
	tests/screen/hostile.screen \
	tests/screen/hostile-c.screen \
	tests/screen/page.screen \
	tests/screen/sideways.screen

if CONSOLE
if HAVE_VTERM
check_PROGRAMS += tests/screen/demo tests/screen/screen \
	tests/screen/fields tests/screen/product tests/screen/stand_in bench/bench_fill
check_SCRIPTS = tests/screen/console
TESTS += $(screen_tests)
if HAVE_CMOCKA
check_PROGRAMS += tests/screen/stage
endif
if GLIBC
check_DATA += tests/screen/elsewhere.so
endif
endif
endif

tests/screen/console: $(srcdir)/tests/screen/console.sh
	$(AM_V_GEN)$(MKDIR_P) tests/screen && cp $(srcdir)/tests/screen/console.sh $@ && chmod +x $@
CLEANFILES += tests/screen/console
clean-local: clean-console
clean-console:
	-rm -rf tests/screen/console-*.store tests/screen/work-*

tests_screen_demo_SOURCES = tests/screen/demo.c tests/fake_source.c \
	tests/fake_source.h
tests_screen_demo_CPPFLAGS = $(AM_CPPFLAGS) -iquote $(srcdir)/tests
tests_screen_demo_LDADD = $(UI_LIBS)
bare_console = tests/screen/bare.c tests/screen/bare.h
tests_screen_product_SOURCES = tests/screen/product.c $(bare_console)
tests_screen_product_LDADD = $(UI_LIBS)
tests_screen_fields_SOURCES = tests/screen/fields.c $(bare_console)
tests_screen_fields_CFLAGS = $(AM_CFLAGS) $(NCURSES_CFLAGS)
tests_screen_fields_LDADD = $(UI_LIBS)
tests_screen_stand_in_SOURCES = tests/screen/stand_in.c
tests_screen_stand_in_LDADD = $(CORE_LIBS)
tests_screen_stage_SOURCES = tests/screen/stage.c $(connector_stories)
tests_screen_stage_LDADD = $(UNIT_LIBS)
screen_harness = tests/screen/child.c \
	tests/screen/child.h tests/screen/commands.c \
	tests/screen/commands_look.c tests/screen/commands_store.c \
	tests/screen/picture.c tests/screen/picture.h \
	tests/screen/repeat.c tests/screen/repeat.h tests/screen/script.h \
	tests/screen/stream.c tests/screen/stream.h \
	tests/screen/svg.c tests/screen/svg.h
tests_screen_screen_SOURCES = tests/screen/screen.c $(screen_harness)
tests_screen_screen_CFLAGS = $(AM_CFLAGS) $(VTERM_CFLAGS) $(NCURSES_CFLAGS)
tests_screen_screen_LDADD = libui.a $(CORE_LIBS) $(VTERM_LIBS) $(NCURSES_LIBS)

# The pictures of README.md, into the source tree: make pictures.
tests/screen/elsewhere.so: $(srcdir)/tests/screen/elsewhere.c
	$(AM_V_GEN)$(MKDIR_P) tests/screen && $(CC) -std=gnu11 $(DEFS) -D_GNU_SOURCE \
		$(WARN_CFLAGS) -O2 -fPIC -shared -o $@ \
		$(srcdir)/tests/screen/elsewhere.c -ldl
CLEANFILES += tests/screen/elsewhere.so
EXTRA_DIST += tests/screen/elsewhere.c tests/screen/pictures.sh
pictures: all tests/screen/screen tests/screen/elsewhere.so
	srcdir='$(abs_top_srcdir)' builddir='$(abs_top_builddir)' $(SHELL) \
		$(srcdir)/tests/screen/pictures.sh $(srcdir)/data/pictures
.PHONY: pictures

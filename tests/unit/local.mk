# test_connector: see tests/local.mk.
unit_tests = \
	tests/unit/connector/test_jobs \
	tests/unit/connector/test_life \
	tests/unit/reach/test_hosts \
	tests/unit/reach/test_watch \
	tests/unit/history/test_at \
	tests/unit/history/test_match \
	tests/unit/history/test_pages \
	tests/unit/history/test_plans \
	tests/unit/history/test_seal \
	tests/unit/history/test_sorted \
	tests/unit/store/test_policy \
	tests/unit/settings/test_settings \
	tests/unit/mail/test_ccmail_address \
	tests/unit/mail/test_ccmail_date \
	tests/unit/mail/test_charset \
	tests/unit/import/test_maildir \
	tests/unit/import/test_postoffice \
	tests/unit/mail/test_message \
	tests/unit/mail/test_message_limits \
	tests/unit/mail/test_message_summary \
	tests/unit/mail/test_message_writer \
	tests/unit/store/test_spool \
	tests/unit/store/test_store \
	tests/unit/base/test_json \
	tests/unit/base/test_text \
	tests/unit/base/test_json_read \
	tests/unit/base/test_trust \
	tests/unit/mail/test_und \
	tests/unit/store/test_status_word \
	tests/unit/store/test_verdict

# These need the console's library, not a terminal.
ui_unit_tests = \
	tests/unit/view/test_ages \
	tests/unit/view/test_causes \
	tests/unit/view/test_log \
	tests/unit/view/test_strip \
	tests/unit/view/test_und \
	tests/unit/app/test_header \
	tests/unit/app/test_says \
	tests/unit/app/test_chore \
	tests/unit/app/test_make_ready \
	tests/unit/app/test_screen \
	tests/unit/term/test_cells \
	tests/unit/term/test_keydecode \
	tests/unit/term/test_keymap \
	tests/unit/list/test_list \
	tests/unit/page/test_message_page \
	tests/unit/page/test_message_part \
	tests/unit/page/test_pager \
	tests/unit/page/test_panel \
	tests/unit/prompt/test_prompt \
	tests/unit/prompt/test_prompt_page \
	tests/unit/prompt/test_verb_page \
	tests/unit/term/test_wrap

if HAVE_CMOCKA
check_PROGRAMS += $(unit_tests)
TESTS += $(unit_tests)
if CONSOLE
check_PROGRAMS += $(ui_unit_tests)
TESTS += $(ui_unit_tests)
endif
endif

connector_fixture = tests/unit/connector/fixture.c \
	tests/unit/connector/fixture.h tests/unit/unit.h
connector_stories = $(connector_fixture) tests/unit/connector/stories.c \
	tests/unit/connector/stories.h
tests_unit_connector_test_connector_SOURCES = $(connector_fixture) \
	tests/unit/connector/test_connector.c
tests_unit_connector_test_connector_LDADD = $(UNIT_LIBS)
tests_unit_connector_test_jobs_SOURCES = $(connector_fixture) \
	tests/unit/connector/test_jobs.c
tests_unit_connector_test_jobs_LDADD = $(UNIT_LIBS)
tests_unit_connector_test_life_SOURCES = $(connector_fixture) \
	tests/unit/connector/test_life.c
tests_unit_connector_test_life_LDADD = $(UNIT_LIBS)

tests_unit_reach_test_hosts_SOURCES = tests/unit/reach/test_hosts.c tests/unit/unit.h
tests_unit_reach_test_hosts_LDADD = $(UNIT_LIBS)

tests_unit_reach_test_watch_SOURCES = tests/unit/reach/test_watch.c tests/unit/unit.h
tests_unit_reach_test_watch_LDADD = $(UNIT_LIBS)

tests_unit_store_test_spool_SOURCES = tests/unit/store/test_spool.c tests/unit/unit.h
tests_unit_store_test_spool_LDADD = $(UNIT_LIBS)

tests_unit_store_test_status_word_SOURCES = tests/unit/store/test_status_word.c tests/unit/unit.h
tests_unit_store_test_status_word_LDADD = $(UNIT_LIBS)

tests_unit_store_test_store_SOURCES = tests/unit/store/test_store.c tests/unit/unit.h
tests_unit_store_test_store_LDADD = $(UNIT_LIBS)

tests_unit_history_test_match_SOURCES = tests/unit/history/test_match.c tests/unit/unit.h
tests_unit_history_test_match_CFLAGS = $(AM_CFLAGS) $(SQLITE_CFLAGS)
tests_unit_history_test_match_LDADD = $(UNIT_LIBS)

tests_unit_history_test_pages_SOURCES = tests/unit/history/test_pages.c tests/unit/unit.h tests/unit/history_file.h
tests_unit_history_test_pages_LDADD = $(UNIT_LIBS)

tests_unit_history_test_at_SOURCES = tests/unit/history/test_at.c tests/unit/unit.h tests/unit/history_file.h
tests_unit_history_test_at_LDADD = $(UNIT_LIBS)

EXTRA_DIST += tests/unit/history/plans.txt
tests_unit_history_test_plans_SOURCES = tests/unit/history/test_plans.c tests/unit/unit.h
tests_unit_history_test_plans_CFLAGS = $(AM_CFLAGS) $(SQLITE_CFLAGS)
tests_unit_history_test_plans_LDADD = $(UNIT_LIBS)

tests_unit_history_test_seal_SOURCES = tests/unit/history/test_seal.c tests/unit/unit.h
tests_unit_history_test_seal_CFLAGS = $(AM_CFLAGS) $(SQLITE_CFLAGS)
tests_unit_history_test_seal_LDADD = $(UNIT_LIBS)

tests_unit_history_test_sorted_SOURCES = tests/unit/history/test_sorted.c tests/unit/unit.h tests/unit/history_file.h
tests_unit_history_test_sorted_LDADD = $(UNIT_LIBS)

tests_unit_store_test_policy_SOURCES = tests/unit/store/test_policy.c tests/unit/unit.h
tests_unit_store_test_policy_LDADD = $(UNIT_LIBS)

tests_unit_settings_test_settings_SOURCES = tests/unit/settings/test_settings.c \
	tests/unit/unit.h
tests_unit_settings_test_settings_LDADD = $(UNIT_LIBS)

tests_unit_base_test_text_SOURCES = tests/unit/base/test_text.c tests/unit/unit.h
tests_unit_base_test_text_LDADD = $(UNIT_LIBS)

tests_unit_base_test_json_SOURCES = tests/unit/base/test_json.c tests/unit/unit.h
tests_unit_base_test_json_LDADD = $(UNIT_LIBS)

tests_unit_base_test_json_read_SOURCES = tests/unit/base/test_json_read.c tests/unit/unit.h
tests_unit_base_test_json_read_LDADD = $(UNIT_LIBS)

tests_unit_base_test_trust_SOURCES = tests/unit/base/test_trust.c tests/unit/unit.h
tests_unit_base_test_trust_LDADD = $(UNIT_LIBS)

tests_unit_mail_test_ccmail_address_SOURCES = tests/unit/mail/test_ccmail_address.c tests/unit/unit.h
tests_unit_mail_test_ccmail_address_LDADD = $(UNIT_LIBS)

tests_unit_mail_test_ccmail_date_SOURCES = tests/unit/mail/test_ccmail_date.c tests/unit/unit.h
tests_unit_mail_test_ccmail_date_LDADD = $(UNIT_LIBS)

tests_unit_mail_test_charset_SOURCES = tests/unit/mail/test_charset.c tests/unit/unit.h
tests_unit_mail_test_charset_LDADD = $(UNIT_LIBS)

tests_unit_import_test_maildir_SOURCES = tests/unit/import/test_maildir.c tests/unit/unit.h
tests_unit_import_test_maildir_LDADD = $(DELIVER_LIBS) $(CMOCKA_LIBS)

tests_unit_import_test_postoffice_SOURCES = tests/unit/import/test_postoffice.c tests/unit/unit.h
tests_unit_import_test_postoffice_LDADD = $(DELIVER_LIBS) $(CMOCKA_LIBS)
tests_unit_mail_test_message_SOURCES = tests/unit/mail/test_message.c \
	tests/unit/mail/message_cases.h tests/unit/mail/source.h tests/unit/unit.h
tests_unit_mail_test_message_LDADD = $(UNIT_LIBS)

tests_unit_mail_test_message_limits_SOURCES = tests/unit/mail/test_message_limits.c \
	tests/unit/unit.h
tests_unit_mail_test_message_limits_LDADD = $(UNIT_LIBS)
tests_unit_mail_test_message_limits_LDFLAGS = $(AM_LDFLAGS) \
	-Wl,--wrap=malloc -Wl,--wrap=calloc -Wl,--wrap=realloc -Wl,--wrap=free

tests_unit_mail_test_message_summary_SOURCES = tests/unit/mail/test_message_summary.c tests/unit/mail/source.h \
	tests/unit/unit.h
tests_unit_mail_test_message_summary_LDADD = $(UNIT_LIBS)

tests_unit_mail_test_und_SOURCES = tests/unit/mail/test_und.c tests/unit/mail/source.h \
	tests/unit/unit.h
tests_unit_mail_test_und_LDADD = $(UNIT_LIBS)
tests_unit_mail_test_message_writer_SOURCES = tests/unit/mail/test_message_writer.c \
	tests/unit/mail/source.h tests/unit/unit.h
tests_unit_mail_test_message_writer_LDADD = $(UNIT_LIBS)
tests_unit_store_test_verdict_SOURCES = tests/unit/store/test_verdict.c \
	tests/unit/sentence.h tests/unit/unit.h
tests_unit_store_test_verdict_LDADD = $(UNIT_LIBS)

tests_unit_term_test_cells_SOURCES = tests/unit/term/test_cells.c tests/unit/unit.h
tests_unit_term_test_cells_LDADD = libui.a $(UNIT_LIBS)

tests_unit_term_test_keydecode_SOURCES = tests/unit/term/test_keydecode.c tests/unit/unit.h
tests_unit_term_test_keydecode_LDADD = libui.a $(UNIT_LIBS)

tests_unit_term_test_keymap_SOURCES = tests/unit/term/test_keymap.c tests/unit/unit.h
tests_unit_term_test_keymap_LDADD = libui.a $(UNIT_LIBS)

tests_unit_view_test_ages_SOURCES = tests/unit/view/test_ages.c tests/unit/unit.h tests/unit/history_file.h
tests_unit_view_test_ages_LDADD = $(UI_LIBS) $(CMOCKA_LIBS)

tests_unit_view_test_causes_SOURCES = tests/unit/view/test_causes.c tests/unit/unit.h tests/unit/history_file.h
tests_unit_view_test_causes_LDADD = $(UI_LIBS) $(CMOCKA_LIBS)

tests_unit_view_test_log_SOURCES = tests/unit/view/test_log.c tests/unit/unit.h tests/unit/history_file.h
tests_unit_view_test_log_LDADD = $(UI_LIBS) $(CMOCKA_LIBS)

tests_unit_view_test_und_SOURCES = tests/unit/view/test_und.c tests/unit/unit.h tests/unit/history_file.h
tests_unit_view_test_und_LDADD = $(UI_LIBS) $(CMOCKA_LIBS)

tests_unit_view_test_strip_SOURCES = tests/unit/view/test_strip.c tests/unit/view/strip_pictures.h tests/unit/unit.h
tests_unit_view_test_strip_LDADD = $(UI_LIBS) $(CMOCKA_LIBS)

tests_unit_app_test_header_SOURCES = tests/unit/app/test_header.c tests/unit/unit.h
tests_unit_app_test_header_LDADD = $(UI_LIBS) $(CMOCKA_LIBS)

tests_unit_page_test_message_page_SOURCES = \
	tests/unit/page/test_message_page.c tests/unit/sentence.h \
	tests/unit/unit.h
tests_unit_page_test_message_page_LDADD = libui.a $(UNIT_LIBS)

tests_unit_page_test_panel_SOURCES = tests/unit/page/test_panel.c \
	tests/unit/sentence.h tests/unit/unit.h
tests_unit_page_test_panel_LDADD = libui.a $(UNIT_LIBS)

tests_unit_page_test_message_part_SOURCES = tests/unit/page/test_message_part.c \
	tests/unit/unit.h
tests_unit_page_test_message_part_LDADD = libui.a $(UNIT_LIBS)

tests_unit_prompt_test_verb_page_SOURCES = tests/unit/prompt/test_verb_page.c \
	tests/unit/sentence.h tests/unit/unit.h
tests_unit_prompt_test_verb_page_LDADD = libui.a $(UNIT_LIBS)

tests_unit_page_test_pager_SOURCES = tests/unit/page/test_pager.c tests/unit/unit.h
tests_unit_page_test_pager_LDADD = libui.a $(UNIT_LIBS) $(NCURSES_LIBS)

tests_unit_app_test_says_SOURCES = tests/unit/app/test_says.c \
	tests/unit/sentence.h tests/unit/unit.h
tests_unit_app_test_says_LDADD = libui.a $(UNIT_LIBS)

tests_unit_app_test_make_ready_SOURCES = tests/unit/app/test_make_ready.c tests/unit/unit.h
tests_unit_app_test_make_ready_LDADD = $(UI_LIBS) $(CMOCKA_LIBS)
tests_unit_app_test_chore_SOURCES = tests/unit/app/test_chore.c tests/unit/unit.h
tests_unit_app_test_chore_LDADD = $(UI_LIBS) $(CMOCKA_LIBS)
tests_unit_app_test_screen_SOURCES = tests/unit/app/test_screen.c tests/unit/unit.h
tests_unit_app_test_screen_LDADD = libui.a $(UNIT_LIBS)

tests_unit_prompt_test_prompt_page_SOURCES = tests/unit/prompt/test_prompt_page.c tests/unit/unit.h
tests_unit_prompt_test_prompt_page_LDADD = libui.a $(UNIT_LIBS)

tests_unit_term_test_wrap_SOURCES = tests/unit/term/test_wrap.c tests/unit/unit.h
tests_unit_term_test_wrap_LDADD = libui.a $(UNIT_LIBS)

tests_unit_list_test_list_SOURCES = tests/unit/list/test_list.c tests/unit/unit.h \
	tests/fake_source.c tests/fake_source.h
tests_unit_list_test_list_LDADD = libui.a $(UNIT_LIBS)
tests_unit_list_test_list_CPPFLAGS = $(AM_CPPFLAGS) -iquote $(srcdir)/tests
tests_unit_prompt_test_prompt_SOURCES = tests/unit/prompt/test_prompt.c tests/unit/unit.h
tests_unit_prompt_test_prompt_LDADD = $(UI_LIBS) $(CMOCKA_LIBS)

/*
 * app: what the console's own files share: the state of the one screen.
 *
 * app.c opens, turns the loop and closes; app_watch.c notices changes and who
 * else is on; app_draw.c draws; app_keys.c does what keys ask; app_prompt.c
 * opens and ends prompts; app_verb.c asks what a verb is about, app_work.c
 * carries it out; app_undo.c, app_connector.c and app_write.c do what their
 * names say; app_message.c is the page of one message, app_help.c the help.
 * Views are tables, see view.h.
 *
 * Handlers change the state, drawing happens once a turn. Nothing of the
 * store is held over a turn but copies. The one nested turn is work on many
 * messages: between its batches, and while the store's lock is waited for,
 * app_turn is called, with app->working set, and then no other work can
 * begin.
 */
#ifndef CCMQ_UI_APP_H
#define CCMQ_UI_APP_H

#include "base/actor.h"
#include "view/causes.h"
#include "app/console.h"
#include "term/keymap.h"
#include "view/log_list.h"
#include "view/mail.h"
#include "page/message_part.h"
#include "work/operations.h"
#include "page/pager.h"
#include "prompt/prompt.h"
#include "store/status.h"
#include "store/store.h"
#include "view/und_list.h"
#include "prompt/verb_page.h"
#include "app/view.h"

#define APP_ROWS_LEAST 10
#define APP_COLUMNS_LEAST 40
#define APP_NOTE_MAX 256
#define APP_OTHERS_MAX 8	/* names of other consoles that are kept */

/* What lies over the view. */
enum app_over {
	OVER_NONE,
	OVER_MESSAGE,
	OVER_TEXT,		/* help, results, one entry of the log */
};

/* What the open prompt is for. */
enum app_ask {
	ASK_NONE,
	ASK_FILTER,
	ASK_SEARCH,
	ASK_COMMAND,
	ASK_VERB,		/* one message: a line */
	ASK_VERB_PAGE,		/* several: a page */
	ASK_UNDO,
	ASK_CONNECTOR,
	ASK_WRITE,
};

/* What the next single key decides. */
enum app_wait {
	WAIT_NONE,
	WAIT_CONNECTOR,
	WAIT_SORT,
	WAIT_WHICH,
	WAIT_LEAVE,
	WAIT_UNFINISHED,
	WAIT_TEST,
};

/* One of the four views of messages; mail is first: the list's ctx. */
struct mail_view {
	struct mail mail;
	struct causes causes;
	struct str filter;
	char complaint[120];		/* why the filter is not in force */
	struct str cause_words;		/* of the one it is narrowed to */
};

/* What a verb is about to be done to. */
struct app_work {
	enum verb verb;
	struct operation_target *targets;
	struct app_flags {
		bool able;		/* the verb can be done to it */
		bool twice;		/* may have been delivered */
	} *flags;			/* n of them, of a page's targets */
	size_t n;
	bool tagged;			/* tags go when it is done */
	const char *title;		/* "tagged messages" */
	char which[80];			/* "tagged in Failed" */
	struct verb_page page;
	struct verb_page_world world;

	int64_t done, noted, skipped, failed;
	struct str results;
	char first_why[160];
	bool stop;
};

struct app {
	struct settings *settings;
	struct store store;
	struct actor actor;
	bool read_only;
	char read_only_why[200];
	struct keymap keys;
	struct status status;
	bool status_known;
	int64_t last_visit_at;		/* since then: '+' */

	int view;			/* VIEW_… */
	struct view views[VIEW_COUNT];
	struct mail_view mails[MAIL_KINDS];
	struct {
		struct und_reasons reasons;
		struct und_entries entries;
	} und;
	struct {
		struct log_list line;
		struct log_results results;
		struct str words;
	} log;

	enum app_over over;
	struct pager text;		/* of OVER_TEXT */
	char text_title[80];
	bool text_over_message;		/* q goes back to the message */

	int64_t message;		/* of OVER_MESSAGE */
	enum state message_state;
	char message_title[160];
	char message_place[64];		/* "3 of 47 in Failed   J K next" */
	enum message_tab tab;
	int64_t tab_counts[TAB_COUNT];	/* -1: not known */
	int64_t piece, pieces;		/* of the part, message_part.h */
	size_t part_line;		/* where it begins in the page */
	struct pager page;

	enum app_ask ask;
	enum app_wait wait;
	struct prompt prompt;
	char question[200];
	struct app_work work;
	bool working;
	enum action pending;		/* what the open question is about */
	int64_t test;			/* the action whose result is awaited */
	struct history_action undo;	/* of ASK_UNDO, WAIT_UNFINISHED */
	char last_reason[FIELD_BYTES_MAX + 1];
	char search[128];

	char note[APP_NOTE_MAX];	/* until the next key */
	bool note_bad;
	bool frozen;

	int inotify, watch, watch_consoles;
	int presence;			/* our locked file, or -1 */
	char presence_name[64];
	char others[APP_OTHERS_MAX][16];
	size_t other_count;
	char running[120];		/* "mlopez: retry, 412 of 1,204" */
	int64_t data_version;
	bool connector_ran;		/* when looked at last */
	bool stale;			/* what is shown must be read again */
	bool dirty;			/* … and must be drawn again */
	int64_t looked_at_mono_ms;	/* last look at data_version */
	int64_t looked_around;		/* at disk and consoles, in 10 s */
	int64_t minute;			/* that is shown, of the wall clock */
	int64_t refreshed_at_mono_ms;
	int64_t key_at_mono_ms;		/* the last key that was pressed */
	int64_t refresh_cost_ms;
	int64_t looking_since_mono_ms;	/* a filter, at this turn; 0: not */
	bool looking_said;

	bool leave;
	int exit_status;
};

/* app.c */
void app_note(struct app *app, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void app_fail(struct app *app, const struct error *err);
void app_turn(struct app *app, int64_t most_ms);
void app_refresh(struct app *app);	/* all that is shown, now */
struct view *app_view(struct app *app);
struct list *app_list(struct app *app);		/* the list on the screen */
struct mail_view *app_mail(struct app *app);	/* NULL in .und and Log */
bool app_by_cause(struct app *app);
/* Of the list on the screen: a message, or NULL. */
const struct history_message *app_current(struct app *app);

/* app_watch.c */
void app_watch_open(struct app *app);
void app_watch_close(struct app *app);
/* Has the store changed since the last call? Looks where it must. */
void app_watch_look(struct app *app);

/* app_visit.c: when this user last looked at this store. */
int64_t app_visit_last(const struct app *app);
void app_visit_remember(const struct app *app);

/* app_draw.c */
void app_draw(struct app *app);
/* A filter looks through the store: says so after a while. False: a key
 * waits. */
bool app_go_on_looking(void *app);
void app_draw_lines(const char *text, int row, int rows, int width);

/* app_go.c */
void app_go(struct app *app, int view);
void app_attention(struct app *app);
void app_place(struct app *app);	/* of the open message in its list */

/* app_keys.c */
void app_key(struct app *app, const struct key_event *event);
void app_act(struct app *app, enum action action);
enum keymap_context app_context(struct app *app);
struct pager *app_pager(struct app *app);	/* the text on the screen */

/* app_message.c */
void app_message_open(struct app *app, int64_t id);
void app_message_open_at(struct app *app, int64_t id, enum message_tab tab);
void app_message_refresh(struct app *app);
/* All but the parts, in lines of so many columns. */
void app_message_page(struct app *app, const struct history_message *m,
	size_t width, struct str *out);
/* Goes to a part, and to where it begins. */
void app_message_tab(struct app *app, enum message_tab tab);
/* "Items 1". */
const char *app_tab_words(const struct app *app, enum message_tab tab,
	char out[32]);
/* Moves on to the next or previous piece of a long part, where the text on the
 * screen ends. False: it does not, the pager may move. */
bool app_message_turn(struct app *app, enum action action);

/* app_help.c */
void app_help(struct app *app);
void app_show_text(struct app *app, const char *title, struct str *text);
void app_open_log_row(struct app *app, const struct history_log_row *row);

/* app_prompt.c */
void app_prompt_open(struct app *app, enum app_ask ask);
void app_prompt_open_line(struct app *app, enum app_ask ask);
void app_prompt_typed(struct app *app, const struct key_event *event);
void app_prompt_close(struct app *app);
void app_filter_again(struct app *app);

/* app_verb.c */
void app_verb(struct app *app, enum action action);
void app_verb_which(struct app *app, bool tagged);
void app_verb_done(struct app *app);

/* app_work.c */
bool app_may_write(struct app *app);		/* says why not */
void app_work_release(struct app_work *work);
void app_work_carry_out(struct app *app, const char *reason);
void app_work_begin(struct app *app);
void app_work_end(struct app *app);
int app_work_recover(struct app *app);
void app_work_op(struct app *app, struct operation *op, const char *reason);
void app_work_say(struct app *app, const char *verb,
	const struct operation_summary *sum);
void app_unfinished_ask(struct app *app);
void app_unfinished_key(struct app *app, key_code key);
void app_running_look(struct app *app);

/* app_undo.c */
void app_undo(struct app *app);
void app_undo_done(struct app *app);

/* app_connector.c */
void app_connector(struct app *app, enum action action);
void app_connector_done(struct app *app);
void app_test_key(struct app *app, key_code key);
void app_test_look(struct app *app);

/* app_write.c */
void app_write(struct app *app);
void app_write_done(struct app *app);

#endif

/*
 * app: what the console's own files share: the state of the one screen.
 *
 * app.c opens, turns the loop and closes; app_watch.c notices changes and who
 * else is on; app_draw.c draws; app_keys.c does what keys ask; app_message.c
 * and app_page.c make texts of a message, the .und file, the log and help;
 * app_verb.c asks for and carries out what changes the store.
 *
 * Handlers change the state, drawing happens once a turn. Nothing of the
 * store is held over a turn but copies. The one nested turn is work on many
 * messages: between its batches app_turn is called, with app->working set,
 * and then no other work can begin.
 */
#ifndef CCMQ_UI_APP_H
#define CCMQ_UI_APP_H

#include "actor.h"
#include "causes.h"
#include "console.h"
#include "keymap.h"
#include "list_draw.h"
#include "mail.h"
#include "operations.h"
#include "pager.h"
#include "prompt.h"
#include "status.h"
#include "store.h"

#define APP_ROWS_LEAST 10
#define APP_COLUMNS_LEAST 40
#define APP_NOTE_MAX 256

enum app_view {
	VIEW_QUEUE,		/* the first four are mail_kinds */
	VIEW_FAILED,
	VIEW_QUARANTINE,
	VIEW_TRASH,
	VIEW_UND,
	VIEW_LOG,
	VIEW_COUNT,
};

/* What lies over the view. */
enum app_over {
	OVER_NONE,
	OVER_MESSAGE,
	OVER_TEXT,		/* help, results */
};

enum app_tab {
	TAB_TEXT,
	TAB_HEADERS,
	TAB_ITEMS,
	TAB_RAW,
	TAB_HEX,
	TAB_UND,
	TAB_LOG,
	TAB_COUNT,
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
};

struct app_mail {
	struct mail mail;
	struct list list;
	struct causes causes;
	struct list cause_list;
	bool by_cause;
	bool in_cause;			/* the list is of one cause */
	struct str filter;
	char complaint[120];		/* why the filter is not in force */
};

/* What a verb is about to be done to. */
struct app_work {
	enum verb verb;
	struct operation_target *targets;
	bool *twice;			/* may have been delivered; n of them */
	size_t n;
	const char *which;		/* "tagged", "of one cause" */
	bool tagged;			/* tags go when it is done */
	size_t able, twice_count;
	int64_t bytes;
	size_t looked;			/* at so many of them, for the page */
	struct str lines;		/* what the page says */
	int64_t done, skipped, failed;
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
	char zone[16];

	enum app_view view;
	struct app_mail mails[MAIL_KINDS];
	struct pager und, log;
	enum app_over over;
	struct pager text;		/* of OVER_TEXT */
	char text_title[80];
	bool text_over_message;		/* q goes back to the message */

	int64_t message;		/* of OVER_MESSAGE */
	enum state message_state;
	char message_title[160];
	enum app_tab tab;
	struct pager page;

	enum app_ask ask;
	enum app_wait wait;
	struct prompt prompt;
	char question[200];
	struct app_work work;
	bool working;
	enum action connector_verb;
	struct history_action undo;	/* of ASK_UNDO */
	char last_reason[FIELD_BYTES_MAX];
	char search[128];

	char note[APP_NOTE_MAX];	/* until the next key */
	bool note_bad;
	bool frozen;

	int inotify, watch;
	int presence;			/* our locked file, or -1 */
	char presence_name[64];
	char others[80];		/* "mlopez" */
	int64_t data_version;
	bool stale;			/* the store changed */
	int64_t looked_at_mono_ms;	/* last look at data_version */
	int64_t refreshed_at_mono_ms;

	bool leave;
	int exit_status;
};

/* app.c */
void app_note(struct app *app, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void app_fail(struct app *app, const struct error *err);
void app_turn(struct app *app, int64_t most_ms);
void app_refresh(struct app *app);	/* all that is shown, now */
struct app_mail *app_mail(struct app *app);	/* NULL in .und and Log */
struct list *app_list(struct app *app);		/* the list on the screen */
int app_body_rows(void);

/* app_watch.c */
void app_watch_open(struct app *app);
void app_watch_close(struct app *app);
/* Has the store changed since the last call? Looks where it must. */
void app_watch_look(struct app *app);

/* app_draw.c */
void app_draw(struct app *app);
int app_list_top(const struct app *app);
/* Rows the words below the causes take. */
int app_advice_rows(const struct app *app, int body);

/* app_keys.c */
void app_key(struct app *app, const struct key_event *event);
void app_act(struct app *app, enum action action);
void app_go(struct app *app, enum app_view view);
void app_attention(struct app *app);
enum keymap_context app_context(const struct app *app);

/* app_message.c */
void app_message_open(struct app *app, int64_t id);
void app_message_refresh(struct app *app);
const char *app_tab_word(enum app_tab tab);

/* app_page.c */
void app_und_refresh(struct app *app);
void app_log_refresh(struct app *app);
void app_log_text(struct app *app, int64_t message, struct str *out);
void app_help(struct app *app);
void app_show_text(struct app *app, const char *title, struct str *text);

/* app_verb.c */
void app_verb(struct app *app, enum action action);
void app_verb_which(struct app *app, bool tagged);
void app_undo(struct app *app);
void app_connector(struct app *app, enum action action);
void app_write(struct app *app);
void app_prompt_open(struct app *app, enum app_ask ask);
void app_prompt_done(struct app *app);		/* Enter was taken */
void app_prompt_close(struct app *app);
void app_work_release(struct app_work *work);

#endif

/* app: the console's beginning, loop and end. See console.h and app.h. */
#include "app/app.h"
#include "base/clock.h"
#include "term/term.h"
#include "base/text.h"

#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define REFRESH_LEAST_MS 200	/* between two refreshes of a busy store */
#define REFRESH_MOST_MS 5000
#define GONE_MS (10 * CLOCK_SECOND)	/* "~" lines stay after the last key */

void
app_note(struct app *app, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(app->note, sizeof app->note, fmt, ap);
	va_end(ap);
	app->note_bad = false;
	app->dirty = true;
}

void
app_fail(struct app *app, const struct error *err)
{
	app_note(app, "%.250s", err->text);
	app->note_bad = true;
}

struct view *
app_view(struct app *app)
{
	return &app->views[app->view];
}

struct list *
app_list(struct app *app)
{
	return view_list(app_view(app));
}

struct mail_view *
app_mail(struct app *app)
{
	return app->view <= VIEW_TRASH ? &app->mails[app->view] : NULL;
}

bool
app_by_cause(struct app *app)
{
	return app->view <= VIEW_TRASH && app_view(app)->at == PANE_OUTER;
}

const struct history_message *
app_current(struct app *app)
{
	const struct list_row *row = app->view > VIEW_TRASH ||
		app_by_cause(app) ? NULL : list_current(app_list(app));

	return row ? row->data : NULL;
}

static void
refresh_status(struct app *app)
{
	struct error err = ERROR_INIT;
	struct status st;

	if (status_collect(&st, &app->store, app->settings, clock_wall(),
	    &err) < 0) {
		app_fail(app, &err);
		return;
	}
	if (app->status_known)
		status_release(&app->status);
	app->status = st;
	app->status_known = true;
}

void
app_refresh(struct app *app)
{
	struct error err = ERROR_INIT;
	int64_t begin = clock_mono_ms();

	app->stale = false;
	app->dirty = true;
	refresh_status(app);
	app_running_look(app);
	app_test_look(app);
	/* Nobody has looked at what went for so long; its place is needed. */
	view_list(app_view(app))->forget_gone = begin - app->key_at_mono_ms >
		GONE_MS;
	/* While a prompt is open the list stands still. */
	if (app->ask == ASK_NONE || app->ask == ASK_FILTER) {
		if (view_refresh(app_view(app), &err) < 0)
			app_fail(app, &err);
		if (app->over == OVER_MESSAGE && !app->frozen)
			app_message_refresh(app);
	}
	app->refreshed_at_mono_ms = clock_mono_ms();
	app->refresh_cost_ms = app->refreshed_at_mono_ms - begin;
}

static void
on_event(struct app *app, const struct term_event *event)
{
	app->dirty = true;
	switch (event->kind) {
	case TERM_KEY:
		app->key_at_mono_ms = clock_mono_ms();
		app_key(app, &event->key);
		break;
	case TERM_RESIZE:
	case TERM_REPORT:
		break;
	case TERM_END:
		app->leave = app->work.stop = true;
		app->exit_status = 128 + event->signal;
		break;
	case TERM_LOST:
		app->leave = app->work.stop = true;
		app->exit_status = 1;
		break;
	}
}

/* Between two refreshes: what they cost, ten times over, so that a costly
 * filter on a busy store leaves the time to the keys. */
static int64_t
refresh_gap_ms(const struct app *app)
{
	int64_t gap = app->refresh_cost_ms * 10;

	return gap < REFRESH_LEAST_MS ? REFRESH_LEAST_MS :
		gap > REFRESH_MOST_MS ? REFRESH_MOST_MS : gap;
}

/* How long to sleep: until the next look, the next full minute, a refresh
 * that is due, or what the terminal wants. */
static int
sleep_ms(const struct app *app, int64_t most_ms)
{
	int64_t ms = CLOCK_SECOND, minute = CLOCK_MINUTE -
		clock_wall() % CLOCK_MINUTE + 1, deadline = term_deadline();
	int64_t due = app->refreshed_at_mono_ms + refresh_gap_ms(app) -
		clock_mono_ms();

	if (minute < ms)
		ms = minute;
	if (app->stale && due < ms)
		ms = due;
	if (deadline >= 0 && deadline - clock_mono_ms() < ms)
		ms = deadline - clock_mono_ms();
	if (ms > most_ms)
		ms = most_ms;
	return ms < 0 ? 0 : (int)ms;
}

void
app_turn(struct app *app, int64_t most_ms)
{
	struct pollfd fds[TERM_FDS + 1];
	struct term_event event;
	int terminal[TERM_FDS];

	term_fds(terminal);
	for (int i = 0; i < TERM_FDS; i++)
		fds[i] = (struct pollfd){ .fd = terminal[i], .events = POLLIN };
	fds[TERM_FDS] = (struct pollfd){ .fd = app->inotify,
		.events = POLLIN };
	(void)poll(fds, TERM_FDS + 1, sleep_ms(app, most_ms));
	while (!app->leave && term_next(&event))
		on_event(app, &event);
	if (app->leave)
		return;
	app_watch_look(app);
	if (app->stale && clock_mono_ms() - app->refreshed_at_mono_ms >=
	    refresh_gap_ms(app))
		app_refresh(app);
	if (app->dirty)
		app_draw(app);
}

static void
init(struct app *app)
{
	for (int i = 0; i < VIEW_COUNT; i++)
		view_init(app, &app->views[i], i);
	str_init(&app->log.words);
	pager_init(&app->text);
	pager_init(&app->page);
	app->work = (struct app_work){ .results = STR_INIT };
}

static void
release(struct app *app)
{
	for (int i = 0; i < VIEW_COUNT; i++)
		view_release(app, &app->views[i]);
	if (app->ask != ASK_NONE)
		prompt_release(&app->prompt);
	history_action_release(&app->undo);
	app_work_release(&app->work);
	pager_release(&app->text);
	pager_release(&app->page);
	if (app->status_known)
		status_release(&app->status);
	actor_release(&app->actor);
	store_close(&app->store);
}

/* The keys of the settings; a wrong one ends the start with its words. */
static int
bind_keys(struct app *app, struct error *err)
{
	keymap_init(&app->keys);
	for (size_t i = 0; i < app->settings->console_keys_count; i++) {
		const struct settings_key *k = &app->settings->console_keys[i];

		if (keymap_bind(&app->keys, k->key, k->action, err) < 0)
			return error_prefix(err, "console.keys");
	}
	return 0;
}

static int
open_terminal(struct app *app, bool no_color, struct error *err)
{
	struct term_options options = {
		.theme = theme_find(settings_theme_word(
			app->settings->console_theme), err),
		.no_color = no_color,
		.host_color = THEME_DEFAULT,
		.esc_delay_ms = app->settings->console_esc_delay_ms,
	};

	if (!options.theme ||
	    theme_parse_color(app->settings->console_host_color,
		    &options.host_color, err) < 0)
		return -1;
	return term_open(&options, err);
}

static int
open_store(struct app *app, bool read_only, struct error *err)
{
	bool set = app->settings->console_read_only;

	if (store_open(&app->store, app->settings->store, "ccmq",
	    read_only || set ? STORE_READ : STORE_WRITE_IF_ALLOWED, err) < 0)
		return -1;
	if (history_check_version(app->store.history, err) < 0) {
		store_close(&app->store);
		return -1;
	}
	app->read_only = !app->store.writable;
	if (read_only || set)
		snprintf(app->read_only_why, sizeof app->read_only_why,
			"%s", read_only ? "--read-only" :
			"console.read_only is set");
	else if (app->read_only)
		snprintf(app->read_only_why, sizeof app->read_only_why,
			"%s: sudo -g ccmq ccmq", app->store.read_only_why);
	actor_init(&app->actor, "ccmq");
	return 0;
}

static void
run(struct app *app)
{
	refresh_status(app);
	app_attention(app);
	app->note[0] = '\0';
	app_unfinished_ask(app);
	app_draw(app);
	while (!app->leave)
		app_turn(app, INT32_MAX);
	app_visit_remember(app);
}

void
console_print_keys(void)
{
	struct str s = STR_INIT;

	keymap_manual(&s);
	fputs(s.data, stdout);
	str_release(&s);
}

int
console_run(struct settings *settings, bool read_only, bool no_color)
{
	static struct app app;		/* too large for a stack */
	struct error err = ERROR_INIT;
	int rc;

	app = (struct app){ .settings = settings, .inotify = -1,
		.presence = -1 };
	if (open_store(&app, read_only, &err) < 0) {
		fprintf(stderr, "ccmq: %s\n", err.text);
		return 3;
	}
	app.last_visit_at = app_visit_last(&app);
	init(&app);
	rc = bind_keys(&app, &err);
	if (rc == 0)
		rc = open_terminal(&app, no_color, &err);
	if (rc == 0) {
		app_watch_open(&app);
		run(&app);
		app_watch_close(&app);
		term_close();
	} else {
		fprintf(stderr, "ccmq: %s\n", err.text);
		app.exit_status = 3;
	}
	release(&app);
	return app.exit_status;
}

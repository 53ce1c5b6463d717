/* SPDX-License-Identifier: ISC */
/* app: the console's beginning, loop and end; who knows all screens, and what
 * is asked for that none of them does. See console.h. */
#include "app/says.h"
#include "app/attention.h"
#include "app/console.h"
#include "app/desk.h"
#include "app/dispatch.h"
#include "app/do.h"
#include "app/errand.h"
#include "app/follow.h"
#include "app/header.h"
#include "app/rest.h"
#include "app/trend.h"
#include "app/view_mail.h"
#include "app/views.h"
#include "app/visit.h"
#include "app/watch.h"
#include "base/clock.h"
#include "base/files.h"
#include "base/text.h"
#include "term/term.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>

#define REFRESH_LEAST_MS 200	/* between two refreshes of a busy store */
#define REFRESH_MOST_MS 5000
#define JOBS_LOOKED_AT 20
#define GONE_MS (10 * CLOCK_SECOND)	/* "~" lines stay after the last key */
#define DEFAULT_STORE "/var/lib/ccmq"	/* of the settings */

struct app {
	struct desk desk;
	struct watch watch;
	struct trend trend;
	int64_t refreshed_at_mono_ms;
	int64_t refresh_cost_ms;
	int64_t key_at_mono_ms;		/* the last key that was pressed */
	int exit_status;
};

/* ---- the picture ---- */

static enum alarm_level
alarm_of(const struct app *app, enum alarm what)
{
	return alarm_level(alarm_limit(app->desk.settings, what),
		status_measure(&app->desk.status, what, clock_wall()));
}

static void
draw_header(struct app *app, int rows, int width)
{
	struct views *views = views_of(&app->desk);
	const int64_t *n = app->desk.status.counts.n;
	struct header_view shown[VIEW_COUNT] = {
		[VIEW_QUEUE] = { .shows = HEADER_COUNT, .number =
			n[STATE_QUEUED] + n[STATE_IMPORTING] +
			n[STATE_DEFERRED] },
		[VIEW_FAILED] = { .shows = HEADER_COUNT, .number =
			n[STATE_FAILED] },
		[VIEW_QUARANTINE] = { .shows = HEADER_COUNT, .number =
			n[STATE_QUARANTINED] },
		[VIEW_TRASH] = { .shows = HEADER_COUNT, .number =
			n[STATE_PURGED] },
		[VIEW_UND] = { .shows = HEADER_SIZE, .number =
			app->desk.status.und_bytes },
		[VIEW_LOG] = { .shows = HEADER_NOTHING },
		[VIEW_DONE] = { .shows = HEADER_NOTHING },
		[VIEW_WORK] = { .shows = HEADER_NOTHING },
	};
	const char *others[WATCH_OTHERS_MAX];
	struct header_facts facts = {
		.status = &app->desk.status, .store = app->desk.store.path,
		.store_is_default = strcmp(app->desk.store.path,
			DEFAULT_STORE) == 0,
		.read_only = app->desk.read_only, .others = others,
		.other_count = app->desk.then ? 0 : app->watch.other_count,
		.views = shown,
		.view_count = VIEW_COUNT, .view = (size_t)views->at,
		.queue_most = width >= HEADER_METERS ?
			trend_queue_most(&app->trend, &app->desk) : 0,
		.now = clock_wall(), .as_it_was_at = app->desk.then ?
			history_at_time(app->desk.then) : 0,
	};

	shown[VIEW_QUEUE].level = alarm_of(app, ALARM_QUEUE);
	if (alarm_of(app, ALARM_OLDEST) > shown[VIEW_QUEUE].level)
		shown[VIEW_QUEUE].level = alarm_of(app, ALARM_OLDEST);
	shown[VIEW_FAILED].level = alarm_of(app, ALARM_FAILED);
	shown[VIEW_UND].level = alarm_of(app, ALARM_UND);
	for (int i = 0; i < VIEW_COUNT; i++) {
		shown[i].name = views->views[i].kind->name;
		shown[i].brief = views->views[i].kind->brief;
	}
	for (size_t i = 0; i < app->watch.other_count; i++)
		others[i] = app->watch.others[i];
	if (app->desk.status_known)
		header_draw(&facts, header_rows(rows), width);
}

/* Above the last two rows, but for a prompt, which needs them all: so many rows
 * it took. */
static int
draw_live_line(struct desk *desk, int rows, int width)
{
	if (!*desk->followed.words || screens_top(&desk->screens)->kind->still)
		return 0;
	return desk_draw_words(desk->followed.words, ROLE_TITLE, rows - 3,
		width);
}

/* All that a look or a picture says is of one moment. What fails here fails
 * again where it is read, and is said there. */
static bool
begin_reading(struct desk *desk)
{
	struct error ignored = ERROR_INIT;

	return history_begin_read(desk->store.history, &ignored) == 0;
}

static void
end_reading(struct desk *desk, bool begun)
{
	if (begun)
		history_end_read(desk->store.history);
}

static void
draw(struct app *app)
{
	struct desk *desk = &app->desk;
	bool reading = begin_reading(desk);
	int rows, width, taken;

	desk->dirty = false;
	desk->looking_since_mono_ms = 0;
	desk->looking_said = false;
	term_size(&rows, &width);
	term_begin();
	if (rows < DESK_ROWS_LEAST || width < DESK_COLUMNS_LEAST) {
		screens_cover(&desk->screens);
		term_put(0, 0, -1, ROLE_LOOK, says_too_small);
	} else {
		draw_header(app, rows, width);
		taken = draw_live_line(desk, rows, width);
		if (screens_trend(&desk->screens))
			taken += trend_draw(&app->trend, desk, rows - 2 - taken,
				rows, width);
		screens_draw(&desk->screens, header_rows(rows), rows, taken,
			width);
	}
	end_reading(desk, reading);
	term_end();
}

/* ---- keys ---- */

/* What nobody sees no key changes; it can be left. */
static void
key_unseen(struct desk *desk, key_code key)
{
	if (key == 'q' || key == 'Q')
		dispatch_leave(desk);
	else if (key == KEY_CTRL('L'))
		term_redraw();
	else if (key == KEY_CTRL('Z'))
		term_suspend();
}

static void
on_key(struct app *app, const struct key_event *event)
{
	struct desk *desk = &app->desk;

	app->key_at_mono_ms = clock_mono_ms();
	if (!screens_hear(&desk->screens))
		draw(app);
	if (!screens_hear(&desk->screens)) {
		key_unseen(desk, event->key);
		return;
	}
	desk->note[0] = '\0';
	desk->note_attends = false;
	desk->dirty = true;
	follow_key(desk);
	dispatch(desk, screens_key(&desk->screens, &desk->keys, event));
}

static void
on_event(struct app *app, const struct term_event *event)
{
	app->desk.dirty = true;
	switch (event->kind) {
	case TERM_KEY:
		on_key(app, &event->key);
		break;
	case TERM_REPORT:
		break;
	case TERM_RESIZE:
		screens_cover(&app->desk.screens);
		break;
	case TERM_END:
		app->desk.leave = true;
		app->exit_status = 128 + event->signal;
		break;
	case TERM_LOST:
		app->desk.leave = true;
		app->exit_status = 1;
		break;
	}
}

/* ---- looking ---- */

static void
refresh_status(struct desk *desk)
{
	struct error err = ERROR_INIT;
	struct status st;

	if (status_collect(&st, &desk->store, desk->settings, clock_wall(),
	    &err) < 0) {
		desk_fail(desk, &err);
		return;
	}
	/* The table of verdicts begins with the worst. */
	if (desk->status_known && desk->settings->console_bell &&
	    st.verdict.severity != VERDICT_WELL &&
	    st.verdict.kind < desk->status.verdict.kind)
		term_bell();
	if (desk->status_known)
		status_release(&desk->status);
	desk->status = st;
	desk->status_known = true;
	attention_refresh(desk);
}

static void
say_work(struct desk *desk, const struct history_action *a)
{
	char n[TEXT_NUMBER_MAX], all[TEXT_NUMBER_MAX];

	snprintf(desk->running, sizeof desk->running, says_runs,
		a->by, a->verb, text_exact(n, (uint64_t)(a->done + a->skipped +
			a->failed)), text_exact(all, (uint64_t)a->total));
}

/* Work of others, and what is not followed: the newest. */
static void
look_at_work(struct desk *desk)
{
	struct history_action rows[JOBS_LOOKED_AT], a;
	struct error err = ERROR_INIT;
	int rc = operations_running(&desk->store, &a, &err);
	int n = history_jobs_open(desk->store.history, 0, rows,
		JOBS_LOOKED_AT, &err);

	desk->running[0] = '\0';
	if (rc < 0 || n < 0)
		desk_fail(desk, &err);
	if (rc > 0) {
		say_work(desk, &a);
		history_action_release(&a);
	}
	for (int i = 0; i < n; i++) {
		if (strcmp(rows[i].job_state, "paused") != 0 &&
		    rows[i].id != desk->followed.action)
			say_work(desk, &rows[i]);
		history_action_release(&rows[i]);
	}
}

static void
refresh(struct app *app)
{
	struct desk *desk = &app->desk;
	int64_t begin = clock_mono_ms();
	bool reading = begin_reading(desk);

	desk->stale = desk->glance = false;
	desk->dirty = true;
	if (!desk->then)
		refresh_status(desk);
	look_at_work(desk);
	follow_look(desk);
	if (desk->frozen) {
		desk->changes++;
	} else if (!desk->then) {
		/* Nobody has looked at what went for so long; its place is
		 * needed. */
		view_list(views_here(desk))->forget_gone = begin -
			app->key_at_mono_ms > GONE_MS;
		screens_refresh(&desk->screens);
		go_place(desk);
	}
	end_reading(desk, reading);
	app->refreshed_at_mono_ms = clock_mono_ms();
	app->refresh_cost_ms = app->refreshed_at_mono_ms - begin;
}

/* Nothing has changed for so long that nothing of a look at the time is left
 * to change: neither what is bold nor "~" lines. */
#define REST_MS (2 * GONE_MS)

/* A look around, if it is due: all is read and drawn again if something is
 * other than it was, or if something has changed or a key was pressed so
 * shortly before that what is shown of that may go now. */
static void
glance(struct app *app)
{
	struct desk *desk = &app->desk;
	uint64_t before = rest_around(&desk->status);
	int64_t now = clock_mono_ms();

	desk->glance = false;
	if (now - app->watch.changed_at_mono_ms < REST_MS ||
	    now - app->key_at_mono_ms < REST_MS || desk->then) {
		desk->stale = true;
		return;
	}
	if (rest_holds(desk))
		return;
	refresh_status(desk);
	desk->stale = rest_around(&desk->status) != before;
}

/* ---- the loop ---- */

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
sleep_ms(const struct app *app)
{
	int64_t ms = CLOCK_SECOND, minute = CLOCK_MINUTE -
		clock_wall() % CLOCK_MINUTE + 1, deadline = term_deadline();
	int64_t due = app->refreshed_at_mono_ms + refresh_gap_ms(app) -
		clock_mono_ms();

	if (minute < ms)
		ms = minute;
	if (app->desk.stale && due < ms)
		ms = due;
	if (deadline >= 0 && deadline - clock_mono_ms() < ms)
		ms = deadline - clock_mono_ms();
	return ms < 0 ? 0 : (int)ms;
}

/* Sleeps, and hands on what the terminal tells. Returns: inotify has something
 * to tell, too. */
static bool
turn(struct app *app, bool busy)
{
	struct pollfd fds[TERM_FDS + 1];
	struct term_event event;
	int terminal[TERM_FDS];

	term_fds(terminal);
	for (int i = 0; i < TERM_FDS; i++)
		fds[i] = (struct pollfd){ .fd = terminal[i], .events = POLLIN };
	fds[TERM_FDS] = (struct pollfd){ .fd = app->watch.inotify,
		.events = POLLIN };
	/* By time alone the terminal has news only where it says so. */
	if (poll(fds, TERM_FDS + 1, busy ? 0 : sleep_ms(app)) != 0 ||
	    term_deadline() >= 0)
		while (!app->desk.leave && term_next(&event))
			on_event(app, &event);
	screens_sweep(&app->desk.screens);
	return fds[TERM_FDS].revents != 0;
}

static void
loop(struct app *app)
{
	struct desk *desk = &app->desk;
	bool busy = false, ran, rings;

	for (;;) {
		rings = turn(app, busy);
		if (desk->leave)
			return;
		ran = desk->errand != NULL;
		errand_step(desk);
		ran = ran && !desk->errand;
		desk->leave = desk->leave_then && !desk->errand;
		busy = screens_tick(&desk->screens) || desk->errand;
		watch_look(&app->watch, rings);
		if (desk->glance && !desk->stale)
			glance(app);
		/* What was done here is seen at once. */
		if (desk->stale && (ran || clock_mono_ms() -
		    app->refreshed_at_mono_ms >= refresh_gap_ms(app)))
			refresh(app);
		if (desk->dirty)
			draw(app);
	}
}

/* ---- beginning and end ---- */

/* The keys of the settings; a wrong one ends the start with its words. */
static int
bind_keys(struct desk *desk, struct error *err)
{
	keymap_init(&desk->keys);
	for (size_t i = 0; i < desk->settings->console_keys_count; i++) {
		const struct settings_key *k = &desk->settings->console_keys[i];

		if (keymap_bind(&desk->keys, k->key, k->action, err) < 0)
			return error_prefix(err, "console.keys");
	}
	return 0;
}

static int
open_terminal(struct desk *desk, bool no_color, struct error *err)
{
	struct term_options options = {
		.theme = theme_find(settings_theme_word(
			desk->settings->console_theme), err),
		.no_color = no_color,
		.host_color = THEME_DEFAULT,
		.esc_delay_ms = desk->settings->console_esc_delay_ms,
	};

	if (!options.theme ||
	    theme_parse_color(desk->settings->console_host_color,
		    &options.host_color, err) < 0)
		return -1;
	return term_open(&options, err);
}

static int
open_store(struct desk *desk, bool read_only, struct error *err)
{
	bool set = desk->settings->console_read_only;

	if (store_open(&desk->store, desk->settings->store,
	    desk->settings->intake_submit, "ccmq", read_only || set ?
	    STORE_READ : STORE_WRITE_IF_ALLOWED, err) < 0)
		return -1;
	if (history_check_version(desk->store.history, err) < 0) {
		store_close(&desk->store);
		return -1;
	}
	store_use_theirs(&desk->store, desk->settings->foreign_submit,
		desk->settings->foreign_import);
	desk->read_only = !desk->store.writable;
	if (read_only || set)
		snprintf(desk->read_only_why, sizeof desk->read_only_why,
			"%s", read_only ? "--read-only" :
			"console.read_only is set");
	else if (desk->read_only)
		snprintf(desk->read_only_why, sizeof desk->read_only_why,
			"%.170s: sudo -g ccmq ccmq", desk->store.read_only_why);
	actor_init(&desk->actor, "ccmq");
	return 0;
}

/* Filters of the last visit; what is no expression any more is none. */
static void
set_filters(struct desk *desk, char *lines)
{
	struct views *all = views_of(desk);
	struct error ignored = ERROR_INIT;
	char *save, *line, *text;

	for (line = strtok_r(lines, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save)) {
		text = strchr(line, ' ');
		if (!text)
			continue;
		*text++ = '\0';
		for (int i = 0; i < VIEW_COUNT; i++)
			if (view_mail_of(&all->views[i]) &&
			    strcmp(all->views[i].kind->word, line) == 0)
				(void)view_mail_filter(&all->views[i], text,
					&ignored);
	}
}

static void
remember(struct desk *desk)
{
	struct views *all = views_of(desk);
	struct str lines = STR_INIT;

	for (int i = 0; i < VIEW_COUNT; i++) {
		struct mail_view *mv = view_mail_of(&all->views[i]);

		if (mv && mv->filter.len)
			str_addf(&lines, "%s %s\n", all->views[i].kind->word,
				mv->filter.data);
	}
	visit_remember(history_uuid(desk->store.history), lines.data);
	str_release(&lines);
}

static void
run(struct app *app, char *filters)
{
	struct desk *desk = &app->desk;

	views_open(desk);
	set_filters(desk, filters);
	watch_open(&app->watch, desk);
	refresh_status(desk);
	go_attention(desk, true);
	desk->note[0] = '\0';
	do_unfinished(desk);
	go_place(desk);
	draw(app);
	loop(app);
	errand_free(desk);
	remember(desk);
	watch_close(&app->watch);
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
console_run(struct settings *settings, const char *config,
	const char *store, bool read_only, bool no_color)
{
	static struct app app;		/* too large for a stack */
	struct desk *desk = &app.desk;
	struct error err = ERROR_INIT;
	struct str filters = STR_INIT;
	int rc;

	app = (struct app){ .desk = { .settings = settings,
		.config = config, .store_named = store } };
	if (open_store(desk, read_only, &err) < 0) {
		fprintf(stderr, "ccmq: %s\n", err.text);
		return 3;
	}
	desk->last_visit_at = visit_last(history_uuid(desk->store.history),
		&filters);
	rc = bind_keys(desk, &err);
	if (rc == 0)
		rc = open_terminal(desk, no_color, &err);
	if (rc == 0) {
		run(&app, filters.data);
		term_close();
	} else {
		fprintf(stderr, "ccmq: %s\n", err.text);
		app.exit_status = 3;
	}
	str_release(&filters);
	desk_release(desk);
	return app.exit_status;
}

/* SPDX-License-Identifier: ISC */
/*
 * product: every action, by its key and by its word, in every screen and state
 * of the console, on the store that is named: nobody dies, and nothing is done
 * to what the screen does not name.
 *
 * product CONFIG OUT. Runs on a terminal, in this process, without a loop:
 * actions go to the stack of screens as the loop would bring them. Where they
 * lead to a prompt about messages it is answered too, and what was done is
 * compared with what the screen had named; then it is undone. What is wrong is
 * written to OUT. Exit status 0: nothing.
 */
#include "bare.h"
#include "app/do.h"
#include "app/errand.h"
#include "app/gather.h"
#include "app/screen_message.h"
#include "app/view_mail.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define IDS_MAX 64

static int64_t cases, confirmed;

/* Where it was, for who reads of a failure. */
static struct {
	const char *place, *mode, *way, *action;
} at;

static void
wrong(const char *what, int64_t a, int64_t b)
{
	fprintf(out, "%s, %s, %s %s: %s (%" PRId64 ", %" PRId64 ")\n",
		at.place, at.mode, at.way, at.action, what, a, b);
}

/* ---- the store ---- */

static int64_t
newest_action(void)
{
	struct history_action a;
	struct error err = ERROR_INIT;
	int n = history_actions(desk.store.history, 0, &a, 1, &err);
	int64_t id = n > 0 ? a.id : 0;

	must(n, &err);
	if (n > 0)
		history_action_release(&a);
	return id;
}

static int
compare(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return x < y ? -1 : x > y;
}

struct ids {
	int64_t ids[IDS_MAX];
	size_t n;
};

static void
add_id(void *arg, int64_t id, int state)
{
	struct ids *all = arg;

	(void)state;
	if (all->n < IDS_MAX)
		all->ids[all->n++] = id;
}

/* ---- places ---- */

static void queue(void) { view(VIEW_QUEUE, PANE_INNER); }
static void queue_causes(void) { view(VIEW_QUEUE, PANE_OUTER); }
static void queue_ages(void) { view(VIEW_QUEUE, PANE_AGES); }
static void failed(void) { view(VIEW_FAILED, PANE_INNER); }
static void failed_causes(void) { view(VIEW_FAILED, PANE_OUTER); }
static void failed_cause(void) { narrowed(VIEW_FAILED); }
static void quarantine(void) { view(VIEW_QUARANTINE, PANE_INNER); }
static void trash(void) { view(VIEW_TRASH, PANE_INNER); }
static void reasons(void) { view(VIEW_UND, PANE_OUTER); }
static void entries(void) { view(VIEW_UND, PANE_INNER); }
static void log_lines(void) { view(VIEW_LOG, PANE_OUTER); }
static void done_list(void) { view(VIEW_DONE, PANE_INNER); }
static void work(void) { view(VIEW_WORK, PANE_OUTER); }
static void work_results(void) { narrowed(VIEW_WORK); }
static void log_action(void) { narrowed(VIEW_LOG); }
static void message_failed(void) { message_of(STATE_BIT(STATE_FAILED)); }
static void message_queued(void) { message_of(STATE_BIT(STATE_QUEUED)); }
static void message_imported(void) { message_of(STATE_BIT(STATE_IMPORTED)); }
static void message_purged(void) { message_of(STATE_BIT(STATE_PURGED)); }

static void
help(void)
{
	failed();
	do_help(&desk);
}

static void
help_over_message(void)
{
	message_failed();
	draw();
	do_help(&desk);
}

static const struct {
	const char *name;
	void (*reach)(void);
} places[] = {
	{ "queue", queue }, { "queue by cause", queue_causes },
	{ "queue by age", queue_ages },
	{ "failed", failed }, { "failed by cause", failed_causes },
	{ "one cause", failed_cause }, { "quarantine", quarantine },
	{ "trash", trash }, { ".und by reason", reasons },
	{ ".und", entries }, { "log", log_lines },
	{ "results of an action", log_action }, { "done", done_list },
	{ "work", work }, { "results of a job", work_results },
	{ "failed message", message_failed },
	{ "queued message", message_queued },
	{ "imported message", message_imported },
	{ "purged message", message_purged }, { "help", help },
	{ "help over a message", help_over_message },
};

/* ---- states of the console ---- */

static void plain(void) {}
static void frozen(void) { desk.frozen = true; }

static void
read_only(void)
{
	desk.read_only = true;
	snprintf(desk.read_only_why, sizeof desk.read_only_why, "a test");
}

static bool
in_list(void)
{
	struct screen *top = screens_top(&desk.screens);

	return top->kind->context && top->kind->context(top) == KEYMAP_LIST;
}

static void
tagged(void)
{
	struct list *list = view_list(views_here(&desk));
	struct error err = ERROR_INIT;

	if (in_list())
		gather(&desk, list, list_tag_all(list, &err), &err, NULL, 0);
}

static void
range(void)
{
	struct list *list = view_list(views_here(&desk));
	struct error err = ERROR_INIT;

	if (!in_list())
		return;
	gather(&desk, list, list_range(list, &err), &err, NULL, 0);
	must(list_move(list, 1, &err), &err);
}

/* A filter that nothing matches: a list without a row. */
static void
filtered(void)
{
	struct view *v = views_here(&desk);
	struct error err = ERROR_INIT;

	if (!in_list())
		return;
	(void)view_mail_filter(v, "subject:nobodywritesthis", &err);
	view_reload(&desk, v);
}

static const struct {
	const char *name;
	void (*set)(void);
	bool list;			/* only in lists of messages */
} modes[] = {
	{ "as it is", plain, false }, { "all tagged", tagged, true },
	{ "a range", range, true }, { "filtered", filtered, true },
	{ "frozen", frozen, false }, { "read-only", read_only, false },
};

static void
reset(void)
{
	struct error ignored = ERROR_INIT;

	desk.frozen = desk.read_only = desk.leave = desk.leave_then = false;
	for (int i = 0; i < VIEW_COUNT; i++) {
		struct view *v = &views_of(&desk)->views[i];

		for (int k = 0; k < PANE_COUNT; k++)
			while (v->panes[k].list.range ||
			    v->panes[k].list.tags.count)
				list_untag_all(&v->panes[k].list);
		if (view_mail_of(v))
			(void)view_mail_filter(v, "", &ignored);
	}
}

/* False: there is no such state there. */
static bool
reach(size_t place, size_t mode)
{
	reset();
	places[place].reach();
	draw();
	if (modes[mode].list && !in_list())
		return false;
	modes[mode].set();
	settle();
	at.place = places[place].name;
	at.mode = modes[mode].name;
	return true;
}

/* ---- what a verb may be about ---- */

/* What is named now: the message on the page, the tagged ones, the one under
 * the cursor, those of the cause under it. */
static void
named(struct ids *all)
{
	struct message_screen *ms = screen_message_top(&desk);
	struct view *v = views_here(&desk);
	struct list *list = view_list(v);
	const struct list_row *row = list_current(list);
	struct error err = ERROR_INIT;

	all->n = 0;
	if (ms) {
		add_id(all, ms->id, 0);
	} else if (screens_top(&desk.screens) != desk.screens.stack[0] ||
	    !view_mail_of(v)) {
		;
	} else if (v->at == PANE_OUTER && row) {
		struct mail mail = view_mail_of(v)->mail;
		const struct history_cause_row *c = row->data;
		void *walk;

		mail.query = causes_query(&view_mail_of(v)->causes, c);
		walk = mail_source.ids_begin(&mail, NULL, NULL, &err);
		while (mail_source.ids(&mail, walk, add_id, all, &err) > 0)
			;
		mail_source.ids_end(walk);
	} else if (v->at == PANE_INNER) {
		for (size_t i = 0; i < list->count; i++)
			if (list_is_tagged(list, &list->lines[i]))
				add_id(all, list->lines[i].row.id, 0);
		if (!all->n && row)
			add_id(all, row->id, 0);
	}
	qsort(all->ids, all->n, sizeof *all->ids, compare);
}

/* What an action did it to is what was named; an undo, some of it. */
static void
compare_items(int64_t action, const struct ids *names, bool all)
{
	struct history_item items[IDS_MAX];
	struct error err = ERROR_INIT;
	int n = history_items(desk.store.history, action, 0, items, IDS_MAX,
		&err);

	must(n, &err);
	if (all ? (size_t)n != names->n : (size_t)n > names->n)
		wrong("not as many as were named", n, (int64_t)names->n);
	for (int i = 0; i < n; i++) {
		if (!bsearch(&items[i].message, names->ids, names->n,
		    sizeof *names->ids, compare))
			wrong("was not named", items[i].message, 0);
		history_item_release(&items[i]);
	}
}

/* A verb is asked about, answered, carried out, and undone. */
static void
confirm(enum action action, const struct ids *names)
{
	int64_t before = newest_action(), did;

	if (!answer())
		return;
	run_errand();
	did = newest_action();
	if (did == before) {
		wrong("an answer did nothing", 0, 0);
		return;
	}
	confirmed++;
	compare_items(did, names, true);
	do_undo(&desk);
	settle();
	if (!answer()) {
		if (action != ACTION_PURGE)
			wrong("cannot be undone", did, 0);
		return;
	}
	run_errand();
	compare_items(newest_action(), names, false);
}

static bool
is_verb(enum action action)
{
	return action == ACTION_RETRY || action == ACTION_QUARANTINE ||
		action == ACTION_PURGE;
}

/* ---- one case ---- */

static bool
by_key(enum action action)
{
	struct screen *top = screens_top(&desk.screens);
	unsigned context = top->kind->context ? top->kind->context(top) : 0;
	const struct keymap_binding *b = desk.keys.bindings;

	for (size_t i = 0; i < desk.keys.count; i++)
		if (b[i].action == action && (b[i].where & context)) {
			press(b[i].key);
			return true;
		}
	return false;
}

static bool
by_word(enum action action)
{
	press(':');
	if (!screens_top(&desk.screens)->kind->key)
		return false;
	type(action_word(action));
	press(KEYS_ENTER);
	/* It is not for this screen: the line stays, and says so. */
	if (strcmp(screens_top(&desk.screens)->kind->name, "line") == 0)
		press(KEYS_ESC);
	return true;
}

/* Whatever is open takes any key, and none but the answer does anything. */
static void
press_all(void)
{
	int64_t before = newest_action();

	for (key_code key = 1; key < 127; key++)
		if (key != 'y' && key != 'p' && key != '\r' && key != 0x1A &&
		    screens_top(&desk.screens) != desk.screens.stack[0])
			press(key);
	if (newest_action() != before)
		wrong("done by keys that are no answer", before, 0);
}

static void
one(size_t place, size_t mode, bool word, enum action action)
{
	int64_t before = newest_action();
	struct ids names;

	if (!reach(place, mode))
		return;
	at.way = word ? "by word" : "by key";
	at.action = action_word(action);
	named(&names);
	if (!(word ? by_word(action) : by_key(action)))
		return;
	cases++;
	/* They ask nobody: what is made can be set aside, a job goes on again. */
	if ((action == ACTION_RESEND && places[place].reach == entries) ||
	    (action == ACTION_JOB_PAUSE && places[place].reach == work)) {
		while (desk.errand)
			errand_step(&desk);
		before = newest_action();
	}
	if (desk.errand || newest_action() != before)
		wrong("done without an answer", before, newest_action());
	/* What is purged in the trash is gone: not here. */
	if (is_verb(action) && (action != ACTION_PURGE ||
	    (places[place].reach != trash &&
	    places[place].reach != message_purged)))
		confirm(action, &names);
	if (mode == 0 && !word)
		press_all();
	press(KEYS_ESC);
}

int
main(int argc, char **argv)
{
	bool well;

	if (argc != 3)
		return 2;
	bare_open(argv[1], argv[2]);
	for (size_t place = 0; place < sizeof places / sizeof *places; place++)
		for (size_t mode = 0; mode < sizeof modes / sizeof *modes;
		     mode++)
			for (int i = 0; i < ACTION_COUNT; i++) {
				if (i == ACTION_SUSPEND)
					continue;
				one(place, mode, false, (enum action)i);
				if (mode == 0)
					one(place, mode, true, (enum action)i);
			}
	well = bare_close();
	printf("%" PRId64 " cases, %" PRId64 " confirmed\n", cases, confirmed);
	return !well;
}

/* app_go: from view to view, to what the verdict is about, and which of how
 * many a message is. See app.h. */
#include "app/app.h"
#include "base/text.h"

#include <stdio.h>
#include <string.h>

void
app_go(struct app *app, int view)
{
	app->over = OVER_NONE;
	app->view = view;
	app_refresh(app);
}

/* By cause, at the one the verdict is about: the suspect one, or the one that
 * took so many. What the post office did not take waits in Queue. */
static void
go_to_cause(struct app *app)
{
	struct error err = ERROR_INIT;
	bool tripped = app->status.verdict.kind == VERDICT_TRIPPED;
	const char *class = app->status.row.streak_class;
	bool waits = tripped && class && strcmp(class,
		class_word(CLASS_UNAVAILABLE)) == 0;
	struct view *v = &app->views[waits ? VIEW_QUEUE : VIEW_FAILED];
	const struct causes *c = &app->mails[v - app->views].causes;

	app->over = OVER_NONE;
	app->view = (int)(v - app->views);
	view_turn(app, v, PANE_OUTER);
	if (list_first(view_list(v), &err) < 0)
		app_fail(app, &err);
	for (int i = 0; i < c->count; i++) {
		const struct history_cause_row *row = &c->rows[i];

		if (waits ? strcmp(row->class, class) != 0 :
		    tripped ? !row->suspect : row->suspect ||
		    row->cause != app->status.storm_cause)
			continue;
		if (list_select(view_list(v), causes_row_id(row), &err) < 0)
			app_fail(app, &err);
		break;
	}
	app_refresh(app);
}

/* The Log, at the event that the verdict is about. */
static void
go_to_event(struct app *app)
{
	static const enum event events[VERDICT_COUNT] = {
		[VERDICT_STORE] = EVENT_WRITE_FAILED,
		[VERDICT_BACKLOG] = EVENT_IGNORED,
		[VERDICT_LEFTOVER] = EVENT_FOREIGN,
	};
	struct view *v = &app->views[VIEW_LOG];
	struct error err = ERROR_INIT;
	int64_t id = 0;

	app->over = OVER_NONE;
	app->view = VIEW_LOG;
	view_turn(app, v, PANE_OUTER);
	if (list_first(view_list(v), &err) < 0 ||
	    history_event_newest(app->store.history,
		    (int)events[app->status.verdict.kind], &id, &err) < 0 ||
	    (id && list_select(view_list(v),
		    log_row_id(HISTORY_LOG_EVENT, id), &err) < 0))
		app_fail(app, &err);
	app_refresh(app);
}

/* The view a message is in now. */
static int
view_of(struct app *app, int64_t id)
{
	struct history_message m;
	struct error err = ERROR_INIT;
	int view = VIEW_QUEUE;

	if (history_message_get(app->store.history, id, &m, &err) <= 0)
		return app->view;
	for (int i = 0; i < MAIL_KINDS; i++)
		if (mail_kinds[i].states & STATE_BIT(m.state))
			view = i;
	history_message_release(&m);
	return view;
}

static void
go_to_message(struct app *app, int64_t id)
{
	struct error err = ERROR_INIT;

	app_go(app, view_of(app, id));
	view_turn(app, app_view(app), PANE_INNER);
	if (list_select(app_list(app), id, &err) < 0)
		app_fail(app, &err);
	app_message_open(app, id);
}

void
app_attention(struct app *app)
{
	const struct verdict *v = &app->status.verdict;

	switch (v->opens) {
	case VERDICT_OPENS_QUEUE: app_go(app, VIEW_QUEUE); break;
	case VERDICT_OPENS_FAILED: go_to_cause(app); break;
	case VERDICT_OPENS_TRASH: app_go(app, VIEW_TRASH); break;
	case VERDICT_OPENS_UND: app_go(app, VIEW_UND); break;
	case VERDICT_OPENS_WORK:
	case VERDICT_OPENS_LOG: go_to_event(app); break;
	case VERDICT_OPENS_MESSAGE: go_to_message(app, v->opens_id); break;
	}
}

#define RANK_MAX 1000		/* further down nobody counts */

void
app_place(struct app *app)
{
	const struct history_message *m = app_current(app);
	struct list *list = app_list(app);
	struct error err = ERROR_INIT;
	char n[TEXT_NUMBER_MAX], of[TEXT_NUMBER_MAX];
	int64_t before = RANK_MAX;

	app->message_place[0] = '\0';
	if (!m || m->id != app->message)
		return;
	if (!app_mail(app)->mail.query.match && mail_rank(&app_mail(app)->mail,
	    m, RANK_MAX, &before, &err) < 0)
		app_fail(app, &err);
	text_count(of, (uint64_t)list->total);
	if (before < RANK_MAX)
		snprintf(app->message_place, sizeof app->message_place,
			"%s of %s in %s  J K next", text_exact(n,
				(uint64_t)before + 1), of,
			app_view(app)->kind->name);
	else
		snprintf(app->message_place, sizeof app->message_place,
			"%s in %s  J K next", of, app_view(app)->kind->name);
}

/* app_draw: the picture. See CONSOLE section 1 and app.h. */
#include "app.h"
#include "clock.h"
#include "header.h"
#include "term.h"
#include "text.h"
#include "width.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define DEFAULT_STORE "/var/lib/ccmq"	/* of the settings */
#define OTHERS_MAX 8
#define PREVIEW_COLUMNS 120

int
app_list_top(const struct app *app)
{
	int rows, columns;

	(void)app;
	term_size(&rows, &columns);
	return header_rows(rows);
}

static void
put_right(int row, int width, enum role role, const char *text)
{
	int columns = (int)width_text(text);

	if (columns < width)
		term_put(row, width - columns, columns, role, text);
}

/* "mlopez, jgrewal" taken apart; words is written to. */
static size_t
split_names(char *words, const char *names[OTHERS_MAX])
{
	size_t n = 0;
	char *rest = words, *name;

	while (n < OTHERS_MAX && (name = strsep(&rest, ",")))
		if (name[strspn(name, " ")])
			names[n++] = name + strspn(name, " ");
	return n;
}

static void
draw_header(const struct app *app, int rows, int width)
{
	const int64_t *n = app->status.counts.n;
	const struct header_view views[VIEW_COUNT] = {
		{ "Queue", NULL, HEADER_COUNT, n[STATE_QUEUED] +
			n[STATE_IMPORTING] + n[STATE_DEFERRED] },
		{ "Failed", NULL, HEADER_COUNT, n[STATE_FAILED] },
		{ "Quarantine", "Quar", HEADER_COUNT, n[STATE_QUARANTINED] },
		{ "Trash", NULL, HEADER_COUNT, n[STATE_PURGED] },
		{ ".und", NULL, HEADER_SIZE, app->status.und_bytes },
		{ "Log", NULL, HEADER_NOTHING, 0 },
	};
	char words[sizeof app->others];
	const char *names[OTHERS_MAX];
	struct header_facts facts = {
		.status = &app->status, .store = app->store.path,
		.store_is_default = strcmp(app->store.path,
			DEFAULT_STORE) == 0,
		.read_only = app->read_only, .others = names,
		.views = views, .view_count = VIEW_COUNT,
		.view = (size_t)app->view, .now = clock_wall(),
	};

	if (!app->status_known)
		return;
	memcpy(words, app->others, sizeof words);
	facts.other_count = split_names(words, names);
	header_draw(&facts, header_rows(rows), width);
}

/* ---- the body ---- */

static const struct history_cause_row *
current_cause(struct app *app)
{
	struct app_mail *m = app_mail(app);
	const struct list_row *row = m ? list_current(&m->cause_list) : NULL;

	return row ? row->data : NULL;
}

int
app_advice_rows(const struct app *app, int body)
{
	const struct app_mail *m = app->view <= VIEW_TRASH ?
		&app->mails[app->view] : NULL;
	int list;

	if (!m || !m->by_cause || body < 14)
		return 0;
	list = (int)m->causes.count + 2;
	if (list < 4)
		list = 4;
	if (list > body - 11)
		list = body - 11;
	return body - list;
}

static void
draw_lines(const char *text, int row, int rows, int width)
{
	while (*text && rows-- > 0) {
		size_t n = strcspn(text, "\n");

		term_put_bytes(row++, 0, width, ROLE_NORMAL, text, n, 0);
		text += n + (text[n] == '\n');
	}
}

static void
draw_advice(struct app *app, int row, int rows, int width)
{
	const struct history_cause_row *cause = current_cause(app);

	if (rows < 2)
		return;
	term_rule(row);
	if (cause)
		draw_lines(causes_advice(&app_mail(app)->causes, cause,
			&app->status, (size_t)width), row + 1, rows - 1,
			width);
}

static void
draw_preview(struct app *app, int top, int rows, int at, int width)
{
	const struct list_row *row = list_current(app_list(app));
	const struct history_message *m = row ? row->data : NULL;
	char line[400], words[120], when[TEXT_TIME_MAX], size[24];

	for (int i = 0; i < rows; i++)
		term_put(top + i, at, 1, ROLE_RULE, "|");
	if (!m || rows < 9)
		return;
	at += 2;
	width -= 2;
	snprintf(line, sizeof line, "%" PRId64 "  %.300s", m->id,
		m->subject ? m->subject : m->name);
	term_put(top, at, width, ROLE_TITLE, line);
	mail_result_words(words, m);
	snprintf(line, sizeof line, "%s %s: %s", state_word(m->state),
		text_time(when, m->since, clock_wall()), words);
	term_put(top + 1, at, width, ROLE_NORMAL, line);
	snprintf(line, sizeof line, "From     %.300s", m->from ? m->from : "-");
	term_put(top + 3, at, width, ROLE_NORMAL, line);
	snprintf(line, sizeof line, "To       %.300s", m->to ? m->to : "-");
	line[strcspn(line, "\n")] = '\0';
	term_put(top + 4, at, width, ROLE_NORMAL, line);
	snprintf(line, sizeof line, "Date     %.300s", m->date_text ?
		m->date_text : "-");
	term_put(top + 5, at, width, ROLE_NORMAL, line);
	snprintf(line, sizeof line, "File     %.200s  %s bytes", m->name,
		text_exact(size, (uint64_t)m->size));
	term_put(top + 6, at, width, ROLE_NORMAL, line);
	snprintf(line, sizeof line, "Tries    %" PRId64 ", retried %" PRId64,
		m->attempts, m->retries);
	term_put(top + 7, at, width, ROLE_NORMAL, line);
	if (m->action_by) {
		snprintf(line, sizeof line, "By       %.60s  %.200s",
			m->action_by, m->action_reason ? m->action_reason :
			"");
		term_put(top + 8, at, width, ROLE_NORMAL, line);
	}
}

static void
draw_empty(const struct app *app, int row)
{
	static const char *const words[] = {
		"Nothing waits.", "Nothing failed.", "Nothing is set aside.",
		"The trash is empty." };
	const struct app_mail *m = &app->mails[app->view];

	term_cursor(row, 0);
	term_put(row, 4, -1, ROLE_NORMAL, m->filter.len ?
		"Nothing matches the filter." : m->in_cause ?
		"No message of this cause any more. q goes back." :
		words[app->view]);
}

static void
draw_list(struct app *app, int top, int body, int width)
{
	struct app_mail *m = app_mail(app);
	struct list *list = app_list(app);
	struct list_view view = { .top = top, .width = width };
	int advice = app_advice_rows(app, body);
	struct error err = ERROR_INIT;
	size_t height = (size_t)(body - advice - 1);

	if (m->by_cause) {
		view.columns = causes_layout(&m->causes, width, &view.count);
	} else {
		view.columns = m->mail.kind->layout;
		view.count = m->mail.kind->column_count;
		if (width >= PREVIEW_COLUMNS)
			view.width = width * 2 / 3;
	}
	if (list->height != height && list_resize(list, height, &err) < 0)
		app_fail(app, &err);
	list_draw(list, &view);
	if (!list->count)
		draw_empty(app, top + 1);
	if (advice)
		draw_advice(app, top + body - advice, advice, width);
	if (view.width < width)
		draw_preview(app, top, body, view.width, width - view.width);
}

static void
draw_over_title(const struct app *app, int row)
{
	term_put(row, 0, -1, ROLE_TITLE, app->over == OVER_MESSAGE ?
		app->message_title : app->text_title);
}

static void
draw_tabs(const struct app *app, int row, int width)
{
	char line[64];
	int at = term_put(row, 0, -1, ROLE_NORMAL, "Tab: ");

	for (int i = 0; i < TAB_COUNT; i++)
		at += 2 + term_put(row, at, -1, (int)app->tab == i ?
			ROLE_HERE : ROLE_NORMAL, app_tab_word((enum app_tab)i));
	snprintf(line, sizeof line, "lines %zu-%zu/%zu", app->page.top + 1,
		app->page.top + app->page.height < app->page.count ?
		app->page.top + app->page.height : app->page.count,
		app->page.count);
	if (at + (int)strlen(line) < width)
		put_right(row, width, ROLE_NORMAL, line);
}

static void
draw_verb_page(struct app *app, int top, int rows, int width)
{
	struct prompt *p = &app->prompt;
	int lines = 0, at;

	for (const char *s = app->work.lines.data; *s; s++)
		lines += *s == '\n';
	if (lines > rows - 2 - (int)p->count)
		lines = rows - 2 - (int)p->count;
	term_rule(top);
	draw_lines(app->work.lines.data, top + 1, lines, width);
	for (size_t i = 0; i < p->count; i++) {
		at = 2 + term_put(top + 1 + lines + (int)i, 1, -1, ROLE_NORMAL,
			p->fields[i].label);
		prompt_draw_field(p, i, top + 1 + lines + (int)i, at,
			p->fields[i].kind == FIELD_TOGGLE ? 5 :
			p->fields[i].kind == FIELD_NUMBER ? 8 :
			width - at - 1 < 62 ? width - at - 1 : 62);
	}
	if (p->complaint)
		term_put(top + 1 + lines + (int)p->count, 1, -1, ROLE_LOOK,
			p->complaint);
}

static void
draw_body(struct app *app, int top, int body, int width)
{
	if (app->ask == ASK_VERB_PAGE) {
		draw_verb_page(app, top, body, width);
	} else if (app->over != OVER_NONE) {
		draw_over_title(app, top);
		term_rule(top + 1);
		pager_draw(app->over == OVER_MESSAGE ? &app->page : &app->text,
			top + 2, (size_t)(body - 2), width);
		term_cursor(top, 0);
	} else if (app->view == VIEW_UND) {
		pager_draw(&app->und, top, (size_t)body, width);
		term_cursor(top, 0);
	} else if (app->view == VIEW_LOG) {
		pager_draw(&app->log, top, (size_t)body, width);
		term_cursor(top, 0);
	} else {
		draw_list(app, top, body, width);
	}
}

/* ---- the bottom ---- */

static void
list_info(struct app *app, char *out, size_t cap)
{
	struct app_mail *m = app_mail(app);
	struct list *list = app_list(app);
	char shown[TEXT_NUMBER_MAX], tagged[TEXT_NUMBER_MAX] = "";
	struct str cause = STR_INIT;

	text_exact(shown, (uint64_t)list->total);
	if (m->by_cause) {
		text_exact(tagged, (uint64_t)m->causes.messages);
		snprintf(out, cap, "%s cause%s, %s messages   newest first   "
			"= as list", shown, list->total == 1 ? "" : "s",
			tagged);
		return;
	}
	if (list->tags.count)
		text_exact(tagged, (uint64_t)list->tags.count);
	if (m->in_cause)
		str_addf(&cause, "   of one cause");
	snprintf(out, cap, "%s shown%s%s%s%s%.60s%s%.60s%s", shown,
		*tagged ? "   " : "", tagged, *tagged ? " tagged" : "",
		m->filter.len ? "   filter: " : "", m->filter.data, cause.data,
		m->complaint, list->range ? "   range: v ends it" : "");
	if (app->frozen)
		snprintf(out + strlen(out), cap - strlen(out), "   FROZEN, %"
			PRIu64 " changes", list->changes);
	str_release(&cause);
}

static void
draw_info(struct app *app, int row, int width)
{
	char line[400] = "";

	if (*app->note) {
		term_put(row, 0, width, app->note_bad ? ROLE_BAD : ROLE_LOOK,
			app->note);
		return;
	}
	if (app->over == OVER_MESSAGE) {
		draw_tabs(app, row, width);
		return;
	}
	if (app->over == OVER_NONE && app_mail(app))
		list_info(app, line, sizeof line);
	else if (app->frozen)
		snprintf(line, sizeof line, "FROZEN: z goes on");
	term_put(row, 0, width, ROLE_NORMAL, line);
}

static void
draw_line_prompt(struct app *app, int rows, int width)
{
	struct prompt *p = &app->prompt;
	int at = 0;

	term_fill(rows - 2, 0, width, ROLE_NORMAL);
	term_put(rows - 2, 0, width, p->complaint ? ROLE_LOOK : ROLE_TITLE,
		p->complaint ? p->complaint : app->question);
	for (size_t i = 0; i < p->count; i++) {
		int room = p->fields[i].kind == FIELD_TOGGLE ? 5 :
			p->fields[i].kind == FIELD_NUMBER ? 8 :
			i + 1 < p->count ? (width - at) / 2 : width;

		at += term_put(rows - 1, at, -1, ROLE_NORMAL,
			p->fields[i].label) + 1;
		if (room > width - at)
			room = width - at;
		prompt_draw_field(p, i, rows - 1, at, room);
		at += room + 1;
	}
}

static void
draw_bottom(struct app *app, int rows, int width)
{
	static const struct keymap_label in_causes[] = {
		{ ACTION_OPEN, "messages" }, { ACTION_NONE, NULL } };
	static const struct keymap_label release[] = {
		{ ACTION_RETRY, "release" }, { ACTION_NONE, NULL } };
	static const struct keymap_label restore[] = {
		{ ACTION_RETRY, "restore" }, { ACTION_NONE, NULL } };
	enum keymap_context context = app_context(app);
	struct str footer = STR_INIT;

	if (app->ask != ASK_NONE && app->ask != ASK_VERB_PAGE) {
		draw_line_prompt(app, rows, width);
		return;
	}
	draw_info(app, rows - 2, width);
	if (app->ask == ASK_VERB_PAGE)
		str_add(&footer, "Tab next field   y n Space turn yes/no   "
			"Enter does it   Esc: nothing");
	else
		keymap_footer(&app->keys, context, context == KEYMAP_CAUSES ?
			in_causes : app->over ? NULL :
			app->view == VIEW_QUARANTINE ? release :
			app->view == VIEW_TRASH ? restore : NULL,
			(size_t)width, &footer);
	term_put(rows - 1, 0, width, ROLE_KEY, footer.data);
	str_release(&footer);
}

void
app_draw(struct app *app)
{
	int rows, width, top;

	term_size(&rows, &width);
	term_begin();
	if (rows < APP_ROWS_LEAST || width < APP_COLUMNS_LEAST) {
		term_put(0, 0, -1, ROLE_LOOK, "ccmq wants 40x10; q leaves");
		term_end();
		return;
	}
	top = header_rows(rows);
	draw_header(app, rows, width);
	draw_body(app, top, rows - top - 2, width);
	draw_bottom(app, rows, width);
	term_end();
}

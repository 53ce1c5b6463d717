/* app_draw: the picture. See CONSOLE section 1 and app.h. */
#include "app/app.h"
#include "base/clock.h"
#include "app/header.h"
#include "term/term.h"
#include "base/text.h"
#include "base/width.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define DEFAULT_STORE "/var/lib/ccmq"	/* of the settings */
#define RULE_LEAST_BODY 10		/* rows; lower ones want each of them */

static void
put_right(int row, int width, enum role role, const char *text)
{
	int columns = (int)width_text(text);

	if (columns < width)
		term_put(row, width - columns, columns, role, text);
}

static void
draw_header(struct app *app, int rows, int width)
{
	const int64_t *n = app->status.counts.n;
	struct header_view views[VIEW_COUNT] = {
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
			app->status.und_bytes },
		[VIEW_LOG] = { .shows = HEADER_NOTHING },
	};
	const char *others[APP_OTHERS_MAX];
	struct header_facts facts = {
		.status = &app->status, .store = app->store.path,
		.store_is_default = strcmp(app->store.path,
			DEFAULT_STORE) == 0,
		.read_only = app->read_only, .others = others,
		.other_count = app->other_count, .views = views,
		.view_count = VIEW_COUNT, .view = (size_t)app->view,
		.now = clock_wall(),
	};

	for (int i = 0; i < VIEW_COUNT; i++) {
		views[i].name = app->views[i].kind->name;
		views[i].brief = app->views[i].kind->brief;
	}
	for (size_t i = 0; i < app->other_count; i++)
		others[i] = app->others[i];
	if (app->status_known)
		header_draw(&facts, header_rows(rows), width);
}

/* ---- the body ---- */

void
app_draw_lines(const char *text, int row, int rows, int width)
{
	while (*text && rows-- > 0) {
		size_t n = strcspn(text, "\n");

		term_put_bytes(row++, 0, width, ROLE_NORMAL, text, n, 0);
		text += n + (text[n] == '\n');
	}
}

static void
draw_over_title(const struct app *app, int row, int width)
{
	const char *place = app->message_place;
	int room = width;

	if (app->over == OVER_MESSAGE && width >= 60 && *place) {
		put_right(row, width, ROLE_NORMAL, place);
		room -= 2 + (int)width_text(place);
	}
	term_put(row, 0, room, ROLE_TITLE, app->over == OVER_MESSAGE ?
		app->message_title : app->text_title);
}

/* The parts of the message, and where in the text we are. */
static void
draw_tabs(const struct app *app, int row, int width)
{
	const struct pager *p = &app->page;
	size_t end = p->top + p->height < p->count ? p->top + p->height :
		p->count;
	bool narrow = width < 60;
	char line[64], words[32];
	int at = term_put(row, 0, -1, ROLE_NORMAL, "Tab: ");

	snprintf(line, sizeof line, "%s%zu-%zu/%zu", narrow ? "" : "lines ",
		p->top + 1, end, p->count);
	for (int i = 0; i < TAB_COUNT; i++)
		if (!narrow || (int)app->tab == i)
			at += 2 + term_put(row, at, -1, (int)app->tab == i ?
				ROLE_HERE : ROLE_NORMAL, app_tab_words(app,
				(enum message_tab)i, words));
	if (at + (int)strlen(line) <= width)
		put_right(row, width, ROLE_NORMAL, line);
}

/* A field of the page with its label. */
static int
draw_page_field(struct prompt *p, size_t i, int row, int column, int width)
{
	int at = column + 1 + term_put(row, column, width - column, ROLE_NORMAL,
		p->fields[i].label);
	int room = p->fields[i].kind == FIELD_TOGGLE ? 5 :
		p->fields[i].kind == FIELD_NUMBER ? 10 : width - at - 1;

	if (room > 64)
		room = 64;
	prompt_draw_field(p, i, row, at, room);
	return at + room;
}

static void
draw_number_hint(const struct app *app, int row, int column, int width)
{
	char hint[80];

	snprintf(hint, sizeof hint, width < 72 ? "empty = none" : "1 = a "
		"test, %" PRId64 " = all, empty = none",
		app->work.page.able);
	term_put(row, column + 2, width - column - 2, ROLE_NORMAL, hint);
}

static void
draw_verb_page(struct app *app, int top, int rows, int width)
{
	struct prompt *p = &app->prompt;
	struct verb_page_spot spot = { -1, 0 };
	struct str text = STR_INIT;
	int at, text_rows = 0;

	term_rule(top);
	verb_page_text(&app->work.page, &app->work.world, (size_t)width,
		(size_t)(rows - 5), &text, &spot);
	for (const char *s = text.data; *s; s++)
		text_rows += *s == '\n';
	app_draw_lines(text.data, top + 1, text_rows, width);
	str_release(&text);
	if (p->count > 2 && spot.row >= 0)
		prompt_draw_field(p, 2, top + 1 + spot.row, spot.column, 5);
	draw_page_field(p, 0, top + 1 + text_rows, 1, width);
	at = draw_page_field(p, 1, top + 2 + text_rows, 1, width);
	if (p->fields[1].kind == FIELD_NUMBER)
		draw_number_hint(app, top + 2 + text_rows, at, width);
	if (p->complaint)
		term_put(top + 3 + text_rows, 1, width - 1, ROLE_LOOK,
			p->complaint);
	term_rule(top + rows - 1);
}

static void
draw_body(struct app *app, int top, int body, int width)
{
	int rule = body >= RULE_LEAST_BODY;

	if (app->ask == ASK_VERB_PAGE) {
		draw_verb_page(app, top, body, width);
	} else if (app->over != OVER_NONE) {
		draw_over_title(app, top, width);
		if (rule)
			term_rule(top + 1);
		pager_draw(app->over == OVER_MESSAGE ? &app->page : &app->text,
			top + 1 + rule, (size_t)(body - 1 - rule), width);
		term_cursor(top, 0);
	} else {
		view_draw(app, app_view(app), top, body, width);
	}
}

/* ---- the bottom ---- */

/* What the list says of itself, what is frozen, who else works. */
static void
info_words(struct app *app, struct str *out)
{
	struct view *v = app_view(app);
	struct mail_view *m = app_mail(app);
	char n[TEXT_NUMBER_MAX];

	if (app->over == OVER_NONE) {
		view_pane(v)->kind->info(app, v, out);
		if (m && *m->complaint)
			str_addf(out, "   (%s)", m->complaint);
	}
	if (app->frozen)
		str_addf(out, "%sFROZEN, %s changes, z goes on",
			out->len ? "   " : "", text_exact(n,
				view_list(v)->changes));
}

static void
draw_info(struct app *app, int row, int width)
{
	struct str line = STR_INIT;
	int right = (int)strlen(app->running);

	if (*app->note) {
		term_put(row, 0, width, app->note_bad ? ROLE_BAD : ROLE_LOOK,
			app->note);
		return;
	}
	if (app->over == OVER_MESSAGE) {
		draw_tabs(app, row, width);
		return;
	}
	info_words(app, &line);
	if (right && right + 20 < width) {
		term_put(row, width - right, right, ROLE_LOOK, app->running);
		width -= right + 2;
	}
	term_put(row, 0, width, ROLE_NORMAL, line.data);
	str_release(&line);
}

#define LOOK_LEAST_MS 20	/* before a key stops it */
#define LOOK_SAID_MS 100

bool
app_go_on_looking(void *arg)
{
	struct app *app = arg;
	int64_t now = clock_mono_ms();
	int rows, width;

	if (!app->looking_since_mono_ms)
		app->looking_since_mono_ms = now;
	if (now - app->looking_since_mono_ms >= LOOK_SAID_MS &&
	    !app->looking_said) {
		app->looking_said = true;
		term_size(&rows, &width);
		term_fill(rows - 2, 0, width, ROLE_NORMAL);
		term_put(rows - 2, 0, width, ROLE_LOOK,
			"looking; any key stops it");
		term_end();
	}
	return now - app->looking_since_mono_ms < LOOK_LEAST_MS ||
		!term_input_waits();
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

/* In read-only mode what would change the store is dim, and says why when it
 * is asked for. */
static bool
is_verb(enum action action)
{
	return action == ACTION_RETRY || action == ACTION_QUARANTINE ||
		action == ACTION_PURGE || action == ACTION_CONNECTOR;
}

static void
draw_keys(struct app *app, int row, int width)
{
	static const struct keymap_label in_causes[] = {
		{ ACTION_OPEN, "messages" }, { ACTION_NONE, NULL } };
	static const struct keymap_label release[] = {
		{ ACTION_RETRY, "release" }, { ACTION_QUARANTINE, "" },
		{ ACTION_NONE, NULL } };
	static const struct keymap_label restore[] = {
		{ ACTION_RETRY, "restore" }, { ACTION_QUARANTINE, "" },
		{ ACTION_NONE, NULL } };
	enum keymap_context context = app_context(app);
	struct keymap_part parts[ACTION_COUNT];
	size_t n = keymap_footer_parts(&app->keys, context,
		context == KEYMAP_CAUSES ? in_causes : app->over ? NULL :
		app->view == VIEW_QUARANTINE ? release :
		app->view == VIEW_TRASH ? restore : NULL, (size_t)width, parts);

	for (size_t i = 0; i < n; i++)
		term_put(row, parts[i].column, width - parts[i].column,
			app->read_only && is_verb(parts[i].action) ?
			ROLE_DIM : ROLE_KEY, parts[i].text);
}

static void
draw_bottom(struct app *app, int rows, int width)
{
	if (app->ask != ASK_NONE && app->ask != ASK_VERB_PAGE) {
		draw_line_prompt(app, rows, width);
		return;
	}
	draw_info(app, rows - 2, width);
	if (app->ask == ASK_VERB_PAGE)
		term_put(rows - 1, 0, width, ROLE_KEY, width < 72 ?
			"Tab next  Enter does it  Esc nothing" :
			"Tab next field   y n Space turn yes/no   Enter does "
			"it   Esc: nothing");
	else if (app->wait != WAIT_NONE)
		term_put(rows - 1, 0, width, ROLE_KEY, "One of these keys; "
			"any other does nothing");
	else
		draw_keys(app, rows - 1, width);
}

void
app_draw(struct app *app)
{
	int rows, width, top;

	app->dirty = false;
	app->looking_since_mono_ms = 0;
	app->looking_said = false;
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

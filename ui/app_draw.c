/* app_draw: the picture. See CONSOLE section 1 and app.h. */
#include "app.h"
#include "clock.h"
#include "term.h"
#include "text.h"
#include "width.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define DEFAULT_STORE "/var/lib/ccmq"

static int
header_rows(int rows)
{
	return rows < 20 ? 3 : 4;
}

static void
put_right(int row, int width, enum role role, const char *text)
{
	int columns = (int)width_text(text);

	if (columns < width)
		term_put(row, width - columns, columns, role, text);
}

static void
connector_words(const struct app *app, char *out, size_t cap)
{
	const struct status *st = &app->status;
	char a[TEXT_TIME_MAX], b[TEXT_TIME_MAX];
	int64_t now = clock_wall();

	switch (st->connector) {
	case STATUS_RUNNING:
		snprintf(out, cap, "running");
		break;
	case STATUS_STOPPED:
		if (st->row.ended_at == HISTORY_NO_TIME)
			snprintf(out, cap, "!! STOPPED");
		else
			snprintf(out, cap, "!! STOPPED since %s",
				mail_time(a, st->row.ended_at, now));
		break;
	case STATUS_TRIPPED:
		snprintf(out, cap, "!! TRIPPED since %s, tests again %s",
			mail_time(a, st->row.breaker_at, now),
			mail_time(b, st->row.probe_at, now));
		break;
	case STATUS_HELD:
	case STATUS_DRAINING:
		snprintf(out, cap, "!  %s since %s%s%s",
			st->connector == STATUS_HELD ? "HELD" : "DRAINING",
			mail_time(a, st->row.hold_at, now),
			st->row.hold_until == HISTORY_NO_TIME ? "" :
			" until ", st->row.hold_until == HISTORY_NO_TIME ? "" :
			mail_time(b, st->row.hold_until, now));
		break;
	}
}

static void
draw_top(struct app *app, int width)
{
	const struct status *st = &app->status;
	char host[200], words[120], right[200], clock[32], others[100] = "";
	time_t now = (time_t)(clock_wall() / 1000);
	struct tm tm;
	int at, end;

	for (size_t i = 0; i < app->other_count; i++)
		snprintf(others + strlen(others), sizeof others -
			strlen(others), "%s%s", i ? ", " : "", app->others[i]);
	localtime_r(&now, &tm);
	strftime(clock, sizeof clock, width < 60 ? "%H:%M" : "%H:%M %Z", &tm);
	snprintf(right, sizeof right, "%s%s%s%s", app->read_only && width >= 60
		? "READ-ONLY  " : "", *others && width >= 60 ?
		"also on: " : "", width >= 60 ? others : "",
		*others && width >= 60 ? "  " : "");
	strncat(right, clock, sizeof right - strlen(right) - 1);
	end = width - (int)width_text(right) - 1;
	snprintf(host, sizeof host, "%.14s", st->host);
	at = term_put(0, 0, 14, ROLE_HOST, host);
	if (strcmp(app->store.path, DEFAULT_STORE) != 0 && width >= 60) {
		snprintf(host, sizeof host, " (%.60s)", app->store.path);
		at += term_put(0, at, width >= 100 ? 40 : 22, ROLE_HOST, host);
	}
	connector_words(app, words, sizeof words);
	if (at + 2 < end)
		term_put(0, at + (width < 60 ? 1 : 2), end - at - 2,
			st->connector == STATUS_RUNNING ? ROLE_GOOD :
			st->connector == STATUS_STOPPED ||
			st->connector == STATUS_TRIPPED ? ROLE_BAD : ROLE_LOOK,
			words);
	put_right(0, width, ROLE_NORMAL, right);
}

static void
draw_verdict(const struct app *app, int width)
{
	const struct verdict *v = &app->status.verdict;
	enum role role = v->severity == VERDICT_ACT ? ROLE_BAD :
		v->severity == VERDICT_LOOK ? ROLE_LOOK : ROLE_NORMAL;
	const char *text = width < 80 ? v->brief : v->text;
	int at = term_put(1, 0, 3, role, verdict_sign(v->severity));

	(void)at;
	at = 3 + term_put(1, 3, width - 3, role, text);
	if (v->severity != VERDICT_WELL && at + 8 <= width)
		term_put(1, at, -1, ROLE_NORMAL, ". a look");
}

static void
draw_rates(const struct app *app, int width)
{
	const struct history_minute *m = &app->status.last_minute;
	char in[TEXT_NUMBER_MAX], out[TEXT_NUMBER_MAX], bad[TEXT_NUMBER_MAX];
	char free_[TEXT_NUMBER_MAX], at[16], line[160];

	text_count(in, (uint64_t)m->arrived);
	text_count(out, (uint64_t)m->imported);
	text_count(bad, (uint64_t)m->failed);
	mail_time(at, app->status.row.last_import_at, clock_wall());
	snprintf(line, sizeof line, width < 72 ?
		"in %s/m imported %s/m failed %s/m last %s" :
		"in %s/min   imported %s/min   failed %s/min   last import %s",
		in, out, bad, at);
	term_put(2, 0, -1, ROLE_NORMAL, line);
	snprintf(line, sizeof line, "disk %s free",
		text_size(free_, (uint64_t)app->status.disk_free));
	if (width >= 72)
		put_right(2, width < 80 ? width : 80, ROLE_NORMAL, line);
}

/* One entry of the row of views; how tight it is: 0 to 2. */
static void
view_words(const struct app *app, int i, int tight, char *out, size_t cap)
{
	static const char *const names[] = { "Queue", "Failed", "Quarantine",
		"Trash", ".und", "Log" };
	const int64_t *n = app->status.counts.n;
	const int64_t counts[] = { n[STATE_QUEUED] + n[STATE_IMPORTING] +
		n[STATE_DEFERRED], n[STATE_FAILED], n[STATE_QUARANTINED],
		n[STATE_PURGED] };
	char number[TEXT_NUMBER_MAX] = "";

	if (i < 4)
		text_count(number, (uint64_t)counts[i]);
	else if (i == VIEW_UND)
		text_size(number, (uint64_t)app->status.und_bytes);
	snprintf(out, cap, "%d %s%s%s", i + 1, tight && i == VIEW_QUARANTINE ?
		"Quar" : names[i], *number ? " " : "", number);
}

static void
draw_views(const struct app *app, int row, int width)
{
	char words[48], shown[52];
	int tight = 0, total, at = 0;

	do {
		total = 2;
		for (int i = 0; i < VIEW_COUNT; i++) {
			view_words(app, i, tight > 0, words, sizeof words);
			total += (int)strlen(words) + (tight > 1 ? 1 : 2);
		}
	} while (total > width + 2 && ++tight < 2);
	for (int i = 0; i < VIEW_COUNT; i++) {
		bool here = (int)app->view == i;

		view_words(app, i, tight > 0, words, sizeof words);
		snprintf(shown, sizeof shown, here ? "[%s]" : "%s", words);
		if (at + (int)strlen(shown) > width)
			continue;
		at += term_put(row, at, -1, here ? ROLE_HERE : ROLE_NORMAL,
			shown) + (tight > 1 ? 1 : 2);
	}
}

static void
draw_header(struct app *app, int rows, int width)
{
	if (!app->status_known)
		return;
	draw_top(app, width);
	draw_verdict(app, width);
	if (header_rows(rows) == 4)
		draw_rates(app, width);
	draw_views(app, header_rows(rows) - 1, width);
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
	app_draw_lines(app->work.lines.data, top + 1, lines, width);
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

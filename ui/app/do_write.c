/* SPDX-License-Identifier: ISC */
/*
 * do_write: what is seen, to a new file: a list as text, as CSV or as JSON (an
 * object a line) by the name's ending; of a message, its file. The file is
 * there when all of it was written, else it is not. See do.h.
 */
#include "app/ask.h"
#include "app/chore.h"
#include "app/do.h"
#include "app/says.h"
#include "app/screen_message.h"
#include "app/screen_text.h"
#include "app/subject.h"
#include "app/view_mail.h"
#include "app/views.h"
#include "base/files.h"
#include "base/json.h"
#include "base/text.h"
#include "base/clock.h"
#include "base/xalloc.h"
#include "work/report.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ROWS 200		/* fetched at a time */

enum form { FORM_TEXT, FORM_CSV, FORM_JSON };

struct write_ask {
	struct ask ask;
	int64_t message;		/* its file, or 0 … */
	struct view *view;		/* … the list it shows, or NULL … */
	struct note_on on;		/* … the note of this */
};

/* ---- a list ---- */

static enum form
form_of(const char *path)
{
	const char *dot = strrchr(path, '.');

	return !dot ? FORM_TEXT : strcmp(dot, ".csv") == 0 ? FORM_CSV :
		strcmp(dot, ".json") == 0 ? FORM_JSON : FORM_TEXT;
}

static void
put_csv(const char *text, bool first, FILE *to)
{
	if (!first)
		putc(',', to);
	putc('"', to);
	for (; *text; text++) {
		if (*text == '"')
			putc('"', to);
		putc(*text, to);
	}
	putc('"', to);
}

/* "NEXT TRY" is next_try. */
static void
put_json(struct json_line *j, const char *title, const char *text)
{
	char key[32];
	size_t i;

	for (i = 0; title[i] && i + 1 < sizeof key; i++)
		key[i] = title[i] == ' ' ? '_' : title[i] >= 'A' &&
			title[i] <= 'Z' ? (char)(title[i] + ('a' - 'A')) :
			title[i];
	key[i] = '\0';
	json_put_text(j, key, text);
}

struct table {
	const struct list *list;
	const struct list_column *columns;
	size_t count;
	enum form form;
	FILE *to;
};

static void
put_row(const struct table *t, const struct list_row *row)
{
	struct json_line *j = t->form == FORM_JSON ? json_line_new() : NULL;
	struct str raw = STR_INIT, cell = STR_INIT;

	for (size_t i = 0; i < t->count; i++) {
		str_clear(&raw);
		str_clear(&cell);
		if (row)
			t->list->source->cell(t->list->ctx, row, i, &raw);
		else
			str_add(&raw, t->columns[i].title);
		text_add_printable(&cell, raw.data, raw.len);
		if (j)
			put_json(j, t->columns[i].title, cell.data);
		else if (t->form == FORM_CSV)
			put_csv(cell.data, i == 0, t->to);
		else if (i + 1 < t->count)
			fprintf(t->to, "%*s  ", (t->columns[i].right ? 1 : -1) *
				(t->columns[i].most > t->columns[i].least ?
				t->columns[i].most : t->columns[i].least),
				cell.data);
		else
			fputs(cell.data, t->to);
	}
	if (j)
		json_line_print(j, t->to);
	else
		putc('\n', t->to);
	str_release(&raw);
	str_release(&cell);
}

/* A list on its way to a file. */
struct write_list {
	struct chore chore;
	struct view *view;
	struct table table;
	char *path;
	struct list_row last;		/* that was written */
	size_t rows;
};

/* Some rows more. Looking can be stopped by a key: then it is not all. */
static int
put_rows(struct chore *c, struct error *err)
{
	struct write_list *w = (struct write_list *)c;
	const struct list *list = w->table.list;
	struct mail_view *mv = view_mail_of(w->view);
	struct list_row rows[ROWS];
	int n = list->source->fetch(list->ctx, w->last.data ? &w->last : NULL,
		true, ROWS, rows, err);

	for (int i = 0; i < n; i++) {
		put_row(&w->table, &rows[i]);
		if (w->last.data)
			list->source->row_free(list->ctx, &w->last);
		w->last = rows[i];
		w->rows++;
	}
	return mv && mv->mail.patience.gave_up ? error_set(err,
		ERROR_STOPPED, says_none_written) : n > 0 ? 1 : n;
}

static void
say_rows(const struct chore *c, char words[160])
{
	char n[TEXT_NUMBER_MAX];

	snprintf(words, 160, says_writing, text_exact(n,
		((const struct write_list *)c)->rows));
}

/* 0, or -1 with the file removed. */
static int
close_file(FILE *to, const char *path, int rc, struct error *err)
{
	char shown[200];

	text_printable(shown, sizeof shown, path, strlen(path));
	if ((ferror(to) | fclose(to)) && rc == 0)
		rc = error_sys(err, errno, "write %s", shown);
	if (rc < 0)
		(void)unlink(path);
	return rc;
}

static void
end_list(struct chore *c, int how, const struct error *why)
{
	struct write_list *w = (struct write_list *)c;
	struct error err = *why;
	char shown[200];

	if (how > 0)
		how = error_set(&err, ERROR_STOPPED, says_none_written);
	how = close_file(w->table.to, w->path, how, &err);
	w->table.to = NULL;
	text_printable(shown, sizeof shown, w->path, strlen(w->path));
	if (how == 0)
		desk_note(c->desk, says_written, shown);
	else
		desk_fail(c->desk, &err);
}

static void
release_list(struct chore *c)
{
	struct write_list *w = (struct write_list *)c;
	struct error ignored = ERROR_INIT;

	if (w->table.to)
		(void)close_file(w->table.to, w->path, -1, &ignored);
	if (w->last.data)
		w->table.list->source->row_free(w->table.list->ctx, &w->last);
	free(w->path);
}

static const struct chore_kind list_chore = {
	.step = put_rows, .say = say_rows, .end = end_list,
	.release = release_list,
};

static void
put_list(struct desk *desk, struct view *v, const char *path, FILE *to)
{
	struct write_list *w = xcalloc(1, sizeof *w);

	w->view = v;
	w->path = xstrdup(path);
	w->table = (struct table){ .list = view_list(v),
		.form = form_of(path), .to = to };
	w->table.columns = view_pane(v)->kind->columns(v, VIEW_WIDE,
		&w->table.count);
	if (w->table.form != FORM_JSON)
		put_row(&w->table, NULL);
	chore_run(desk, &w->chore, &list_chore);
}

/* ---- a message ---- */

static int
put_message(struct desk *desk, int64_t id, FILE *to, struct error *err)
{
	struct history_message m;
	struct stat st;
	enum spool_dir dir;
	char buf[65536];
	ssize_t n = 0;
	int from, rc = history_message_get(desk->store.history, id, &m, err);

	if (rc <= 0)
		return rc < 0 ? -1 : error_set(err, ERROR_NOT_FOUND,
			"there is no such message");
	from = store_open_message(&desk->store, &m, &st, &dir, err);
	history_message_release(&m);
	if (from < 0)
		return -1;
	for (int64_t at = 0; (n = fs_read_at(from, buf, sizeof buf, at,
	    err)) > 0; at += n)
		fwrite(buf, 1, (size_t)n, to);
	close(from);
	return n < 0 ? -1 : 0;
}

/* ---- the incident note ---- */

static int
put_note(struct write_ask *wa, const char *path, FILE *to, struct error *err)
{
	const char *dot = strrchr(path, '.');
	struct report_spec spec = { .now = clock_wall(),
		.cause = wa->on.cause, .message = wa->on.message,
		.format = !dot ? REPORT_TEXT : strcmp(dot, ".md") == 0 ?
			REPORT_MARKDOWN : strcmp(dot, ".json") == 0 ?
			REPORT_JSON : REPORT_TEXT };
	struct str text = STR_INIT;
	int rc = report_incident(&wa->ask.desk->store, &spec, &text, err);

	if (rc == 0)
		fputs(text.data, to);
	str_release(&text);
	return rc;
}

/* ---- the file ---- */

static char *
expand(const char *path)
{
	const char *home = getenv("HOME");

	return path[0] == '~' && (path[1] == '/' || !path[1]) && home ?
		xasprintf("%s%s", home, path + 1) : xstrdup(path);
}

/* A new file; NULL with err. */
static FILE *
open_file(const char *path, struct error *err)
{
	char shown[200];
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	FILE *to = fd < 0 ? NULL : fdopen(fd, "w");

	text_printable(shown, sizeof shown, path, strlen(path));
	if (!to)
		error_sys(err, errno, "make %s", shown);
	if (!to && fd >= 0)
		close(fd);
	return to;
}

static bool
done(struct ask *a, struct request *out)
{
	struct write_ask *wa = (struct write_ask *)a;
	struct error err = ERROR_INIT;
	char *path = expand(a->prompt.fields[0].text.data), shown[200];
	FILE *to = open_file(path, &err);
	int rc = -1;

	(void)out;
	text_printable(shown, sizeof shown, path, strlen(path));
	if (to && wa->view) {
		rc = 0;
		put_list(a->desk, wa->view, path, to);
	} else if (to) {
		rc = close_file(to, path, wa->message ? put_message(a->desk,
			wa->message, to, &err) : put_note(wa, path, to, &err),
			&err);
		if (rc == 0)
			desk_note(a->desk, says_written, shown);
	}
	if (rc < 0)
		prompt_refuse(&a->prompt, 0, err.text);
	free(path);
	return rc == 0;
}

static const struct ask_kind kind = { .line = true, .done = done };

void
do_write(struct desk *desk)
{
	struct message_screen *ms = screen_message_top(desk);
	struct write_ask *wa;

	if (screens_top(&desk->screens)->kind == &screen_text) {
		desk_note(desk, says_write_what);
		return;
	}
	wa = xcalloc(1, sizeof *wa);
	str_init(&wa->ask.page.title);
	wa->message = ms ? ms->id : 0;
	wa->view = ms ? NULL : views_here(desk);
	prompt_add_text(&wa->ask.prompt, "File", "", true);
	if (ms)
		snprintf(wa->ask.hint, sizeof wa->ask.hint, says_hint_write_message, ms->id);
	else
		snprintf(wa->ask.hint, sizeof wa->ask.hint, says_hint_write_list);
	ask_open(desk, &wa->ask, &kind);
}

void
do_write_note(struct desk *desk)
{
	struct write_ask *wa;
	struct note_on on;

	if (!subject_take(desk, &on))
		return;
	wa = xcalloc(1, sizeof *wa);
	wa->on = on;
	str_init(&wa->ask.page.title);
	prompt_add_text(&wa->ask.prompt, "File", "", true);
	snprintf(wa->ask.hint, sizeof wa->ask.hint, says_hint_incident,
		on.words);
	ask_open(desk, &wa->ask, &kind);
}

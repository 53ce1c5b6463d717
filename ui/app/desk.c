/* SPDX-License-Identifier: ISC */
/* desk: see desk.h for the contract. */
#include "app/desk.h"
#include "app/says.h"
#include "base/clock.h"
#include "base/text.h"
#include "base/width.h"
#include "base/xalloc.h"
#include "term/term.h"
#include "term/wrap.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void
desk_note(struct desk *desk, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(desk->note, sizeof desk->note, fmt, ap);
	va_end(ap);
	desk->note_bad = desk->note_attends = false;
	desk->dirty = true;
}

void
desk_fail(struct desk *desk, const struct error *err)
{
	desk_note(desk, "%.250s", err->text);
	desk->note_bad = true;
}

bool
desk_may_write(struct desk *desk)
{
	if (desk->then)
		desk_note(desk, says_as_it_was);
	else if (desk->read_only)
		desk_note(desk, says_read_only, desk->read_only_why);
	else if (desk->errand)
		desk_note(desk, says_one_thing);
	return !desk->then && !desk->read_only && !desk->errand;
}

int64_t
desk_now(const struct desk *desk)
{
	return desk->then ? history_at_time(desk->then) : clock_wall();
}

void
desk_thaw(struct desk *desk)
{
	if (desk->frozen)
		desk_note(desk, says_thawed);
	desk->frozen = false;
	desk->changes = 0;
}

void
desk_add_reason(struct desk *desk, const char *reason)
{
	size_t at = 0;

	if (!reason[strspn(reason, " ")])
		return;
	while (at < desk->reason_count && strcmp(desk->reasons[at], reason))
		at++;
	if (at == DESK_REASONS_MAX)
		at--;
	if (at == desk->reason_count)
		desk->reason_count++;
	free(desk->reasons[at]);
	memmove(desk->reasons + 1, desk->reasons, at * sizeof *desk->reasons);
	desk->reasons[0] = xstrdup(reason);
}

void
desk_put_right(int row, int width, enum role role, const char *text)
{
	int columns = (int)width_text(text);

	if (columns < width)
		term_put(row, width - columns, columns, role, text);
}

int
desk_draw_words(const char *words, enum role role, int row, int width)
{
	struct str text = STR_INIT;
	int lines = 0, at;

	wrap_add(&text, (struct wrap){ NULL, 0, (size_t)width }, words);
	for (const char *c = text.data; *c; c++)
		lines += *c == '\n';
	at = row - lines + 1;
	for (const char *c = text.data; *c; c += strcspn(c, "\n") + 1) {
		term_fill(at, 0, width, ROLE_NORMAL);
		term_put_bytes(at++, 0, width, role, c, strcspn(c, "\n"), 0);
	}
	str_release(&text);
	return lines;
}

bool
desk_draw_note(struct desk *desk, int row, int width)
{
	if (*desk->note)
		desk_draw_words(desk->note, desk->note_bad ? ROLE_BAD :
			ROLE_LOOK, row, width);
	else if (desk->errand)
		desk_draw_words(desk->errand_words, ROLE_LOOK, row, width);
	else
		return false;
	return true;
}

/* What would change the store is dim where it may not be, in read-only mode and
 * of a time that is past, and says why when it is asked for. */
static bool
is_verb(enum action action)
{
	return action == ACTION_RETRY || action == ACTION_QUARANTINE ||
		action == ACTION_PURGE || action == ACTION_CONNECTOR ||
		action == ACTION_RESEND ||
		action == ACTION_JOB_PAUSE || action == ACTION_JOB_STOP;
}

/* The key stands out, its label does not. */
static void
draw_key(const struct keymap_part *part, int row, int width, bool dim)
{
	size_t key = strcspn(part->text, " ");
	int at = part->column;

	at += term_put_bytes(row, at, width - at, dim ? ROLE_DIM : ROLE_KEY,
		part->text, key, 0);
	term_put(row, at, width - at, dim ? ROLE_DIM : ROLE_NORMAL,
		part->text + key);
}

void
desk_draw_keys(struct desk *desk, int row, int width, unsigned context,
	const struct keymap_label *labels)
{
	struct keymap_part parts[ACTION_COUNT];
	size_t n = keymap_footer_parts(&desk->keys,
		(enum keymap_context)context, labels, (size_t)width, parts);

	for (size_t i = 0; i < n; i++)
		draw_key(&parts[i], row, width, (desk->read_only ||
			desk->then) && is_verb(parts[i].action));
}

/* Where the two blanks are that end what begins in a line at `at`. */
static size_t
word_end(const char *line, size_t len, size_t at)
{
	while (at + 1 < len && (line[at] != ' ' || line[at + 1] != ' '))
		at++;
	return at + 1 < len ? at : len;
}

#define LABEL_MOST 10		/* "It printed" */
#define VALUE_LEAST 9		/* columns from a label to its value */

void
desk_dim_label(const char *line, size_t len, size_t label, int row,
	int column)
{
	size_t end = word_end(line, len, label), value = end;

	while (value < len && line[value] == ' ')
		value++;
	if (label < len && line[label] != ' ' && end - label <= LABEL_MOST &&
	    value < len && value - label >= VALUE_LEAST)
		term_put_bytes(row, column, (int)(end - label), ROLE_DIM,
			line + label, end - label, 0);
}

#define KEY_MOST 5		/* "Enter", "c t" */

/* "2  c t  tests now with one message", "1  Enter: what did it print?",
 * "1  6 Log  what was the last that happened?" */
static void
mark_key(const char *line, size_t len, size_t at, int row)
{
	size_t end;

	while (at < len && line[at] == ' ')
		at++;
	if (at + 3 >= len || line[at] < '1' || line[at] > '9' ||
	    line[at + 1] != ' ' || line[at + 2] != ' ')
		return;
	at += 3;
	end = word_end(line, len, at);
	if (strncmp(line + at, "Enter:", 6) == 0)
		end = at + 5;
	if (line[at] >= '1' && line[at] <= '8' && line[at + 1] == ' ')
		end = at + 1;
	if (end < len && end - at <= KEY_MOST)
		term_put_bytes(row, (int)at, (int)(end - at), ROLE_KEY,
			line + at, end - at, 0);
}

void
desk_draw_lines(const char *text, int row, int rows, int width)
{
	for (; *text && rows-- > 0; row++) {
		size_t n = strcspn(text, "\n");

		term_put_bytes(row, 0, width, ROLE_NORMAL, text, n, 0);
		desk_dim_label(text, n, 1, row, 1);
		mark_key(text, n, text[1] == ' ' ? 1 : word_end(text, n, 1),
			row);
		text += n + (text[n] == '\n');
	}
}

#define LOOK_LEAST_MS 20	/* before a key stops it */
#define LOOK_SAID_MS 100

bool
desk_go_on_looking(void *arg)
{
	struct desk *desk = arg;
	int64_t now = clock_mono_ms();
	int rows, width;

	if (!desk->looking_since_mono_ms)
		desk->looking_since_mono_ms = now;
	if (now - desk->looking_since_mono_ms >= LOOK_SAID_MS &&
	    !desk->looking_said) {
		desk->looking_said = true;
		term_size(&rows, &width);
		term_fill(rows - 2, 0, width, ROLE_NORMAL);
		term_put(rows - 2, 0, width, ROLE_LOOK,
			"looking; any key stops it");
		term_end();
	}
	return now - desk->looking_since_mono_ms < LOOK_LEAST_MS ||
		!term_input_waits();
}

void
desk_release(struct desk *desk)
{
	screens_release(&desk->screens);
	history_at_free(desk->then);
	for (size_t i = 0; i < desk->reason_count; i++)
		free(desk->reasons[i]);
	if (desk->status_known)
		status_release(&desk->status);
	actor_release(&desk->actor);
	store_close(&desk->store);
}

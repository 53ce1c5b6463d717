/* SPDX-License-Identifier: ISC */
/* archive_rows: what was told, as lines for COPY. See archive.h. */
#include "reach/archive_private.h"
#include "base/text.h"
#include "base/xalloc.h"

#include <stdlib.h>
#include <string.h>

/* Most of what is written is numbers: printf would be half of the time. */
static void
put(struct str *out, int64_t n)
{
	char text[24], *at = text + sizeof text;
	uint64_t rest = n < 0 ? -(uint64_t)n : (uint64_t)n;

	do
		*--at = (char)('0' + rest % 10);
	while ((rest /= 10) > 0);
	if (n < 0)
		*--at = '-';
	*--at = '\t';
	str_add_bytes(out, at, (size_t)(text + sizeof text - at));
}

/* A line begins with what every key has. */
static struct str *
begin(struct archive *a, enum archive_table t, int64_t txn)
{
	struct archive_rows *r = &a->rows[t];

	if (r->count == r->cap) {
		r->cap = r->cap ? 2 * r->cap : 256;
		r->starts = xreallocarray(r->starts, r->cap,
			sizeof *r->starts);
	}
	r->starts[r->count++] = r->text.len;
	a->buffered++;
	str_add(&r->text, a->uuid);
	put(&r->text, a->epoch);
	put(&r->text, txn);
	return &r->text;
}

static void
end(struct str *out)
{
	str_add_char(out, '\n');
}

static void
put_bool(struct str *out, bool b)
{
	str_add(out, b ? "\tt" : "\tf");
}

static void
put_code(struct str *out, int code)
{
	if (code == HISTORY_NO_CODE)
		str_add(out, "\t\\N");
	else
		put(out, code);
}

/* To a time that PostgreSQL takes, whatever the clock was. Rows of a batch have
 * mostly the same seconds. */
static void
put_time(struct str *out, int64_t at)
{
	static char text[TEXT_TIME_MAX + 1];
	static int64_t second = -1;
	char *ms;

	if (at == HISTORY_NO_TIME) {
		str_add(out, "\t\\N");
		return;
	}
	if (at < 0)
		at = 0;
	if (at / 1000 != second) {
		text[0] = '\t';
		text_rfc3339(text + 1, at);
		second = at / 1000;
	}
	ms = strrchr(text, '.') + 1;
	for (int64_t i = 2, rest = at % 1000; i >= 0; i--, rest /= 10)
		ms[i] = (char)('0' + rest % 10);
	str_add(out, text);
}

static void
put_escaped(struct str *out, const char *text, size_t len)
{
	size_t from = 0;

	for (size_t i = 0; i < len; i++) {
		const char *as = text[i] == '\\' ? "\\\\" : text[i] == '\n' ?
			"\\n" : text[i] == '\r' ? "\\r" : text[i] == '\t' ?
			"\\t" : NULL;

		if (!as)
			continue;
		str_add_bytes(out, text + from, i - from);
		str_add(out, as);
		from = i + 1;
	}
	str_add_bytes(out, text + from, len - from);
}

/* As printable text. True: which is what it was. */
static bool
add_printable(struct str *out, const char *bytes, size_t len)
{
	struct str text = STR_INIT;
	size_t plain = 0;
	bool same;

	while (plain < len && bytes[plain] >= ' ' && bytes[plain] <= '~' &&
	    bytes[plain] != '\\')
		plain++;
	if (plain == len) {
		str_add_bytes(out, bytes, len);
		return true;
	}
	text_add_printable(&text, bytes, len);
	put_escaped(out, text.data, text.len);
	same = text.len == len && memcmp(text.data, bytes, len) == 0;
	str_release(&text);
	return same;
}

/* A word of ours, or NULL: printable, and of a known form. */
static void
put_word(struct str *out, const char *word)
{
	str_add(out, word ? "\t" : "\t\\N");
	if (word)
		add_printable(out, word, strlen(word));
}

static void
put_bytes(struct str *out, const char *bytes, size_t len)
{
	static const char hex[] = "0123456789abcdef";

	str_add(out, "\t\\\\x");
	for (size_t i = 0; i < len; i++) {
		str_add_char(out, hex[(unsigned char)bytes[i] >> 4]);
		str_add_char(out, hex[bytes[i] & 15]);
	}
}

/* Foreign: as printable text, and as bytes where those say more. */
static void
put_foreign(struct str *out, const char *bytes, size_t len)
{
	bool same = true;

	str_add(out, bytes ? "\t" : "\t\\N");
	if (bytes)
		same = add_printable(out, bytes, len);
	if (same)
		str_add(out, "\t\\N");
	else
		put_bytes(out, bytes, len);
}

/* Addresses: each a line of the text. */
static void
put_lines(struct str *out, const char *lines)
{
	bool same = true;

	str_add(out, lines ? "\t" : "\t\\N");
	for (const char *at = lines, *end; at; at = *end ? end + 1 : NULL) {
		end = strchrnul(at, '\n');
		same = add_printable(out, at, (size_t)(end - at)) && same;
		str_add(out, *end ? "\\n" : "");
	}
	if (same)
		str_add(out, "\t\\N");
	else
		put_bytes(out, lines, strlen(lines));
}

static void
put_text(struct str *out, const char *text)
{
	put_foreign(out, text, text ? strlen(text) : 0);
}

static void
add_message(struct archive *a, int64_t txn, const struct history_message *m)
{
	struct str *out = begin(a, ARCHIVE_MESSAGE, txn);

	put(out, m->id);
	put_time(out, m->since);
	put_word(out, state_word(m->state));
	put(out, m->size);
	put_time(out, m->received_at);
	put_foreign(out, m->true_name, m->true_name_len);
	put_text(out, m->from);
	put_lines(out, m->to);
	put_text(out, m->subject);
	put_text(out, m->date_text);
	put(out, m->attempts);
	put(out, m->tries);
	put_code(out, m->code);
	put(out, m->signal);
	put_word(out, m->class);
	put_text(out, m->reason);
	put_bool(out, m->suspect);
	put_bool(out, m->maybe_delivered);
	put(out, m->retries);
	put(out, m->failures);
	put_time(out, m->failed_at);
	put(out, m->und_bytes);
	put(out, m->parent);
	put_word(out, m->content);
	put_bool(out, m->control);
	put_word(out, m->key);
	put_word(out, m->action_by);
	put_text(out, m->action_reason);
	end(out);
}

/* One that begins and ends in a transaction is told by both. */
static bool
is_told(struct archive *a, int64_t txn, int64_t id)
{
	if (a->seen_txn != txn)
		a->seen_count = 0;
	a->seen_txn = txn;
	for (size_t i = 0; i < a->seen_count; i++)
		if (a->seen[i] == id)
			return true;
	if (a->seen_count == a->seen_cap) {
		a->seen_cap = a->seen_cap ? 2 * a->seen_cap : 64;
		a->seen = xreallocarray(a->seen, a->seen_cap,
			sizeof *a->seen);
	}
	a->seen[a->seen_count++] = id;
	return false;
}

static void
add_attempt(struct archive *a, int64_t txn, const struct history_attempt *r)
{
	struct str *out;

	if (is_told(a, txn, r->id))
		return;
	out = begin(a, ARCHIVE_ATTEMPT, txn);
	put(out, r->id);
	put_time(out, r->started_at);
	put(out, r->message);
	put(out, r->number);
	put(out, r->lane);
	put_word(out, r->why);
	put_time(out, r->ended_at);
	put(out, r->took_ms);
	put_word(out, r->class);
	put_code(out, r->code);
	put(out, r->signal);
	put_bool(out, r->counted);
	put_bool(out, r->probe);
	put_word(out, r->copy);
	put_text(out, r->reason);
	put_foreign(out, r->output, r->output_len);
	put(out, r->und_end - r->und_start);
	put(out, r->und_entries);
	end(out);
}

static void
add_action(struct archive *a, int64_t txn, const struct history_action *r)
{
	struct str *out = begin(a, ARCHIVE_ACTION, txn);

	put(out, r->id);
	put_time(out, r->at);
	put_word(out, r->verb);
	put_word(out, r->by);
	put_text(out, r->reason);
	put_word(out, r->tty);
	put_word(out, r->ssh);
	put_time(out, r->ended_at);
	put(out, r->total);
	put(out, r->done);
	put(out, r->skipped);
	put(out, r->failed);
	put(out, r->undo_of);
	put(out, r->undone_by);
	put_word(out, r->job_state);
	put(out, r->imported);
	put(out, r->again);
	put(out, r->deferred);
	put(out, r->acted);
	put(out, r->waits);
	put_text(out, r->detail);
	end(out);
}

static void
add_change(struct archive *a, int64_t txn, const struct history_change *r)
{
	struct str *out = begin(a, ARCHIVE_CHANGE, txn);

	put(out, r->id);
	put_time(out, r->at);
	put(out, r->message);
	put_word(out, r->state_from);
	put_time(out, r->since_from);
	put_word(out, r->state_to);
	put(out, r->attempt);
	put(out, r->action);
	end(out);
	a->told_at = r->at > a->told_at ? r->at : a->told_at;
}

static void
add_event(struct archive *a, int64_t txn, const struct history_event *r)
{
	struct str *out = begin(a, ARCHIVE_EVENT, txn);

	put(out, r->id);
	put_time(out, r->at);
	put(out, r->number);
	put_word(out, history_severity_word(r->severity));
	put_text(out, r->text);
	put(out, r->message);
	end(out);
	a->told_at = r->at > a->told_at ? r->at : a->told_at;
}

static void
add_note(struct archive *a, int64_t txn, const struct history_note *r)
{
	struct str *out = begin(a, ARCHIVE_NOTE, txn);

	put(out, r->id);
	put_time(out, r->at);
	put_word(out, r->by);
	put(out, r->message);
	put(out, r->cause);
	put_bool(out, r->mine);
	put_time(out, r->mine ? r->until : HISTORY_NO_TIME);
	put_text(out, r->text);
	end(out);
}

static void
add_removed(struct archive *a, const struct history_told *t)
{
	struct str *out = begin(a, ARCHIVE_REMOVED, t->txn);

	put_time(out, a->now);
	put_word(out, t->removed.table);
	put(out, t->removed.first);
	put(out, t->removed.last);
	end(out);
}

void
archive_add(struct archive *a, const struct history_told *t)
{
	switch (t->kind) {
	case TOLD_MESSAGE:
		add_message(a, t->txn, &t->message);
		break;
	case TOLD_ATTEMPT:
		add_attempt(a, t->txn, &t->attempt);
		break;
	case TOLD_ACTION:
		add_action(a, t->txn, &t->action);
		break;
	case TOLD_CHANGE:
		add_change(a, t->txn, &t->change);
		break;
	case TOLD_EVENT:
		add_event(a, t->txn, &t->event);
		break;
	case TOLD_NOTE:
		add_note(a, t->txn, &t->note);
		break;
	case TOLD_REMOVED:
		add_removed(a, t);
		break;
	case TOLD_SEAL:
		memcpy(a->seal, t->seal, sizeof a->seal);
	}
}

void
archive_rows_clear(struct archive *a)
{
	for (int t = 0; t < ARCHIVE_TABLE_COUNT; t++) {
		str_clear(&a->rows[t].text);
		a->rows[t].count = 0;
	}
	a->buffered = 0;
}

void
archive_rows_release(struct archive *a)
{
	for (int t = 0; t < ARCHIVE_TABLE_COUNT; t++) {
		str_release(&a->rows[t].text);
		free(a->rows[t].starts);
	}
	free(a->seen);
}

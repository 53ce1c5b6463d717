/* causes: see causes.h for the contract. */
#include "causes.h"
#include "clock.h"
#include "mail.h"
#include "text.h"
#include "xalloc.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CAUSE_MESSAGES, CAUSE_WORDS, CAUSE_FIRST, CAUSE_LAST, CAUSE_RETRIED };

const struct list_column causes_columns[CAUSES_COLUMNS] = {
	[CAUSE_MESSAGES] = { "MESSAGES", 0, 8, 0, true, 0, false },
	[CAUSE_WORDS] = { "CAUSE", 0, 14, LIST_UNLIMITED, false, 0, true },
	[CAUSE_FIRST] = { "FIRST", 0, 5, 0, true, 2, false },
	[CAUSE_LAST] = { "LAST", 0, 5, 0, true, 0, false },
	[CAUSE_RETRIED] = { "RETRIED", 0, 7, 0, true, 1, false },
};

int64_t
causes_row_id(const struct history_cause_row *row)
{
	return row->cause * 2 + row->suspect;
}

static void
forget(struct causes *c)
{
	while (c->count > 0)
		history_cause_row_release(&c->rows[--c->count]);
}

void
causes_init(struct causes *c, struct history *history, enum state state)
{
	*c = (struct causes){ .history = history, .state = state,
		.rows = xcalloc(CAUSES_MAX, sizeof *c->rows) };
}

void
causes_release(struct causes *c)
{
	forget(c);
	free(c->rows);
	c->rows = NULL;
}

static int
causes_count(void *ctx, int64_t *out, struct error *err)
{
	struct causes *c = ctx;
	int n;

	forget(c);
	c->now = clock_wall();
	c->messages = 0;
	n = history_causes(c->history, c->state, c->rows, CAUSES_MAX, err);
	if (n < 0)
		return -1;
	c->count = n;
	for (int i = 0; i < n; i++)
		c->messages += c->rows[i].n;
	*out = n;
	return 0;
}

static struct list_row
copy_row(const struct history_cause_row *from)
{
	struct history_cause_row *row = xmemdup(from, sizeof *from);

	row->class = xstrdup(from->class);
	row->reason = xstrdup(from->reason);
	return (struct list_row){ causes_row_id(from), row };
}

/* Newest first, as the history gives them. */
static int
order(const struct history_cause_row *a, const struct history_cause_row *b)
{
	if (a->last_at != b->last_at)
		return a->last_at > b->last_at ? -1 : 1;
	return causes_row_id(a) < causes_row_id(b) ? -1 : causes_row_id(a) > causes_row_id(b);
}

static int
by_order(const void *a, const void *b)
{
	return order(a, b);
}

static int
causes_fetch(void *ctx, const struct list_row *anchor, bool forward, size_t n,
	struct list_row *out, struct error *err)
{
	struct causes *c = ctx;
	size_t got = 0;

	(void)err;
	qsort(c->rows, (size_t)c->count, sizeof *c->rows, by_order);
	for (int k = 0; k < c->count && got < n; k++) {
		int i = forward ? k : c->count - 1 - k;
		int rc = anchor ? order(&c->rows[i], anchor->data) : 0;

		if (!anchor || (forward ? rc > 0 : rc < 0))
			out[got++] = copy_row(&c->rows[i]);
	}
	return (int)got;
}

static int
causes_lookup(void *ctx, int64_t id, struct list_row *out,
	char gone[LIST_GONE_MAX], struct error *err)
{
	struct causes *c = ctx;

	(void)err;
	for (int i = 0; i < c->count; i++)
		if (causes_row_id(&c->rows[i]) == id) {
			*out = copy_row(&c->rows[i]);
			return 1;
		}
	snprintf(gone, LIST_GONE_MAX, "no message any more");
	return 0;
}

static int
causes_compare(void *ctx, const struct list_row *a, const struct list_row *b)
{
	(void)ctx;
	return order(a->data, b->data);
}

static int
causes_ids(void *ctx, const struct list_row *from, const struct list_row *to,
	void (*add)(void *arg, int64_t id), void *arg, struct error *err)
{
	(void)ctx, (void)from, (void)to, (void)add, (void)arg, (void)err;
	return 0;		/* causes are not tagged */
}

static void
causes_row_free(void *ctx, struct list_row *row)
{
	(void)ctx;
	history_cause_row_release(row->data);
	free(row->data);
	row->data = NULL;
}

void
causes_words(const struct history_cause_row *row, struct str *out)
{
	const char *meaning = row->code == HISTORY_NO_CODE ? NULL :
		result_code_meaning(row->code);

	if (row->signal)
		str_addf(out, "crashed, signal %d", row->signal);
	else if (row->code != HISTORY_NO_CODE)
		str_addf(out, "code %d", row->code);
	else
		str_add(out, row->class);
	if (row->suspect)
		str_add(out, ", all in one row: SUSPECT");
	else if (row->reason)
		str_addf(out, "  %s", row->reason);
	else if (meaning)
		str_addf(out, "  %s", meaning);
}

static void
causes_cell(void *ctx, const struct list_row *row, size_t column,
	struct str *out)
{
	const struct causes *c = ctx;
	const struct history_cause_row *r = row->data;
	char number[TEXT_NUMBER_MAX], at[16];

	switch (column) {
	case CAUSE_MESSAGES:
		str_add(out, text_exact(number, (uint64_t)r->n));
		break;
	case CAUSE_WORDS:
		causes_words(r, out);
		break;
	case CAUSE_FIRST:
		str_add(out, mail_time(at, r->first_at, c->now));
		break;
	case CAUSE_LAST:
		str_add(out, mail_time(at, r->last_at, c->now));
		break;
	case CAUSE_RETRIED:
		str_add(out, text_exact(number, (uint64_t)r->retried));
		break;
	default:
		break;
	}
}

static char
causes_mark(void *ctx, const struct list_row *row)
{
	const struct history_cause_row *r = row->data;

	(void)ctx;
	return r->suspect ? '?' : ' ';
}

const struct list_source causes_source = {
	.count = causes_count,
	.fetch = causes_fetch,
	.lookup = causes_lookup,
	.compare = causes_compare,
	.ids = causes_ids,
	.row_free = causes_row_free,
	.cell = causes_cell,
	.mark = causes_mark,
};

/* What a class means and what helps: DOMAIN section 3, DESIGN section 3. */
static const struct {
	const char *meaning, *todo, *dont;
} advice[CLASS_COUNT] = {
	[CLASS_REJECTED] = {
		"IMPORT could not do with them: most likely the messages.",
		"Enter  look at one: text and raw; what IMPORT printed.\n"
		"           r  retries them, after something was mended.\n"
		"           x  sets them aside with a reason.",
		"retry again and again: unchanged, they will fail again.",
	},
	[CLASS_UNDELIVERABLE] = {
		"IMPORT read them, but could not deliver to everybody; what it "
		"could\n           not deliver stands in the .und file (5).",
		"mend what the reason names (directory, settings),\n"
		"           then r retries; recipients reached before get it "
		"twice.\n           x  sets them aside.",
		NULL,
	},
	[CLASS_CRASHED] = {
		"the importer crashed or ran too long with them, each time.",
		"Enter  what it printed before; keep one for whoever mends\n"
		"           the importer (w on its page).\n"
		"           x  sets them aside.",
		"retry many at once: each crash may reach recipients twice.",
	},
	[CLASS_UNAVAILABLE] = {
		"the post office could not be used when they were tried.",
		"mend the post office: rights, path, disk over there.\n"
		"           c t  tests now with one message.\n"
		"           r  puts them back in the queue after that.",
		"purge or quarantine them: nothing is known to be wrong.",
	},
	[CLASS_INTERRUPTED] = {
		"an attempt ended without a result (a stop, a power cut).",
		"r  retries; recipients reached before may get it twice.",
		NULL,
	},
};

static void
add_suspect(const struct history_cause_row *row, const struct status *st,
	struct str *out)
{
	char n[TEXT_NUMBER_MAX], at[16];

	str_addf(out, " Meaning   different messages failed the same way, one "
		"after the other: %s\n           here.", text_count(n,
			(uint64_t)row->n));
	str_addf(out, " Last import %s. One bad message does not do that.\n",
		mail_time(at, st->row.last_import_at, clock_wall()));
}

void
causes_advice(const struct causes *c, const struct history_cause_row *row,
	const struct status *st, const char *last_words, struct str *out)
{
	enum outcome_class class = CLASS_REJECTED;
	char n[TEXT_NUMBER_MAX];

	class_parse(row->class, &class);
	if (row->suspect) {
		add_suspect(row, st, out);
		class = CLASS_UNAVAILABLE;
	} else if (advice[class].meaning) {
		str_addf(out, " Meaning   %s\n", advice[class].meaning);
	}
	if (last_words && *last_words)
		str_addf(out, " Importer  \"%s\"\n", last_words);
	str_addf(out, " Safe      %s wait in the queue. Nothing is lost.\n",
		text_count(n, (uint64_t)(st->counts.n[STATE_QUEUED] +
			st->counts.n[STATE_DEFERRED])));
	if (c->state == STATE_DEFERRED)
		str_add(out, " To do     nothing: they are tried again by "
			"themselves. r tries them now.\n");
	else if (advice[class].todo)
		str_addf(out, " To do     %s\n", advice[class].todo);
	if (advice[class].dont)
		str_addf(out, " Do not    %s\n", advice[class].dont);
}

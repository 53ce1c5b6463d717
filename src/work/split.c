/* SPDX-License-Identifier: ISC */
/* split: see split.h for the contract. */
#include "work/split.h"
#include "mail/fd_source.h"
#include "mail/message.h"
#include "mail/message_writer.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MAY_BE_SPLIT (STATE_BIT(STATE_QUEUED) | STATE_BIT(STATE_DEFERRED) | \
	STATE_BIT(STATE_FAILED) | STATE_BIT(STATE_QUARANTINED))

/* The file of a message, being read. */
struct source {
	struct history_message row;
	int fd;
	struct message_source bytes;
	struct message_reader *reader;
	struct message m;
};

/* 1, 0 there is no such message or no file (words in err), -1. */
static int
source_open(struct source *f, struct store *s, int64_t id, struct error *err)
{
	enum spool_dir dir;
	struct stat st;
	int rc;

	memset(f, 0, sizeof *f);
	f->fd = -1;
	message_init(&f->m);
	rc = history_message_get(s->history, id, &f->row, err);
	if (rc == 0)
		error_set(err, ERROR_NOT_FOUND, "there is no message #%"
			PRId64, id);
	if (rc <= 0)
		return rc;
	f->fd = store_open_message(s, &f->row, &st, &dir, err);
	if (f->fd < 0)
		return err->code == ERROR_NOT_FOUND ? 0 : -1;
	f->bytes = fd_source(&f->fd, st.st_size);
	f->reader = message_reader_new(&f->bytes, NULL);
	return 1;
}

static void
source_close(struct source *f)
{
	message_reader_free(f->reader);
	message_release(&f->m);
	if (f->fd >= 0)
		close(f->fd);
	history_message_release(&f->row);
}

/* --- may it be cut? ---------------------------------------------------------- */

/* The first defect that makes it doubtful where a message begins or ends, or
 * NULL. What is wrong inside of it does not matter here. */
static const struct message_defect *
doubt(const struct message *m)
{
	int64_t head = m->count_line.offset + m->count_line.length;

	for (size_t i = 0; i < m->defect_count; i++) {
		const struct message_defect *d = &m->defects[i];

		switch ((int)d->kind) {
		case MESSAGE_DEFECT_NO_MESSAGE:
		case MESSAGE_DEFECT_MESSAGES_MANY:
		case MESSAGE_DEFECT_JUNK_BEFORE:
		case MESSAGE_DEFECT_CUT:
			return d;
		case MESSAGE_DEFECT_COUNT_WRONG:
		case MESSAGE_DEFECT_COUNT_OVERRUN:
		case MESSAGE_DEFECT_COUNT_BLANK:
		case MESSAGE_DEFECT_COUNT_MISSING:
			if (d->offset < head)
				return d;
		}
	}
	return NULL;
}

static int
refuse(const struct split *split, const struct message *m,
	const struct message_defect *d, struct error *err)
{
	error_set(err, ERROR_INVALID, "#%" PRId64 " is not split: where its "
		"message %d ends or begins is not certain (%s at byte %" PRId64
		")", split->id, m->number, d ? d->words : "it ends before its "
		"own end", d ? d->offset : m->range.offset);
	return 0;
}

/* Counts the messages. 1, 0 (words in err), -1. */
static int
look_through(struct source *f, struct split *split, struct error *err)
{
	const struct message_defect *d;
	bool torn = false;
	int rc;

	while ((rc = message_reader_next(f->reader, &f->m, err)) > 0) {
		d = doubt(&f->m);
		if (d || torn)
			return refuse(split, &f->m, d, err);
		torn = f->m.torn;
		split->count = f->m.number;
	}
	return rc < 0 ? -1 : 1;
}

static int
may_be(const struct split *split, const struct history_message *row,
	struct error *err)
{
	if (!(STATE_BIT(row->state) & MAY_BE_SPLIT))
		error_set(err, ERROR_INVALID, "#%" PRId64 " is %s: what is "
			"queued, deferred, failed or quarantined can be split",
			split->id, state_word(row->state));
	else if (split->count < 2)
		error_set(err, ERROR_INVALID, "#%" PRId64 " holds one message: "
			"there is nothing to split", split->id);
	else if (split->done >= split->count)
		error_set(err, ERROR_INVALID, "#%" PRId64 " was split already: "
			"ccmq show %" PRId64 " names what was made of it",
			split->id, split->id);
	else
		return 1;
	return 0;
}

int
split_look(struct store *s, int64_t id, struct split *out, struct error *err)
{
	struct split split = { .id = id };
	struct source f;
	int rc = source_open(&f, s, id, err);

	if (rc > 0) {
		split.state = f.row.state;
		split.done = f.row.parts;
		rc = look_through(&f, &split, err);
	}
	if (rc > 0)
		rc = may_be(&split, &f.row, err);
	source_close(&f);
	if (rc > 0)
		*out = split;
	return rc;
}

/* --- the original, and its children -------------------------------------------- */

struct splitting {
	const struct split *split;
	const struct made_spec *spec;	/* the caller's */
	struct source f;
};

static void
keep_why(void *arg, const struct operation_result *r)
{
	struct error *why = arg;

	if (r->result != OPERATION_DONE)
		error_set(why, ERROR_BUSY, "#%" PRId64 " is not split: %s",
			r->id, r->why ? r->why : "it cannot be set aside");
}

/* Into quarantine, as by the verb: nobody is to try it meanwhile. */
static int
set_aside(struct splitting *sp, struct error *err)
{
	char reason[80];
	struct error why = ERROR_INIT;
	struct operation_target target = { sp->split->id, sp->split->state };
	struct operation op = {
		.actor = sp->spec->actor, .verb = "quarantine",
		.kind = VERB_QUARANTINE, .reason = reason,
		.result = keep_why, .arg = &why,
	};
	struct operation_summary sum;

	if (sp->split->state == STATE_QUARANTINED)
		return 0;
	snprintf(reason, sizeof reason, "split into %" PRId64 " messages",
		sp->split->count);
	if (operations_apply(sp->spec->store, &op, &target, 1, &sum, err) < 0)
		return -1;
	if (sum.done == 1)
		return 0;
	*err = why;
	return -1;
}

/* Is it as it was, and this the next of its messages? */
static int
decide(void *arg, struct made_one *one, struct error *err)
{
	struct splitting *sp = arg;
	struct history_message row;
	int rc = history_message_get(sp->spec->store->history, sp->split->id,
		&row, err);

	if (rc <= 0)
		return -1;
	if (row.state != STATE_QUARANTINED || row.parts != one->number - 1)
		rc = error_set(err, ERROR_BUSY, "#%" PRId64 " is %s, and %"
			PRId64 " of its messages are made: somebody else "
			"was here", row.id, state_word(row.state), row.parts);
	history_message_release(&row);
	return rc;
}

static int
note_part(void *arg, struct made_one *one, struct error *err)
{
	struct splitting *sp = arg;
	struct history *h = sp->spec->store->history;
	struct history_message row;
	int rc = history_message_get(h, sp->split->id, &row, err);

	if (rc <= 0)
		return -1;
	row.parts = one->number;
	rc = history_message_update(h, &row, row.state, err);
	history_message_release(&row);
	return rc < 0 ? -1 : 0;
}

static void
tell(void *arg, const struct made_one *one)
{
	struct splitting *sp = arg;

	sp->spec->result(sp->spec->arg, one);
}

static int
write_part(void *arg, int fd, struct error *err)
{
	struct source *f = arg;

	return message_copy(&f->bytes, f->m.range, made_sink, &fd, err);
}

/* "Msg4F2C-017.ccm" */
static void
part_name(char out[SPOOL_NAME_MAX + 5], const struct split *split,
	const char *name, int number)
{
	char digits[24];
	int width = snprintf(digits, sizeof digits, "%" PRId64, split->count);
	int stem = (int)strlen(name) - 4, most = SPOOL_NAME_MAX - 1 - width;

	snprintf(out, SPOOL_NAME_MAX + 5, "%.*s-%0*d.ccm", stem < most ? stem :
		most, name, width, number);
}

/* The next message of the file becomes one of its own. */
static int
add_part(struct splitting *sp, struct made *made, struct error *err)
{
	const struct source *f = &sp->f;
	char name[SPOOL_NAME_MAX + 5];
	struct made_one *one;

	if (f->m.number <= sp->split->done)
		return 0;
	part_name(name, sp->split, f->row.name, f->m.number);
	if (made_add(made, name, write_part, &sp->f, &one, err) < 0)
		return -1;
	one->number = f->m.number;
	one->m.parent = sp->split->id;
	one->m.key = store_part_key(&f->row, f->m.number);
	one->m.alone = true;
	one->m.maybe_delivered = f->row.maybe_delivered;
	return 0;
}

int
split_do(const struct split *split, const struct made_spec *spec,
	struct error *err)
{
	struct splitting sp = { .split = split, .spec = spec };
	struct made_spec own = *spec;
	struct made made = { .lock = -1 };
	int rc = set_aside(&sp, err), got = 0;

	own.verb = "split";
	own.total = split->count - split->done;
	own.decide = decide;
	own.done = note_part;
	own.result = tell;
	own.arg = &sp;
	if (rc == 0)
		rc = made_begin(&made, &own, err);
	if (rc == 0)
		rc = source_open(&sp.f, spec->store, split->id, err) > 0 ? 0 :
			-1;
	while (rc == 0 && (got = message_reader_next(sp.f.reader, &sp.f.m,
	    err)) > 0)
		rc = add_part(&sp, &made, err);
	if (rc == 0 && got == 0)
		rc = made_commit(&made, err);
	else
		rc = -1;
	made_end(&made);
	source_close(&sp.f);
	return rc;
}

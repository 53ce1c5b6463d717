/* import_message: see import_message.h for the contract. */
#include "import/import_message.h"
#include "base/clock.h"
#include "import/deliver.h"
#include "base/files.h"
#include "import/handoff.h"
#include "import/handoff_note.h"
#include "import/maildir.h"
#include "base/text.h"
#include "base/xalloc.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define NOTICES_MAX 20		/* the connector keeps the last 4 KiB */

static bool
was_begun(const struct delivered *known, const char *address)
{
	char *line = xasprintf(HANDOFF_BEGUN "%s", address);
	bool was = delivered_has(known, line);

	free(line);
	return was;
}

/* Those of this message who have it already are done with. */
static int
drop_delivered(struct import_delivery *d, struct error *err)
{
	struct delivered known = DELIVERED_INIT;
	struct judged *j = &d->judged;
	size_t kept = 0;
	int rc;

	rc = delivered_load(d->place->dirfd, d->key, &known, err);
	for (size_t i = 0; rc == 0 && i < j->box_count; i++)
		if (!delivered_has(&known, j->boxes[i]))
			j->boxes[kept++] = j->boxes[i];
	if (rc == 0)
		j->box_count = kept;
	kept = 0;
	for (size_t i = 0; rc == 0 && i < j->foreign_count; i++) {
		struct foreign *f = &j->foreign[i];

		f->begun = was_begun(&known, f->address);
		if (delivered_has(&known, f->address))
			judged_forget(f);
		else
			j->foreign[kept++] = *f;
	}
	if (rc == 0)
		j->foreign_count = kept;
	delivered_release(&known);
	return rc;
}

/* The mail, staged; a descriptor, or -1 with nothing left behind. */
static int
make_mail(const struct import_delivery *d, const struct message *m,
	struct error *err)
{
	const struct import_place *p = d->place;
	struct deliver_job job = {
		.po = p->po, .charset = p->charset, .id = d->key,
		.source_fd = p->source_fd, .default_at = clock_wall(),
	};
	int fd, rc = -1;

	job.temp_dirfd = -1;
	fd = maildir_stage(p->dirfd, d->key, err);
	if (fd < 0)
		return -1;
	job.temp_dirfd = fs_open_dir(p->dirfd, MAILDIR_STAGING, err);
	if (job.temp_dirfd >= 0)
		rc = deliver_write(&job, m, fd, err);
	if (job.temp_dirfd >= 0)
		close(job.temp_dirfd);
	if (rc < 0) {
		close(fd);
		maildir_abort(p->dirfd, d->key);
		return -1;
	}
	return fd;
}

static void
say_begun(const struct foreign *f, size_t count)
{
	for (size_t i = 0, said = 0; i < count && said < NOTICES_MAX; i++)
		if (f[i].begun && ++said)
			fprintf(stderr, "ccmq-import: %s: handed over again; "
				"an earlier attempt ended before the mail "
				"system's answer was known\n", f[i].address);
}

/* What the mail system took is recorded, and only then no longer noted. */
static enum import_code
record_taken(struct import_delivery *d, const char *const *who, size_t count,
	struct error *err)
{
	int dirfd = d->place->dirfd;

	d->made += count;
	if (delivered_add(dirfd, d->key, who, count, err) < 0)
		return IMPORT_UNUSABLE;
	handoff_note_clear(dirfd);
	return IMPORT_DONE;
}

/* The foreign recipients from at on, most of them, to one command. How many
 * that were is *count_out, what it said *result_out. */
static enum import_code
hand_over_once(struct import_delivery *d, int fd, size_t at, size_t most,
	size_t *count_out, enum handoff_result *result_out, struct error *err)
{
	const char *who[HANDOFF_RECIPIENTS_MAX] = { NULL };
	const struct judged *j = &d->judged;
	size_t count = 0;

	for (; at + count < j->foreign_count && count < most; count++)
		who[count] = j->foreign[at + count].address;
	*count_out = count;
	say_begun(j->foreign + at, count);
	if (handoff_note(d->place->dirfd, d->key, who, count, err) < 0)
		return IMPORT_UNUSABLE;
	*result_out = handoff(&d->place->po->deliver, fd, who, count, err);
	if (*result_out == HANDOFF_TAKEN)
		return record_taken(d, who, count, err);
	handoff_note_clear(d->place->dirfd);
	return *result_out == HANDOFF_FAILED ? IMPORT_UNKNOWN : IMPORT_DONE;
}

/* The next of the foreign recipients, from *at on. Where several are refused
 * together it may be for the sake of one: each is asked for alone then. */
static enum import_code
hand_over_some(struct import_delivery *d, int fd, size_t *at, size_t most,
	struct error *err)
{
	enum handoff_result result;
	enum import_code code;
	size_t count, end;

	code = hand_over_once(d, fd, *at, most, &count, &result, err);
	if (code != IMPORT_DONE)
		return code;
	end = *at + count;
	if (count > 1 && result != HANDOFF_TAKEN) {
		while (code == IMPORT_DONE && *at < end)
			code = hand_over_some(d, fd, at, 1, err);
		return code;
	}
	if (result != HANDOFF_TAKEN)
		judged_add_reason(&d->judged, result == HANDOFF_NOBODY ?
			REASON_NOT_FOUND : REASON_REFUSED,
			d->judged.foreign[*at].header);
	*at = end;
	return IMPORT_DONE;
}

static enum import_code
hand_over(struct import_delivery *d, int fd, struct error *err)
{
	enum import_code code = IMPORT_DONE;
	size_t at = 0;

	while (code == IMPORT_DONE && at < d->judged.foreign_count)
		code = hand_over_some(d, fd, &at,
			HANDOFF_RECIPIENTS_MAX, err);
	return code;
}

static enum import_code
deliver(struct import_delivery *d, const struct message *m, struct error *err)
{
	const struct judged *j = &d->judged;
	int dirfd = d->place->dirfd, fd;
	enum import_code code = IMPORT_DONE;

	if (j->box_count == 0 && j->foreign_count == 0)
		return IMPORT_DONE;
	fd = make_mail(d, m, err);
	if (fd < 0)
		return IMPORT_UNUSABLE;
	if (j->box_count && maildir_commit(dirfd, d->key, fd, j->boxes,
	    j->box_count, err) < 0)
		code = IMPORT_UNUSABLE;
	else
		d->made += j->box_count;
	if (code == IMPORT_DONE)
		code = hand_over(d, fd, err);
	close(fd);
	maildir_abort(dirfd, d->key);
	return code;
}

/* The .und file wants them in the order of the headers; what the mail system
 * refused comes last. */
static int
compare_reasons(const void *a, const void *b)
{
	const struct und_reason *x = a, *y = b;
	int64_t at_x = x->header ? x->header->offset : INT64_MAX;
	int64_t at_y = y->header ? y->header->offset : INT64_MAX;

	return (at_x > at_y) - (at_x < at_y);
}

static void
say_reasons(const struct judged *j)
{
	char who[128];

	for (size_t i = 0; i < j->reason_count && i < NOTICES_MAX; i++) {
		const struct message_header *h = j->reasons[i].header;

		if (h)
			text_printable(who, sizeof who, h->value.data,
				h->value.len);
		fprintf(stderr, "ccmq-import: %s%s%s\n", h ? who : "",
			h ? ": " : "", j->reasons[i].text);
	}
	if (j->reason_count > NOTICES_MAX)
		fprintf(stderr, "ccmq-import: and %zu more\n",
			j->reason_count - NOTICES_MAX);
}

enum import_code
import_message(struct import_delivery *d, const struct message *m,
	struct error *err)
{
	enum import_code code = IMPORT_DONE;
	struct judged *j = &d->judged;

	judge_message(d->place->po, d->place->charset, m, j);
	if (!j->all_refused && (d->partial || j->reason_count == 0)) {
		if (drop_delivered(d, err) < 0)
			return IMPORT_UNUSABLE;
		code = deliver(d, m, err);
	}
	if (code == IMPORT_DONE && j->reason_count) {
		qsort(j->reasons, j->reason_count, sizeof *j->reasons,
			compare_reasons);
		say_reasons(j);
		code = IMPORT_UNDELIVERABLE;
	}
	return code;
}

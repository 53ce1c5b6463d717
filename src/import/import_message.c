/* SPDX-License-Identifier: ISC */
/* import_message: see import_message.h for the contract. */
#include "import/import_message.h"
#include "base/clock.h"
#include "import/deliver.h"
#include "import/import_handover.h"
#include "import/maildir.h"
#include "base/text.h"
#include "base/xalloc.h"

#include <stdlib.h>
#include <unistd.h>

#define NOTICES_MAX 20

static bool
was_begun(const struct delivered *known, const char *address)
{
	char *line = xasprintf(DELIVERED_BEGUN "%s", address);
	bool was = delivered_has(known, line);

	free(line);
	return was;
}

static void
drop_known(struct judged *j, const struct delivered *known)
{
	size_t kept = 0;

	for (size_t i = 0; i < j->box_count; i++)
		if (!delivered_has(known, j->boxes[i]))
			j->boxes[kept++] = j->boxes[i];
	j->box_count = kept;
	kept = 0;
	for (size_t i = 0; i < j->foreign_count; i++) {
		struct foreign *f = &j->foreign[i];

		f->begun = was_begun(known, f->address);
		if (delivered_has(known, f->address))
			judged_forget(f);
		else
			j->foreign[kept++] = *f;
	}
	j->foreign_count = kept;
}

/* Those of this message who have it already are done with. */
static int
drop_delivered(struct import_delivery *d, struct error *err)
{
	struct delivered known = DELIVERED_INIT;
	int rc = delivered_load(&d->pack->office->books, d->key, &known, err);

	if (rc == 0)
		drop_known(&d->judged, &known);
	delivered_release(&known);
	return rc;
}

/* Those whose Maildir cannot be used have to wait. UNUSABLE with err if there
 * are any. */
static enum import_code
drop_unusable(struct import_delivery *d, struct error *err)
{
	struct judged *j = &d->judged;
	const char **made = xcalloc(j->box_count + 1, sizeof *made);
	int dirfd = d->pack->office->dirfd;
	enum import_code code = IMPORT_DONE;
	size_t kept = 0, made_count = 0;
	struct error why;

	for (size_t i = 0; i < j->box_count; i++) {
		int rc = import_pack_knows(d->pack, j->boxes[i]) ? 0 :
			maildir_need(dirfd, j->boxes[i], &why);

		if (rc > 0)
			made[made_count++] = j->boxes[i];
		if (rc >= 0) {
			j->boxes[kept++] = j->boxes[i];
			continue;
		}
		if (code == IMPORT_DONE)
			*err = why;
		code = IMPORT_UNUSABLE;
		import_item_say(d->item, "%s: %s", j->boxes[i], why.text);
	}
	j->box_count = kept;
	if (maildir_keep(dirfd, made, made_count, err) < 0) {
		code = IMPORT_UNUSABLE;
		j->box_count = 0;	/* a disk that does not take it */
	}
	import_pack_learn(d->pack, j->boxes, j->box_count);
	free(made);
	return code;
}

/* Whose name in staging it has; NULL: it goes to no Maildir. */
static const char *
first_box(const struct import_delivery *d)
{
	return d->judged.box_count ? d->judged.boxes[0] : NULL;
}

static void
throw_away(const struct import_delivery *d, int fd)
{
	const char *box = first_box(d);

	close(fd);
	maildir_abort(d->pack->office->dirfd, d->key, &box, box ? 1 : 0);
}

/* The mail, staged; a descriptor, or -1 with nothing left behind. */
static int
make_mail(const struct import_delivery *d, const struct message *m,
	struct error *err)
{
	const struct import_office *o = d->pack->office;
	struct deliver_job job = {
		.po = o->po, .charset = o->charset, .id = d->key,
		.source_fd = d->source_fd, .temp_dirfd = o->staging_fd,
		.default_at = clock_wall(),
	};
	int fd = maildir_stage(o->dirfd, d->key, first_box(d), err);

	if (fd >= 0 && deliver_write(&job, m, fd, err) < 0) {
		throw_away(d, fd);
		return -1;
	}
	return fd;
}

static enum import_code
hand_over(struct import_delivery *d, const struct message *m, int fd,
	struct error *err)
{
	const struct import_office *o = d->pack->office;
	struct str sender = STR_INIT;
	enum import_code code;

	if (d->judged.foreign_count == 0)
		return IMPORT_DONE;
	deliver_sender(o->po, o->charset, m, &sender);
	code = import_handover(d, fd, sender.data, err);
	str_release(&sender);
	return code;
}

/* The mail is made and goes its ways. */
static enum import_code
deliver(struct import_delivery *d, const struct message *m, struct error *err)
{
	struct judged *j = &d->judged;
	enum import_code code;
	int fd = make_mail(d, m, err);

	if (fd < 0)
		return IMPORT_UNUSABLE;
	code = hand_over(d, m, fd, err);
	if (!d->pack->broken && j->box_count && (d->partial ||
	    (code == IMPORT_DONE && j->reason_count == 0))) {
		import_pack_take(d->pack, d->item, d->key, fd, j->boxes,
			j->box_count);
		j->boxes = NULL;
		j->box_count = 0;
		return code;
	}
	throw_away(d, fd);
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
say_reasons(struct import_item *item, const struct judged *j)
{
	char who[128];

	for (size_t i = 0; i < j->reason_count && i < NOTICES_MAX; i++) {
		const struct message_header *h = j->reasons[i].header;

		if (h)
			text_printable(who, sizeof who, h->value.data,
				h->value.len);
		import_item_say(item, "%s%s%s", h ? who : "", h ? ": " : "",
			j->reasons[i].text);
	}
	if (j->reason_count > NOTICES_MAX)
		import_item_say(item, "and %zu more",
			j->reason_count - NOTICES_MAX);
}

enum import_code
import_message(struct import_delivery *d, const struct message *m,
	struct error *err)
{
	struct import_office *o = d->pack->office;
	enum import_code code = IMPORT_DONE, waits = IMPORT_DONE;
	struct judged *j = &d->judged;

	judge_message(o->po, o->charset, m, j);
	if (!j->all_refused && (d->partial || j->reason_count == 0)) {
		if (drop_delivered(d, err) < 0)
			return IMPORT_UNUSABLE;
		waits = drop_unusable(d, err);
		if (waits != IMPORT_DONE && !d->partial)
			return waits;
		if (j->box_count || j->foreign_count)
			code = deliver(d, m, err);
	}
	if (code == IMPORT_DONE)
		code = waits;
	if (code == IMPORT_DONE && j->reason_count) {
		qsort(j->reasons, j->reason_count, sizeof *j->reasons,
			compare_reasons);
		say_reasons(d->item, j);
		code = IMPORT_UNDELIVERABLE;
	}
	return code;
}

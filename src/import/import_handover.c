/* SPDX-License-Identifier: ISC */
/* import_handover: see import_handover.h for the contract. */
#include "import/import_handover.h"
#include "import/handoff.h"
#include "import/handoff_note.h"

struct handover {
	struct import_delivery *d;
	int fd;
	const char *sender;
};

static void
say_begun(struct import_delivery *d, size_t at, size_t count)
{
	const struct foreign *f = d->judged.foreign + at;

	for (size_t i = 0; i < count; i++)
		if (f[i].begun)
			import_item_say(d->item, "%s: handed over again; an "
				"earlier attempt ended before the mail "
				"system's answer was known", f[i].address);
}

/* What the mail system took is recorded, and only then no longer noted. */
static enum import_code
record_taken(struct import_delivery *d, const char *const *who, size_t count,
	struct error *err)
{
	struct import_office *o = d->pack->office;

	d->item->deliveries += count;
	delivered_note(&o->books, d->key, who, count);
	if (delivered_commit(&o->books, err) < 0) {
		d->pack->broken = true;
		d->pack->err = *err;
		return IMPORT_UNUSABLE;
	}
	handoff_note_clear(o->dirfd);
	return IMPORT_DONE;
}

/* count foreign recipients from at on, to one command. What it said is
 * *result_out. */
static enum import_code
hand_over_once(struct handover *h, size_t at, size_t count,
	enum handoff_result *result_out, struct error *err)
{
	const char *who[HANDOFF_RECIPIENTS_MAX] = { NULL };
	struct import_delivery *d = h->d;
	struct import_office *o = d->pack->office;

	for (size_t i = 0; i < count; i++)
		who[i] = d->judged.foreign[at + i].address;
	say_begun(d, at, count);
	if (handoff_note(o->dirfd, d->key, who, count, err) < 0)
		return IMPORT_UNUSABLE;
	*result_out = handoff(&o->po->deliver, h->sender, h->fd, who, count,
		err);
	if (*result_out == HANDOFF_TAKEN)
		return record_taken(d, who, count, err);
	handoff_note_clear(o->dirfd);
	return *result_out == HANDOFF_FAILED ? IMPORT_UNKNOWN : IMPORT_DONE;
}

/* Who of several it was that the mail system does not know was not said. */
static void
refuse(struct import_delivery *d, size_t at, size_t count,
	enum handoff_result result)
{
	const char *why = result == HANDOFF_NOBODY && count == 1 ?
		REASON_NOT_FOUND : REASON_REFUSED;

	for (size_t i = 0; i < count; i++)
		judged_add_reason(&d->judged, why,
			d->judged.foreign[at + i].header);
}

static enum import_code
hand_over_some(struct handover *h, size_t at, size_t count, struct error *err)
{
	enum handoff_result result;
	enum import_code code = hand_over_once(h, at, count, &result, err);

	if (code != IMPORT_DONE || result == HANDOFF_TAKEN)
		return code;
	if (count == 1 || !h->d->partial) {
		refuse(h->d, at, count, result);
		return IMPORT_DONE;
	}
	for (size_t i = 0; code == IMPORT_DONE && i < count; i++)
		code = hand_over_some(h, at + i, 1, err);
	return code;
}

enum import_code
import_handover(struct import_delivery *d, int fd, const char *sender,
	struct error *err)
{
	struct handover h = { d, fd, sender };
	enum import_code code = IMPORT_DONE;
	size_t all = d->judged.foreign_count, count;

	if (!d->partial && all > HANDOFF_RECIPIENTS_MAX) {
		/* Two commands could be answered differently. */
		judged_add_reason(&d->judged, REASON_TOO_MANY, NULL);
		return IMPORT_DONE;
	}
	for (size_t at = 0; code == IMPORT_DONE && at < all; at += count) {
		count = all - at;
		if (count > HANDOFF_RECIPIENTS_MAX)
			count = HANDOFF_RECIPIENTS_MAX;
		code = hand_over_some(&h, at, count, err);
	}
	return code;
}

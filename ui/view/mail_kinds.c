/* SPDX-License-Identifier: ISC */
/* mail_kinds: what is different from view to view: states, columns, and what
 * they sort by. See mail.h. */
#include "view/mail.h"

#include <stddef.h>

#define C_ID { "ID", 'i', 6, 7, true, 0, false }
#define C_SINCE { "SINCE", 's', 5, 0, true, 2, false }
#define C_TRIES { "TRIES", 't', 5, 0, true, 4, LIST_GONE_BLANK }
#define C_SIZE { "SIZE", 'z', 5, 0, true, 5, false }
#define C_BY { "BY", 'b', 8, 10, false, 4, false }
#define C_REASON { "REASON", 'e', 16, 48, false, 1, true }
#define C_FROM { "FROM", 'f', 14, 28, false, 3, false }
#define C_SUBJECT { "SUBJECT", 'u', 9, LIST_UNLIMITED, false, 0, true }
#define C_SUBJECT_KEPT { "SUBJECT", 'u', 9, LIST_UNLIMITED, false, 0, false }

const struct mail_kind mail_kinds[MAIL_KINDS] = {
	[MAIL_QUEUE] = {
		"Queue", STATE_BIT(STATE_QUEUED) | STATE_BIT(STATE_IMPORTING) |
			STATE_BIT(STATE_DEFERRED), STATE_DEFERRED, VERB_RETRY,
		HISTORY_BY_ID, false,
		{ MAIL_ID, MAIL_ARRIVED, MAIL_NEXT, MAIL_TRIES, MAIL_SIZE,
			MAIL_FROM, MAIL_SUBJECT },
		{ C_ID, { "ARRIVED", 'a', 7, 0, true, 2, false },
			{ "NEXT TRY", 'n', 14, 0, false, 0, true },
			C_TRIES, C_SIZE, C_FROM, C_SUBJECT_KEPT },
		7,
	},
	[MAIL_FAILED] = {
		"Failed", STATE_BIT(STATE_FAILED), STATE_FAILED, VERB_RETRY,
		HISTORY_BY_SINCE, true,
		{ MAIL_ID, MAIL_SINCE, MAIL_TRIES, MAIL_SIZE, MAIL_RESULT,
			MAIL_FROM, MAIL_SUBJECT },
		{ C_ID, C_SINCE, C_TRIES, C_SIZE,
			{ "RESULT", 'r', 18, 40, false, 1, true },
			C_FROM, C_SUBJECT_KEPT },
		7,
	},
	[MAIL_QUARANTINE] = {
		"Quarantine", STATE_BIT(STATE_QUARANTINED), STATE_QUARANTINED,
		VERB_RELEASE, HISTORY_BY_SINCE, true,
		{ MAIL_ID, MAIL_SINCE, MAIL_BY, MAIL_SIZE, MAIL_REASON,
			MAIL_FROM, MAIL_SUBJECT },
		{ C_ID, C_SINCE, C_BY, C_SIZE,
			C_REASON, C_FROM,
			C_SUBJECT_KEPT },
		7,
	},
	[MAIL_TRASH] = {
		"Trash", STATE_BIT(STATE_PURGED), STATE_PURGED, VERB_RESTORE,
		HISTORY_BY_SINCE, true,
		{ MAIL_ID, MAIL_SINCE, MAIL_GONE_ON, MAIL_BY, MAIL_SIZE,
			MAIL_REASON, MAIL_FROM, MAIL_SUBJECT },
		{ C_ID, C_SINCE, { "GONE ON", 'g', 7, 0, true, 1, false },
			C_BY, C_SIZE,
			C_REASON, C_FROM,
			C_SUBJECT_KEPT },
		8,
	},
};

/* "Did it arrive?" Nothing is put back from here. */
#define DONE(state, since) { \
	"Done", STATE_BIT(state), state, VERB_RETRY, HISTORY_BY_SINCE, true, \
	{ MAIL_ID, MAIL_SINCE, MAIL_ARRIVED, MAIL_TRIES, MAIL_SIZE, \
		MAIL_FROM, MAIL_TO, MAIL_SUBJECT }, \
	{ C_ID, { since, 's', 8, 0, true, 0, false }, \
		{ "ARRIVED", 'a', 7, 0, true, 4, false }, \
		{ "TRIES", 't', 5, 0, true, 6, false }, C_SIZE, C_FROM, \
		{ "TO", 0, 12, 28, false, 2, false }, C_SUBJECT }, \
	8 }

const struct mail_kind mail_kind_done = DONE(STATE_IMPORTED, "IMPORTED");
const struct mail_kind mail_kind_left = DONE(STATE_GONE, "LEFT");

/* What a column's letter sorts by, rising the first time or falling. */
static const struct {
	char letter;
	enum history_order by;
	bool falling;
	const char *words;
} orders[] = {
	{ 'i', HISTORY_BY_ID, false, "by id" },
	{ 'a', HISTORY_BY_ID, false, "by arrival" },
	{ 's', HISTORY_BY_SINCE, true, "by since" },
	{ 'g', HISTORY_BY_SINCE, false, "by gone on" },
	{ 'n', HISTORY_BY_NEXT, false, "by next try" },
	{ 't', HISTORY_BY_ATTEMPTS, true, "by tries" },
	{ 'z', HISTORY_BY_SIZE, true, "by size" },
	{ 'r', HISTORY_BY_CODE, false, "by result" },
	{ 'b', HISTORY_BY_PERSON, false, "by person" },
	{ 'e', HISTORY_BY_REASON, false, "by reason" },
	{ 'f', HISTORY_BY_FROM, false, "by from" },
	{ 'u', HISTORY_BY_SUBJECT, false, "by subject" },
};

#define ORDERS (sizeof orders / sizeof *orders)

bool
mail_sort(struct mail *mail, key_code letter)
{
	const struct mail_kind *kind = mail->kind;
	bool has = false;

	for (size_t i = 0; i < kind->column_count; i++)
		has = has || (key_code)kind->layout[i].letter == letter;
	for (size_t i = 0; has && i < ORDERS; i++) {
		if ((key_code)orders[i].letter != letter)
			continue;
		mail->backward = mail->by == orders[i].by ? !mail->backward :
			orders[i].falling;
		mail->by = orders[i].by;
		return true;
	}
	return false;
}

const char *
mail_order_words(const struct mail *mail)
{
	enum history_order by = mail_order(mail);

	if (by == HISTORY_BY_ID)
		return mail->backward ? "newest first" : "oldest first";
	if (by == HISTORY_BY_SINCE)
		return mail->backward ? "newest first" : "longest here first";
	for (size_t i = 0; i < ORDERS; i++)
		if (orders[i].by == by)
			return orders[i].words;
	return "";
}

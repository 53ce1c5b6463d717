/* SPDX-License-Identifier: ISC */
/* message_count: whether to believe a count. See message_parse.h. */
#include "mail/message_parse.h"
#include "mail/message_store.h"

#include <inttypes.h>

#define LANDING_BREAKS 4	/* CRs and LFs between a part and a keyword */

static const char *const part_words[] = {
	[PART_MESSAGE] = "Message:",
	[PART_CONTENTS] = "Contents:",
	[PART_ITEM] = "item",
};

/* The keywords that may follow a part. A message that has no believed end of
 * its own ends with its last item, so another may follow that. */
static unsigned
may_follow(const struct message_reader *r, enum part part)
{
	unsigned mask = 0;

	if (part == PART_ITEM)
		mask |= KEYWORD_ANY_ITEM;
	if (!r->limit_known)
		mask |= KEYWORD_BIT(KEYWORD_MESSAGE);
	return mask;
}

/* True if at `at`, perhaps behind line ends, is one of the keywords or the end
 * of the text. */
static bool
lands(struct message_reader *r, int64_t at, unsigned mask)
{
	char p[SCAN_PROBE];
	size_t n, skip = 0, used;
	enum keyword k;
	bool glued;

	if (at >= r->scan.text_end && !r->limit_known)
		return true;
	/* One byte earlier: is there a line end before the keyword? */
	n = scan_probe(&r->scan, at - 1, p);
	if (!n)
		return false;
	while (skip < LANDING_BREAKS && skip + 1 < n &&
	    (p[skip + 1] == '\r' || p[skip + 1] == '\n'))
		skip++;
	if (at + (int64_t)skip >= r->scan.text_end && !r->limit_known)
		return true;
	if (at + (int64_t)skip == r->limit)
		return true;
	k = scan_keyword_at(&r->scan, p + 1 + skip, n - 1 - skip,
		at - 1 + (int64_t)n >= r->scan.end, &used);
	/* "xt item:" within a line is the rest of "Text item:". */
	glued = !skip && p[0] != '\r' && p[0] != '\n';
	if (!(mask & KEYWORD_BIT(k)) || (glued && k == KEYWORD_OTHER))
		return false;
	if (glued)
		message_add_defect(r->m, MESSAGE_DEFECT_GLUED, at, NULL);
	return true;
}

bool
message_parse_count(struct message_reader *r, enum part part, int64_t at,
	int64_t start, int64_t count, int64_t *end_out)
{
	int64_t end;

	if (__builtin_add_overflow(start, count, &end) || end > r->limit) {
		r->overran = true;
		message_add_defect(r->m, MESSAGE_DEFECT_COUNT_OVERRUN, at,
			"%s says %" PRId64 ", but %" PRId64 " are left",
			part_words[part], count, r->limit - start);
		return false;
	}
	if (end == r->limit || lands(r, end, may_follow(r, part))) {
		*end_out = end;
		return true;
	}
	if (part == PART_CONTENTS && r->limit_known)
		message_add_defect(r->m, MESSAGE_DEFECT_CONTENTS_SHORT, at,
			"by %" PRId64 " bytes", r->limit - end);
	else
		message_add_defect(r->m, MESSAGE_DEFECT_COUNT_WRONG, at,
			"%s says %" PRId64, part_words[part], count);
	return false;
}

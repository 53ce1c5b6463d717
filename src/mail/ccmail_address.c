/* SPDX-License-Identifier: ISC */
/* ccmail_address: see ccmail_address.h for the contract. */
#include "mail/ccmail_address.h"
#include "base/text.h"

#include <string.h>
#include <strings.h>

static struct ccmail_part
trimmed(const char *data, size_t len)
{
	text_trim(&data, &len);
	return (struct ccmail_part){ data, len };
}

/* True if "at" between blanks (or the ends of text) is at text[i]. */
static bool
is_at(const char *text, size_t len, size_t i)
{
	return i + 2 <= len && strncasecmp(text + i, "at", 2) == 0 &&
		(i == 0 || text_is_blank(text[i - 1])) &&
		(i + 2 == len || text_is_blank(text[i + 2]));
}

/*
 * Where the separating "at" is: the last one counts. At the very start it is
 * one too (a header's value came trimmed, and the user is blank), but at the
 * very end it is a word of the name.
 */
static bool
find_at(const char *text, size_t len, size_t *at_out)
{
	for (size_t i = len > 2 ? len - 2 : 0; i-- > 0;) {
		if (!is_at(text, len, i))
			continue;
		*at_out = i;
		return true;
	}
	return false;
}

static bool
has_domain(struct ccmail_part user)
{
	const char *at = memchr(user.data, '@', user.len);

	return at && at != user.data && at + 1 < user.data + user.len;
}

static struct ccmail_part
unquoted(struct ccmail_part p)
{
	if (p.len >= 2 && p.data[0] == '"' && p.data[p.len - 1] == '"')
		return trimmed(p.data + 1, p.len - 2);
	return p;
}

/*
 * `Name <user@domain>`, perhaps with a post office behind it. The name may
 * have an " at " of its own, so this is looked for first.
 */
static bool
split_brackets(struct ccmail_part all, struct ccmail_address *out)
{
	const char *gt = memrchr(all.data, '>', all.len);
	const char *lt = gt ? memrchr(all.data, '<', (size_t)(gt - all.data)) :
		NULL;
	struct ccmail_part inner, rest;

	if (!lt)
		return false;
	inner = (struct ccmail_part){ lt + 1, (size_t)(gt - lt) - 1 };
	rest = trimmed(gt + 1, all.len - (size_t)(gt + 1 - all.data));
	if (!has_domain(inner) || memchr(inner.data, ' ', inner.len) ||
	    memchr(inner.data, '\t', inner.len) ||
	    (rest.len && (rest.len <= 2 || !is_at(rest.data, rest.len, 0))))
		return false;
	out->kind = CCMAIL_ADDRESS_FOREIGN;
	out->user = inner;
	out->display = unquoted(trimmed(all.data, (size_t)(lt - all.data)));
	out->has_post_office = rest.len > 0;
	if (rest.len)
		out->post_office = trimmed(rest.data + 2, rest.len - 2);
	return true;
}

static void
classify(struct ccmail_address *a)
{
	const char *comma;

	if (a->user.len == 0) {
		a->kind = CCMAIL_ADDRESS_BLANK;
		return;
	}
	if (a->user.data[0] == '#') {
		a->kind = CCMAIL_ADDRESS_BOARD;
		a->user = trimmed(a->user.data + 1, a->user.len - 1);
		return;
	}
	if (has_domain(a->user)) {
		a->kind = CCMAIL_ADDRESS_FOREIGN;
		return;
	}
	a->last = a->user;
	comma = memchr(a->user.data, ',', a->user.len);
	if (!comma)
		return;
	a->last = trimmed(a->user.data, (size_t)(comma - a->user.data));
	a->first = trimmed(comma + 1,
		a->user.len - (size_t)(comma + 1 - a->user.data));
}

void
ccmail_address_split(const char *text, size_t len, struct ccmail_address *out)
{
	struct ccmail_part all = trimmed(text, len);
	size_t at;

	*out = (struct ccmail_address){
		.kind = CCMAIL_ADDRESS_USER,
		.user = all,
		.display = { "", 0 },
		.post_office = { "", 0 },
		.last = { "", 0 },
		.first = { "", 0 },
	};
	if (split_brackets(all, out))
		return;
	out->has_post_office = find_at(all.data, all.len, &at);
	if (out->has_post_office) {
		out->user = trimmed(all.data, at);
		out->post_office = trimmed(all.data + at + 2,
			all.len - at - 2);
	}
	classify(out);
}

/* SPDX-License-Identifier: ISC */
/* work_filter: see work_filter.h for the contract. */
#include "view/work_filter.h"

#include <string.h>

enum key { BY, STATE, VERB, REASON, ANYWHERE };

static const char *const keys[ANYWHERE] = {
	[BY] = "by:", [STATE] = "state:", [VERB] = "verb:",
	[REASON] = "reason:",
};

struct word {
	bool negated;
	enum key key;
	const char *text;
	size_t len;
};

/* The next word at *p, which moves on. False: there is none. */
static bool
next(const char **p, struct word *out)
{
	const char *at = *p + strspn(*p, " ");
	size_t len = strcspn(at, " ");

	*p = at + len;
	*out = (struct word){ .negated = len > 1 && *at == '-',
		.key = ANYWHERE };
	at += out->negated;
	len -= out->negated;
	for (int k = 0; k < ANYWHERE; k++) {
		size_t n = strlen(keys[k]);

		if (len >= n && strncmp(at, keys[k], n) == 0) {
			out->key = (enum key)k;
			at += n;
			len -= n;
			break;
		}
	}
	out->text = at;
	out->len = len;
	return len > 0 || out->key != ANYWHERE;
}

int
work_filter_check(const char *filter, struct error *err)
{
	struct word w;

	while (next(&filter, &w)) {
		size_t key = strspn(w.text, "abcdefghijklmnopqrstuvwxyz");

		if (w.key == ANYWHERE && key > 0 && key < w.len &&
		    w.text[key] == ':')
			return error_set(err, ERROR_INVALID, "no key "
				"\"%.*s\" here: by, state, verb or reason",
				(int)key, w.text);
	}
	return 0;
}

const char *
work_state(const struct history_action *a)
{
	return a->job ? a->job_state : a->ended_at == HISTORY_NO_TIME ?
		"running" : "done";
}

static bool
has(const char *text, const struct word *w)
{
	char word[128];

	if (!text || w->len >= sizeof word)
		return false;
	memcpy(word, w->text, w->len);
	word[w->len] = '\0';
	return strcasestr(text, word) != NULL;
}

bool
work_filter_holds(const char *filter, const struct work_row *row)
{
	const char *in[ANYWHERE + 1] = {
		[BY] = row->action.by, [STATE] = work_state(&row->action),
		[VERB] = row->action.verb, [REASON] = row->action.reason,
		[ANYWHERE] = row->words.data };
	struct word w;

	while (next(&filter, &w)) {
		bool found = has(in[w.key], &w);

		for (int k = 0; w.key == ANYWHERE && k < ANYWHERE; k++)
			found = found || has(in[k], &w);
		if (found == w.negated)
			return false;
	}
	return true;
}

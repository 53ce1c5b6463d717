/* SPDX-License-Identifier: ISC */
/* fold: see fold.h for the contract. */
#include "import/fold.h"

#include <glib.h>
#include <stdbool.h>

static bool
is_ascii(const char *s)
{
	while (*s > 0)
		s++;
	return *s == '\0';
}

/* Lower case, no blanks around it or a comma, one blank for many. */
static void
add_plain(struct str *out, const char *name)
{
	size_t start = out->len;

	for (const char *p = name; *p; p++) {
		bool edge = out->len == start ||
			out->data[out->len - 1] == ' ' ||
			out->data[out->len - 1] == ',';

		if (g_ascii_isspace(*p)) {
			if (!edge)
				str_add_char(out, ' ');
			continue;
		}
		if (*p == ',' && out->len > start &&
		    out->data[out->len - 1] == ' ')
			str_truncate(out, out->len - 1);
		str_add_char(out, g_ascii_tolower(*p));
	}
	while (out->len > start && out->data[out->len - 1] == ' ')
		str_truncate(out, out->len - 1);
}

/* Caseless matching as in Unicode 3.13, D145. */
void
fold_add(struct str *out, const char *name)
{
	char *apart, *folded, *last;

	if (is_ascii(name) || !g_utf8_validate(name, -1, NULL)) {
		add_plain(out, name);
		return;
	}
	apart = g_utf8_normalize(name, -1, G_NORMALIZE_NFD);
	folded = g_utf8_casefold(apart, -1);
	last = g_utf8_normalize(folded, -1, G_NORMALIZE_NFD);
	add_plain(out, last);
	g_free(apart);
	g_free(folded);
	g_free(last);
}

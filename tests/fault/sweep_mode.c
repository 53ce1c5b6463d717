/* SPDX-License-Identifier: ISC */
/* sweep_mode: what is done at a point, and which points it makes sense at. */
#include "sweep.h"

#include <stdio.h>
#include <string.h>

static const struct {
	const char *name;
	const char *library;
	unsigned classes;
	bool power;
} bases[] = {
	{ "kill-before", "kill-before", 0, false },
	{ "kill-after", "kill-after", 0, false },
	{ "kill-mid", "kill-mid", FAULT_CUT, false },
	{ "term", "term", 0, false },
	{ "stop", "stop", 0, false },
	{ "power", "kill-before", 0, true },
	{ "power-after", "kill-after", 0, true },
	{ "power-mid", "kill-mid", FAULT_CUT, true },
	{ "fail-EIO", "fail-EIO", FAULT_CLASSES_EIO, false },
	{ "fail-ENOSPC", "fail-ENOSPC", FAULT_CLASSES_ENOSPC, false },
	{ "fail-EACCES", "fail-EACCES", FAULT_CLASSES_EACCES, false },
	{ "short", "short", FAULT_CUT, false },
};

/* Appends to what the library is told; it has room for all suffixes. */
static void
tell(struct sweep_mode *m, const char *s, size_t len)
{
	size_t have = strlen(m->library);

	snprintf(m->library + have, sizeof m->library - have, "%.*s",
		(int)len, s);
}

static int
parse_suffix(struct sweep_mode *m, const char *s, size_t len)
{
	static const struct { const char *name; enum undo_lose lose; } p[] = {
		{ "power", UNDO_ALL }, { "power-data", UNDO_DATA },
		{ "power-names", UNDO_NAMES }, { "power-random", UNDO_RANDOM },
	};

	if ((len == 5 && memcmp(s, "stick", 5) == 0) ||
	    (len == 4 && memcmp(s, "dead", 4) == 0)) {
		tell(m, "+", 1);
		tell(m, s, len);
		return 0;
	}
	for (size_t i = 0; i < sizeof p / sizeof *p; i++)
		if (strlen(p[i].name) == len &&
		    memcmp(p[i].name, s, len) == 0) {
			m->power = true;
			m->lose = p[i].lose;
			return 0;
		}
	return -1;
}

/* MODE[+stick|+dead][+power|+power-data|+power-names|+power-random] */
int
sweep_mode_parse(struct sweep_mode *m, const char *text)
{
	size_t len = strcspn(text, "+"), i;
	const char *s = text + len;

	memset(m, 0, sizeof *m);
	for (i = 0; i < sizeof bases / sizeof *bases; i++)
		if (strlen(bases[i].name) == len &&
		    memcmp(bases[i].name, text, len) == 0)
			break;
	if (i == sizeof bases / sizeof *bases || strlen(text) > 50)
		goto unknown;
	snprintf(m->name, sizeof m->name, "%s", text);
	tell(m, bases[i].library, strlen(bases[i].library));
	m->classes = bases[i].classes;
	m->power = bases[i].power;
	for (; *s == '+'; s += len) {
		s++;
		len = strcspn(s, "+");
		if (parse_suffix(m, s, len) < 0)
			goto unknown;
	}
	if (m->power)
		tell(m, "+power", 6);
	return 0;
unknown:
	fprintf(stderr, "sweep: unknown mode %s\n", text);
	return -1;
}

bool
sweep_mode_fits(const struct sweep_mode *m, unsigned class)
{
	return m->classes == 0 || (class & m->classes) != 0;
}

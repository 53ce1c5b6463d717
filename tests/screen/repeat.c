/* SPDX-License-Identifier: ISC */
/* repeat: see repeat.h for the contract. */
#include "repeat.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static void
end(struct repeat *r, VTerm *vt)
{
	long times = 0;

	if (r->n > 3 && r->held[r->n - 1] == 'b')
		times = strtol(r->held + 2, NULL, 10);
	else
		vterm_input_write(vt, r->held, r->n);
	for (; times > 0; times--)
		vterm_input_write(vt, &r->last, 1);
	r->n = 0;
}

/* Can it still be ESC [ digits b? */
static bool
goes_on(const struct repeat *r)
{
	char c = r->held[r->n - 1];

	return r->n == 1 || (r->n == 2 ? c == '[' :
		isdigit((unsigned char)c) && r->n < sizeof r->held - 1);
}

void
repeat_feed(struct repeat *r, VTerm *vt, const char *bytes, size_t len)
{
	const char *stop = bytes + len, *esc;

	while (bytes < stop) {
		if (r->n == 0 && *bytes != '\x1b') {
			esc = memchr(bytes, '\x1b', (size_t)(stop - bytes));
			esc = esc ? esc : stop;
			vterm_input_write(vt, bytes, (size_t)(esc - bytes));
			r->last = esc[-1];
			bytes = esc;
			continue;
		}
		r->held[r->n++] = *bytes++;
		if (!goes_on(r))
			end(r, vt);
	}
}

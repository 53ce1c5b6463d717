/* SPDX-License-Identifier: ISC */
/* pager: see pager.h for the contract. */
#include "page/pager.h"
#include "term/term.h"
#include "base/xalloc.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

void
pager_init(struct pager *p)
{
	*p = (struct pager){ .height = 1 };
	str_init(&p->text);
}

void
pager_release(struct pager *p)
{
	str_release(&p->text);
	free(p->starts);
	pager_init(p);
}

static void
clamp(struct pager *p)
{
	size_t most = p->count > p->height ? p->count - p->height : 0;

	if (p->top > most)
		p->top = most;
}

static void
add_start(struct pager *p, size_t at)
{
	xgrow(&p->starts, &p->cap, p->count + 2, sizeof *p->starts,
		PAGER_LINES_MAX);
	p->starts[p->count] = at;
}

void
pager_set(struct pager *p, struct str *text)
{
	const char *end;
	size_t at = 0;

	str_release(&p->text);
	p->text = *text;
	str_init(text);
	p->count = 0;
	while (at < p->text.len && p->count < PAGER_LINES_MAX - 2) {
		add_start(p, at);
		p->count++;
		end = memchr(p->text.data + at, '\n', p->text.len - at);
		at = end ? (size_t)(end - p->text.data) + 1 : p->text.len;
	}
	add_start(p, at);
	if (p->found > p->count)
		p->found = 0;
	clamp(p);
}

static void
move(struct pager *p, ptrdiff_t lines)
{
	if (lines < 0 && p->top < (size_t)-lines)
		p->top = 0;
	else
		p->top += (size_t)lines;
	clamp(p);
}

bool
pager_act(struct pager *p, enum action action)
{
	ptrdiff_t page = (ptrdiff_t)p->height;

	switch ((int)action) {
	case ACTION_UP: move(p, -1); break;
	case ACTION_DOWN: move(p, 1); break;
	case ACTION_PAGE_UP: move(p, -page); break;
	case ACTION_PAGE_DOWN: move(p, page); break;
	case ACTION_HALF_UP: move(p, -page / 2); break;
	case ACTION_HALF_DOWN: move(p, page / 2); break;
	case ACTION_FIRST: p->top = 0; break;
	case ACTION_LAST: move(p, (ptrdiff_t)p->count); break;
	case ACTION_LEFT: p->left = p->left < 8 ? 0 : p->left - 8; break;
	case ACTION_RIGHT: p->left += 8; break;
	default: return false;
	}
	return true;
}

static bool
holds(const char *line, size_t len, const char *words)
{
	size_t n = strlen(words);

	for (size_t i = 0; i + n <= len; i++)
		if (strncasecmp(line + i, words, n) == 0)
			return true;
	return false;
}

/* On the screen, with what stands around it. */
static void
show_line(struct pager *p, size_t line)
{
	if (line < p->top || line >= p->top + p->height)
		p->top = line > p->height / 3 ? line - p->height / 3 : 0;
	clamp(p);
}

int
pager_find(struct pager *p, const char *words, bool forward)
{
	bool from_found = p->found && p->found - 1 >= p->top &&
		p->found - 1 < p->top + p->height;
	size_t from = from_found ? p->found - 1 : p->top;

	for (size_t k = from_found; k < p->count + from_found; k++) {
		size_t i = (from + (forward ? k : p->count - k)) % p->count;

		if (!holds(p->text.data + p->starts[i],
		    p->starts[i + 1] - p->starts[i], words))
			continue;
		p->found = i + 1;
		show_line(p, i);
		return forward ? i < from ? 2 : 1 : i > from ? 2 : 1;
	}
	return 0;
}

void
pager_draw(struct pager *p, int row, size_t height, int width)
{
	p->height = height ? height : 1;
	clamp(p);
	for (size_t i = 0; i < height && p->top + i < p->count; i++) {
		const char *line = p->text.data + p->starts[p->top + i];
		size_t len = p->starts[p->top + i + 1] -
			p->starts[p->top + i];

		if (len && line[len - 1] == '\n')
			len--;
		if (len > 3 && memcmp(line, "-- ", 3) == 0) {
			term_rule(row + (int)i);
			term_put_bytes(row + (int)i, 2, width - 2, ROLE_TITLE,
				line + 2, len - 2, 0);
			continue;
		}
		term_put_bytes(row + (int)i, 0, width, p->top + i + 1 ==
			p->found ? ROLE_CURSOR : ROLE_NORMAL, line, len,
			p->left);
	}
}

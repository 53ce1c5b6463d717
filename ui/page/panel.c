/* SPDX-License-Identifier: ISC */
/* panel: its lines in the room there is. See panel.h. */
#include "page/panel.h"
#include "term/wrap.h"
#include "base/text.h"

#include <string.h>

#define INDENT 11
#define SHRUNK_LEAST 1		/* lines */

static const char *const labels[PANEL_PARTS] = {
#define X(name, label) [name] = label,
	PANEL_LIST(X)
#undef X
};

void
panel_release(struct panel *panel)
{
	for (int i = 0; i < PANEL_PARTS; i++)
		str_release(&panel->parts[i]);
}

/* Where line number n of a text begins, or its end. */
static const char *
line_at(const char *text, size_t n)
{
	while (n > 0 && *text) {
		text += strcspn(text, "\n");
		text += *text == '\n';
		n--;
	}
	return text;
}

static void
add_part(const struct panel *panel, int part, size_t width, struct str *out)
{
	if (panel->parts[part].len)
		wrap_add_commands(out, (struct wrap){ labels[part], INDENT,
			width }, panel->parts[part].data);
}

/* A part in fewer lines: its beginning, to the end of a word, and that there is
 * more. */
static void
shrink_part(struct str *lines, size_t keep, size_t width)
{
	size_t end = (size_t)(line_at(lines->data, keep) - lines->data);
	size_t start = (size_t)(line_at(lines->data, keep - 1) - lines->data);

	if (end == lines->len)
		return;
	end--;				/* its line feed */
	while (end > start + INDENT && end - start + 4 > width)
		do
			end--;
		while (end > start + INDENT && lines->data[end] != ' ');
	str_truncate(lines, end);
	str_add(lines, " ...\n");
}

/* So many lines too many: all but one of a part's go, as far as needed. How
 * many are still too many. */
static size_t
shrink(struct str *part, size_t over, size_t width)
{
	size_t have = text_lines(part->data);
	size_t go = have <= SHRUNK_LEAST ? 0 : have - SHRUNK_LEAST;

	if (go > over)
		go = over;
	if (go)
		shrink_part(part, have - go, width);
	return over - go;
}

size_t
panel_lines(const struct panel *panel, struct panel_room room, struct str *out)
{
	struct str parts[PANEL_PARTS], body = STR_INIT;
	const struct str *dont = &parts[PANEL_DONT];
	size_t total = 0, over, more = 0, space;

	for (int i = 0; i < PANEL_PARTS; i++) {
		str_init(&parts[i]);
		add_part(panel, i, room.width, &parts[i]);
		total += text_lines(parts[i].data);
	}
	over = room.rows && total > room.rows ? total - room.rows : 0;
	for (int i = PANEL_MEANING; i < PANEL_TODO; i++)
		over = shrink(&parts[i], over, room.width);
	for (int i = PANEL_MEANING; i < PANEL_DONT; i++)
		str_add_bytes(&body, parts[i].data, parts[i].len);
	space = room.rows > text_lines(dont->data) ?
		room.rows - text_lines(dont->data) : 0;
	if (room.rows && text_lines(body.data) > space) {
		size_t most = text_lines(body.data) - space;
		size_t from = room.scroll < most ? room.scroll : most;
		const char *start = line_at(body.data, from);

		more = most - from;
		str_add_bytes(out, start,
			(size_t)(line_at(start, space) - start));
	} else {
		str_add_bytes(out, body.data, body.len);
	}
	str_add_bytes(out, dont->data, dont->len);
	str_release(&body);
	for (int i = 0; i < PANEL_PARTS; i++)
		str_release(&parts[i]);
	return more;
}

/* SPDX-License-Identifier: ISC */
/* panel: its lines in the room there is. See panel.h. */
#include "page/panel.h"
#include "term/wrap.h"

#include <string.h>

#define INDENT 11
#define MEANING_LEAST 1		/* lines */

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

static size_t
count_lines(const char *text)
{
	size_t n = 0;

	for (; *text; text++)
		n += *text == '\n';
	return n;
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
		wrap_add(out, (struct wrap){ labels[part], INDENT, width },
			panel->parts[part].data);
}

/* Meaning in fewer lines: its beginning, and that there is more. */
static void
shrink_meaning(struct str *lines, size_t keep, size_t width)
{
	size_t end = (size_t)(line_at(lines->data, keep) - lines->data);
	size_t start = (size_t)(line_at(lines->data, keep - 1) - lines->data);

	if (end == lines->len)
		return;
	end--;				/* its line feed */
	while (end > start && end - start + 4 > width)
		end--;
	while (end > start && ((unsigned char)lines->data[end] & 0xC0) == 0x80)
		end--;
	str_truncate(lines, end);
	str_add(lines, " ...\n");
}

size_t
panel_lines(const struct panel *panel, struct panel_room room, struct str *out)
{
	struct str meaning = STR_INIT, body = STR_INIT, dont = STR_INIT;
	size_t total, over, more = 0, space;

	add_part(panel, PANEL_MEANING, room.width, &meaning);
	for (int i = PANEL_MEANING + 1; i < PANEL_DONT; i++)
		add_part(panel, i, room.width, &body);
	add_part(panel, PANEL_DONT, room.width, &dont);
	total = count_lines(meaning.data) + count_lines(body.data) +
		count_lines(dont.data);
	over = room.rows && total > room.rows ? total - room.rows : 0;
	if (over && meaning.len) {
		size_t have = count_lines(meaning.data);

		shrink_meaning(&meaning, have > over + MEANING_LEAST ?
			have - over : MEANING_LEAST, room.width);
	}
	str_add_bytes(&meaning, body.data, body.len);
	space = room.rows > count_lines(dont.data) ?
		room.rows - count_lines(dont.data) : 0;
	if (room.rows && count_lines(meaning.data) > space) {
		size_t most = count_lines(meaning.data) - space;
		size_t from = room.scroll < most ? room.scroll : most;
		const char *start = line_at(meaning.data, from);

		more = most - from;
		str_add_bytes(out, start,
			(size_t)(line_at(start, space) - start));
	} else {
		str_add_bytes(out, meaning.data, meaning.len);
	}
	str_add_bytes(out, dont.data, dont.len);
	str_release(&meaning);
	str_release(&body);
	str_release(&dont);
	return more;
}

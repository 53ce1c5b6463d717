/* SPDX-License-Identifier: ISC */
/* message_characters: what a code page has no character for. See message.h. */
#include "mail/message.h"
#include "mail/message_store.h"
#include "base/xalloc.h"

#include <stdlib.h>
#include <string.h>

#define PIECE ((size_t)64 << 10)

static void
note(struct message *m, int64_t at, size_t count)
{
	if (count)
		message_add_defect(m, MESSAGE_DEFECT_CHARACTERS, at, "%zu",
			count);
}

static void
look_at_line(struct message *m, struct charset *cs, int64_t at,
	struct message_bytes a, struct message_bytes b)
{
	struct str out = STR_INIT;
	size_t count = charset_to_utf8(cs, a.data, a.len, &out) +
		charset_to_utf8(cs, b.data, b.len, &out);

	note(m, at, count);
	str_release(&out);
}

/* The text of range, in pieces. */
static int
look_at_text(struct message *m, const struct message_source *src,
	struct message_range range, struct charset *cs, struct error *err)
{
	int64_t at = range.offset, end = at + range.length;
	size_t before = charset_replaced(cs), kept = 0, got = 1;
	char *buf = xmalloc(PIECE);
	struct str out = STR_INIT;
	int rc = 0;

	while (at < end && got) {
		size_t room = PIECE - kept, used;

		rc = src->read_at(src->arg, at, buf + kept, end - at <
			(int64_t)room ? (size_t)(end - at) : room, &got, err);
		if (rc < 0)
			break;
		at += (int64_t)got;
		kept += got;
		str_clear(&out);
		used = charset_to_utf8_piece(cs, buf, kept, at == end, &out);
		kept -= used;
		memmove(buf, buf + used, kept);
	}
	note(m, range.offset, charset_replaced(cs) - before);
	str_release(&out);
	free(buf);
	return rc;
}

int
message_note_characters(struct message *m, const struct message_source *src,
	struct charset *cs, struct error *err)
{
	if (charset_is_total(cs))
		return 0;
	for (size_t i = 0; i < m->header_count; i++)
		look_at_line(m, cs, m->headers[i].offset,
			m->headers[i].keyword, m->headers[i].value);
	for (size_t i = 0; i < m->item_count; i++) {
		const struct message_item *item = &m->items[i];

		look_at_line(m, cs, item->line.offset, item->title,
			(struct message_bytes){ "", 0 });
		if (item->kind == MESSAGE_ITEM_TEXT &&
		    look_at_text(m, src, item->body, cs, err) < 0)
			return -1;
	}
	return 0;
}

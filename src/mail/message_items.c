/* SPDX-License-Identifier: ISC */
/* message_items: the items of a message's contents. See message_parse.h. */
#include "mail/message_parse.h"
#include "mail/message_store.h"

#include <assert.h>
#include <string.h>

static enum message_item_kind
kind_of(enum keyword keyword)
{
	return keyword == KEYWORD_TEXT ? MESSAGE_ITEM_TEXT :
		keyword == KEYWORD_FILE ? MESSAGE_ITEM_FILE :
		keyword == KEYWORD_FAX ? MESSAGE_ITEM_FAX : MESSAGE_ITEM_OTHER;
}

/* Keeps what stands behind the keyword, whole or not at all. */
static void
parse_title(struct message_reader *r, struct message_item *item,
	const struct line *line, size_t used)
{
	struct message_bytes title = message_trimmed(line->data + used,
		line->len - used);

	if (line->stray)
		message_add_defect(r->m, MESSAGE_DEFECT_STRAY, line->at, NULL);
	if (title.len > MESSAGE_TITLE_MAX)
		message_add_defect(r->m, MESSAGE_DEFECT_TITLE_LONG, line->at,
			NULL);
	else
		item->title = message_keep(r->m, title.data, title.len);
	if (item->kind == MESSAGE_ITEM_OTHER)
		message_add_defect(r->m, MESSAGE_DEFECT_ITEM_UNKNOWN, line->at,
			NULL);
}

/* Passes over the item's count line. True if the count is to be believed. */
static bool
parse_item_count(struct message_reader *r, const struct message_item *item,
	int64_t *end_out)
{
	enum count_kind kind = COUNT_NONE;
	struct line line;
	int64_t count;

	if (r->m->form == MESSAGE_PLAIN)
		return false;
	if (scan_line(&r->scan, r->pos, r->limit, &line))
		kind = count_parse(line.data, line.len, &count);
	if (kind == COUNT_NONE) {
		message_add_defect(r->m, MESSAGE_DEFECT_COUNT_MISSING,
			item->line.offset, "item");
		return false;
	}
	r->pos = line.next;
	if (kind == COUNT_GOOD)
		return message_parse_count(r, PART_ITEM, line.at, r->pos, count,
			end_out);
	message_add_defect(r->m, MESSAGE_DEFECT_COUNT_BLANK, line.at, "item");
	return false;
}

/* Where the item's body ends when no count says it. */
static int64_t
find_end(struct message_reader *r)
{
	unsigned mask = KEYWORD_ITEMS;
	int64_t end;

	if (!r->limit_known)
		mask |= KEYWORD_BIT(KEYWORD_MESSAGE);
	scan_keyword(&r->scan, r->pos, r->limit, mask, &end);
	r->cut = r->cut || r->scan.in_line;
	return end;
}

/* Gives item the body from pos to end, or to where the next one begins. */
static void
take_body(struct message_reader *r, struct message_item *item, int64_t end)
{
	char peek[ATTACH_PEEK];
	const char *p;
	size_t n = scan_view(&r->scan, r->pos, sizeof peek, &p);

	if (n > sizeof peek)
		n = sizeof peek;
	memcpy(peek, p, n);
	item->body.offset = r->pos;
	r->pos = end < 0 ? find_end(r) : end;
	/* Ctrl-Zs at the end mark that of a text; here they may be the file's. */
	if (end < 0 && item->kind != MESSAGE_ITEM_TEXT && !r->limit_known &&
	    r->pos == r->scan.text_end)
		r->pos = r->scan.end;
	item->body.length = r->pos - item->body.offset;
	if (end < 0 && item->kind == MESSAGE_ITEM_TEXT && r->scan.stray >= 0)
		message_add_defect(r->m, MESSAGE_DEFECT_STRAY_TEXT,
			r->scan.stray, NULL);
	if ((int64_t)n > item->body.length)
		n = (size_t)item->body.length;
	message_attach_kind(r, item, peek, n);
}

static void
parse_item(struct message_reader *r, struct message_item *item,
	const struct line *line, enum keyword keyword, size_t used)
{
	int64_t end;

	item->line.offset = line->at;
	item->kind = kind_of(keyword);
	parse_title(r, item, line, used);
	message_attach_name(r, item);
	r->pos = line->cut ? scan_line_end(&r->scan, line->next, r->limit) :
		line->next;
	if (!parse_item_count(r, item, &end))
		end = -1;
	item->line.length = r->pos - item->line.offset;
	take_body(r, item, end);
}

/* What stands where an item should is a text without a keyword. */
static void
take_junk(struct message_reader *r, struct message_item *item)
{
	message_add_defect(r->m, MESSAGE_DEFECT_JUNK_CONTENTS, r->pos, NULL);
	item->line.offset = r->pos;
	take_body(r, item, -1);
}

/* More items than are kept: all that is still wanted is the message's end. */
static void
pass_items(struct message_reader *r)
{
	message_add_defect(r->m, MESSAGE_DEFECT_ITEMS_MANY, r->pos, NULL);
	if (r->limit_known)
		r->pos = r->limit;
	else
		r->stopped = scan_keyword(&r->scan, r->pos, r->limit,
			KEYWORD_BIT(KEYWORD_MESSAGE), &r->pos) != KEYWORD_NONE;
	r->cut = r->stopped && r->scan.in_line;
}

void
message_parse_items(struct message_reader *r)
{
	struct message_item *item;
	struct line line;
	enum keyword k;
	int64_t text;
	size_t used;

	for (;;) {
		text = scan_skip_space(&r->scan, r->pos, r->limit);
		if (!scan_line(&r->scan, text, r->limit < r->scan.text_end ?
				r->limit : r->scan.text_end, &line))
			break;
		r->pos = text;
		k = scan_keyword_at(&r->scan, line.data, line.len, true,
			&used);
		r->stopped = k == KEYWORD_MESSAGE && !r->limit_known;
		if (r->stopped)
			return;
		item = message_add_item(r->m);
		if (!item) {
			pass_items(r);
			return;
		}
		if (KEYWORD_BIT(k) & KEYWORD_ANY_ITEM)
			parse_item(r, item, &line, k, used);
		else
			take_junk(r, item);
	}
	if (r->pos < text)
		r->pos = text;
}

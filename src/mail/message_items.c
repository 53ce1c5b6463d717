/* message_items: the items of a message's contents. See message_parse.h. */
#include "mail/message_parse.h"
#include "mail/message_store.h"
#include "base/text.h"

#include <assert.h>
#include <string.h>

static enum message_item_kind
kind_of(enum keyword keyword)
{
	return keyword == KEYWORD_TEXT ? MESSAGE_ITEM_TEXT :
		keyword == KEYWORD_FILE ? MESSAGE_ITEM_FILE :
		keyword == KEYWORD_FAX ? MESSAGE_ITEM_FAX : MESSAGE_ITEM_OTHER;
}

/* Keeps what stands behind the keyword. */
static void
parse_title(struct message_reader *r, struct message_item *item,
	const struct line *line, size_t used)
{
	const char *p = line->data + used;
	size_t n = line->len - used;

	text_trim(&p, &n);
	if (n > MESSAGE_TITLE_MAX) {
		message_add_defect(r->m, MESSAGE_DEFECT_TITLE_LONG, line->at,
			NULL);
		n = MESSAGE_TITLE_MAX;
		text_trim(&p, &n);
	}
	item->title = message_keep(r->m, p, n);
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

static void
parse_item(struct message_reader *r, const struct line *line,
	enum keyword keyword, size_t used)
{
	struct message_item unkept, *item = message_add_item(r->m);
	char peek[ATTACH_PEEK];
	const char *p;
	int64_t end;
	size_t n;
	bool keep = item != NULL;

	if (!keep) {
		unkept = (struct message_item){ .kind = MESSAGE_ITEM_TEXT };
		item = &unkept;
	}
	item->line.offset = line->at;
	item->kind = kind_of(keyword);
	if (keep)
		parse_title(r, item, line, used);
	r->pos = line->cut ? scan_line_end(&r->scan, line->next, r->limit) :
		line->next;
	if (!parse_item_count(r, item, &end))
		end = -1;
	item->line.length = r->pos - item->line.offset;
	n = scan_have(&r->scan, r->pos, sizeof peek, &p);
	memcpy(peek, p, n);
	item->body.offset = r->pos;
	r->pos = end < 0 ? find_end(r) : end;
	item->body.length = r->pos - item->body.offset;
	if ((int64_t)n > item->body.length)
		n = (size_t)item->body.length;
	if (keep) {
		message_attach_name(r, item);
		message_attach_kind(r, item, peek, n);
	}
}

/* What stands where an item should: passes over it to the next keyword. */
static void
skip_junk(struct message_reader *r)
{
	int64_t at = r->pos;

	r->pos = find_end(r);
	if (r->m->contents_seen)
		message_add_defect(r->m, MESSAGE_DEFECT_JUNK_CONTENTS, at,
			NULL);
}

void
message_parse_items(struct message_reader *r)
{
	bool said = false;
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
		k = keyword_at(line.data, line.len, true, &used);
		r->stopped = k == KEYWORD_MESSAGE && !r->limit_known;
		if (r->stopped)
			return;
		if (!said && r->m->item_count == MESSAGE_ITEMS_MAX) {
			said = true;
			message_add_defect(r->m, MESSAGE_DEFECT_ITEMS_MANY,
				line.at, NULL);
		}
		if (KEYWORD_BIT(k) & KEYWORD_ANY_ITEM)
			parse_item(r, &line, k, used);
		else
			skip_junk(r);
	}
	if (r->pos < text)
		r->pos = text;
}

/* SPDX-License-Identifier: ISC */
/* message_part: the parts of a message's file. See message_part.h. */
#include "page/message_part_private.h"
#include "base/files.h"
#include "base/text.h"
#include "base/xalloc.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *const words[TAB_COUNT] = {
	[TAB_TEXT] = "Text", [TAB_HEADERS] = "Headers", [TAB_ITEMS] = "Items",
	[TAB_RAW] = "Raw", [TAB_HEX] = "Hex", [TAB_UND] = ".und",
	[TAB_LOG] = "Log",
};

const char *
message_part_word(enum message_tab tab)
{
	return words[tab];
}

/* ---- taking the file apart, with a limit ---- */

struct bounded {
	int fd;
	int64_t left;		/* bytes that may still be read */
};

static int
read_bounded(void *arg, int64_t offset, void *buf, size_t len,
	size_t *got_out, struct error *err)
{
	struct bounded *b = arg;
	ssize_t n = 0;

	if (b->left > 0) {
		n = fs_read_at(b->fd, buf, len, offset, err);
		b->left -= n;
	}
	if (n < 0)
		return -1;
	*got_out = (size_t)n;
	return 0;
}

/* The first message of the file. 1, 0 it is none, -1. *all_out: the limit did
 * not matter. */
static int
take_apart(int fd, int64_t size, struct message *m, bool *all_out,
	struct error *err)
{
	struct bounded bounded = { fd, MESSAGE_PARSED_BYTES };
	struct message_source src = { read_bounded, &bounded, size };
	struct message_reader *r = message_reader_new(&src, NULL);
	int rc = message_reader_next(r, m, err);

	message_reader_free(r);
	*all_out = bounded.left > 0;
	return rc > 0 && m->verdict == MESSAGE_NOT ? 0 : rc;
}

/* ---- titles ---- */

static void
add_title(const struct message_part *part, struct str *out)
{
	char a[TEXT_NUMBER_MAX], b[TEXT_NUMBER_MAX];
	bool text = part->tab == TAB_TEXT || part->tab == TAB_HEADERS ||
		part->tab == TAB_RAW || part->tab == TAB_UND;

	str_addf(out, "-- %s%s", words[part->tab], text ?
		", code page 437" : "");
	if (part->pieces > 1)
		str_addf(out, ", piece %s of %s%s", text_exact(a,
			(uint64_t)part->piece + 1), text_exact(b,
			(uint64_t)part->pieces), part->piece + 1 <
			part->pieces ? ": PgDn goes on" : "");
	str_add(out, " \n");
}

/* ---- pieces ---- */

/* Sets the piece right and says from where to where it goes. */
static void
choose(struct message_part *part, const struct stretch *s, int64_t *from,
	int64_t *to)
{
	part->pieces = stretch_pieces(s);
	if (part->piece >= part->pieces)
		part->piece = part->pieces - 1;
	if (part->piece < 0)
		part->piece = 0;
	*from = stretch_piece_at(s, part->piece);
	*to = part->piece + 1 == part->pieces ? s->total :
		stretch_piece_at(s, part->piece + 1);
}

static void
add_stretch(struct message_part *part, const struct stretch *s,
	struct str *out)
{
	int64_t from, to;

	choose(part, s, &from, &to);
	add_title(part, out);
	stretch_add(s, from, to, out);
}

static void
add_hex_line(const unsigned char *bytes, size_t n, int64_t at,
	struct str *out)
{
	static const char digits[] = "0123456789abcdef";
	char line[72];

	memset(line, ' ', sizeof line);
	for (size_t i = 0; i < n; i++) {
		char *hex = line + 1 + 3 * i + (i >= 8);

		hex[0] = digits[bytes[i] >> 4];
		hex[1] = digits[bytes[i] & 15];
		line[51 + i] = bytes[i] >= 0x20 && bytes[i] < 0x7F ?
			(char)bytes[i] : '.';
	}
	str_addf(out, " %08" PRIx64 " ", (uint64_t)at);
	str_add_bytes(out, line, 51 + n);
	str_add_char(out, '\n');
}

/* Pieces of Hex begin where they would anyway: at a multiple of 16. */
static void
add_hex(struct message_part *part, const struct stretch *s, struct str *out)
{
	unsigned char *buf = xmalloc(MESSAGE_PIECE_BYTES);
	struct error err = ERROR_INIT;
	int64_t from, to;
	ssize_t n;

	choose(part, s, &from, &to);
	from = part->piece * MESSAGE_PIECE_BYTES;
	add_title(part, out);
	n = stretch_read(s, from, buf, MESSAGE_PIECE_BYTES, &err);
	if (n < 0)
		str_addf(out, " %s\n", err.text);
	for (ssize_t at = 0; at < n; at += 16)
		add_hex_line(buf + at, n - at < 16 ? (size_t)(n - at) : 16,
			from + at, out);
	free(buf);
}

/* ---- what was taken apart ---- */

static void
add_items(struct message_part *part, const struct message *m, bool all,
	struct str *out)
{
	char n[TEXT_NUMBER_MAX];

	add_title(part, out);
	for (size_t i = 0; i < m->item_count; i++) {
		const struct message_item *item = &m->items[i];

		str_addf(out, " %3zu  %-6s %-10s %12s bytes  ", i + 1,
			message_item_word(item->kind),
			message_encoding_word(item->encoding),
			text_exact(n, (uint64_t)item->body.length));
		text_add_printable(out, item->title.data, item->title.len);
		str_add_char(out, '\n');
	}
	if (!m->item_count)
		str_add(out, " No items.\n");
	for (size_t i = 0; i < m->defect_count; i++)
		str_addf(out, " at %" PRId64 ": %s\n", m->defects[i].offset,
			m->defects[i].words);
	if (!all)
		str_addf(out, " It has no counts: only its first %d MB were "
			"looked at.\n", MESSAGE_PARSED_BYTES >> 20);
}

static void
add_headers(struct message_part *part, int fd, const struct message *m,
	struct str *out)
{
	struct message_range head = { m->range.offset, m->contents_seen ?
		m->contents.offset - m->range.offset : m->range.length };
	struct stretch s;

	stretch_init(&s, fd, &head, 1);
	add_stretch(part, &s, out);
}

/* The texts one behind the other, then what else there is. */
static void
add_texts(struct message_part *part, int fd, const struct message *m,
	struct str *out)
{
	struct message_range *ranges = xcalloc(m->item_count + 1,
		sizeof *ranges);
	struct stretch s;
	size_t n = 0;
	char size[TEXT_NUMBER_MAX];

	for (size_t i = 0; i < m->item_count; i++)
		if (m->items[i].kind == MESSAGE_ITEM_TEXT)
			ranges[n++] = m->items[i].body;
	stretch_init(&s, fd, ranges, n);
	add_stretch(part, &s, out);
	if (n == 0)
		str_add(out, " No text; see Items and Raw.\n");
	for (size_t i = 0; i < m->item_count && part->piece + 1 ==
	    part->pieces; i++) {
		const struct message_item *item = &m->items[i];

		if (item->kind == MESSAGE_ITEM_TEXT)
			continue;
		str_addf(out, " [%s ", message_item_word(item->kind));
		text_add_printable(out, item->name.data, item->name.len);
		str_addf(out, ", %s bytes]\n", text_exact(size,
			(uint64_t)item->body.length));
	}
	free(ranges);
}

static void
add_parsed(struct message_part *part, int fd, int64_t size, struct str *out)
{
	struct error err = ERROR_INIT;
	struct message m;
	bool all;
	int rc;

	message_init(&m);
	rc = take_apart(fd, size, &m, &all, &err);
	part->items = rc > 0 ? (int64_t)m.item_count : -1;
	if (rc <= 0) {
		add_title(part, out);
		str_addf(out, " %s\n", rc < 0 ? err.text :
			"This is not a message; see Raw.");
	} else if (part->tab == TAB_ITEMS) {
		add_items(part, &m, all, out);
	} else if (part->tab == TAB_HEADERS) {
		add_headers(part, fd, &m, out);
	} else {
		add_texts(part, fd, &m, out);
	}
	message_release(&m);
}

/* ---- the file ---- */

static void
add_file(struct message_part *part, int fd, int64_t size, struct str *out)
{
	struct message_range whole = { 0, size };
	struct stretch s;

	stretch_init(&s, fd, &whole, 1);
	if (part->tab == TAB_RAW)
		add_stretch(part, &s, out);
	else if (part->tab == TAB_HEX)
		add_hex(part, &s, out);
	else
		add_parsed(part, fd, size, out);
}

void
message_part_text(struct message_part *part, struct str *out)
{
	struct error err = ERROR_INIT;
	enum spool_dir dir;
	struct stat st;
	int fd;

	part->pieces = 1;
	if (part->tab == TAB_UND || part->tab == TAB_LOG) {
		part->piece = 0;
		add_title(part, out);
		if (part->tab == TAB_UND)
			message_part_und(part, out);
		else
			message_part_log(part, out);
		return;
	}
	if (part->message->watched) {
		add_title(part, out);
		str_add(out, " It is not read: the file is another "
			"connector's. x takes it out.\n");
		return;
	}
	fd = store_open_message(part->store, part->message, &st, &dir, &err);
	if (fd < 0) {
		add_title(part, out);
		str_add(out, " Its file is not there: ");
		text_add_printable(out, err.text, strlen(err.text));
		str_add_char(out, '\n');
		return;
	}
	add_file(part, fd, st.st_size, out);
	close(fd);
}

static int64_t
count_items(const struct message_part *part)
{
	struct error err = ERROR_INIT;
	enum spool_dir dir;
	struct message m;
	struct stat st;
	int64_t n = -1;
	bool all;
	int fd = store_open_message(part->store, part->message, &st, &dir,
		&err);

	if (fd < 0)
		return -1;
	message_init(&m);
	if (take_apart(fd, st.st_size, &m, &all, &err) > 0)
		n = (int64_t)m.item_count;
	message_release(&m);
	close(fd);
	return n;
}

void
message_part_counts(struct message_part *part, int64_t counts[TAB_COUNT])
{
	for (int i = 0; i < TAB_COUNT; i++)
		counts[i] = -1;
	counts[TAB_ITEMS] = part->items ? part->items : count_items(part);
	/* How many there were then nobody has counted. */
	if (part->past)
		return;
	counts[TAB_UND] = part->message->und_entries;
	counts[TAB_LOG] = message_part_log_rows(part);
}

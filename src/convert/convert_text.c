/* SPDX-License-Identifier: ISC */
/* convert: a message as text for people. */
#include "convert/convert_private.h"
#include "base/files.h"
#include "base/put.h"
#include "base/text.h"
#include "base/xalloc.h"

#include <stdlib.h>
#include <string.h>

#define PIECE ((size_t)64 << 10)

static void
print_line(struct convert *c, const char *label,
	const struct message_bytes *value)
{
	struct str line = STR_INIT;

	convert_add_line(c, value, &line);
	printf("%-9s", label);	/* keywords are ASCII */
	put_text(stdout, line.data, line.len);
	putchar('\n');
	str_release(&line);
}

static void
print_headers(struct convert *c, const struct message *m)
{
	for (size_t i = 0; i < m->header_count; i++) {
		const struct message_header *h = &m->headers[i];
		struct str label = STR_INIT;

		if (h->kind == MESSAGE_HEADER_UNKNOWN)
			convert_add_line(c, &h->keyword, &label);
		else
			str_add(&label, message_header_word(h->kind));
		if (h->kind != MESSAGE_HEADER_REASON && label.len)
			str_add_char(&label, ':');
		print_line(c, label.data, &h->value);
		str_release(&label);
	}
}

/* Text of several lines, each made printable. A line that a piece cut in two
 * is printed in two steps, which is the same. */
static void
print_printable(const char *text, size_t len)
{
	struct str out = STR_INIT;

	while (len) {
		size_t plain = 0;

		while (plain < len && !strchr("\r\n\t", text[plain]))
			plain++;
		text_add_printable(&out, text, plain);
		if (plain < len && text[plain] != '\r')
			str_add_char(&out, text[plain]);
		if (plain < len)
			plain++;
		text += plain;
		len -= plain;
	}
	put_text(stdout, out.data, out.len);
	str_release(&out);
}

static int
print_text(struct convert_file *f, const struct message_range *range,
	struct error *err)
{
	char *buf = xmalloc(PIECE);
	struct str utf8 = STR_INIT;
	int64_t done = 0;
	size_t kept = 0, used;
	ssize_t n = 0;

	while (done < range->length) {
		int64_t left = range->length - done;
		size_t room = PIECE - kept;

		n = fs_read_at(f->fd, buf + kept, left < (int64_t)room ?
			(size_t)left : room, range->offset + done, err);
		if (n == 0)
			n = convert_shorter(f, err);
		if (n < 0)
			break;
		done += n;
		str_clear(&utf8);
		used = charset_to_utf8_piece(f->convert->charset, buf,
			kept + (size_t)n, done == range->length, &utf8);
		kept = kept + (size_t)n - used;
		memmove(buf, buf + used, kept);
		print_printable(utf8.data, utf8.len);
	}
	putchar('\n');
	str_release(&utf8);
	free(buf);
	return n < 0 ? -1 : 0;
}

static int
print_item(struct convert_file *f, const struct message_item *item,
	struct error *err)
{
	char size[TEXT_NUMBER_MAX], date[CCMAIL_DATE_TEXT_MAX];
	struct str title = STR_INIT;
	int rc = 0;

	convert_add_line(f->convert, item->kind == MESSAGE_ITEM_TEXT ?
		&item->title : &item->name, &title);
	putchar('\n');
	if (item->kind == MESSAGE_ITEM_TEXT) {
		if (title.len) {
			fputs("-- ", stdout);
			put_text(stdout, title.data, title.len);
			putchar('\n');
		}
		rc = print_text(f, &item->body, err);
	} else {
		printf("[%s item: ", message_item_word(item->kind));
		put_text(stdout, title.data, title.len);
		printf(", %s%s%s]\n", text_size(size, (uint64_t)item->body.length),
			item->has_date ? ", " : "", item->has_date ?
			ccmail_date_format(date, &item->date,
			f->convert->po->date_order) : "");
	}
	str_release(&title);
	return rc;
}

int
convert_text(struct convert_file *file, const struct message *m,
	struct error *err)
{
	print_headers(file->convert, m);
	for (size_t i = 0; i < m->item_count; i++)
		if (print_item(file, &m->items[i], err) < 0)
			return -1;
	return 0;
}

/* SPDX-License-Identifier: ISC */
/*
 * dump: prints what the reader made of a `.ccm` file, as plain text to be
 * compared with: `dump [--hex] [--und] [--dmy | --ymd] [--page=PAGE] FILE`.
 * Bodies are shown by the first bytes of them. `dump --defects` prints the
 * words of each defect that there is. Exit status 0; 1 if the file cannot be
 * read.
 */
#include "mail/fd_source.h"
#include "mail/message.h"
#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SHOWN_BYTES 40

static void
print_bytes(const char *label, struct message_bytes bytes)
{
	char shown[512];

	printf("%s\"%s\"", label, text_printable(shown, sizeof shown,
		bytes.data, bytes.len));
}

static void
print_headers(const struct message *m)
{
	for (size_t i = 0; i < m->header_count; i++) {
		const struct message_header *h = &m->headers[i];

		printf("  header %" PRId64 "+%" PRId64, h->offset, h->length);
		if (h->kind == MESSAGE_HEADER_REASON)
			printf(" reason");
		else if (h->kind == MESSAGE_HEADER_NONE)
			printf(" none");
		else
			print_bytes(h->kind == MESSAGE_HEADER_UNKNOWN ?
				" unknown " : " ", h->keyword);
		print_bytes(" ", h->value);
		printf("\n");
	}
}

static void
print_body(const struct message_source *src, struct message_range body)
{
	char bytes[SHOWN_BYTES], shown[8 * SHOWN_BYTES];
	struct error err;
	size_t got = 0, want = body.length < SHOWN_BYTES ?
		(size_t)body.length : SHOWN_BYTES;

	if (want && src->read_at(src->arg, body.offset, bytes, want, &got,
			&err) < 0)
		got = 0;
	printf("    body %" PRId64 "+%" PRId64 " \"%s\"%s\n", body.offset,
		body.length, text_printable(shown, sizeof shown, bytes, got),
		body.length > SHOWN_BYTES ? " ..." : "");
}

static void
print_item(const struct message_source *src, const struct message_item *item)
{
	const struct ccmail_date *d = &item->date;

	printf("  item %" PRId64 "+%" PRId64 " %s %s%s", item->line.offset,
		item->line.length, message_item_word(item->kind),
		message_encoding_word(item->encoding),
		item->is_history ? " history" : "");
	print_bytes(" ", item->title);
	printf("\n");
	if (item->kind != MESSAGE_ITEM_TEXT) {
		print_bytes("    name ", item->name);
		if (item->has_date)
			printf(" of %04d-%02d-%02d %02d:%02d:%02d", d->year,
				d->month, d->day, d->hour, d->minute,
				d->second);
		printf("\n");
	}
	print_body(src, item->body);
	if (item->encoding == MESSAGE_ENCODING_MACBINARY)
		printf("    data fork %" PRId64 "+%" PRId64 ", resource fork %"
			PRId64 "+%" PRId64 "\n", item->data_fork.offset,
			item->data_fork.length, item->resource_fork.offset,
			item->resource_fork.length);
}

static void
print_message(const struct message_source *src, const struct message *m)
{
	printf("message %d %" PRId64 "+%" PRId64 " %s%s, %s%s%s\n", m->number,
		m->range.offset, m->range.length, message_form_word(m->form),
		m->line_end == MESSAGE_LINE_END_CRLF ? "" :
		m->line_end == MESSAGE_LINE_END_LF ? " with LF" : " with CR",
		message_verdict_word(m->verdict), m->torn ? ", torn" : "",
		m->contents_seen ? "" : ", no contents");
	print_headers(m);
	for (size_t i = 0; i < m->item_count; i++)
		print_item(src, &m->items[i]);
	for (size_t i = 0; i < m->defect_count; i++)
		printf("  defect %" PRId64 " %s\n", m->defects[i].offset,
			m->defects[i].words);
}

static int
dump(const char *path, const struct message_options *options,
	const char *page)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), rc = -1;
	struct message_source src = fd_source(&fd, 0);
	struct error err = ERROR_INIT;
	struct charset *cs = charset_new(page, &err);
	struct message_reader *r;
	struct message m;
	struct stat st;

	if (!cs || fd < 0 || fstat(fd, &st) < 0) {
		fprintf(stderr, "dump: %s: %s\n", path, strerror(errno));
		return -1;
	}
	src.size = st.st_size;
	message_init(&m);
	r = message_reader_new(&src, options);
	while ((rc = message_reader_next(r, &m, &err)) > 0 &&
	    (rc = message_note_characters(&m, &src, cs, &err)) == 0)
		print_message(&src, &m);
	if (rc < 0)
		fprintf(stderr, "dump: %s: %s\n", path, err.text);
	message_reader_free(r);
	message_release(&m);
	charset_free(cs);
	close(fd);
	return rc;
}

static int
print_defect_words(void)
{
	for (int i = 0; i < MESSAGE_DEFECT_KINDS; i++)
		puts(message_defect_word((enum message_defect_kind)i));
	return 0;
}

int
main(int argc, char **argv)
{
	struct message_options options = { .date_order = CCMAIL_DATE_MDY };
	const char *page = "437";
	int i = 1;

	if (argc == 2 && strcmp(argv[1], "--defects") == 0)
		return print_defect_words();
	for (; i < argc - 1; i++) {
		if (strcmp(argv[i], "--hex") == 0)
			options.hex_files = true;
		else if (strcmp(argv[i], "--und") == 0)
			options.und = true;
		else if (strcmp(argv[i], "--dmy") == 0)
			options.date_order = CCMAIL_DATE_DMY;
		else if (strcmp(argv[i], "--ymd") == 0)
			options.date_order = CCMAIL_DATE_YMD;
		else if (strncmp(argv[i], "--page=", 7) == 0)
			page = argv[i] + 7;
	}
	if (i != argc - 1) {
		fprintf(stderr, "usage: dump [--hex] [--und] "
			"[--dmy | --ymd] [--page=PAGE] FILE\n");
		return 2;
	}
	return dump(argv[i], &options, page) < 0;
}

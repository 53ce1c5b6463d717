/* SPDX-License-Identifier: ISC */
/*
 * Fuzzer of the .und reader and writer: scanned in two pieces or in one, it
 * goes on where it said and reads nothing else; what is written of a message
 * that was read is one entry with its reason.
 */
#include "mail/und.h"
#include "fuzz.h"
#include "base/str.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static struct charset *cs;

struct seen {
	int64_t end;
	int count;
	struct und_entry last;
};

static int
entry(void *arg, const struct und_entry *e)
{
	struct seen *seen = arg;

	assert(e->offset >= seen->end && e->length > 0);
	assert(strlen(e->reason) < UND_REASON_MAX);
	assert((e->reasons == 0) <= (e->reason[0] == '\0'));
	seen->end = e->offset + e->length;
	seen->count++;
	seen->last = *e;
	return 0;
}

static void
check_piece(const struct message_source *src, int64_t start, int64_t end,
	int64_t *next_out)
{
	struct seen seen = { .end = start };
	struct error err;
	int rc = und_scan(src, cs, start, end, entry, &seen, next_out, &err);

	assert(rc == 0 && seen.end <= end);
	assert(*next_out >= start && *next_out <= end);
	assert(!seen.count || *next_out >= seen.last.offset);
}

/* The first message, with two reasons, becomes one entry. */
static void
check_written(const struct message_source *src)
{
	struct message_reader *r = message_reader_new(src, NULL);
	struct seen seen = { .end = 0 };
	struct str text = STR_INIT;
	struct message_memory memory;
	struct message_source written;
	struct error err;
	struct message m;
	int64_t next;
	int rc;

	message_init(&m);
	if (message_reader_next(r, &m, &err) == 1 &&
	    m.verdict != MESSAGE_NOT && m.header_count < 1000) {
		struct und_reason reasons[] = {
			{ "Unknown Date Format", m.date },
			{ "Not found in directory", &m.headers[0] },
		};

		rc = und_write(src, &m, reasons, 2, false, fuzz_to_str, &text, &err);
		assert(rc == 0);
		memory = (struct message_memory){ text.data, text.len };
		written = message_source_memory(&memory);
		rc = und_scan(&written, cs, 0, (int64_t)text.len, entry, &seen,
			&next, &err);
		assert(rc == 0 && seen.count >= 1);
		/* Counts that were blank or wrong stay so: a body may then
		 * look like another message. */
		if (m.form == MESSAGE_COUNTED && m.count_line.length)
			assert(seen.count == 1 && seen.last.reasons >= 2);
	}
	message_release(&m);
	message_reader_free(r);
	str_release(&text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_source f;
	struct message_source src = fuzz_source(&f, data, size);
	int64_t middle = size ? data[0] * (int64_t)size / 256 : 0, next;

	struct error err;

	if (!cs && !(cs = charset_new("437", &err)))
		abort();
	check_piece(&src, 0, middle, &next);
	assert(f.highest <= middle);
	check_piece(&src, next, (int64_t)size, &next);
	fuzz_check(f.asked, size);
	check_piece(&src, 0, (int64_t)size, &next);
	check_written(&src);
	return 0;
}

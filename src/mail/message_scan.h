/*
 * message_scan: reading a message source forward, once. Internal to message.
 *
 * A window slides over the source; what lies behind it cannot be seen again,
 * so no byte gets into the window twice. Looking ahead, to see what a count
 * points at, goes through *probes*: small blocks, of which those that proved
 * a count wrong are remembered, so that a file full of wrong counts that all
 * point at one place does not have it read again and again. When there are
 * more of them than PROBE_BLOCKS_MAX, no more is looked at ahead.
 *
 *   message_scan.c     the window and its lines
 *   message_keyword.c  keywords and counts
 *   message_probe.c    probes
 *
 * A failed read looks like the end of the source and sets `failed`, with the
 * words in err: whoever can act asks for it at the end.
 */
#ifndef CCMQ_MESSAGE_SCAN_H
#define CCMQ_MESSAGE_SCAN_H

#include "mail/message.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A header line at its longest, what a scan looks back, one chunk. */
#define SCAN_WINDOW ((size_t)256 << 10)
#define SCAN_CHUNK ((size_t)32 << 10)
#define SCAN_BACK 64		/* bytes before `at` that stay in the window */
#define SCAN_LINE_MAX ((size_t)MESSAGE_HEADER_BYTES_MAX + 64)
#define PROBE_BLOCK 128
#define PROBE_BLOCKS_MAX 2048	/* 256 KB */
#define PROBE_SLOTS 4096	/* twice that, a power of two */
#define PROBE_LEN 96		/* bytes that one probe gives at most */
#define SCAN_TAIL 128		/* Ctrl-Zs at the end: a CP/M sector at most */

struct scan {
	struct message_source src;
	int64_t end;		/* of the source; moves down if it is shorter */
	int64_t text_end;	/* end without the Ctrl-Zs at the end */
	bool failed;
	struct error err;

	char *window;		/* SCAN_WINDOW bytes */
	int64_t window_at;
	size_t window_len;
	int64_t next_cr, next_lf;	/* there is none before these, from the
					 * place last asked for on */

	char *blocks;		/* PROBE_BLOCKS_MAX blocks, made when needed */
	int64_t *block_at;	/* where each is */
	uint16_t *block_len;
	uint16_t *slots;	/* hash: 0 or 1 + number of block */
	int block_count;
	bool distrust;		/* they are full */

	bool in_line;		/* what scan_keyword found does not start its
				 * line */
};

enum keyword {
	KEYWORD_NONE,
	KEYWORD_MESSAGE,
	KEYWORD_CONTENTS,
	KEYWORD_TEXT,
	KEYWORD_FILE,
	KEYWORD_FAX,
	KEYWORD_OTHER,		/* "Word item:" */
};

#define KEYWORD_BIT(k) (1u << (k))
#define KEYWORD_ITEMS (KEYWORD_BIT(KEYWORD_TEXT) | KEYWORD_BIT(KEYWORD_FILE) | \
	KEYWORD_BIT(KEYWORD_FAX))
#define KEYWORD_ANY_ITEM (KEYWORD_ITEMS | KEYWORD_BIT(KEYWORD_OTHER))

/* One line in the window; valid until the next call with the scan. */
struct line {
	const char *data;
	size_t len;		/* without its end, at most SCAN_LINE_MAX */
	int64_t at;
	int64_t next;		/* where the next one starts */
	bool cut;		/* longer than that: next is behind what is
				 * here; go on with scan_line_end */
};

void scan_init(struct scan *s, const struct message_source *src);
void scan_release(struct scan *s);

/* Asks the source, past the window. How many bytes came; fewer move the end. */
size_t scan_ask(struct scan *s, int64_t at, char *buf, size_t len);

/* Makes want bytes (at most SCAN_WINDOW - SCAN_BACK) at `at` visible, as far
 * as there are so many; returns how many. at never goes back. */
size_t scan_have(struct scan *s, int64_t at, size_t want, const char **out);

/* The line at `at`. False at limit, which also ends a line. */
bool scan_line(struct scan *s, int64_t at, int64_t limit, struct line *out);

/* Finds the line end at or behind at, before limit: *len_out is its length
 * (0 if limit comes first). Returns its place, or limit. */
int64_t scan_find_end(struct scan *s, int64_t at, int64_t limit, int *len_out);

/*
 * From a line's start on, passes over lines that are in the window with their
 * ends, begin with no byte of `first` and do not end with a colon: nearly all
 * that a body has. Returns the start of the first that is not such a line.
 */
int64_t scan_pass_lines(struct scan *s, int64_t at, int64_t limit,
	const bool first[256]);

/* Where the line that `at` lies in ends, with its line end. */
int64_t scan_line_end(struct scan *s, int64_t at, int64_t limit);

/* The first place from `at` on that is no blank, CR or LF (and no Ctrl-Z of
 * those at the end), or limit. */
int64_t scan_skip_space(struct scan *s, int64_t at, int64_t limit);

/*
 * The next line from `from` (a line's start) on that is one of the keywords of
 * mask; *at_out is where the keyword is, limit if there is none. A `Message:`
 * that ends a line and is followed by a count or a `From:` is found too,
 * though it does not start it: torn writing leaves that.
 */
enum keyword scan_keyword(struct scan *s, int64_t from, int64_t limit,
	unsigned mask, int64_t *at_out);

/*
 * True if a torn message was written on: the line `text` that ends before
 * `next` has a `Message:` at its end, but not at its start, and the line at
 * `next` is a count or, with from_too, a `From:`.
 */
bool scan_ends_in_message(struct scan *s, const char *text, size_t len,
	int64_t next, int64_t limit, bool from_too);

/*
 * Looks ahead at [at, at + PROBE_LEN): copies it to out and returns how many
 * bytes there are; -1 when no more is looked at (distrust). scan_probe_wrong:
 * what was just seen there proved a count wrong, remember it.
 */
int scan_probe(struct scan *s, int64_t at, char out[PROBE_LEN]);
void scan_probe_wrong(struct scan *s, int64_t at);

/* The keyword that data, a line's beginning, starts with. at_end: the source
 * ends behind len, so that the keyword may end there. *len_out: up to and
 * with the colon. Message: and Contents: must be alone on their line. */
enum keyword keyword_at(const char *data, size_t len, bool at_end,
	size_t *len_out);

enum count_kind {
	COUNT_NONE,		/* no count line */
	COUNT_GOOD,
	COUNT_BLANK,		/* blanks instead */
};

/* Whether a line's bytes are a count; one that does not fit is INT64_MAX. */
enum count_kind count_parse(const char *data, size_t len, int64_t *out);

#endif

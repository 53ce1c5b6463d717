/* SPDX-License-Identifier: ISC */
/*
 * message_scan: a message source as lines, keywords and counts. Internal to
 * message.
 *
 * A window shows a piece of the source; where a count points is looked at
 * past it, a few bytes each, so that the window stays where the text is read.
 * That costs one small read for each count, however wrong they all are.
 *
 * Bytes come through read_at and are never mapped: many sources are files
 * that others still write on or cut (the queue, the .und file), where a
 * mapping is a SIGBUS, as it is for a bad sector of any file.
 *
 * Lines end as the first line of the file does: with CR LF, LF or CR. Another
 * CR or LF is a character of its line, a *stray* one: else a lone CR in a
 * subject would make a header of what stands behind it.
 *
 *   message_scan.c     the window, its lines, looking for keywords
 *   message_keyword.c  keywords and counts
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

#define SCAN_LINE_MAX ((size_t)MESSAGE_HEADER_BYTES_MAX + 64)
#define SCAN_WINDOW (SCAN_LINE_MAX + 2)
#define SCAN_CHUNK ((size_t)32 << 10)
#define SCAN_PROBE 96		/* bytes that looking ahead gives at most */
#define SCAN_TAIL 128		/* Ctrl-Zs at the end: a CP/M sector at most */

struct scan {
	struct message_source src;
	int64_t end;		/* of the source; moves down if it is shorter */
	int64_t text_end;	/* end without the Ctrl-Zs at the end */
	bool failed;
	struct error err;

	enum message_line_end line_end;
	bool mixed;		/* messages of different line ends follow one
				 * another: an .und file */

	char *window;		/* SCAN_WINDOW bytes */
	int64_t window_at;
	size_t window_len;

	bool in_line;		/* what scan_keyword found does not start its
				 * line */
	int64_t stray;		/* the first stray one that scan_keyword passed
				 * over, or -1 */
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
	bool stray;		/* it has a stray CR or LF */
};

void scan_init(struct scan *s, const struct message_source *src);
void scan_release(struct scan *s);

/* Makes want bytes (at most SCAN_WINDOW) at `at` visible; returns how many
 * are: fewer only at the end of the source, perhaps more. */
size_t scan_view(struct scan *s, int64_t at, size_t want, const char **out);

/* Copies up to SCAN_PROBE bytes at `at`; how many. The window stays. */
size_t scan_probe(struct scan *s, int64_t at, char out[SCAN_PROBE]);

/* From here on lines end as the one at `at` does. */
void scan_learn_line_end(struct scan *s, int64_t at);

/* The line at `at`. False at limit, which also ends a line. */
bool scan_line(struct scan *s, int64_t at, int64_t limit, struct line *out);

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

/* The keyword that data, a line's beginning, starts with. at_end: the source
 * ends behind len, so that the keyword may end there. *len_out: up to and
 * with the colon. Message: and Contents: must be alone on their line. */
enum keyword scan_keyword_at(const struct scan *s, const char *data,
	size_t len, bool at_end, size_t *len_out);

/* The same of a line: all of it or, if it is not whole, its beginning. */
enum keyword keyword_at(const char *data, size_t len, bool whole,
	size_t *len_out);

/* Whether data begins with word, in any case. */
bool keyword_begins(const char *data, size_t len, const char *word);

enum count_kind {
	COUNT_NONE,		/* no count line */
	COUNT_GOOD,
	COUNT_BLANK,		/* blanks instead */
};

/* Whether a line's bytes are a count; one that does not fit is INT64_MAX. */
enum count_kind count_parse(const char *data, size_t len, int64_t *out);

#endif

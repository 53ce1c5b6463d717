/* SPDX-License-Identifier: ISC */
/*
 * message: a `.ccm` file taken apart, as ranges of offsets.
 *
 * The import text format (ccmq-import(1)): `Message:`, headers, `Contents:`,
 * items, with byte counts (/ITEMSIZE) or without, several messages in a file.
 * The reader is strict about what it understood and lenient about the rest:
 * every deviation is a *defect* with an offset and words, and the verdict says
 * whether the message is whole, repaired, or not a message.
 *
 * Lines end as the first of the file does, with CR LF, LF or CR (in an .und
 * file, which is made of many, as the first of the message). A CR or LF that
 * is no such end is a character of its line, and a defect.
 *
 * A count is believed where it lands on a keyword that may stand there (line
 * ends before it do not matter), on the end of what it is part of, or on the
 * end of the file; otherwise the part ends at the next line that is a keyword.
 * Bodies that a good count spans are not read, but for the first bytes of an
 * attachment, and all of one that may be hex text.
 *
 * Nothing is cut: what stands where no item is becomes a text, and a message
 * that has more than the maximums below is none, for a person to look at.
 *
 * Pure: no files, no clock. Bytes come through a callback; bodies are never
 * held, only where they are. Whatever comes in, a reader needs less than 4 MB
 * and ends, in a time that grows with the size.
 *
 * Calling order: message_reader_new, message_reader_next until it does not
 * return 1, message_reader_free. One struct message may be used for all.
 * A reader belongs to one thread; readers do not know of one another.
 */
#ifndef CCMQ_MESSAGE_H
#define CCMQ_MESSAGE_H

#include "mail/ccmail_date.h"
#include "mail/charset.h"
#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Where bytes come from. read_at fills buf with up to len bytes from offset
 * on and sets *got_out: less than len only at the end. 0, or -1 with err.
 * It is never asked for what lies at size or behind; that the source became
 * shorter meanwhile (*got_out too small) is taken as its end.
 */
struct message_source {
	int (*read_at)(void *arg, int64_t offset, void *buf, size_t len,
		size_t *got_out, struct error *err);
	void *arg;
	int64_t size;
};

/* A source that is a range of memory: arg for message_memory_read. The memory
 * must outlive the source. */
struct message_memory {
	const void *data;
	size_t len;
};

struct message_source message_source_memory(const struct message_memory *m);

/* The size bytes of another source from start on. Both must outlive it. */
struct message_slice {
	const struct message_source *src;
	int64_t start;
};

struct message_source message_source_slice(const struct message_slice *slice,
	int64_t size);

/* Where bytes go: 0, or -1 with err; all of len or nothing that counts. */
typedef int (*message_sink)(void *arg, const void *bytes, size_t len,
	struct error *err);

/* Maximums, each with its reason. What is over one makes the message none:
 * delivered without it, it would be lost. */
#define MESSAGE_HEADER_BYTES_MAX 163840	/* Import 8.2x, Q266711 */
#define MESSAGE_HEADER_BYTES_OLD 4096	/* Import before it: a note above */
#define MESSAGE_HEADERS_MAX 8192	/* 163,840 / 20, a shortest recipient */
#define MESSAGE_ITEMS_MAX 4096		/* far above any client's limit */
#define MESSAGE_TITLE_MAX 256		/* 30 characters [I]; DOS paths fit */
#define MESSAGE_DEFECTS_SAME_MAX 8	/* of each kind: as many as a person
					 * reads; so none hides another */
#define MESSAGE_DEFECT_WORDS_MAX 120
#define MESSAGE_FILE_MAX 65536		/* messages in one file: a full post
					 * office exported at once */

struct message_bytes {
	const char *data;	/* never NULL; foreign bytes, NUL allowed */
	size_t len;
};

/* kind, the keyword as written by the writer */
#define MESSAGE_HEADER_LIST(X) \
	X(MESSAGE_HEADER_FROM, "From") \
	X(MESSAGE_HEADER_DATE, "Date") \
	X(MESSAGE_HEADER_TO, "To") \
	X(MESSAGE_HEADER_CC, "cc") \
	X(MESSAGE_HEADER_BCC, "bcc") \
	X(MESSAGE_HEADER_SUBJECT, "Subject") \
	X(MESSAGE_HEADER_RECEIPT, "RRT") \
	X(MESSAGE_HEADER_UNKNOWN, "")	/* any other `Word:` */ \
	X(MESSAGE_HEADER_REASON, "***")	/* a reason line of an .und file */ \
	X(MESSAGE_HEADER_NONE, "")	/* a line that is no header */

enum message_header_kind {
#define X(name, word) name,
	MESSAGE_HEADER_LIST(X)
#undef X
	MESSAGE_HEADER_KINDS
};

struct message_header {
	enum message_header_kind kind;
	struct message_bytes keyword;	/* as it stands there, without colon */
	struct message_bytes value;	/* without blanks around it; of a REASON
					 * without its stars too */
	int64_t offset;		/* of its line, in the source */
	int64_t length;		/* of its line, with the line end */
};

enum message_item_kind {
	MESSAGE_ITEM_TEXT,
	MESSAGE_ITEM_FILE,
	MESSAGE_ITEM_FAX,
	MESSAGE_ITEM_OTHER,	/* `Word item:` with another word */
};

enum message_encoding {
	MESSAGE_ENCODING_RAW,
	MESSAGE_ENCODING_HEX,		/* pairs of hex digits in lines, to the
					 * end: message_hex can decode it */
	MESSAGE_ENCODING_MACBINARY,	/* MacBinary II; see the forks */
};

struct message_range {
	int64_t offset, length;
};

struct message_item {
	enum message_item_kind kind;
	enum message_encoding encoding;
	struct message_bytes title;	/* all behind the keyword, trimmed, at
					 * most MESSAGE_TITLE_MAX */
	struct message_bytes name;	/* unless a text: title without date */
	bool has_date;
	bool is_history;		/* a text: forwarding history */
	struct ccmail_date date;
	struct message_range line;	/* its keyword line, with count line */
	struct message_range body;	/* as it stands in the source */
	struct message_range data_fork;		/* of MACBINARY, else empty */
	struct message_range resource_fork;	/* the same */
};

enum message_line_end {
	MESSAGE_LINE_END_CRLF,
	MESSAGE_LINE_END_LF,
	MESSAGE_LINE_END_CR,
};

enum message_form {
	MESSAGE_PLAIN,
	MESSAGE_COUNTED,	/* /ITEMSIZE */
};

enum message_verdict {
	MESSAGE_WHOLE,		/* as it should be; notes allowed */
	MESSAGE_REPAIRED,	/* understood, but not as it was written */
	MESSAGE_NOT,		/* not a message: not to be delivered */
};

/* kind, the least verdict that it leaves, what it is called */
#define MESSAGE_DEFECT_LIST(X) \
	X(MESSAGE_DEFECT_NO_MESSAGE, MESSAGE_NOT, "no Message: line") \
	X(MESSAGE_DEFECT_NO_CONTENTS, MESSAGE_NOT, "no Contents: line") \
	X(MESSAGE_DEFECT_NO_HEADERS, MESSAGE_NOT, "no headers") \
	X(MESSAGE_DEFECT_NO_FROM, MESSAGE_REPAIRED, "no From:") \
	X(MESSAGE_DEFECT_NO_RECIPIENT, MESSAGE_REPAIRED, "no recipient") \
	X(MESSAGE_DEFECT_NO_DATE, MESSAGE_REPAIRED, "no Date:") \
	X(MESSAGE_DEFECT_NO_ITEM, MESSAGE_REPAIRED, "no item") \
	X(MESSAGE_DEFECT_DATE, MESSAGE_REPAIRED, \
		"a date that cannot be read") \
	X(MESSAGE_DEFECT_CHARACTERS, MESSAGE_REPAIRED, \
		"bytes that mean nothing in the code page") \
	X(MESSAGE_DEFECT_REPEATED, MESSAGE_REPAIRED, \
		"a header that may stand once repeats") \
	X(MESSAGE_DEFECT_JUNK_BEFORE, MESSAGE_REPAIRED, \
		"bytes before the first keyword") \
	X(MESSAGE_DEFECT_JUNK_HEADER, MESSAGE_REPAIRED, \
		"a line among the headers that is none") \
	X(MESSAGE_DEFECT_JUNK_CONTENTS, MESSAGE_REPAIRED, \
		"bytes between the items, taken as a text") \
	X(MESSAGE_DEFECT_STRAY, MESSAGE_REPAIRED, \
		"a CR or LF that ends no line here, taken as a character") \
	X(MESSAGE_DEFECT_COUNT_WRONG, MESSAGE_REPAIRED, "a wrong count") \
	X(MESSAGE_DEFECT_COUNT_OVERRUN, MESSAGE_REPAIRED, \
		"a count beyond the end") \
	X(MESSAGE_DEFECT_COUNT_BLANK, MESSAGE_REPAIRED, \
		"blanks instead of a count") \
	X(MESSAGE_DEFECT_COUNT_MISSING, MESSAGE_REPAIRED, "no count") \
	X(MESSAGE_DEFECT_CONTENTS_SHORT, MESSAGE_REPAIRED, \
		"contents end before the message") \
	X(MESSAGE_DEFECT_CUT, MESSAGE_REPAIRED, \
		"cut off: the next message begins within a line") \
	X(MESSAGE_DEFECT_ITEM_UNKNOWN, MESSAGE_REPAIRED, \
		"an item of an unknown kind") \
	X(MESSAGE_DEFECT_NOT_HEX, MESSAGE_REPAIRED, \
		"an attachment that is not hex text, taken as it is") \
	X(MESSAGE_DEFECT_HEADERS_MANY, MESSAGE_NOT, \
		"more headers than 8,192") \
	X(MESSAGE_DEFECT_HEADERS_LONG, MESSAGE_NOT, \
		"headers over 163,840 bytes") \
	X(MESSAGE_DEFECT_ITEMS_MANY, MESSAGE_NOT, \
		"more items than 4,096") \
	X(MESSAGE_DEFECT_MESSAGES_MANY, MESSAGE_NOT, \
		"more messages in the file than 65,536") \
	X(MESSAGE_DEFECT_TITLE_LONG, MESSAGE_NOT, \
		"a title over 256 bytes") \
	X(MESSAGE_DEFECT_GLUED, MESSAGE_WHOLE, \
		"a keyword that follows without a line end") \
	X(MESSAGE_DEFECT_UNKNOWN_HEADER, MESSAGE_WHOLE, \
		"an unknown header (crashed the original, Q176375)") \
	X(MESSAGE_DEFECT_BLANK_LINE, MESSAGE_WHOLE, \
		"a blank line among the headers") \
	X(MESSAGE_DEFECT_REASON, MESSAGE_WHOLE, \
		"a reason line of an .und file") \
	X(MESSAGE_DEFECT_NUL, MESSAGE_WHOLE, "a NUL in a header") \
	X(MESSAGE_DEFECT_STRAY_TEXT, MESSAGE_WHOLE, \
		"a CR or LF in a text that ends no line here") \
	X(MESSAGE_DEFECT_BRACKET, MESSAGE_WHOLE, \
		"[ or ] in a header (blocked Import 8.x, Q234350)") \
	X(MESSAGE_DEFECT_SUBJECT_LONG, MESSAGE_WHOLE, \
		"a subject over 60 characters") \
	X(MESSAGE_DEFECT_HEADERS_BIG, MESSAGE_WHOLE, \
		"headers over 4,096 bytes (limit before Import 8.2x, Q266711)")

enum message_defect_kind {
#define X(name, verdict, words) name,
	MESSAGE_DEFECT_LIST(X)
#undef X
	MESSAGE_DEFECT_KINDS
};

#define MESSAGE_DEFECTS_MAX (MESSAGE_DEFECTS_SAME_MAX * MESSAGE_DEFECT_KINDS)

struct message_defect {
	enum message_defect_kind kind;
	int64_t offset;		/* where in the source */
	char words[MESSAGE_DEFECT_WORDS_MAX];	/* printable ASCII; the kind's
						 * words and what about it */
};

/*
 * One message. All pointers point into it and live until it is read into
 * again or released. Read only for everybody but message*.c.
 */
struct message {
	enum message_form form;
	enum message_line_end line_end;
	enum message_verdict verdict;
	int number;		/* within its file, from 1 */
	struct message_range range;	/* from its `Message:` to its end */
	struct message_range count_line;	/* behind `Message:`; empty if
						 * there is none */
	bool contents_seen;
	bool torn;		/* the end of the source or the next message
				 * came before its own: counts (or, plain, the
				 * lack of a line end) say so */
	struct message_range contents;	/* from the `Contents:` line on */

	struct message_header *headers;
	size_t header_count;
	const struct message_header *from;	/* the first of each, or NULL */
	const struct message_header *date;
	const struct message_header *subject;
	const struct message_header *receipt;	/* RRT: return receipt wanted */
	size_t recipient_count;			/* To, cc and bcc */

	struct message_item *items;
	size_t item_count;

	struct message_defect *defects;	/* the first few of each kind */
	size_t defect_count;		/* how many of them are kept */
	int64_t defect_total;		/* how many there were */
	int64_t defects_of[MESSAGE_DEFECT_KINDS];	/* of each kind */

	struct message_store *store;	/* the bytes behind the pointers */
	size_t header_cap, item_cap, defect_cap;
};

void message_init(struct message *m);
void message_release(struct message *m);	/* as after message_init */

struct message_options {
	enum ccmail_date_order date_order;	/* 0: nobody knows; MDY, and a
						 * Date: that does not fit is
						 * no defect */
	bool hex_files;		/* /FILES/HEX: attachments are hex text */
	bool und;		/* an .und file: reason lines are expected, and
				 * any number of messages */
};

struct message_reader;

/* Copies src and options (NULL: all zero); src->arg must outlive it. Starts
 * at offset 0. */
struct message_reader *message_reader_new(const struct message_source *src,
	const struct message_options *options);
void message_reader_free(struct message_reader *r);	/* NULL: nothing */

/*
 * The next message of the file. 1 got one: look at its verdict; 0 there is no
 * more (an empty source has none); -1 the source could not be read: err, and
 * *m is empty. After 0 or -1 the reader stays at its end. A source that has
 * bytes other than blanks but no message gives one with verdict MESSAGE_NOT
 * that spans it all.
 */
int message_reader_next(struct message_reader *r, struct message *m,
	struct error *err);

/*
 * Looks at headers, titles and texts of m, which is of src: bytes that cs
 * would replace are a defect each, of the line or text that they stand in. A
 * code page that has a character for every byte has nothing read. 0, or -1
 * with err.
 */
int message_note_characters(struct message *m,
	const struct message_source *src, struct charset *cs,
	struct error *err);

/* The next To, cc or bcc header behind `after` (NULL: the first), or NULL. */
const struct message_header *message_recipient(const struct message *m,
	const struct message_header *after);

/* Of what is not a message: the first defect that makes it none. */
const struct message_defect *message_why_not(const struct message *m);

const char *message_verdict_word(enum message_verdict verdict);
const char *message_form_word(enum message_form form);
/* The bytes themselves, "\r\n". */
const char *message_line_end_bytes(enum message_line_end line_end);
const char *message_item_word(enum message_item_kind kind);
const char *message_encoding_word(enum message_encoding encoding);
const char *message_header_word(enum message_header_kind kind);
const char *message_defect_word(enum message_defect_kind kind);

#endif

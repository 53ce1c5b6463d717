/* SPDX-License-Identifier: ISC */
/* deliver_private: what the files deliver*.c share. */
#ifndef CCMQ_DELIVER_PRIVATE_H
#define CCMQ_DELIVER_PRIVATE_H

#include "import/deliver.h"

#include <gmime/gmime.h>

/*
 * One message on its way. Its parts share one descriptor of the source and one
 * temporary file without a name, however many they are; what they hold in
 * memory together stays under DELIVER_MEMORY_MAX.
 */
#define DELIVER_MEMORY_MAX ((size_t)2 << 20)	/* mail is smaller, mostly */

struct deliver_run {
	const struct deliver_job *job;
	GMimeStream *source;
	GMimeStream *temp;	/* NULL until it is needed */
	int temp_fd;		/* of temp */
	int64_t temp_end;	/* how much is in it */
	size_t memory;		/* held by finished spools */
};

/* Converted bytes on their way into a part. */
struct spool {
	struct deliver_run *run;
	struct str memory;
	int64_t start;		/* in temp; -1: all is in memory */
};

void spool_init(struct spool *s, struct deliver_run *run);
void spool_release(struct spool *s);
/* Only one spool is added to at a time. */
int spool_add(struct spool *s, const void *bytes, size_t len,
	struct error *err);
/* A stream of all that was added; s is empty afterwards. */
GMimeStream *spool_steal(struct spool *s);

/* --- deliver_part.c, above text, macintosh and content --------------------- */

/* The part for an item. NULL with err. */
GMimeObject *deliver_part(struct deliver_run *run,
	const struct message_item *item, struct error *err);

/* The part for a text item, without its title. NULL with err. */
GMimePart *deliver_text_part(struct deliver_run *run,
	const struct message_item *item, struct error *err);

/* A text that travels as it is (7bit): the headers of its part and its body,
 * appended. 1; 0 it is not such a one, or is long, and nothing was appended;
 * -1. */
int deliver_plain_text(const struct deliver_job *job,
	const struct message_item *item, struct str *out, struct error *err);

/* An empty text, for a message without items. */
GMimePart *deliver_empty_part(void);

/* What becomes of a MacBinary item. data is the part for its data fork, still
 * without name and content, and is taken. NULL with err. */
GMimeObject *deliver_macintosh(struct deliver_run *run,
	const struct message_item *item, const char *name, GMimePart *data,
	struct error *err);

/* The bytes of an item, hex text turned into what it means. NULL with err. */
GMimeStream *deliver_content(struct deliver_run *run,
	const struct message_item *item, struct error *err);

/* Gives a part these bytes; content is taken. */
void deliver_set_content(GMimePart *part, GMimeStream *content);

/* Names an attachment; its bytes are those of content, which it takes. */
void deliver_set_file(GMimePart *part, const char *name, GMimeStream *content);

/* At random: whoever can foresee a boundary can write parts of his own. */
#define DELIVER_BOUNDARY "=_ccmq."
void deliver_set_boundary(GMimeMultipart *multi);

/* Reads the next piece of a range, behind what of it is done, into buf. */
#define DELIVER_PIECE ((size_t)64 << 10)
ssize_t deliver_read_piece(struct deliver_run *run,
	const struct message_range *range, int64_t done, char *buf, size_t room,
	struct error *err);

/* --- headers ---------------------------------------------------------------- */

/* Adds From, To, Cc, Bcc and Disposition-Notification-To to headers. */
void deliver_add_addresses(const struct deliver_job *job,
	const struct message *m, struct str *out);

/* Adds a header of UTF-8 text, encoded and folded as needed; the same as the
 * Content-Description of a part. */
void deliver_add_header(struct str *out, const char *name, const char *text);
void deliver_describe(GMimeObject *part, const char *text);

/* Appends one mailbox to a list of them; name "" for an address alone. */
void deliver_add_mailbox(struct str *out, const char *name,
	const char *address);

/* Adds a header that is encoded and folded already. */
void deliver_add_raw(struct str *out, const char *name,
	const struct str *value);

/* at, in ms, in the time zone of the process; to be unreferenced. */
GDateTime *deliver_local_time(int64_t at);

/* "Tue, 02 Jun 1998 08:39:00 +0000", to be freed with g_free. */
char *deliver_date(int64_t at);

#endif

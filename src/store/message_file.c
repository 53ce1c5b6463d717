/* SPDX-License-Identifier: ISC */
/*
 * message_file: what a message's file says of itself: its header, for the
 * row, and whether it is still the file that was read. See store.h for the
 * contract.
 */
#include "store/store.h"
#include "mail/charset.h"
#include "mail/fd_source.h"
#include "mail/message_summary.h"
#include "base/files.h"
#include "base/xalloc.h"

#include <stdlib.h>
#include <sys/stat.h>

#define SMALL (32 << 10)	/* bytes */

static char *
text_or_null(const char *s)
{
	return *s ? xstrdup(s) : NULL;
}

struct charset *
store_charset(struct store *s, struct error *err)
{
	if (!s->charset)
		s->charset = charset_new(*s->code_page ? s->code_page : "437",
			err);
	return s->charset;
}

/* A size that no disk has would make sums overflow: its row says 0. */
static int64_t
believed_size(const struct stat *st)
{
	return st->st_size > STORE_SIZE_MAX ? 0 : st->st_size;
}

/* Reads a small file at once, or leaves it to be read in pieces. 0 or -1. */
static int
read_small(int fd, int64_t size, char buf[SMALL],
	struct message_memory *memory, struct message_source *src,
	struct error *err)
{
	ssize_t n = size > SMALL ? 0 : fs_read_at(fd, buf, (size_t)size, 0,
		err);

	if (n < 0)
		return -1;
	*memory = (struct message_memory){ buf, (size_t)n };
	if (size <= SMALL)
		*src = message_source_memory(memory);
	return 0;
}

int
store_read_header(struct store *s, struct history_message *m, int fd,
	const struct stat *st, struct error *err)
{
	struct message_source src = fd_source(&fd, st->st_size);
	char content[STORE_CONTENT_HEX], buf[SMALL];
	struct message_memory memory;
	struct message_summary sum;
	struct str to = STR_INIT;
	int rc;

	if (read_small(fd, st->st_size, buf, &memory, &src, err) < 0 ||
	    store_content(&src, content, err) < 0)
		return -1;
	xstrset(&m->content, content);
	free(m->from);
	free(m->to);
	free(m->subject);
	free(m->date_text);
	m->from = m->to = m->subject = m->date_text = NULL;
	m->date_at = HISTORY_NO_TIME;
	m->inode = (int64_t)st->st_ino;
	m->size = believed_size(st);
	m->mtime_ns = st->st_mtim.tv_sec * INT64_C(1000000000) +
		st->st_mtim.tv_nsec;
	message_summary_init(&sum);
	rc = !store_charset(s, err) ? -1 : message_summary(&src, s->charset,
		s->date_order, &sum, err);
	if (rc > 0) {
		m->from = text_or_null(sum.from);
		m->subject = text_or_null(sum.subject);
		m->date_text = text_or_null(sum.date);
		m->date_at = sum.date_at;
		for (size_t i = 0; i < sum.to_count; i++)
			str_addf(&to, "%s%s", i ? "\n" : "", sum.to[i]);
		m->to = text_or_null(to.data);
	}
	str_release(&to);
	message_summary_release(&sum);
	return rc < 0 ? -1 : 0;
}

bool
store_is_same_file(const struct history_message *m, const struct stat *st)
{
	return S_ISREG(st->st_mode) && st->st_nlink == 1 &&
		(int64_t)st->st_ino == m->inode && believed_size(st) == m->size &&
		st->st_mtim.tv_sec * INT64_C(1000000000) +
		st->st_mtim.tv_nsec == m->mtime_ns;
}

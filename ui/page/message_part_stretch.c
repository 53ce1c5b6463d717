/* SPDX-License-Identifier: ISC */
/* message_part_stretch: bytes of a file, piece by piece, as lines. See
 * message_part_private.h. */
#include "mail/charset.h"
#include "base/files.h"
#include "page/message_part_private.h"
#include "base/text.h"
#include "base/xalloc.h"

#include <stdlib.h>
#include <string.h>

#define CODE_PAGE "437"
#define LINE_LOOK 4096		/* bytes in which a line's begin is looked for */

void
stretch_init(struct stretch *s, int fd, const struct message_range *ranges,
	size_t count)
{
	*s = (struct stretch){ fd, ranges, count, 0 };
	for (size_t i = 0; i < count; i++)
		s->total += ranges[i].length;
}

ssize_t
stretch_read(const struct stretch *s, int64_t at, void *buf, size_t len,
	struct error *err)
{
	size_t got = 0;

	for (size_t i = 0; i < s->count && got < len; i++) {
		const struct message_range *r = &s->ranges[i];
		size_t want = len - got;
		ssize_t n;

		if (at >= r->length) {
			at -= r->length;
			continue;
		}
		if ((int64_t)want > r->length - at)
			want = (size_t)(r->length - at);
		n = fs_read_at(s->fd, (char *)buf + got, want, r->offset + at,
			err);
		if (n < 0)
			return -1;
		got += (size_t)n;
		if ((size_t)n < want)
			break;		/* the file became shorter */
		at = 0;
	}
	return (ssize_t)got;
}

int64_t
stretch_pieces(const struct stretch *s)
{
	return s->total <= MESSAGE_PIECE_BYTES ? 1 :
		(s->total + MESSAGE_PIECE_BYTES - 1) / MESSAGE_PIECE_BYTES;
}

int64_t
stretch_piece_at(const struct stretch *s, int64_t piece)
{
	int64_t at = piece * MESSAGE_PIECE_BYTES;
	char look[LINE_LOOK];
	struct error err = ERROR_INIT;
	ssize_t n;

	if (piece <= 0)
		return 0;
	if (at >= s->total)
		return s->total;
	n = stretch_read(s, at - LINE_LOOK, look, sizeof look, &err);
	for (ssize_t i = n; i > 0; i--)
		if (look[i - 1] == '\n')
			return at - LINE_LOOK + i;
	return at;
}

static void
add_lines(const struct str *utf8, struct str *out)
{
	for (size_t at = 0; at < utf8->len;) {
		const char *line = utf8->data + at;
		const char *stop = memchr(line, '\n', utf8->len - at);
		size_t n = stop ? (size_t)(stop - line) : utf8->len - at;
		size_t shown = n && line[n - 1] == '\r' ? n - 1 : n;

		str_add_char(out, ' ');
		for (size_t i = 0, k; i < shown; i = k + 1) {
			for (k = i; k < shown && line[k] != '\t'; k++)
				;
			text_add_printable(out, line + i, k - i);
			if (k < shown)
				str_add(out, "    ");
		}
		str_add_char(out, '\n');
		at += n + 1;
	}
}

void
stretch_add(const struct stretch *s, int64_t from, int64_t to,
	struct str *out)
{
	size_t len = to > from ? (size_t)(to - from) : 0;
	char *buf = xmalloc(len + 1);
	struct error err = ERROR_INIT;
	struct charset *cs = charset_new(CODE_PAGE, &err);
	ssize_t n = cs ? stretch_read(s, from, buf, len, &err) : -1;
	struct str utf8 = STR_INIT;

	if (n < 0) {
		str_addf(out, " %s\n", err.text);
	} else {
		(void)charset_to_utf8(cs, buf, (size_t)n, &utf8);
		add_lines(&utf8, out);
	}
	str_release(&utf8);
	charset_free(cs);
	free(buf);
}

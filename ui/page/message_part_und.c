/* SPDX-License-Identifier: ISC */
/* message_part_und: what a message left in the .und file, the bytes
 * themselves. See message_part.h. */
#include "base/files.h"
#include "page/message_part_private.h"
#include "base/text.h"
#include "store/und_account.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ENTRY_BYTES (64 << 10)		/* shown of one entry */

static void
add_bytes(int fd, const struct history_und_entry *e, struct str *out)
{
	struct message_range range = { e->start, e->length < ENTRY_BYTES ?
		e->length : ENTRY_BYTES };
	struct stretch s;

	stretch_init(&s, fd, &range, 1);
	stretch_add(&s, 0, s.total, out);
	if (e->length > ENTRY_BYTES)
		str_addf(out, " [the first %d KB; all of it: ccmq und show %"
			PRId64 "]\n", ENTRY_BYTES >> 10, e->id);
}

/* Opens the file that the entry is in, if it still is that file. */
static int
open_und(const struct message_part *part, const struct history_und_entry *e,
	struct error *err)
{
	struct history_und_file f;
	struct stat st;
	char *path;
	int fd, rc = history_und_next(part->store->history, e->file - 1, &f,
		err);

	if (rc < 0)
		return -1;
	if (rc == 0 || f.id != e->file)
		return error_set(err, ERROR_NOT_FOUND, "its .und file is not "
			"kept any more");
	path = und_account_lane_path(part->store->path,
		part->settings->und_path, f.lane, f.number);
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW);
	if (fd < 0)
		error_set(err, ERROR_NOT_FOUND, "%s is not there any more",
			path);
	free(path);
	if (fd >= 0 && (fstat(fd, &st) < 0 || (int64_t)st.st_ino != f.inode)) {
		close(fd);
		return error_set(err, ERROR_NOT_FOUND, "its .und file was "
			"replaced by another");
	}
	return fd;
}

static void
add_entry(const struct message_part *part, int i,
	const struct history_und_entry *e, struct str *out)
{
	char at[TEXT_TIME_MAX], n[TEXT_NUMBER_MAX];
	struct error err = ERROR_INIT;
	const char *reason = e->reason ? e->reason : "no reason given";
	int fd = open_und(part, e, &err);

	str_addf(out, "-- %d: %s, %s bytes, ", i, text_time(at, e->at,
		part->now), text_exact(n, (uint64_t)e->length));
	text_add_printable(out, reason, strlen(reason));
	str_add(out, " \n");
	if (fd < 0) {
		str_add_char(out, ' ');
		text_add_printable(out, err.text, strlen(err.text));
		str_add_char(out, '\n');
		return;
	}
	add_bytes(fd, e, out);
	close(fd);
}

void
message_part_und(const struct message_part *part, struct str *out)
{
	struct history_und_entry rows[MESSAGE_UND_ENTRIES];
	struct error err = ERROR_INIT;
	int n = history_und_entries(part->store->history, part->message->id,
		0, rows, MESSAGE_UND_ENTRIES, &err);

	if (n < 0)
		str_addf(out, " %s\n", err.text);
	else if (n == 0)
		str_add(out, " It left nothing in the .und file.\n");
	for (int i = 0; i < n; i++) {
		if (!part->past || rows[i].at <= part->now)
			add_entry(part, i + 1, &rows[i], out);
		history_und_entry_release(&rows[i]);
	}
	if (n == MESSAGE_UND_ENTRIES)
		str_addf(out, " [the first %d; all of them: ccmq show %" PRId64
			" --und]\n", n, part->message->id);
}

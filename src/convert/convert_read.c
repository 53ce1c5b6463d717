/* SPDX-License-Identifier: ISC */
/* convert: opening a file and going through its messages. */
#include "convert/convert_private.h"
#include "mail/fd_source.h"
#include "base/files.h"
#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define KEY_NAME 64		/* of a name: a directory lists it */

int64_t
convert_date(const struct convert_file *f, const struct message *m)
{
	struct ccmail_date date;
	int64_t at = CCMAIL_DATE_UNKNOWN;

	if (m->date && ccmail_date_parse(m->date->value.data,
	    m->date->value.len, f->convert->po->date_order, &date))
		at = ccmail_date_at(&date);
	return at == CCMAIL_DATE_UNKNOWN ? f->modified_at : at;
}

void
convert_add_line(struct convert *c, const struct message_bytes *bytes,
	struct str *out)
{
	struct str utf8 = STR_INIT;

	deliver_line(c->charset, bytes, &utf8);
	text_add_printable(out, utf8.data, utf8.len);
	str_release(&utf8);
}

/* Standard input cannot be read twice: a copy without a name. */
static int
open_stdin(struct error *err)
{
	const char *dir = getenv("TMPDIR");
	int fd = open(dir && *dir ? dir : "/tmp", O_TMPFILE | O_RDWR |
		O_CLOEXEC, 0600);
	char buf[65536];
	ssize_t n = 0;

	if (fd < 0)
		return error_sys(err, errno, "make a temporary file");
	do {
		n = read(STDIN_FILENO, buf, sizeof buf);
		if (n > 0 && fs_write_all(fd, buf, (size_t)n, err) < 0) {
			close(fd);
			return -1;
		}
	} while (n > 0 || (n < 0 && errno == EINTR && !convert_interrupted()));
	if (n == 0)
		return fd;
	close(fd);
	return error_sys(err, errno, "read standard input");
}

/* What a name may have in a Message-ID and as the name of a file. A dot stands
 * between two other characters there (RFC 5322 3.2.3). */
static bool
is_plain(const char *name, size_t i)
{
	if (name[i] == '.')
		return i && name[i - 1] != '.' && name[i + 1];
	return strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
		"0123456789_-", name[i]);
}

/* The same file under the same name is the same mail, wherever it lies; equal
 * files of two names are two. A name that had to be changed has its sum too,
 * behind a sign that no name keeps. */
static int
make_key(struct convert_file *f, struct error *err)
{
	const char *slash = strrchr(f->path, '/');
	const char *name = slash ? slash + 1 : f->path;
	char hash[65], plain[KEY_NAME + 1];
	bool changed = strlen(name) > KEY_NAME;
	size_t i;

	if (deliver_hash(f->fd, hash, err) < 0)
		return -1;
	for (i = 0; i < KEY_NAME && name[i]; i++) {
		plain[i] = is_plain(name, i) ? name[i] : '_';
		changed = changed || plain[i] != name[i];
	}
	plain[i] = '\0';
	snprintf(f->key, sizeof f->key, "%.32s-%s", hash, plain);
	if (changed) {
		char *sum = g_compute_checksum_for_string(G_CHECKSUM_SHA256,
			name, -1);

		snprintf(f->key + strlen(f->key), 18, "+%.16s", sum);
		g_free(sum);
	}
	return 0;
}

/* Only mail has a Message-ID; reading all of a file for it takes long. */
static bool
needs_key(const struct convert_options *o)
{
	return o->maildir || o->mbox || (o->form == CONVERT_EML && !o->json);
}

static int
open_file(struct convert_file *f, struct error *err)
{
	struct stat st;

	if (strcmp(f->path, "-") == 0)
		f->fd = open_stdin(err);
	else if ((f->fd = open(f->path, O_RDONLY | O_CLOEXEC |
	    O_NONBLOCK)) < 0)
		error_sys(err, errno, "open");
	if (f->fd < 0)
		return -1;
	if (fstat(f->fd, &st) < 0)
		return error_sys(err, errno, "look at it");
	if (!S_ISREG(st.st_mode))
		return error_set(err, ERROR_INVALID, "is not a file");
	f->size = st.st_size;
	f->modified_at = st.st_mtim.tv_sec * INT64_C(1000);
	f->source = fd_source(&f->fd, st.st_size);
	return needs_key(&f->convert->options) ? make_key(f, err) : 0;
}

static void
count_message(struct convert *c, const struct message *m)
{
	c->messages++;
	if (m->verdict == MESSAGE_NOT)
		c->not_messages++;
	else if (m->verdict == MESSAGE_REPAIRED)
		c->repaired++;
	for (int i = 0; i < MESSAGE_DEFECT_KINDS; i++)
		c->defects[i] += m->defects_of[i];
}

/* What the message says and its mail will not: said, where it is not listed
 * anyway. */
static void
count_replaced(struct convert_file *f, const struct message *m)
{
	static const enum message_defect_kind kinds[] = {
		MESSAGE_DEFECT_DATE, MESSAGE_DEFECT_CHARACTERS,
	};
	struct convert *c = f->convert;
	bool said = c->options.form == CONVERT_DEFECTS ||
		(c->options.json && !c->options.maildir && !c->options.mbox);
	bool any = false;
	char words[200];

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		if (m->verdict == MESSAGE_NOT || !m->defects_of[kinds[i]])
			continue;
		any = true;
		snprintf(words, sizeof words, "message %d: %s", m->number,
			message_defect_word(kinds[i]));
		if (!said)
			convert_notice(c, f->path, words);
	}
	c->replaced += any;
}

static int
read_messages(struct convert_file *f, convert_each each, void *arg,
	struct error *err)
{
	const struct message_options options = {
		.date_order = f->convert->po->date_order,
		.hex_files = f->convert->options.hex,
		.und = f->convert->options.und,
	};
	struct message_reader *reader = message_reader_new(&f->source,
		&options);
	struct message m;
	int rc = 0, failed = 0;

	message_init(&m);
	while (!failed && !convert_interrupted() &&
	    (rc = message_reader_next(reader, &m, err)) > 0) {
		rc = message_note_characters(&m, &f->source,
			f->convert->charset, err);
		if (rc < 0)
			break;
		count_message(f->convert, &m);
		count_replaced(f, &m);
		failed = each(f, &m, arg, err);
		f->convert->in_file = m.range.offset + m.range.length;
		convert_bar_draw(f->convert);
	}
	if (!failed && rc < 0) {
		convert_notice(f->convert, f->path, err->text);
		f->convert->unreadable++;
	}
	message_release(&m);
	message_reader_free(reader);
	return failed ? -1 : rc < 0 ? 1 : 0;
}

int
convert_read(struct convert *c, const char *path, convert_each each,
	void *arg, struct error *err)
{
	struct convert_file f = { .convert = c, .path = path, .fd = -1 };
	int64_t before = c->messages;
	int rc;

	if (open_file(&f, err) < 0) {
		convert_notice(c, path, err->text);
		c->unreadable++;
		rc = 1;
	} else {
		rc = read_messages(&f, each, arg, err);
		if (rc == 0 && c->messages == before &&
		    !convert_interrupted()) {
			convert_notice(c, path, "is empty");
			c->not_messages++;
		}
	}
	c->files++;
	c->bytes += f.size;
	c->in_file = 0;
	if (f.fd >= 0)
		close(f.fd);
	return rc;
}

int
convert_eml(struct convert_file *file, const struct message *m, int fd,
	struct error *err)
{
	char id[160];
	struct stat st;
	struct deliver_job job = {
		.po = file->convert->po, .charset = file->convert->charset,
		.source_fd = file->fd, .temp_dirfd = AT_FDCWD, .id = id,
		.default_at = file->modified_at, .keep_bcc = true,
	};

	snprintf(id, sizeof id, "%s.%d", file->key, m->number);
	if (deliver_write(&job, m, fd, err) < 0)
		return -1;
	/* It is the user's: nobody keeps others from it meanwhile. */
	if (fstat(file->fd, &st) < 0)
		return error_sys(err, errno, "look at it");
	return st.st_size < m->range.offset + m->range.length ?
		convert_shorter(file, err) : 0;
}

int
convert_shorter(const struct convert_file *file, struct error *err)
{
	return error_set(err, ERROR_INVALID, "%s became shorter while it was "
		"read", file->path);
}

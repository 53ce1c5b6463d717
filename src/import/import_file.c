/* SPDX-License-Identifier: ISC */
/* import_file: see import_file.h for the contract. */
#include "import/import_file.h"
#include "mail/fd_source.h"
#include "base/text.h"
#include "import/deliver.h"
#include "import/import_message.h"
#include "import/import_und.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define KEY_MAX (DELIVERED_KEY_MAX - 12)	/* ".65536" follows */
#define SHOWN(path) text_printable((char[128]){ 0 }, 128, (path), strlen(path))

struct file {
	struct import_pack *pack;
	struct import_item *item;
	int fd;
	struct message_source source;
	char key[KEY_MAX + 1];
};

/* CCMQ_ID, else what the file says itself. */
static int
find_key(struct file *f, struct error *err)
{
	const char *key = f->item->key;
	char hash[65];

	if (key) {
		if (!delivered_is_key(key) || strlen(key) > KEY_MAX)
			return error_set(err, ERROR_INVALID, "CCMQ_ID \"%s\" "
				"is not letters, digits, dots and dashes",
				SHOWN(key));
		snprintf(f->key, sizeof f->key, "%s", key);
		return 0;
	}
	if (deliver_hash(f->fd, hash, err) < 0)
		return -1;
	snprintf(f->key, sizeof f->key, "%s", hash);
	return 0;
}

static enum import_code
open_source(struct file *f, struct error *err)
{
	const char *path = f->item->path;
	struct stat st;

	/* O_NONBLOCK: not to wait for the other end of a pipe. */
	f->fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (f->fd < 0 || fstat(f->fd, &st) < 0)
		error_sys(err, errno, "open %s", SHOWN(path));
	else if (!S_ISREG(st.st_mode))
		error_set(err, ERROR_INVALID, "%s is not a file", SHOWN(path));
	else if (find_key(f, err) == 0) {
		f->source = fd_source(&f->fd, st.st_size);
		return IMPORT_DONE;
	}
	return IMPORT_UNUSABLE;
}

static struct message_reader *
new_reader(const struct file *f)
{
	const struct message_options options = {
		.date_order = f->pack->office->po->date_order,
		.hex_files = f->pack->office->options->hex != NULL,
	};

	return message_reader_new(&f->source, &options);
}

/* The next message, with what its code page has no character for noted. */
static int
next_message(struct file *f, struct message_reader *reader, struct message *m,
	struct error *err)
{
	int rc = message_reader_next(reader, m, err);

	if (rc > 0 && message_note_characters(m, &f->source,
	    f->pack->office->charset, err) < 0)
		rc = -1;
	return rc;
}

static int
refuse(const struct message *m, struct error *err)
{
	const struct message_defect *d = message_why_not(m);

	return error_set(err, ERROR_INVALID, "message %d is none: %s at "
		"byte %lld", m->number, d ? d->words : "nothing in it",
		d ? (long long)d->offset : 0);
}

/*
 * Reads the whole file and leaves its only message in m, if it is the only
 * one: most files hold one, which need not be read again.
 */
static enum import_code
check_all(struct file *f, struct message *m, struct error *err)
{
	struct message_reader *reader = new_reader(f);
	struct message next, *at = m;
	enum import_code code = IMPORT_DONE;
	int rc;

	message_init(&next);
	while ((rc = next_message(f, reader, at, err)) > 0) {
		f->item->messages++;
		if (at->verdict == MESSAGE_NOT) {
			refuse(at, err);
			code = IMPORT_FAILED;
			break;
		}
		at = &next;
	}
	if (rc < 0)
		code = IMPORT_UNUSABLE;
	if (code == IMPORT_DONE && f->item->messages == 0) {
		error_set(err, ERROR_INVALID, "%s holds no message",
			SHOWN(f->item->path));
		code = IMPORT_FAILED;
	}
	message_release(&next);
	message_reader_free(reader);
	return code;
}

/* A key that ends in a number behind a dot is of one message out of a file: it
 * had that key there. */
static bool
is_part(const char *key)
{
	const char *dot = strrchr(key, '.');

	return dot && dot[1] && strspn(dot + 1, "0123456789") ==
		strlen(dot + 1);
}

static enum import_code
deliver_one(struct file *f, const struct message *m, struct error *err)
{
	struct import_delivery d = {
		.pack = f->pack, .item = f->item, .source_fd = f->fd,
		.partial = f->pack->office->options->partial != NULL,
	};
	enum import_code code;

	if (f->pack->broken) {
		*err = f->pack->err;
		return IMPORT_UNUSABLE;
	}
	if (m->number == 1 && is_part(f->key))
		snprintf(d.key, sizeof d.key, "%s", f->key);
	else
		snprintf(d.key, sizeof d.key, "%s.%d", f->key, m->number);
	code = import_message(&d, m, err);
	if (code == IMPORT_UNDELIVERABLE) {
		f->item->undeliverable++;
		if (und_spool_add(&f->item->spool, f->pack->office->staging_fd,
		    &f->source, m, d.judged.reasons, d.judged.reason_count,
		    err) < 0)
			code = IMPORT_UNUSABLE;
	}
	judged_release(&d.judged);
	return code;
}

static enum import_code
deliver_all(struct file *f, struct message *m, struct error *err)
{
	struct message_reader *reader;
	enum import_code code = IMPORT_DONE;
	int rc = 1;

	if (f->item->messages == 1)
		return deliver_one(f, m, err);
	reader = new_reader(f);
	while (code == IMPORT_DONE &&
	    (rc = next_message(f, reader, m, err)) > 0) {
		code = deliver_one(f, m, err);
		if (code == IMPORT_UNDELIVERABLE)
			code = IMPORT_DONE;
	}
	message_reader_free(reader);
	if (rc < 0)
		return IMPORT_UNUSABLE;
	return code == IMPORT_DONE && f->item->undeliverable ?
		IMPORT_UNDELIVERABLE : code;
}

void
import_file(struct import_pack *pack, struct import_item *item)
{
	struct file f = { .pack = pack, .item = item, .fd = -1 };
	enum import_code code;
	struct message m;
	struct error err = ERROR_INIT;

	message_init(&m);
	code = open_source(&f, &err);
	if (code == IMPORT_DONE)
		code = check_all(&f, &m, &err);
	/* The same message again: it is to find what became of the first. */
	if (code == IMPORT_DONE && import_pack_has(pack, f.key))
		import_pack_flush(pack);
	if (code == IMPORT_DONE)
		code = deliver_all(&f, &m, &err);
	if (code == IMPORT_UNDELIVERABLE && item->code == IMPORT_DONE)
		item->code = code;
	else if (code != IMPORT_DONE)
		import_item_fail(item, code, &err);
	message_release(&m);
	if (f.fd >= 0)
		close(f.fd);
}

/* import_run: see import_run.h for the contract. */
#include "import/import_run.h"
#include "mail/charset.h"
#include "base/clock.h"
#include "import/deliver.h"
#include "import/delivered.h"
#include "mail/fd_source.h"
#include "base/files.h"
#include "import/handoff_note.h"
#include "import/import_judge.h"
#include "import/import_message.h"
#include "import/import_und.h"
#include "import/maildir.h"
#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define LOCK_NAME "postoffice.lock"
#define LOCK_WAIT (5 * CLOCK_SECOND)	/* a delivery takes milliseconds */
#define KEY_MAX (DELIVERED_KEY_MAX - 12)	/* ".65536" follows */
#define SHOWN(path) text_printable((char[128]){ 0 }, 128, (path), strlen(path))

/* Everything that a run holds open. */
struct run {
	const struct import_options *options;
	struct import_place place;
	int lock_fd;
	struct message_source source;
	struct import_und und;
	char key[KEY_MAX + 1];	/* of the file */
	struct import_report *report;
};

static enum import_code
take_lock(struct run *r, struct error *err)
{
	int rc;

	r->lock_fd = openat(r->place.dirfd, LOCK_NAME, O_RDWR | O_CREAT |
		O_CLOEXEC | O_NOFOLLOW, 0660);
	if (r->lock_fd < 0) {
		error_sys(err, errno, "open %s/" LOCK_NAME,
			SHOWN(r->options->directory));
		return IMPORT_UNUSABLE;
	}
	rc = fs_lock(r->lock_fd, LOCK_WAIT, NULL, NULL, err);
	if (rc < 0)
		return IMPORT_UNUSABLE;
	if (rc > 0) {
		error_set(err, ERROR_BUSY, "post office %s is locked by "
			"another process", SHOWN(r->options->directory));
		return IMPORT_LOCKED;
	}
	/* Q179072: shut down for maintenance. */
	if (faccessat(r->place.dirfd, "CCPODOWN", F_OK, 0) == 0 ||
	    faccessat(r->place.dirfd, "ccpodown", F_OK, 0) == 0) {
		error_set(err, ERROR_BUSY, "post office %s is shut down for "
			"maintenance (CCPODOWN)", SHOWN(r->options->directory));
		return IMPORT_LOCKED;
	}
	return IMPORT_DONE;
}

static enum import_code
open_post_office(struct run *r, struct error *err)
{
	const char *name = r->options->post_office;
	enum import_code code;
	struct postoffice *po;

	r->place.dirfd = open(r->options->directory,
		O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (r->place.dirfd < 0) {
		error_sys(err, errno, "open post office %s",
			SHOWN(r->options->directory));
		return IMPORT_UNUSABLE;
	}
	code = take_lock(r, err);
	if (code != IMPORT_DONE)
		return code;
	po = r->place.po = postoffice_load(r->options->directory, err);
	if (!po)
		return IMPORT_UNUSABLE;
	if (name && !postoffice_is_named(po, name)) {
		error_set(err, ERROR_STORE, "%s is the post office %s, not %s",
			SHOWN(r->options->directory), SHOWN(po->name),
			SHOWN(name));
		return IMPORT_UNUSABLE;
	}
	if (po->time_zone) {
		setenv("TZ", po->time_zone, 1);
		tzset();
	}
	r->place.charset = charset_new(po->code_page, err);
	if (!r->place.charset || maildir_recover(r->place.dirfd, err) < 0 ||
	    handoff_recover(r->place.dirfd, err) < 0)
		return IMPORT_UNUSABLE;
	return IMPORT_DONE;
}

/* CCMQ_ID, else what the file says itself (DESIGN section 5). */
static int
find_key(struct run *r, struct error *err)
{
	const char *id = getenv("CCMQ_ID");
	char hash[65];

	if (id && *id) {
		if (!delivered_is_key(id) || strlen(id) > KEY_MAX)
			return error_set(err, ERROR_INVALID, "CCMQ_ID \"%s\" "
				"is not letters, digits, dots and dashes",
				SHOWN(id));
		snprintf(r->key, sizeof r->key, "%s", id);
		return 0;
	}
	if (deliver_hash(r->place.source_fd, hash, err) < 0)
		return -1;
	snprintf(r->key, sizeof r->key, "%s", hash);
	return 0;
}

static enum import_code
open_source(struct run *r, struct error *err)
{
	const char *path = r->options->file;
	struct stat st;

	/* O_NONBLOCK: not to wait for the other end of a pipe. */
	r->place.source_fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW |
		O_NONBLOCK);
	if (r->place.source_fd < 0 || fstat(r->place.source_fd, &st) < 0)
		error_sys(err, errno, "open %s", SHOWN(path));
	else if (!S_ISREG(st.st_mode))
		error_set(err, ERROR_INVALID, "%s is not a file", SHOWN(path));
	else if (find_key(r, err) == 0) {
		r->source = fd_source(&r->place.source_fd, st.st_size);
		return IMPORT_DONE;
	}
	return IMPORT_UNUSABLE;
}

static struct message_reader *
new_reader(const struct run *r)
{
	const struct message_options options = {
		.date_order = r->place.po->date_order,
		.hex_files = r->options->hex != NULL,
	};

	return message_reader_new(&r->source, &options);
}

static int
refuse(const struct message *m, struct error *err)
{
	const struct message_defect *d = NULL;

	for (size_t i = 0; i < m->defect_count && !d; i++)
		d = &m->defects[i];
	return error_set(err, ERROR_INVALID, "message %d is none: %s at "
		"byte %lld", m->number, d ? d->words : "nothing in it",
		d ? (long long)d->offset : 0);
}

/*
 * Reads the whole file and leaves its only message in m, if it is the only
 * one: most files hold one, which need not be read again.
 */
static enum import_code
check_all(struct run *r, struct message *m, struct error *err)
{
	struct message_reader *reader = new_reader(r);
	struct message next, *at = m;
	enum import_code code = IMPORT_DONE;
	int rc;

	message_init(&next);
	while ((rc = message_reader_next(reader, at, err)) > 0) {
		r->report->messages++;
		if (at->verdict == MESSAGE_NOT) {
			refuse(at, err);
			code = IMPORT_FAILED;
			break;
		}
		at = &next;
	}
	if (rc < 0)
		code = IMPORT_UNUSABLE;
	if (code == IMPORT_DONE && r->report->messages == 0) {
		error_set(err, ERROR_INVALID, "%s holds no message",
			SHOWN(r->options->file));
		code = IMPORT_FAILED;
	}
	message_release(&next);
	message_reader_free(reader);
	return code;
}

static enum import_code
deliver_one(struct run *r, const struct message *m, struct error *err)
{
	struct import_delivery d = {
		.place = &r->place,
		.partial = r->options->partial != NULL,
	};
	enum import_code code;

	snprintf(d.key, sizeof d.key, "%s.%d", r->key, m->number);
	code = import_message(&d, m, err);
	r->report->deliveries += d.made;
	if (code == IMPORT_UNDELIVERABLE) {
		r->report->undeliverable++;
		if (import_und_add(&r->und, &r->source, m, d.judged.reasons,
		    d.judged.reason_count, err) < 0)
			code = err->code == ERROR_BUSY ? IMPORT_LOCKED :
				IMPORT_UNUSABLE;
	}
	judged_release(&d.judged);
	return code;
}

static enum import_code
deliver_all(struct run *r, struct message *m, struct error *err)
{
	struct message_reader *reader;
	enum import_code code = IMPORT_DONE;
	bool some_undeliverable = false;
	int rc = 1;

	if (r->report->messages == 1)
		return deliver_one(r, m, err);
	reader = new_reader(r);
	while (code == IMPORT_DONE &&
	    (rc = message_reader_next(reader, m, err)) > 0) {
		code = deliver_one(r, m, err);
		if (code == IMPORT_UNDELIVERABLE) {
			some_undeliverable = true;
			code = IMPORT_DONE;
		}
	}
	message_reader_free(reader);
	if (rc < 0)
		return IMPORT_UNUSABLE;
	return code == IMPORT_DONE && some_undeliverable ?
		IMPORT_UNDELIVERABLE : code;
}

/* What is done is taken away (0), and so is what lies in the .und (5). */
static enum import_code
finish(struct run *r, enum import_code code, struct error *err)
{
	if (code != IMPORT_DONE && code != IMPORT_UNDELIVERABLE)
		return code;
	if (import_und_commit(&r->und, err) < 0)
		return IMPORT_UNUSABLE;
	if (unlink(r->options->file) < 0 && errno != ENOENT)
		fprintf(stderr, "ccmq-import: %s is imported, but could not "
			"be deleted: %s\n", SHOWN(r->options->file),
			strerror(errno));
	return code;
}

static void
close_all(struct run *r)
{
	import_und_release(&r->und);
	charset_free(r->place.charset);
	postoffice_free(r->place.po);
	if (r->place.source_fd >= 0)
		close(r->place.source_fd);
	if (r->lock_fd >= 0)
		close(r->lock_fd);
	if (r->place.dirfd >= 0)
		close(r->place.dirfd);
}

enum import_code
import_run(const struct import_options *options,
	struct import_report *report_out, struct error *err)
{
	struct run r = { .options = options, .lock_fd = -1,
		.place = { .dirfd = -1, .source_fd = -1 },
		.report = report_out };
	enum import_code code;
	struct message m;

	*report_out = (struct import_report){ 0 };
	message_init(&m);
	import_und_init(&r.und, options->und);
	code = open_post_office(&r, err);
	if (code == IMPORT_DONE)
		code = open_source(&r, err);
	if (code == IMPORT_DONE)
		code = check_all(&r, &m, err);
	if (code == IMPORT_DONE)
		code = finish(&r, deliver_all(&r, &m, err), err);
	message_release(&m);
	close_all(&r);
	return code;
}

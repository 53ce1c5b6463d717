/* SPDX-License-Identifier: ISC */
/* replay: see replay.h for the contract. */
#include "work/replay.h"
#include "base/clock.h"
#include "base/files.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "mail/fd_source.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SHOWN(path) text_printable((char[128]){ 0 }, 128, (path), strlen(path))

/* --- which files --------------------------------------------------------------- */

static const char *
last_part(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* ccmail.und, or one that was rotated. */
static bool
is_und(const char *name)
{
	size_t len = strlen(name);

	while (len > 0 && name[len - 1] >= '0' && name[len - 1] <= '9')
		len--;
	if (len > 0 && len < strlen(name) && name[len - 1] == '.')
		len--;
	return len >= 4 && strncasecmp(name + len - 4, ".und", 4) == 0;
}

static const char *
why_not(const char *name, const struct stat *st)
{
	if (is_und(name))
		return "a .und file is never replayed as it is: ccmq und list "
			"shows its entries, ccmq und resend makes messages of "
			"them";
	if (!spool_is_message_name(name))
		return "its name does not end in .ccm, or starts with a dot";
	return S_ISREG(st->st_mode) ? NULL : "it is not a file";
}

/* path is taken. */
static void
add_file(struct replay *r, char *path, const struct stat *st)
{
	xgrow(&r->files, &r->cap, r->n + 1, sizeof *r->files, REPLAY_MAX);
	r->files[r->n++] = (struct replay_file){
		.path = path, .why = why_not(last_part(path), st),
		.mtime_ns = st->st_mtim.tv_sec * INT64_C(1000000000) +
			st->st_mtim.tv_nsec,
	};
}

/* Of a directory what is no message by its name is none of our business, but
 * that somebody means its .und. */
static int
add_dir(struct replay *r, const char *path, struct error *err)
{
	DIR *dir = opendir(path);
	const struct dirent *e;
	struct stat st;
	int rc;

	if (!dir)
		return error_sys(err, errno, "read %s", SHOWN(path));
	while ((rc = fs_next(dir, &e, err)) > 0) {
		if ((spool_is_message_name(e->d_name) || is_und(e->d_name)) &&
		    fstatat(dirfd(dir), e->d_name, &st,
			    AT_SYMLINK_NOFOLLOW) == 0)
			add_file(r, xasprintf("%s/%s", path, e->d_name), &st);
	}
	closedir(dir);
	return rc < 0 ? error_prefix(err, "%s", SHOWN(path)) : 0;
}

int
replay_add(struct replay *r, const char *path, struct error *err)
{
	struct stat st;

	if (stat(path, &st) < 0)
		return error_sys(err, errno, "look at %s", SHOWN(path));
	if (S_ISDIR(st.st_mode))
		return add_dir(r, path, err);
	add_file(r, xstrdup(path), &st);
	return 0;
}

void
replay_release(struct replay *r)
{
	for (size_t i = 0; i < r->n; i++)
		free(r->files[i].path);
	free(r->files);
}

static int
by_age(const void *a, const void *b)
{
	const struct replay_file *x = a, *y = b;

	if (x->mtime_ns != y->mtime_ns)
		return x->mtime_ns < y->mtime_ns ? -1 : 1;
	return strcmp(last_part(x->path), last_part(y->path));
}

/* --- what is known already ------------------------------------------------------- */

struct replaying {
	struct replay *replay;
	const struct made_spec *spec;	/* the caller's */
	struct made made;
	bool begun;
	int in;				/* descriptor of the file in hand */
	off_t size;
};

#define IS_NO_MORE (STATE_BIT(STATE_PURGED) | STATE_BIT(STATE_REMOVED) | \
	STATE_BIT(STATE_LOST))

/* Does this one keep its bytes from coming again? */
static bool
stands_for(const struct history_message *m)
{
	return m->parts > 0 || !(STATE_BIT(m->state) & IS_NO_MORE);
}

static char *
known_words(const struct history_message *m)
{
	char at[TEXT_TIME_MAX];

	if (m->parts > 0)
		return xasprintf("was split as #%" PRId64, m->id);
	if (m->state != STATE_IMPORTED)
		return xasprintf("is here as #%" PRId64 " (%s)", m->id,
			state_word(m->state));
	return xasprintf("was imported as #%" PRId64 ", %s", m->id,
		text_time(at, m->since, clock_wall()));
}

/* 1 the history knows it (result and why say), 0 not, -1. */
static int
is_known(struct replaying *rp, struct made_one *one, struct error *err)
{
	struct history_message m;
	int64_t after = 0;
	int rc = 0;

	if (rp->replay->again)
		return 0;
	if (!*one->m.content) {
		one->result = OPERATION_SKIPPED;
		one->why = xstrdup("is larger than 64M: whether it was "
			"imported before is not known; --again replays it");
		return 1;
	}
	while (!one->why && (rc = history_message_content(
	    rp->spec->store->history, one->m.content, after, &m, err)) > 0) {
		after = m.id;
		if (stands_for(&m)) {
			one->result = OPERATION_UNCHANGED;
			one->why = known_words(&m);
		}
		history_message_release(&m);
	}
	return rc < 0 ? -1 : one->why != NULL;
}

/* Once more, in the transaction: others may have been here, and one of these
 * may be another one's copy. */
static int
decide(void *arg, struct made_one *one, struct error *err)
{
	int rc = is_known(arg, one, err);

	return rc < 0 ? -1 : !rc;
}

static void
tell(void *arg, const struct made_one *one)
{
	struct replaying *rp = arg;

	rp->spec->result(rp->spec->arg, one);
}

/* --- one after the other ------------------------------------------------------------ */

static int
write_copy(void *arg, int fd, struct error *err)
{
	struct replaying *rp = arg;

	return fs_copy(rp->in, fd, rp->size, err);
}

static int
open_file(struct replaying *rp, struct replay_file *f, struct made_one *one,
	struct error *err)
{
	char content[STORE_CONTENT_HEX];
	struct error why = ERROR_INIT;
	struct stat st = { 0 };
	struct message_source src;

	rp->in = open(f->path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (rp->in < 0 || fstat(rp->in, &st) < 0)
		error_sys(&why, errno, "open it");
	else if (!S_ISREG(st.st_mode))
		error_set(&why, ERROR_INVALID, "it is not a file");
	src = fd_source(&rp->in, st.st_size);
	if (!why.code && store_content(&src, content, &why) == 0) {
		rp->size = st.st_size;
		one->m.content = xstrdup(content);
		return is_known(rp, one, err);
	}
	one->result = OPERATION_FAILED;
	one->why = xstrdup(why.text);
	return 1;
}

/* Its name as dropped: without the number that it had in a store. */
static const char *
dropped_name(const char *path)
{
	const char *name = last_part(path);
	int64_t id;

	return spool_parse_file_name(name, &id) ? strchr(name, '-') + 1 : name;
}

static int
make_it(struct replaying *rp, const struct replay_file *f, struct error *err)
{
	struct made_spec own = *rp->spec;
	struct made_one *one;

	own.verb = "replay";
	own.total = (int64_t)rp->replay->n;
	own.decide = decide;
	own.result = tell;
	own.arg = rp;
	if (!rp->begun && made_begin(&rp->made, &own, err) < 0)
		return -1;
	rp->begun = true;
	if (made_add(&rp->made, dropped_name(f->path), write_copy, rp, &one,
	    err) < 0)
		return error_prefix(err, "%s", SHOWN(f->path));
	one->from = xstrdup(f->path);
	return 0;
}

static int
replay_one(struct replaying *rp, struct replay_file *f, struct error *err)
{
	struct made_one one = { .result = OPERATION_DONE };
	int rc = 1;

	rp->in = -1;
	if (f->why) {
		one.result = OPERATION_SKIPPED;
		one.why = xstrdup(f->why);
	} else {
		rc = open_file(rp, f, &one, err);
	}
	one.from = f->path;
	if (rc > 0 || (rc == 0 && rp->replay->dry_run))
		rp->spec->result(rp->spec->arg, &one);
	if (rc == 0 && !rp->replay->dry_run)
		rc = make_it(rp, f, err);
	if (rp->in >= 0)
		close(rp->in);
	history_message_release(&one.m);
	free(one.why);
	return rc < 0 ? -1 : 0;
}

int
replay_do(struct replay *r, const struct made_spec *spec, struct error *err)
{
	struct replaying rp = { .replay = r, .spec = spec,
		.made = { .lock = -1 } };
	int rc = 0;

	if (r->n)
		qsort(r->files, r->n, sizeof *r->files, by_age);
	for (size_t i = 0; rc == 0 && i < r->n; i++)
		rc = replay_one(&rp, &r->files[i], err);
	if (rc == 0 && rp.begun)
		rc = made_commit(&rp.made, err);
	made_end(&rp.made);
	return rc;
}

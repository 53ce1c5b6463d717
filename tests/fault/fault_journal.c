/* SPDX-License-Identifier: ISC */
/*
 * fault_journal: what was there before each change, record by record.
 *
 * The journal is opened for each call: a lock on a descriptor shared with a
 * forked child would not keep the two apart.
 */
#include "fault_core.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>

void
fault_journal_open(struct fault_call *c)
{
	sigset_t all;

	sigfillset(&all);
	RAW(rt_sigprocmask, SIG_SETMASK, &all, &c->mask, 8);
	c->journal = raw_openat(AT_FDCWD, fault.log,
		O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
	if (c->journal < 0) {
		RAW(rt_sigprocmask, SIG_SETMASK, &c->mask, NULL, 8);
		fault_blind("journal", fault.log);
		return;
	}
	while (flock(c->journal, LOCK_EX) < 0 && errno == EINTR)
		continue;
	c->at = fault.state->journal_end;
}

void
fault_journal_close(struct fault_call *c)
{
	if (c->journal < 0)
		return;
	close(c->journal);
	c->journal = -1;
	RAW(rt_sigprocmask, SIG_SETMASK, &c->mask, NULL, 8);
}

static void
put(struct fault_call *c, const void *bytes, size_t len)
{
	if (raw_pwrite(c->journal, bytes, len, c->at) != (long)len)
		fault_blind("journal", fault.log);
	c->at += len;
}

static void
put_end(struct fault_call *c)
{
	c->at = (c->at + 7) & ~UINT64_C(7);	/* records are aligned */
	fault.state->journal_end = c->at;
}

static void
set_times(struct fault_record *r, const struct stat *st)
{
	r->mtime_s = st->st_mtim.tv_sec;
	r->mtime_ns = st->st_mtim.tv_nsec;
}

static void
fill_entry(struct fault_entry *e, const struct fault_place *p)
{
	e->dir = p->dir;
	e->path_len = (uint32_t)strlen(p->path) + 1;
	if (!p->exists)
		return;
	e->ino = p->st.st_ino;
	e->mode = p->st.st_mode;
	e->uid = p->st.st_uid;
	e->gid = p->st.st_gid;
}

/*
 * Keeps the last link of a file that may go away. In the side directory it
 * is named by its inode, which so cannot be used again during the run; that of
 * a directory cannot as long as this process has it open.
 */
static void
keep(const struct fault_place *p)
{
	char path[PATH_MAX + 32];

	if (p->exists && S_ISDIR(p->st.st_mode))
		raw_openat(p->dirfd, p->name, O_PATH | O_CLOEXEC, 0);
	if (!p->exists || S_ISDIR(p->st.st_mode) || p->st.st_nlink != 1)
		return;
	snprintf(path, sizeof path, "%s/i%llu", fault.side,
		(unsigned long long)p->st.st_ino);
	if (RAW(linkat, p->dirfd, p->name, AT_FDCWD, path, 0) < 0 &&
	    errno != EEXIST)
		fault_blind("keep", p->path);
}

void
fault_note_names(struct fault_call *c, const struct fault_place *a,
	const struct fault_place *b)
{
	struct fault_record r;

	if (c->journal < 0)
		return;
	memset(&r, 0, sizeof r);
	r.kind = FAULT_REC_NAME;
	if (b && b->dirfd < 0)
		b = NULL;
	if (a->dirfd < 0 && b) {
		a = b;
		b = NULL;
	}
	fill_entry(&r.entry[0], a);
	if (b)
		fill_entry(&r.entry[1], b);
	r.size = sizeof r + r.entry[0].path_len + r.entry[1].path_len;
	/* A rename keeps its source alive; what it replaces goes away. */
	if (c->class == FAULT_REMOVE)
		keep(a);
	else if (c->class == FAULT_RENAME)
		keep(b ? b : a);
	put(c, &r, sizeof r);
	put(c, a->path, r.entry[0].path_len);
	if (b)
		put(c, b->path, r.entry[1].path_len);
	put_end(c);
}

/* SQLite's index of the WAL is mapped, and made anew: not durable state. */
static bool
is_volatile(int fd)
{
	char path[FAULT_PATH_MAX];
	size_t len;

	if (!fault_path_of(fd, path))
		return false;
	len = strlen(path);
	return len > 4 && strcmp(path + len - 4, "-shm") == 0;
}

static void
put_old_bytes(struct fault_call *c, int fd, int64_t offset, int64_t len)
{
	char buf[16384], path[40];
	int in = -1;

	if (len > 0) {
		snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
		in = raw_openat(AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0);
		if (in < 0)
			fault_blind("read what was there", path);
	}
	while (len > 0) {
		size_t want = len < (int64_t)sizeof buf ? (size_t)len :
			sizeof buf;

		memset(buf, 0, want);
		if (in >= 0 && raw_pread(in, buf, want, offset) < 0)
			fault_blind("read what was there", path);
		put(c, buf, want);
		offset += (int64_t)want;
		len -= (int64_t)want;
	}
	if (in >= 0)
		close(in);
}

void
fault_note_data(struct fault_call *c, int fd, const struct stat *st,
	int64_t offset, int64_t len)
{
	struct fault_record r;

	if (c->journal < 0 || is_volatile(fd))
		return;
	if (len > st->st_size - offset)
		len = st->st_size - offset;
	if (len < 0)
		len = 0;
	memset(&r, 0, sizeof r);
	r.kind = FAULT_REC_DATA;
	r.size = sizeof r + (uint64_t)len;
	r.ino = st->st_ino;
	r.old_size = st->st_size;
	r.offset = offset;
	r.len = len;
	set_times(&r, st);
	put(c, &r, sizeof r);
	put_old_bytes(c, fd, offset, len);
	put_end(c);
}

void
fault_note_meta(struct fault_call *c, const struct stat *st)
{
	struct fault_record r;

	if (c->journal < 0)
		return;
	memset(&r, 0, sizeof r);
	r.kind = FAULT_REC_META;
	r.size = sizeof r;
	r.ino = st->st_ino;
	r.mode = st->st_mode;
	r.uid = st->st_uid;
	r.gid = st->st_gid;
	set_times(&r, st);
	put(c, &r, sizeof r);
	put_end(c);
}

static void
note_bare(struct fault_call *c, enum fault_kind kind, uint64_t ino)
{
	struct fault_record r;

	if (c->journal < 0)
		return;
	memset(&r, 0, sizeof r);
	r.kind = kind;
	r.size = sizeof r;
	r.ino = ino;
	put(c, &r, sizeof r);
	put_end(c);
}

void
fault_note_sync(struct fault_call *c, uint64_t ino)
{
	note_bare(c, FAULT_REC_SYNC, ino);
}

void
fault_note_syncfs(struct fault_call *c)
{
	note_bare(c, FAULT_REC_SYNCFS, 0);
}

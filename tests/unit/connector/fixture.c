/* SPDX-License-Identifier: ISC */
/* fixture: see fixture.h. */
#include "unit/connector/fixture.h"
#include "base/clock.h"
#include "base/xalloc.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <unistd.h>

/* --- an import program that answers at once ----------------------------- */

struct importer {
	bool running;
};

int (*answer)(const char *file);
int starts;
static int last_code;

static struct importer *
fake_open(int lanes_fd, int lane, struct error *err)
{
	(void)lanes_fd;
	(void)lane;
	(void)err;
	return xcalloc(1, sizeof(struct importer));
}

static void
fake_close(struct importer *im)
{
	free(im);
}

static int
fake_clear(struct importer *im, int *killed_out, struct error *err)
{
	(void)im;
	(void)err;
	*killed_out = 0;
	return 1;
}

static int
fake_start(struct importer *im, const struct importer_spec *spec,
	struct error *err)
{
	(void)err;
	starts++;
	im->running = true;
	last_code = answer(spec->argv[0]);
	return 0;
}

static int
fake_fd(const struct importer *im)
{
	(void)im;
	return -1;
}

static int
fake_read(struct importer *im, struct importer_result *out)
{
	if (!im->running)
		return 0;
	im->running = false;
	memset(out, 0, sizeof *out);
	out->end = IMPORTER_EXITED;
	out->value = last_code;
	return 1;
}

static void
fake_stop(struct importer *im)
{
	(void)im;
}

static const struct importer_ops fake = {
	fake_open, fake_close, fake_clear, fake_start, fake_fd, fake_read,
	fake_stop, fake_fd, fake_fd, fake_stop,
};

const struct importer_ops *importer = &fake;
bool hangs;

/* --- calls in libc's place ------------------------------------------- */

void (*with)(struct settings *);
void (*meanwhile)(void);		/* before a batch's rows are written */
int syncfs_fails, rename_fails, statvfs_fails;	/* errno */
int fsync_fails;			/* errno, of the next one alone */
uint64_t room = UINT64_C(1) << 40;	/* bytes that are free */
bool full;

int
syncfs(int fd)
{
	(void)fd;
	if (meanwhile)
		meanwhile();
	errno = syncfs_fails;
	return syncfs_fails ? -1 : 0;
}

/* The history's; what is overwritten in a small file needs no room. */
ssize_t
pwrite64(int fd, const void *bytes, size_t len, off64_t at)
{
	if (full && at + (int64_t)len > 1024) {
		errno = ENOSPC;
		return -1;
	}
	return syscall(SYS_pwrite64, fd, bytes, len, at);
}

/* No power is lost here. */
int
fdatasync(int fd)
{
	(void)fd;
	return 0;
}

int
fsync(int fd)
{
	(void)fd;
	errno = fsync_fails;
	fsync_fails = 0;
	return errno ? -1 : 0;
}

int
fstatvfs(int fd, struct statvfs *v)
{
	(void)fd;
	*v = (struct statvfs){ .f_bavail = room / 4096, .f_frsize = 4096,
		.f_files = INT32_MAX, .f_favail = INT32_MAX };
	errno = statvfs_fails;
	return statvfs_fails ? -1 : 0;
}

int
renameat2(int from_fd, const char *from, int to_fd, const char *to,
	unsigned flags)
{
	if (rename_fails) {
		errno = rename_fails;
		return -1;
	}
	return (int)syscall(SYS_renameat2, from_fd, from, to_fd, to, flags);
}

/* --- a store ------------------------------------------------------------ */

void
drop(const struct fixture *f, const char *name)
{
	char from[128], to[128];
	FILE *out;

	snprintf(from, sizeof from, "%s/submit/new", f->dir);
	snprintf(to, sizeof to, "%s/submit/%s", f->dir, name);
	out = fopen(from, "w");
	assert_non_null(out);
	fprintf(out, "Message:\r\nFrom: Ops, Night at DEMO\r\nTo: Admin at "
		"DEMO\r\nSubject: %s\r\nContents:\r\nText item:\r\nx\r\n",
		name);
	fclose(out);
	assert_int_equal(rename(from, to), 0);
}

void
open_connector(struct fixture *f)
{
	const struct connector_options options = {
		.program = "ccmqd", .importer = importer,
	};
	struct settings settings = SETTINGS_INIT;
	struct error err = ERROR_INIT;

	settings_init(&settings);
	free(settings.store);
	settings.store = realpath(f->dir, NULL);
	free(settings.import_program[0]);
	settings.import_program[0] = xstrdup("%n");
	free(settings.import_program[1]);
	settings.import_program[1] = xstrdup("%f");
	settings.intake_settle_ms = 0;
	settings.disk_min_free_bytes = 0;
	if (with)
		with(&settings);
	f->c = connector_new(&settings, &options, &err);
	assert_non_null(f->c);
}

void
begin_at(struct fixture *f, int64_t at)
{
	struct error err = ERROR_INIT;

	clock_freeze(at, 1000000);
	starts = 0;
	meanwhile = NULL;
	room = UINT64_C(1) << 40;
	hangs = full = false;
	syncfs_fails = rename_fails = statvfs_fails = fsync_fails = 0;
	assert_int_equal(store_create(f->dir, "", &err), 0);
	open_connector(f);
}

int
setup(void **state)
{
	struct fixture *f = xcalloc(1, sizeof *f);

	snprintf(f->dir, sizeof f->dir, "connector-test.XXXXXX");
	assert_non_null(mkdtemp(f->dir));
	begin_at(f, START);
	*state = f;
	return 0;
}

int
teardown(void **state)
{
	struct fixture *f = *state;
	char command[128];

	connector_free(f->c);
	clock_use_system();
	snprintf(command, sizeof command, "rm -rf %s", f->dir);
	assert_int_equal(system(command), 0);
	free(f);
	return 0;
}

void
settle(struct fixture *f)
{
	struct pollfd fds[CONNECTOR_FDS_MAX];
	struct error err = ERROR_INIT;
	int timeout = 0;

	for (int i = 0; i < 5000; i++) {
		assert_int_equal(connector_turn(f->c, &err), 0);
		connector_poll_fds(f->c, fds, &timeout);
		if (timeout > 0 && (hangs || connector_idle(f->c)))
			return;
	}
	fail_msg("it never came to rest");
}

void
pass(struct fixture *f, int64_t ms)
{
	for (int64_t t = 0; t < ms; t += STEP) {
		clock_advance(STEP);
		settle(f);
	}
}

struct history_message
message(struct fixture *f, int64_t id)
{
	struct history_message m = { 0 };
	struct error err = ERROR_INIT;

	assert_int_equal(history_message_get(connector_store(f->c)->history,
		id, &m, &err), 1);
	return m;
}

int64_t
count(struct fixture *f, enum state state)
{
	struct history_counts counts;
	struct error err = ERROR_INIT;

	assert_int_equal(history_counts(connector_store(f->c)->history,
		&counts, &err), 0);
	return counts.n[state];
}

/* SPDX-License-Identifier: ISC */
/*
 * steps: small known sequences of calls, for the harness's own test.
 *
 *   steps NAME     in the root, which holds a/f "f", b/g "g", old "old bytes"
 *
 * What must be there after a power loss stands in test_harness.sh. Exit: 0,
 * or 1 when a call failed (the calls that are meant to fail print how).
 */
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#define MUST(call) __extension__({ \
	long rc_ = (long)(call); \
	\
	if (rc_ < 0) { \
		printf("line %d: %s: %s\n", __LINE__, #call, \
			strerror(errno)); \
		exit(1); \
	} \
	(int)rc_; \
})

static void
make(const char *path, const char *text, int sync_it)
{
	int fd = MUST(open(path, O_WRONLY | O_CREAT | O_EXCL, 0644));

	MUST(write(fd, text, strlen(text)));
	if (sync_it)
		MUST(fsync(fd));
	close(fd);
}

static void
sync_dir(const char *path)
{
	int fd = MUST(open(path, O_RDONLY | O_DIRECTORY));

	MUST(fsync(fd));
	close(fd);
}

static void
sync_file(const char *path)
{
	int fd = MUST(open(path, O_RDONLY));

	MUST(fdatasync(fd));
	close(fd);
}

static void
publish_nothing(void)
{
	make("a/tmp", "new", 0);
	MUST(rename("a/tmp", "a/new"));
}

static void
publish_all(void)
{
	make("a/tmp", "new", 1);
	MUST(rename("a/tmp", "a/new"));
	sync_dir("a");
}

static void
publish_name_only(void)
{
	publish_nothing();
	sync_dir("a");
}

static void
publish_data_only(void)
{
	make("a/tmp", "new", 1);
	MUST(rename("a/tmp", "a/new"));
}

static void
publish_dir_too_early(void)
{
	make("a/tmp", "new", 1);
	sync_dir("a");
	MUST(rename("a/tmp", "a/new"));
}

static void
unlink_it(void)
{
	MUST(unlink("old"));
}

static void
unlink_and_sync(void)
{
	MUST(unlink("old"));
	sync_dir(".");
}

static void
unlink_what_was_written(void)
{
	int fd = MUST(open("old", O_WRONLY));

	MUST(pwrite(fd, "NEW", 3, 0));
	MUST(unlink("old"));
	MUST(pwrite(fd, "er", 2, 3));
	close(fd);
}

static void
overwrite(void)
{
	int fd = MUST(open("old", O_WRONLY));

	MUST(pwrite(fd, "NEW", 3, 0));
	MUST(pwrite(fd, "longer than before", 18, 4));
	close(fd);
}

static void
overwrite_and_sync(void)
{
	overwrite();
	sync_file("old");
}

static void
overwrite_sync_overwrite(void)
{
	int fd = MUST(open("old", O_WRONLY));

	MUST(pwrite(fd, "NEW", 3, 0));
	MUST(fdatasync(fd));
	MUST(pwrite(fd, "XXXXXXXXXXXXXXX", 15, 0));
	close(fd);
}

static void
append(void)
{
	int fd = MUST(open("old", O_WRONLY | O_APPEND));
	struct iovec v[2] = { { (char[]){ "1" }, 1 }, { (char[]){ "2" }, 1 } };

	MUST(write(fd, "+", 1));
	MUST(writev(fd, v, 2));
	MUST(dprintf(fd, "%d", 3));
	close(fd);
}

static void
cut_off(void)
{
	MUST(truncate("old", 3));
	MUST(truncate("a/f", 100));
}

static void
cut_off_at_open(void)
{
	int fd = MUST(open("old", O_WRONLY | O_TRUNC));

	MUST(write(fd, "x", 1));
	close(fd);
}

static void
copy_over(void)
{
	int in = MUST(open("a/f", O_RDONLY)), out = MUST(open("old", O_RDWR));
	struct iovec v = { (char[]){ "vec" }, 3 };
	off_t from = 0;

	MUST(copy_file_range(in, &from, out, NULL, 1000, 0));
	from = 0;
	MUST(sendfile(out, in, &from, 1));
	MUST(pwritev(out, &v, 1, 5));
	MUST(posix_fallocate(out, 0, 5000) == 0 ? 0 : -1);
	close(in);
	close(out);
}

static void
rename_over(void)
{
	MUST(rename("a/f", "b/g"));
}

static void
rename_over_and_sync(void)
{
	rename_over();
	sync_dir("a");
	sync_dir("b");
}

static void
move(void)
{
	MUST(renameat2(AT_FDCWD, "a/f", AT_FDCWD, "b/f", RENAME_NOREPLACE));
}

static void
move_sync_source(void)
{
	move();
	sync_dir("a");
}

static void
move_sync_target(void)
{
	move();
	sync_dir("b");
}

static void
move_sync_both(void)
{
	move();
	sync_dir("b");
	sync_dir("a");
}

/* A durable new file stands where the moved one was: the move must stay. */
static void
move_then_reuse(void)
{
	move();
	make("a/f", "second", 1);
	sync_dir("a");
}

static void
exchange(void)
{
	MUST(renameat2(AT_FDCWD, "a/f", AT_FDCWD, "b/g", RENAME_EXCHANGE));
}

static void
directories(void)
{
	MUST(mkdir("c", 0755));
	make("c/h", "h", 1);
	MUST(unlink("b/g"));
	MUST(rmdir("b"));
	MUST(rename("a", "d"));
	MUST(symlink("old", "s"));
	MUST(link("old", "l"));
}

/* That c went is not durable; ext4 gives d the inode that c had. */
static void
directory_again(void)
{
	MUST(mkdir("a/c", 0755));
	sync_dir("a");
	MUST(rmdir("a/c"));
	MUST(mkdir("b/d", 0755));
	make("b/d/h", "h", 1);
	sync_dir("b/d");
	sync_dir("b");
}

static void
directories_and_sync(void)
{
	directories();
	sync_dir(".");
	sync_dir("c");
}

static void
everything(void)
{
	int fd = MUST(open(".", O_RDONLY));

	directories();
	overwrite();
	MUST(syncfs(fd));
	close(fd);
}

static void
modes(void)
{
	MUST(chmod("old", 0600));
	MUST(utimensat(AT_FDCWD, "old", NULL, 0));
	overwrite();
}

static void
child_without_environment(void)
{
	char *argv[] = { (char[]){ "/bin/rm" }, (char[]){ "old" }, NULL };
	char *env[] = { NULL };
	int status;
	pid_t pid;

	MUST(posix_spawn(&pid, argv[0], NULL, NULL, argv, env) ? -1 : 0);
	MUST(waitpid(pid, &status, 0));
	MUST(status ? -1 : 0);
}

/* Only the first of the three counts: one point. */
static void
three_processes(void)
{
	char *argv[] = { (char[]){ "steps" }, (char[]){ "unlink_it" }, NULL };
	pid_t pid = MUST(fork());

	if (pid == 0) {
		make("child", "", 0);
		_exit(0);
	}
	MUST(waitpid(pid, NULL, 0));
	pid = MUST(fork());
	if (pid == 0) {
		execv("/proc/self/exe", argv);
		_exit(1);
	}
	MUST(waitpid(pid, NULL, 0));
	MUST(mkdir("mine", 0755));
}

static void
stdio(void)
{
	FILE *f = fopen("seen", "w");

	if (f)
		fclose(f);
}

static void
stdio_on_fd(void)
{
	FILE *f = fdopen(MUST(open("seen", O_WRONLY | O_CREAT, 0644)), "w");

	if (f)
		fclose(f);
}

/* Writes 4 bytes three times, then fsync, unlink; says how each went. */
static void
say(void)
{
	int fd = open("said", O_WRONLY | O_CREAT, 0644);
	struct { const char *name; long rc; } r[5];

	for (int i = 0; i < 3; i++) {
		errno = 0;
		r[i].name = "write";
		r[i].rc = write(fd, "four", 4);
		if (r[i].rc < 0)
			r[i].rc = -errno;
	}
	r[3].name = "fsync";
	r[3].rc = fsync(fd) < 0 ? -errno : 0;
	r[4].name = "unlink";
	r[4].rc = unlink("said") < 0 ? -errno : 0;
	for (int i = 0; i < 5; i++)
		printf("%s%s", i ? " " : "", r[i].rc < 0 ?
			strerrorname_np((int)-r[i].rc) :
			(char[2]){ (char)('0' + r[i].rc), '\0' });
	printf("\n");
}

#define STEP(name) { #name, name }
static const struct {
	const char *name;
	void (*run)(void);
} steps[] = {
	STEP(publish_nothing), STEP(publish_all), STEP(publish_name_only),
	STEP(publish_data_only), STEP(publish_dir_too_early),
	STEP(unlink_it), STEP(unlink_and_sync),
	STEP(unlink_what_was_written), STEP(overwrite),
	STEP(overwrite_and_sync), STEP(overwrite_sync_overwrite),
	STEP(append), STEP(cut_off), STEP(cut_off_at_open), STEP(copy_over),
	STEP(rename_over), STEP(rename_over_and_sync), STEP(move_sync_source),
	STEP(move), STEP(move_sync_target), STEP(move_sync_both),
	STEP(move_then_reuse), STEP(exchange), STEP(directories),
	STEP(directory_again),
	STEP(directories_and_sync), STEP(everything), STEP(modes),
	STEP(child_without_environment), STEP(three_processes), STEP(stdio),
	STEP(stdio_on_fd),
	STEP(say),
};

int
main(int argc, char **argv)
{
	for (size_t i = 0; argc == 2 && i < sizeof steps / sizeof *steps; i++)
		if (strcmp(argv[1], steps[i].name) == 0) {
			steps[i].run();
			return 0;
		}
	fprintf(stderr, "steps: no such sequence\n");
	return 2;
}

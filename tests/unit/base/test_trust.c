/* SPDX-License-Identifier: ISC */
/* Tests of trust: who may change a file, the directories before it, links. */
#include "unit/unit.h"
#include "base/trust.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char dir[] = "test_trust.XXXXXX";
static char *whole;		/* its path */

static void
make(const char *name, mode_t mode)
{
	int fd = open(name, O_CREAT | O_WRONLY, 0600);

	assert_true(fd >= 0);
	assert_int_equal(fchmod(fd, mode), 0);
	close(fd);
}

static void
make_dir(const char *name, mode_t mode)
{
	assert_int_equal(mkdir(name, 0700), 0);
	assert_int_equal(chmod(name, mode), 0);
}

static void
assert_trusted(const char *path)
{
	struct error err = ERROR_INIT;

	if (trust_path(path, &err) < 0)
		fail_msg("%s: %s", path, err.text);
}

static void
assert_refused(const char *path, const char *words)
{
	struct error err = ERROR_INIT;

	assert_int_equal(trust_path(path, &err), -1);
	if (!strstr(err.text, words))
		fail_msg("%s: \"%s\", not \"%s\"", path, err.text, words);
}

static void
modes(void **state)
{
	(void)state;
	make("a.conf", 0600);
	assert_trusted("a.conf");
	assert_int_equal(chmod("a.conf", 0644), 0);
	assert_trusted("a.conf");
	assert_int_equal(chmod("a.conf", 0646), 0);
	assert_refused("a.conf", "can be changed by everybody (mode 0646): "
		"chmod o-w ");
	assert_refused("gone.conf", "No such file");
}

/* What an operator could put another directory under. */
static void
directories(void **state)
{
	(void)state;
	make_dir("open", 0777);
	make_dir("open/in", 0755);
	make("open/in/x", 0755);
	assert_refused("open/in/x", "/open can be changed by everybody");
	assert_int_equal(chmod("open", 01777), 0);
	assert_trusted("open/in/x");
	assert_int_equal(chmod("open", 0755), 0);
	assert_trusted("open/in/x");
}

static void
links(void **state)
{
	(void)state;
	make_dir("loose", 0777);
	make("loose/y", 0644);
	assert_int_equal(symlink("loose/y", "to_loose"), 0);
	assert_refused("to_loose", "/loose can be changed by everybody");
	assert_int_equal(symlink("../a.conf", "loose/back"), 0);
	assert_int_equal(chmod("a.conf", 0644), 0);
	assert_refused("loose/back", "/loose can be changed by everybody");
	assert_int_equal(symlink("a.conf", "good"), 0);
	assert_trusted("good");
	assert_int_equal(symlink("round", "round"), 0);
	assert_refused("round", "Too many levels");
}

/* Root can give files away. */
static void
owners(void **state)
{
	(void)state;
	if (geteuid() != 0) {		/* skip() says "not ok" in TAP */
		print_message("# owners: only root can give files away\n");
		return;
	}
	make("theirs", 0644);
	assert_int_equal(chown("theirs", 4711, (gid_t)-1), 0);
	assert_refused("theirs", "belongs to uid 4711");
	make("group", 0664);
	assert_int_equal(chown("group", (uid_t)-1, 4711), 0);
	assert_refused("group", "can be changed by its group");
	make_dir("op", 0755);
	make("op/z", 0644);
	assert_int_equal(chown("op", 4711, (gid_t)-1), 0);
	assert_refused("op/z", "/op belongs to uid 4711");
	assert_int_equal(symlink("a.conf", "their_link"), 0);
	assert_int_equal(lchown("their_link", 4711, (gid_t)-1), 0);
	assert_refused("their_link", "/their_link belongs to uid 4711");
}

static void
programs(void **state)
{
	struct error err = ERROR_INIT;
	char path[4200];

	(void)state;
	snprintf(path, sizeof path, "/nowhere:%s/loose:/bin", whole);
	assert_int_equal(chmod("loose", 0755), 0);
	make("loose/prog", 0755);
	assert_int_equal(setenv("PATH", path, 1), 0);
	assert_int_equal(trust_program("prog", &err), 0);
	assert_int_equal(chmod("loose", 0777), 0);
	assert_int_equal(trust_program("prog", &err), -1);
	assert_int_equal(trust_program("loose/prog", &err), -1);
	assert_int_equal(trust_program("there-is-none", &err), 0);
	assert_int_equal(trust_program("/there/is/none", &err), 0);
}

/* A tree that belongs to somebody else proves nothing. */
static int
enter(void **state)
{
	struct error err = ERROR_INIT;

	(void)state;
	if (!mkdtemp(dir) || chdir(dir) < 0)
		return -1;
	whole = getcwd(NULL, 0);
	if (whole && trust_path(whole, &err) < 0) {
		printf("1..0 # SKIP %s\n", err.text);
		fflush(stdout);
		_exit(0);
	}
	return whole ? 0 : -1;
}

static int
leave(void **state)
{
	char command[64];

	(void)state;
	free(whole);
	snprintf(command, sizeof command, "/bin/rm -rf -- %s", dir);
	return chdir("..") == 0 ? system(command) : -1;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(modes),
		cmocka_unit_test(directories),
		cmocka_unit_test(links),
		cmocka_unit_test(owners),
		cmocka_unit_test(programs),
	};

	return cmocka_run_group_tests(tests, enter, leave);
}

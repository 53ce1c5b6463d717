/* SPDX-License-Identifier: ISC */
/* cmd_adopt: `ccmq init --adopt`. See ccmq(1) and adopt.h. */
#include "command/cmd_adopt.h"
#include "base/clock.h"
#include "base/files.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "reach/adopt.h"
#include "work/operations.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SETTINGS_MAX (1 << 20)

/* A step is told before it is done. */
static void __attribute__((format(printf, 3, 4)))
tell(struct cli *cli, const char *step, const char *fmt, ...)
{
	struct str words = STR_INIT;
	struct json_line *j;
	va_list args;

	va_start(args, fmt);
	str_vaddf(&words, fmt, args);
	va_end(args);
	if (cli->json) {
		j = cli_result_json(cli, "begun", NULL);
		json_put_text(j, "step", step);
		json_put_text(j, "text", words.data);
		json_line_print(j, stdout);
	} else {
		printf("%-9s ", step);
		cli_cell(cli, words.data, 0);
		putchar('\n');
	}
	fflush(stdout);
	str_release(&words);
}

/* Does it work still? 0, or an exit status (said). */
static int
look(struct cli *cli)
{
	struct observer_options options = { .program = "ccmqd" };
	struct settings mine = SETTINGS_INIT;
	struct error err = ERROR_INIT;
	char each[TEXT_NUMBER_MAX];
	bool works = false;

	tell(cli, "look", "whether the connector that is watched has ended: "
		"for %d of its cycles of %s nothing may move in %s",
		ADOPT_CYCLES, text_duration(each,
		cli->settings.foreign_cycle_ms), cli->settings.foreign_import);
	if (settings_load(&mine, cli->config, cli->store_path, &err) < 0 ||
	    adopt_watch(&mine, &options, &works, &err) < 0) {
		settings_release(&mine);
		if (err.code == ERROR_BUSY)
			error_prefix(&err, "end ccmqd --observe first");
		return cli_fail(cli, &err);
	}
	if (!works)
		return 0;
	cli_notice(cli, "it still works: end its service, so that it stays "
		"ended, and then the same again. Nothing was done");
	return CLI_NOT_DONE;
}

/* The file, whole and durable, or not at all. 0 or -1. */
static int
write_file(const char *file, const struct str *text, struct error *err)
{
	char *part = xasprintf("%s.new", file);
	int fd = fs_remove(AT_FDCWD, part, err) < 0 ? -1 : open(part,
		O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	int rc = fd < 0 ? error_sys(err, errno, "make %s", part) :
		fs_write_all(fd, text->data, text->len, err) < 0 ||
		fs_sync(fd, part, err) < 0 ? -1 : fs_rename(AT_FDCWD, part,
		AT_FDCWD, file, err);

	if (rc > 0)
		rc = error_set(err, ERROR_STORE, "%s came meanwhile", file);
	if (fd >= 0)
		close(fd);
	free(part);
	return rc;
}

/* Was it begun before? Then the file is there, and says the same. 1, 0, or -1:
 * it says something else. */
static int
is_begun(const char *file, const struct str *text, struct error *err)
{
	struct str old = STR_INIT;
	int rc = fs_read_file(AT_FDCWD, file, SETTINGS_MAX, &old, err);

	if (rc > 0 && strcmp(old.data, text->data) != 0)
		rc = error_set(err, ERROR_STORE, "%s is there already, and says "
			"something else: name another file", file);
	str_release(&old);
	return rc;
}

static int
take_over(struct cli *cli, struct adopt *a)
{
	struct error err = ERROR_INIT;

	tell(cli, "take", "%" PRId64 " that wait, and %" PRId64 " that were "
		"handed over, into the store", a->waiting, a->handed);
	if (adopt_take(a, &err) < 0)
		return cli_fail(cli, &err);
	if (a->refused) {
		cli_notice(cli, "%" PRId64 " could not be taken, the first is "
			"#%" PRId64 ": %s. Mend that, and then the same again",
			a->refused, a->refused_id, a->why ? a->why : "?");
		return CLI_NOT_DONE;
	}
	tell(cli, "leave", "%" PRId64 " in their bad directory as they are: "
		"they are watched no more", a->bad);
	if (adopt_let_go(a, &err) < 0 || adopt_count(a, &err) < 0)
		return cli_fail(cli, &err);
	tell(cli, "queue", "%" PRId64 " that waited, for the connector of ours",
		a->taken);
	if (adopt_queue(a, &err) < 0)
		return cli_fail(cli, &err);
	return a->refused ? CLI_NOT_DONE : 0;
}

/* With `lock` held, so that no connector begins on half of it. */
static int
take_all(struct cli *cli, struct adopt *a)
{
	struct error err = ERROR_INIT;
	char who[128];
	int rc = spool_take_lock(&cli->store.spool, "ccmq", who, sizeof who,
		&err);

	if (rc > 0)
		error_set(&err, ERROR_BUSY, "%s runs: end it first", who);
	if (rc != 0)
		return cli_fail(cli, &err);
	rc = operations_recover(&cli->store, &cli->settings, &err) < 0 ||
		adopt_count(a, &err) < 0 ? cli_fail(cli, &err) :
		take_over(cli, a);
	store_end(&cli->store);
	spool_drop_lock(&cli->store.spool);
	free(a->why);
	return rc;
}

/* Where nobody would look any more: ccmqd does not start beside one. */
static int
remove_submit(struct cli *cli)
{
	char *path = xasprintf("%s/submit", cli->settings.store);
	int rc = 0;

	tell(cli, "submit", "%s, which is of no use any more, is removed", path);
	if (rmdir(path) < 0 && errno != ENOENT) {
		cli_notice(cli, "%s: %s: move what is in it to %s, and then "
			"rmdir", path, strerror(errno),
			cli->settings.foreign_submit);
		rc = CLI_NOT_DONE;
	}
	free(path);
	return rc;
}

static void
say_rest(struct cli *cli, const char *file, bool one)
{
	tell(cli, "then, you", "ccmq -c %s list --state quarantined: what they "
		"had in hand may have been delivered: release or purge it",
		file);
	tell(cli, "then, you", "ccmq -c %s check", file);
	tell(cli, "then, you", "%sstart ccmqd -c %s, for good: systemctl edit "
		"ccmqd, or that file in the place of the old one", one ? "" :
		"point the producers to the store's submit/; ", file);
}

/* What is begun and has nothing of theirs any more need not be looked at. */
static int
adopt(struct cli *cli, const char *file, bool one, const struct str *text)
{
	struct adopt a = { .store = &cli->store, .actor = &cli->actor };
	struct error err = ERROR_INIT;
	int begun = is_begun(file, text, &err), rc = 0;

	if (begun < 0 || adopt_count(&a, &err) < 0)
		return cli_fail(cli, &err);
	if (!begun || a.waiting + a.handed + a.bad > 0)
		rc = look(cli);
	if (rc != 0)
		return rc;
	tell(cli, "settings", "%s %s: %s%s", begun ? "are in" :
		"are written to", file, one ? "messages are taken out of " :
		"its submit directory is on another disk than the store, so "
		"producers have to drop into ", one ?
		cli->settings.foreign_submit : "the store's submit/");
	if (!begun && write_file(file, text, &err) < 0)
		return cli_fail(cli, &err);
	rc = take_all(cli, &a);
	if (rc == 0 && one)
		rc = remove_submit(cli);
	if (rc == 0)
		say_rest(cli, file, one);
	return rc;
}

int
cmd_adopt(struct cli *cli, const char *file)
{
	struct str text = STR_INIT;
	bool one;
	int rc = cli_open(cli, true);

	if (rc != 0)
		return rc;
	if (!*cli->settings.foreign_submit) {
		cli_notice(cli, "nothing is watched: foreign.submit is not set "
			"in %s", cli->settings.file ? cli->settings.file :
			"the settings");
		return CLI_UNUSABLE;
	}
	str_add(&text, "# A connector of ours, in place of the one that was "
		"watched.\n");
	one = adopt_settings(&cli->settings, &text);
	rc = adopt(cli, file, one, &text);
	str_release(&text);
	return rc;
}

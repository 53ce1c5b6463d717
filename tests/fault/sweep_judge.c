/* SPDX-License-Identifier: ISC */
/*
 * sweep_judge: holds a store against what was promised of it and what its
 * import program saw. It reads the history by itself, not through the core.
 *
 *	sweep_judge promise OUT FILE...		notes what was accepted
 *	sweep_judge judge STORE OUT [STATES]	0 all rules hold; 1 not, said
 *	sweep_judge moves STORE			0 no move is open; 1 some are
 *
 * STATES: the states, separated by commas, that every message may be in.
 * OUT/promised has lines "HASH NAME"; OUT/starts: see stub_import.c. Files
 * that loosen a rule: OUT/may-remove (retention or a second purge may take a
 * message that nobody imported), OUT/may-forget (so may its row), OUT/rebuilt
 * (the history was made anew and knows no attempts). OUT/limit:
 * how often a message may be started (3); OUT/und: the .und files must be as
 * long as the history says; OUT/restored (an older history was put back: a
 * message may have two rows, and be imported again); OUT/came-back (so was a
 * directory that somebody had taken away: a row that was lost meanwhile is
 * passed over, and no message is imported twice). OUT/maildir: the
 * Maildir of the only recipient, which tells of imports instead of OUT/starts;
 * a message named mN.ccm has the subject "number N", and is there once.
 */
#include "sweep_hash.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define MANY 256
#define NUMBERS 200		/* of messages, where there is a Maildir */

static const char *const dirs[] = { "submit", "queue", "failed", "quarantine",
	"trash", "imported" };
#define DIRS (sizeof dirs / sizeof *dirs)

static struct {
	unsigned long long hash;
	const char *dir;
	char name[300];
} files[MANY];
static int file_count;

static struct start {
	long long id;
	unsigned long long hash;
	bool imported;
} starts[MANY];
static int start_count;

static int mails[NUMBERS];	/* of number N, in the Maildir */
static bool by_maildir;

static const char *store, *out, *states;
static sqlite3 *db;
static int faults;

static void __attribute__((format(printf, 1, 2)))
fault(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	putchar('\n');
	faults++;
}

static bool
has(const char *name)
{
	char path[PATH_MAX];

	snprintf(path, sizeof path, "%s/%s", out, name);
	return access(path, F_OK) == 0;
}

static int
promise(int n, char **paths)
{
	char path[PATH_MAX];
	unsigned long long hash;
	FILE *f;

	snprintf(path, sizeof path, "%s/promised", out);
	f = fopen(path, "a");
	if (!f)
		return 1;
	for (int i = 0; i < n; i++) {
		const char *name = strrchr(paths[i], '/');

		if (sweep_hash(paths[i], &hash) < 0)
			return 1;
		fprintf(f, "%016llx %s\n", hash, name ? name + 1 : paths[i]);
	}
	return fclose(f) == 0 ? 0 : 1;
}

static void
read_starts(void)
{
	char path[PATH_MAX], word[16];
	unsigned long long hash;
	long long id;
	FILE *f;

	snprintf(path, sizeof path, "%s/starts", out);
	f = fopen(path, "r");
	if (!f)
		return;
	while (start_count < MANY &&
	    fscanf(f, "%15s %lld %llx", word, &id, &hash) == 3) {
		if (strcmp(word, "start") == 0) {
			starts[start_count++] = (struct start){ id, hash,
				false };
			continue;
		}
		for (int i = start_count - 1; i >= 0; i--)
			if (starts[i].id == id) {
				starts[i].imported = hash == 0;
				break;
			}
	}
	fclose(f);
}

static void
read_files(void)
{
	char path[PATH_MAX];
	struct dirent *d;
	DIR *dir;

	for (size_t i = 0; i < DIRS; i++) {
		snprintf(path, sizeof path, "%s/%s", store, dirs[i]);
		dir = opendir(path);
		if (!dir) {
			fault("%s: %s", path, strerror(errno));
			continue;
		}
		while (file_count < MANY && (d = readdir(dir))) {
			if (d->d_name[0] == '.')
				continue;
			snprintf(path, sizeof path, "%s/%s/%s", store,
				dirs[i], d->d_name);
			if (sweep_hash(path, &files[file_count].hash) < 0)
				fault("%s: %s", path, strerror(errno));
			files[file_count].dir = dirs[i];
			snprintf(files[file_count++].name, 300, "%s",
				d->d_name);
		}
		closedir(dir);
	}
}

static void
read_mail(const char *path)
{
	char text[4096] = "";
	FILE *f = fopen(path, "r");
	size_t n = f ? fread(text, 1, sizeof text - 1, f) : 0;
	const char *p;
	int number;

	if (f)
		fclose(f);
	text[n] = '\0';
	p = strstr(text, "\nSubject: number ");
	if (p && sscanf(p, "\nSubject: number %d", &number) == 1 &&
	    number >= 0 && number < NUMBERS && strstr(p, "\nbody "))
		mails[number]++;
	else
		fault("%s is not a whole mail", path);
}

/* What is in the Maildir, if that is what tells. */
static void
read_maildir(void)
{
	static const char *const parts[] = { "new", "cur" };
	char path[PATH_MAX], dir[PATH_MAX / 2] = "", file[PATH_MAX];
	struct dirent *d;
	FILE *f;

	snprintf(path, sizeof path, "%s/maildir", out);
	f = fopen(path, "r");
	by_maildir = f && fscanf(f, "%2047s", dir) == 1;
	if (f)
		fclose(f);
	for (int i = 0; by_maildir && i < 2; i++) {
		DIR *open_dir;

		snprintf(path, sizeof path, "%s/%s", dir, parts[i]);
		open_dir = opendir(path);
		while (open_dir && (d = readdir(open_dir)))
			if (d->d_name[0] != '.' && snprintf(file, sizeof file,
			    "%s/%s", path, d->d_name) < (int)sizeof file)
				read_mail(file);
		if (open_dir)
			closedir(open_dir);
	}
	for (int i = 0; i < NUMBERS; i++)
		if (mails[i] > 1 && !has("restored"))
			fault("number %d was delivered %d times", i, mails[i]);
}

/* A number out of the history, for one value bound. */
static long long
ask(const char *sql, long long value)
{
	sqlite3_stmt *st;
	long long n = -1;

	if (sqlite3_prepare_v2(db, sql, -1, &st, NULL) != SQLITE_OK) {
		fault("history: %s", sqlite3_errmsg(db));
		return -1;
	}
	sqlite3_bind_int64(st, 1, value);
	if (sqlite3_step(st) == SQLITE_ROW)
		n = sqlite3_column_int64(st, 0);
	sqlite3_finalize(st);
	return n;
}

static const char *
home(const char *state, bool kept)
{
	if (strcmp(state, "imported") == 0)
		return kept ? "imported" : NULL;
	if (strcmp(state, "quarantined") == 0)
		return "quarantine";
	if (strcmp(state, "purged") == 0)
		return "trash";
	if (strcmp(state, "failed") == 0)
		return "failed";
	if (strcmp(state, "removed") == 0)
		return NULL;
	return "queue";
}

static bool
is_wanted(const char *state)
{
	size_t len = strlen(state);
	const char *p = states;

	while (p && (p = strstr(p, state))) {
		if ((p == states || p[-1] == ',') &&
		    (p[len] == ',' || !p[len]))
			return true;
		p += len;
	}
	return !states || !*states;
}

/* Where the message's bytes are: how often, and the directory. */
static int
places(unsigned long long hash, const char **dir_out)
{
	int n = 0;

	*dir_out = NULL;
	for (int i = 0; i < file_count; i++)
		if (files[i].hash == hash) {
			n++;
			*dir_out = files[i].dir;
		}
	return n;
}

static int
imports(unsigned long long hash)
{
	int n = 0;

	for (int i = 0; i < start_count; i++)
		n += starts[i].hash == hash && starts[i].imported;
	return n;
}

static bool
was_imported(unsigned long long hash, const char *name)
{
	int number;

	if (by_maildir)
		return sscanf(name, "m%d.ccm", &number) == 1 && number >= 0 &&
			number < NUMBERS && mails[number] > 0;
	return imports(hash) > 0;
}

static void
judge_attempts(long long id, const char *name)
{
	long long rows = ask("SELECT count(*) FROM attempt WHERE message = ?",
		id), limit = 3;
	int n = 0, size = 0;
	char path[PATH_MAX];
	FILE *f;

	snprintf(path, sizeof path, "%s/limit", out);
	f = fopen(path, "r");
	if (f) {
		size = fscanf(f, "%lld", &limit);
		fclose(f);
	}
	for (int i = 0; i < start_count; i++)
		n += starts[i].id == id;
	if (n > rows)
		fault("%s: %d starts, %lld attempts recorded", name, n, rows);
	if (n > limit)
		fault("%s: started %d times, limit %lld%s", name, n, limit,
			size ? " (set)" : "");
	if (rows != ask("SELECT attempts FROM message WHERE id = ?", id))
		fault("%s: %lld attempts, its row says otherwise", name, rows);
	if (ask("SELECT count(*) FROM attempt WHERE message = ? AND "
	    "ended_at IS NULL", id) != 0)
		fault("%s: an attempt is still open", name);
}

/* What waits says why: an attempt that came to an end, or no room for it. */
static void
judge_deferred(long long id, const char *name)
{
	if (ask("SELECT count(*) FROM message WHERE id = ? AND "
	    "next_attempt_at IS NOT NULL", id) != 1)
		fault("%s: deferred, and no next attempt", name);
	if (ask("SELECT count(*) FROM attempt JOIN message ON message.id = "
	    "attempt.message AND attempt.number = message.attempts WHERE "
	    "message.id = ? AND ended_at IS NOT NULL AND attempt.class IN "
	    "('unavailable', 'crashed', 'interrupted', 'rejected') AND "
	    "(attempt.reason <> '' OR attempt.code IS NOT NULL OR "
	    "attempt.class = 'interrupted')", id) != 1 &&
	    ask("SELECT count(*) FROM event WHERE message = ? AND number = "
		    "20024", id) < 1)
		fault("%s: deferred, and nothing says why", name);
}

/* The row of a promised message is there. */
static void
judge_row(sqlite3_stmt *st, unsigned long long hash, const char *name)
{
	const char *state = (const char *)sqlite3_column_text(st, 1), *dir;
	const char *where = home(state, sqlite3_column_int(st, 2));
	int n = places(hash, &dir);

	if (strcmp(state, "removed") == 0 && !has("may-remove"))
		fault("%s: removed by nobody", name);
	if (strcmp(state, "imported") == 0 && !was_imported(hash, name))
		fault("%s: imported, but no program said so", name);
	if (strcmp(state, "quarantined") == 0 && has("came-back") &&
	    !was_imported(hash, name))
		fault("%s: quarantined, and nobody had it", name);
	if (n != (where ? 1 : 0) || (where && strcmp(where, dir) != 0))
		fault("%s is %s: %d files of it, in %s, not %s", name, state,
			n, dir ? dir : "no directory", where ? where : "none");
	if (!is_wanted(state))
		fault("%s is %s, not %s", name, state, states);
	if (strcmp(state, "deferred") == 0)
		judge_deferred(sqlite3_column_int64(st, 0), name);
	if (!has("rebuilt"))
		judge_attempts(sqlite3_column_int64(st, 0), name);
}

static void
judge_promise(unsigned long long hash, const char *name)
{
	sqlite3_stmt *st;
	const char *dir;
	int rows = 0, n;

	if (sqlite3_prepare_v2(db, "SELECT id, state, kept FROM message "
	    "WHERE CAST(true_name AS TEXT) = ? AND parent = 0", -1, &st, NULL) != SQLITE_OK) {
		fault("history: %s", sqlite3_errmsg(db));
		return;
	}
	sqlite3_bind_text(st, 1, name, -1, SQLITE_STATIC);
	while (sqlite3_step(st) == SQLITE_ROW) {
		const char *state = (const char *)sqlite3_column_text(st, 1);

		/* What came back is another message. */
		if ((has("restored") || has("came-back")) &&
		    strcmp(state, "lost") == 0)
			continue;
		judge_row(st, hash, name);
		rows++;
	}
	sqlite3_finalize(st);
	if (has("came-back") && imports(hash) > 1)
		fault("%s: imported %d times", name, imports(hash));
	if (rows > 1 && !has("restored"))
		fault("%s: taken in %d times", name, rows);
	if (rows)
		return;
	n = places(hash, &dir);
	if (n == 0 && has("may-forget") && (was_imported(hash, name) ||
	    has("may-remove")))
		return;
	if (n != 1 || strcmp(dir, "submit") != 0)
		fault("%s: no row, and %d files of it", name, n);
	else if (states && *states)
		fault("%s: still in submit", name);
}

/* Every .und file is as long as the history says. */
static void
judge_und(void)
{
	char path[PATH_MAX];
	sqlite3_stmt *st;
	struct stat s;

	if (sqlite3_prepare_v2(db, "SELECT number, size, inode FROM und_file",
	    -1, &st, NULL) != SQLITE_OK) {
		fault("history: %s", sqlite3_errmsg(db));
		return;
	}
	while (sqlite3_step(st) == SQLITE_ROW) {
		long long number = sqlite3_column_int64(st, 0);

		if (number)
			snprintf(path, sizeof path, "%s/import/ccmail.und.%lld",
				store, number);
		else
			snprintf(path, sizeof path, "%s/import/ccmail.und",
				store);
		if (stat(path, &s) < 0)
			fault("%s: %s", path, strerror(errno));
		else if (s.st_size != sqlite3_column_int64(st, 1) ||
		    (long long)s.st_ino != sqlite3_column_int64(st, 2))
			fault("%s: %lld bytes, the history says %lld", path,
				(long long)s.st_size,
				(long long)sqlite3_column_int64(st, 1));
	}
	sqlite3_finalize(st);
	if (ask("SELECT coalesce(sum(size), 0) FROM und_file WHERE ?1 = ?1", 0)
	    != ask("SELECT coalesce(sum(und_end - und_start), 0) FROM attempt "
		    "WHERE ?1 = ?1", 0))
		fault("not every byte of the .und files is an attempt's");
}

static void
judge_copies(void)
{
	char path[PATH_MAX];
	struct dirent *d;
	DIR *dir;

	snprintf(path, sizeof path, "%s/import", store);
	dir = opendir(path);
	while (dir && (d = readdir(dir)))
		if (strstr(d->d_name, ".ccm"))
			fault("import/%s was left", d->d_name);
	if (dir)
		closedir(dir);
}

static int
judge(void)
{
	char path[PATH_MAX], name[300];
	unsigned long long hash;
	FILE *f;

	snprintf(path, sizeof path, "%s/history.db", store);
	if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL) !=
	    SQLITE_OK) {
		printf("%s: %s\n", path, sqlite3_errmsg(db));
		return 1;
	}
	read_starts();
	read_files();
	read_maildir();
	snprintf(path, sizeof path, "%s/promised", out);
	f = fopen(path, "r");
	while (f && fscanf(f, "%llx %299s", &hash, name) == 2)
		judge_promise(hash, name);
	if (f)
		fclose(f);
	else
		fault("nothing was promised: %s", path);
	judge_copies();
	if (has("und"))
		judge_und();
	sqlite3_close(db);
	return faults ? 1 : 0;
}

/* Is a move open? */
static int
judge_moves(void)
{
	char path[PATH_MAX];
	long long n;

	snprintf(path, sizeof path, "%s/history.db", store);
	if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL) !=
	    SQLITE_OK)
		return 1;
	sqlite3_busy_timeout(db, 1000);
	n = ask("SELECT count(*) FROM message WHERE move_to IS NOT NULL AND "
		"?1 = ?1", 0);
	sqlite3_close(db);
	if (n)
		printf("%lld moves are open\n", n);
	return n != 0;
}

int
main(int argc, char **argv)
{
	if (argc > 3 && strcmp(argv[1], "promise") == 0) {
		out = argv[2];
		return promise(argc - 3, argv + 3);
	}
	if (argc == 3 && strcmp(argv[1], "moves") == 0) {
		store = argv[2];
		return judge_moves();
	}
	if (argc < 4 || strcmp(argv[1], "judge") != 0)
		return 2;
	store = argv[2];
	out = argv[3];
	states = argc > 4 ? argv[4] : NULL;
	return judge();
}

/* check: see check.h for the contract. */
#include "work/check.h"
#include "work/check_private.h"
#include "base/clock.h"
#include "base/files.h"
#include "work/operations.h"
#include "base/text.h"
#include "base/xalloc.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

const char *
check_kind_word(enum check_kind kind)
{
	static const char *const words[] = {
#define X(name, word, sentence) [name] = word,
		CHECK_LIST(X)
#undef X
	};

	return words[kind];
}

static const char *
kind_sentence(enum check_kind kind)
{
	static const char *const sentences[] = {
#define X(name, word, sentence) [name] = sentence,
		CHECK_LIST(X)
#undef X
	};

	return sentences[kind];
}

static void
describe(struct check_finding *f, const char *name)
{
	char shown[140] = "";

	if (name)
		text_printable(shown, sizeof shown, name, strlen(name));
	if (f->id && *shown)
		snprintf(f->text, sizeof f->text, "message %" PRId64 " (%s): "
			"%s%s%s", f->id, shown, kind_sentence(f->kind),
			*f->dir ? ", it is in " : "", f->dir);
	else if (*shown)
		snprintf(f->text, sizeof f->text, "%s/%s: %s", f->dir, shown,
			kind_sentence(f->kind));
	else
		snprintf(f->text, sizeof f->text, "%s",
			kind_sentence(f->kind));
}

void
check_add(struct check *c, enum check_kind kind, int64_t id,
	enum spool_dir dir, const char *name)
{
	struct check_finding f = { .kind = kind, .id = id };

	snprintf(f.dir, sizeof f.dir, "%s", spool_dir_word(dir));
	describe(&f, name);
	xgrow(&c->findings, &c->finding_cap, c->finding_count + 1,
		sizeof *c->findings, CHECK_FINDINGS_MAX);
	c->findings[c->finding_count++] = f;
}

static int
by_id(const void *a, const void *b)
{
	const struct check_file *x = a, *y = b;

	if (x->id != y->id)
		return x->id < y->id ? -1 : 1;
	return (int)x->dir - (int)y->dir;
}

static int
read_dir(struct check *c, enum spool_dir dir, struct error *err)
{
	int fd = fs_open_dir(c->store->spool.dirs[dir], ".", err);
	DIR *handle = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *d;
	int64_t id;

	if (!handle)
		return fd < 0 ? -1 : error_sys(err, errno, "read %s",
			spool_dir_word(dir));
	while ((d = readdir(handle))) {
		if (strcmp(d->d_name, ".") == 0 || strcmp(d->d_name, "..") == 0)
			continue;
		if (!spool_parse_file_name(d->d_name, &id)) {
			check_add(c, CHECK_FOREIGN, 0, dir, d->d_name);
			continue;
		}
		xgrow(&c->files, &c->file_cap, c->file_count + 1,
			sizeof *c->files, CHECK_FILES_MAX);
		c->files[c->file_count++] = (struct check_file){ id, dir };
	}
	closedir(handle);
	return 0;
}

int
check_read_files(struct check *c, struct error *err)
{
	for (int d = 0; d < SPOOL_DIR_COUNT; d++)
		if (SPOOL_HOLDS_MESSAGES(d) &&
		    read_dir(c, (enum spool_dir)d, err) < 0)
			return -1;
	if (c->file_count)
		qsort(c->files, c->file_count, sizeof *c->files, by_id);
	return 0;
}

/* How many directories hold the message's file under its name; the first. */
int
check_places(struct check *c, const struct history_message *m,
	enum spool_dir places[SPOOL_DIR_COUNT], struct error *err)
{
	char name[SPOOL_FILE_MAX];
	struct stat st;
	int n = 0, rc;

	spool_file_name(name, m->id, m->name);
	for (int d = 0; d < SPOOL_DIR_COUNT; d++) {
		if (!SPOOL_HOLDS_MESSAGES(d))
			continue;
		rc = spool_exists(&c->store->spool, (enum spool_dir)d, name,
			&st, err);
		if (rc < 0)
			return -1;
		if (rc > 0)
			places[n++] = (enum spool_dir)d;
	}
	return n;
}

static bool
in_submit(struct check *c, const struct history_message *m)
{
	struct stat st;
	struct error err;

	return m->move_from && strcmp(m->move_from, "submit") == 0 &&
		spool_exists(&c->store->spool, SPOOL_SUBMIT, m->true_name, &st,
			&err) > 0;
}

/* Is a file of message m in a directory where it may be? */
static bool
may_be_in(const struct history_message *m, enum spool_dir dir)
{
	if (!m->move_to)
		return dir == store_home(m);
	return strcmp(spool_dir_word(dir), m->move_from) == 0 ||
		strcmp(spool_dir_word(dir), m->move_to) == 0;
}

static bool
has_no_file(const struct history_message *m)
{
	return m->state == STATE_REMOVED || m->state == STATE_LOST ||
		(m->state == STATE_IMPORTED && !m->kept);
}

int
check_message(struct check *c, const struct history_message *m,
	size_t files_with_id, struct error *err)
{
	enum spool_dir places[SPOOL_DIR_COUNT];
	int n = check_places(c, m, places, err);

	if (n < 0)
		return -1;
	if (n > 1)
		check_add(c, CHECK_TWO_FILES, m->id, places[1], m->name);
	else if (n == 1 && !may_be_in(m, places[0]))
		check_add(c, CHECK_WRONG_DIR, m->id, places[0], m->name);
	else if (n == 0 && files_with_id > 0)
		check_add(c, CHECK_WRONG_NAME, m->id, SPOOL_NOWHERE, m->name);
	else if (n == 0 && !has_no_file(m) && !in_submit(c, m))
		check_add(c, CHECK_NO_FILE, m->id, SPOOL_NOWHERE, m->name);
	return 0;
}

/* Rows and files side by side, in the order of ids. */
static int
compare(struct check *c, struct error *err)
{
	struct history_message *rows = xcalloc(HISTORY_PAGE, sizeof *rows);
	struct history_query q = { 0 };
	int64_t after = 0;
	size_t at = 0, same;
	int n, rc = 0;

	while ((n = history_page(c->store->history, &q, after, HISTORY_PAGE,
	    rows, err)) > 0) {
		for (int i = 0; i < n; i++) {
			after = rows[i].id;
			for (; at < c->file_count && c->files[at].id < after;
			    at++)
				check_add(c, CHECK_NO_ROW, c->files[at].id,
					c->files[at].dir, NULL);
			for (same = 0; at < c->file_count &&
			    c->files[at].id == after; at++)
				same++;
			if (rc == 0)
				rc = check_message(c, &rows[i], same, err);
			history_message_release(&rows[i]);
		}
		if (rc < 0)
			break;
	}
	free(rows);
	for (; n == 0 && at < c->file_count; at++)
		check_add(c, CHECK_NO_ROW, c->files[at].id, c->files[at].dir,
			NULL);
	return n < 0 || rc < 0 ? -1 : 0;
}

static int
check_whole(struct check *c, struct error *err)
{
	struct error words = ERROR_INIT;
	int64_t highest;
	int rc = history_integrity(c->store->history, &words);

	if (rc < 0) {
		*err = words;
		return -1;
	}
	if (rc == 0)
		check_add(c, CHECK_INTEGRITY, 0, SPOOL_NOWHERE, NULL);
	rc = history_tally_agrees(c->store->history, err);
	if (rc < 0 || history_highest_id(c->store->history, &highest,
	    err) < 0)
		return -1;
	if (rc == 0)
		check_add(c, CHECK_TALLY, 0, SPOOL_NOWHERE, NULL);
	if (c->file_count && c->files[c->file_count - 1].id > highest)
		check_add(c, CHECK_IDS, c->files[c->file_count - 1].id,
			c->files[c->file_count - 1].dir, NULL);
	return 0;
}

/* Open attempts and moves while nobody is there to end them. */
static int
check_open(struct check *c, struct error *err)
{
	struct history_message m;
	struct history_attempt a;
	char who[128];
	int held = spool_ask_lock(&c->store->spool, who, sizeof who, err), rc;

	if (held != 0 && !c->owns_lock)
		return held < 0 ? -1 : 0;
	rc = history_attempt_open(c->store->history, 0, &a, err);
	if (rc > 0) {
		check_add(c, CHECK_OPEN, a.message, SPOOL_NOWHERE,
			"attempt without an end");
		history_attempt_release(&a);
	}
	if (rc < 0)
		return -1;
	rc = history_move_next(c->store->history, false, 0, &m, err);
	if (rc > 0) {
		check_add(c, CHECK_OPEN, m.id, SPOOL_NOWHERE, m.name);
		history_message_release(&m);
	}
	return rc < 0 ? -1 : 0;
}

int
check_look(struct check *c, struct error *err)
{
	/* Files first: a message that arrives between is in the rows. */
	if (check_read_files(c, err) < 0 || compare(c, err) < 0 ||
	    check_whole(c, err) < 0)
		return -1;
	return check_open(c, err);
}

void
check_release(struct check *c)
{
	free(c->files);
	free(c->findings);
	memset(c, 0, sizeof *c);
}

static bool
has_finding(const struct check *c, const struct check_finding *f)
{
	for (size_t i = 0; i < c->finding_count; i++)
		if (c->findings[i].kind == f->kind &&
		    c->findings[i].id == f->id &&
		    strcmp(c->findings[i].text, f->text) == 0)
			return true;
	return false;
}

/* Drops what a second look, a moment later, does not see. */
static int
look_again(struct check *c, struct error *err)
{
	struct timespec moment = { 0, 300000000 };
	struct check again = { .store = c->store, .owns_lock = c->owns_lock };
	size_t kept = 0;

	nanosleep(&moment, NULL);
	if (check_look(&again, err) < 0) {
		check_release(&again);
		return -1;
	}
	for (size_t i = 0; i < c->finding_count; i++)
		if (has_finding(&again, &c->findings[i]))
			c->findings[kept++] = c->findings[i];
	c->finding_count = kept;
	check_release(&again);
	return 0;
}

/* Nothing was found: what waited for that goes on. */
int
check_end_hold(struct store *s, struct error *err)
{
	struct history_connector row = { 0 };
	int rc = 0;

	if (!s->writable)
		return 0;
	if (spool_check_needed(&s->spool) &&
	    spool_set_check_needed(&s->spool, false, err) < 0)
		return -1;
	if (history_connector_get(s->history, &row, err) < 0)
		return -1;
	if (row.needs_check) {
		history_connector_release(&row);
		rc = -1;
		if (store_begin(s, err) == 0 &&
		    history_connector_get(s->history, &row, err) == 0) {
			row.needs_check = false;
			if (row.hold_by && strcmp(row.hold_by,
			    STORE_CONNECTOR) == 0)
				row.hold = false;
			if (history_connector_put(s->history, &row, err) == 0
			    && store_event(s, EVENT_RESUMED, 0, err, "a check "
				    "found nothing: going on") == 0)
				rc = store_commit(s, err);
		}
		store_end(s);
	}
	history_connector_release(&row);
	return rc;
}

int64_t
check_run(struct store *s, check_report *report, void *arg, struct error *err)
{
	struct check c = { .store = s };
	int64_t n = -1;

	if (check_look(&c, err) == 0 &&
	    (c.finding_count == 0 || look_again(&c, err) == 0)) {
		n = (int64_t)c.finding_count;
		for (size_t i = 0; i < c.finding_count; i++)
			report(arg, &c.findings[i]);
	}
	check_release(&c);
	if (n == 0 && check_end_hold(s, err) < 0)
		return -1;
	return n;
}

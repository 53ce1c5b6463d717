/* SPDX-License-Identifier: ISC */
/* stories: see stories.h. */
#include "unit/connector/stories.h"
#include "base/clock.h"
#include "base/xalloc.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* --- the import program -------------------------------------------------- */

/* What it makes of a message. */
struct outcome {
	int code;			/* below 0: dies of that signal */
	bool hangs;			/* until its time is over */
	const char *prints;
	const char *header;		/* in its .und entry the reason stands
					 * below that header */
	const char *reason;
};

static const struct outcome
	good = { 0 },
	no_date = { 5, .header = "Date:", .reason = "Unknown Date Format" },
	nobody = { 5, .header = "To:", .reason = "Not found in directory" },
	did_not = { 1, .header = "Subject:",
		.reason = "Disk error in creating message item",
		.prints = "IMPORT process ended with error: 1." },
	no_access = { 1, .prints =
		"Cannot write to post office HUB: access denied" },
	locked = { 4, .prints = "Post office HUB is locked" },
	crash = { .code = -SIGSEGV },
	hang = { .hangs = true },
	late = { .hangs = true, .prints = "1 delivery" },
	partly = { 5, .header = "To: Former", .prints = "1 delivery",
		.reason = "Not found in directory" };

#define PARTS 200
static struct {
	char name[32];
	const struct outcome *outcome;
} parts[PARTS];
static int part_count;
static const struct outcome *all;	/* so it goes with all of them */

struct importer {
	bool running;
	bool stopped;
	const struct outcome *outcome;
	int64_t began_mono_ms, timeout_ms;
};

static struct importer *
import_open(int lanes_fd, int lane, struct error *err)
{
	(void)lanes_fd;
	(void)lane;
	(void)err;
	return xcalloc(1, sizeof(struct importer));
}

static void
import_close(struct importer *im)
{
	free(im);
}

static int
import_clear(struct importer *im, int *killed_out, struct error *err)
{
	(void)im;
	(void)err;
	*killed_out = 0;
	return 1;
}

static const struct outcome *
outcome_of(const char *name)
{
	for (int i = 0; !all && i < part_count; i++)
		if (strcmp(parts[i].name, name) == 0)
			return parts[i].outcome;
	return all ? all : &good;
}

/* An entry of the .und file: the message, the reason below a header. */
static void
add_entry(const char *path, const char *file, const struct outcome *o)
{
	FILE *from = fopen(file, "r"), *und = fopen(path, "a");
	char line[1000];

	assert_non_null(from);
	assert_non_null(und);
	while (fgets(line, sizeof line, from)) {
		fputs(line, und);
		if (strncmp(line, o->header, strlen(o->header)) == 0)
			fprintf(und, "***  %s  ***\r\n", o->reason);
	}
	fclose(from);
	fclose(und);
}

static int
import_start(struct importer *im, const struct importer_spec *spec,
	struct error *err)
{
	(void)err;
	im->running = true;
	im->stopped = false;
	im->outcome = outcome_of(spec->argv[0]);
	im->began_mono_ms = clock_mono_ms();
	im->timeout_ms = spec->timeout_ms;
	hangs = im->outcome->hangs;
	if (!hangs)
		clock_advance(400);
	if (im->outcome->reason)
		add_entry(spec->argv[2], spec->argv[1], im->outcome);
	return 0;
}

static int
import_fd(const struct importer *im)
{
	(void)im;
	return -1;
}

static int
import_read(struct importer *im, struct importer_result *out)
{
	const struct outcome *o = im->outcome;
	int64_t took_ms = clock_mono_ms() - im->began_mono_ms;

	if (!im->running || (o->hangs && !im->stopped &&
	    took_ms < im->timeout_ms))
		return 0;
	hangs = im->running = false;
	memset(out, 0, sizeof *out);
	out->took_ms = took_ms;
	out->end = im->stopped ? IMPORTER_STOPPED : o->hangs ?
		IMPORTER_TIMED_OUT : o->code < 0 ? IMPORTER_SIGNALLED :
		IMPORTER_EXITED;
	out->value = o->code < 0 ? -o->code : o->code;
	if (o->prints)
		out->output_len = (size_t)snprintf(out->output,
			sizeof out->output, "%s\n", o->prints);
	return 1;
}

static void
import_stop(struct importer *im)
{
	im->stopped = true;
}

static void
import_finish(struct importer *im)
{
	(void)im;
}

static const struct importer_ops import = {
	import_open, import_close, import_clear, import_start, import_fd,
	import_read, import_stop, import_fd, import_fd, import_finish,
};

/* --- what happens -------------------------------------------------------- */

void
story_pass(struct fixture *f, int64_t before_end_ms)
{
	int64_t step;

	settle(f);
	while ((step = STORY_END - before_end_ms - clock_wall()) > 0) {
		clock_advance(step < CLOCK_SECOND ? step : CLOCK_SECOND);
		settle(f);
	}
}

static void
set_time(const char *path)
{
	struct timespec at[2] = { { .tv_sec = clock_wall() / 1000 } };

	at[1] = at[0];
	assert_int_equal(utimensat(AT_FDCWD, path, at, 0), 0);
}

static void
write_message(const char *path, const char *from, const char *to,
	const char *subject)
{
	FILE *out = fopen(path, "w");

	assert_non_null(out);
	fprintf(out, "Message:\r\nFrom: %s\r\nDate: 3/10/26 9:12\r\n"
		"To: %s\r\n%sSubject: %s\r\nContents:\r\nText item:\r\n%s.\r\n"
		"\r\nThis is the message body.\r\n", from, to, strstr(subject,
		"4713") ? "To: Former, Fred at HUB\r\n" : "", subject, subject);
	fclose(out);
	set_time(path);
}

/* A message is dropped, and what is to be done now is done. */
static void
mail(struct fixture *f, const char *name, const char *from,
	const char *subject, const struct outcome *outcome)
{
	char file[128], to[128];

	assert_true(part_count < PARTS);
	snprintf(parts[part_count].name, sizeof parts->name, "%s", name);
	parts[part_count++].outcome = outcome;
	snprintf(file, sizeof file, "%s/submit/.new", f->dir);
	snprintf(to, sizeof to, "%s/submit/%s", f->dir, name);
	write_message(file, from, "Admin at HUBPO2", subject);
	assert_int_equal(rename(file, to), 0);
	settle(f);
}

/* n good ones, one every so often. */
static void
reports(struct fixture *f, int n, int64_t every_ms)
{
	static int number;
	char name[32], subject[32];

	if (part_count == 0)
		number = 0;
	for (int i = 0; i < n; i++) {
		snprintf(name, sizeof name, "Msg%04X.ccm", 0x1001 + number);
		snprintf(subject, sizeof subject, "Report %d", ++number);
		mail(f, name, "reports at HUBPO2", subject, &good);
		story_pass(f, STORY_END - clock_wall() - every_ms);
	}
}

/* Mail flows: thirteen are imported, seven failed for one reason or another. */
static void
healthy(struct fixture *f)
{
	static const struct {
		const char *name, *from, *subject;
		const struct outcome *outcome;
	} bad[] = {
		{ "Msg0A01.ccm", "Sorrel, Edwin at NORTH",
		    "Re[2]: List of parts", &nobody },
		{ "Msg0A02.ccm", "Doe, Jane at HUB", "Minutes of Monday",
		    &nobody },
		{ "Msg0A03.ccm", "Ops, Night at HUB", "Re: shift list",
		    &no_date },
		{ "Msg0A04.ccm", "Quill, Mara at NORTH", "Order 88", &nobody },
		{ "Msg0A05.ccm", "Doe, Jane at HUB", "Minutes of Tuesday",
		    &no_date },
		{ "Msg0A06.ccm", "Quill, Mara at NORTH", "Order 89", &nobody },
		{ "Msg0A07.ccm", "Sorrel, Edwin at NORTH", "Price list",
		    &nobody },
	};

	reports(f, 6, CLOCK_MINUTE);
	for (size_t i = 0; i < COUNT(bad); i++) {
		mail(f, bad[i].name, bad[i].from, bad[i].subject,
			bad[i].outcome);
		reports(f, 1, CLOCK_MINUTE);
	}
}

static void
verb(struct fixture *f, enum verb kind, int64_t id, const char *who,
	const char *reason)
{
	char tty[] = "pts/3", session[] = "u1000 pts/3";
	struct actor actor = { .uid = 1000, .euid = 1000,
		.user = xstrdup(who), .euser = xstrdup(who), .tty = tty,
		.session = session, .by = xstrdup(who), .program = "ccmq" };
	struct operation op = { .actor = &actor, .verb = verb_word(kind),
		.kind = kind, .reason = reason };
	struct operation_target target = { id, OPERATIONS_ANY };
	struct operation_summary sum;
	struct error err = ERROR_INIT;

	assert_int_equal(operations_apply(connector_store(f->c), &op, &target,
		1, &sum, &err), 0);
	assert_int_equal(sum.done, 1);
	free(actor.user);
	free(actor.euser);
	free(actor.by);
	settle(f);
}

/* ccmqd is killed in the middle of what `until` does. */
static void
killed(struct fixture *f, void (*until)(struct fixture *f))
{
	struct error err = ERROR_INIT;
	int status;
	pid_t pid;

	assert_int_equal(connector_end(f->c, &err), 0);
	connector_free(f->c);
	fflush(NULL);
	pid = fork();
	if (pid == 0) {
		open_connector(f);
		until(f);
		raise(SIGKILL);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	hangs = false;
	open_connector(f);
	settle(f);
}

/* --- the stories --------------------------------------------------------- */

static void
tell_well(struct fixture *f)
{
	reports(f, 5, CLOCK_MINUTE);
	story_pass(f, 20 * CLOCK_SECOND);
	reports(f, 1, 0);
}

static void
tell_loop(struct fixture *f)
{
	healthy(f);
	story_pass(f, 25 * CLOCK_MINUTE);
	mail(f, "Msg4F2C.ccm", "Grewal, Jeff at HUB", "Budget for Q3",
		&did_not);
	story_pass(f, 20 * CLOCK_MINUTE);
	verb(f, VERB_RETRY, 21, "jgrewal", "once more");
	reports(f, 5, CLOCK_MINUTE);
	story_pass(f, 12 * CLOCK_MINUTE);
	verb(f, VERB_RETRY, 21, "mlopez", "disk checked");
	reports(f, 5, CLOCK_MINUTE);
}

static void
tell_access(struct fixture *f)
{
	healthy(f);
	story_pass(f, 12 * CLOCK_MINUTE);
	all = &no_access;
	reports(f, 40, 10 * CLOCK_SECOND);
}

static void
tell_locked(struct fixture *f)
{
	healthy(f);
	story_pass(f, 10 * CLOCK_MINUTE);
	all = &locked;
	reports(f, 12, 20 * CLOCK_SECOND);
}

/* Something has linked each file under a second name. */
static void
tell_backlog(struct fixture *f)
{
	char path[128], other[128];

	healthy(f);
	story_pass(f, 10 * CLOCK_MINUTE);
	snprintf(path, sizeof path, "%s.linked", f->dir);
	assert_int_equal(mkdir(path, 0700), 0);
	for (int i = 0; i < 14; i++) {
		snprintf(path, sizeof path, "%s.linked/Msg%04X.ccm", f->dir,
			0x2001 + i);
		write_message(path, "reports at HUBPO2", "Admin at HUBPO2",
			"Linked");
		snprintf(other, sizeof other, "%s/submit/Msg%04X.ccm", f->dir,
			0x2001 + i);
		assert_int_equal(link(path, other), 0);
		story_pass(f, STORY_END - clock_wall() - 20 * CLOCK_SECOND);
	}
	reports(f, 5, CLOCK_MINUTE);
}

static void
tell_leftover(struct fixture *f)
{
	static const char *const names[] = { "OLD.UND", "CC0A11F2.tmp" };
	char path[128];

	for (int i = 1; i <= 6; i++) {
		snprintf(path, sizeof path, "Msg0B%02X.ccm", i);
		mail(f, path, "Doe, Jane at HUB", "Minutes", &nobody);
		reports(f, 1, CLOCK_MINUTE);
	}
	for (size_t i = 0; i < COUNT(names); i++) {
		snprintf(path, sizeof path, "%s/import/%s", f->dir, names[i]);
		close(open(path, O_WRONLY | O_CREAT, 0600));
		set_time(path);
	}
	healthy(f);
}

static void
tell_storm(struct fixture *f)
{
	char name[32], subject[32];

	healthy(f);
	story_pass(f, 9 * CLOCK_MINUTE);
	for (int i = 1; i <= 32; i++) {
		snprintf(name, sizeof name, "Msg%04X.ccm", i);
		snprintf(subject, sizeof subject, "Timesheet wk %d", i);
		mail(f, name, "reports at HUBPO2", subject, &no_date);
		story_pass(f, STORY_END - clock_wall() - 10 * CLOCK_SECOND);
		if (i % 8 == 0)
			reports(f, 1, CLOCK_SECOND);
	}
}

static void
tell_head(struct fixture *f)
{
	healthy(f);
	story_pass(f, 85 * CLOCK_SECOND);
	mail(f, "Msg0001.ccm", "Doe, Jane at HUB",
		"[All] Minutes of the meeting", &hang);
	reports(f, 20, CLOCK_SECOND);
}

static void
tell_crash(struct fixture *f)
{
	healthy(f);
	story_pass(f, 11 * CLOCK_MINUTE);
	mail(f, "Msg0001.ccm", "Doe, Jane at HUB", "Logo with Wing Dings",
		&crash);
	mail(f, "Msg0002.ccm", "Quill, Mara at NORTH",
		"Re: Logo with Wing Dings", &crash);
	reports(f, 20, 25 * CLOCK_SECOND);
}

static void
deliver_late(struct fixture *f)
{
	mail(f, "Msg0002.ccm", "Quill, Mara at NORTH", "Invoice 4712", &late);
}

/* One timed out and one was interrupted, both after they were delivered; one
 * was delivered to one of its two recipients. */
static void
tell_duplicates(struct fixture *f)
{
	healthy(f);
	story_pass(f, 20 * CLOCK_MINUTE);
	mail(f, "Msg0001.ccm", "Quill, Mara at NORTH", "Invoice 4711", &late);
	story_pass(f, 15 * CLOCK_MINUTE);
	killed(f, deliver_late);
	story_pass(f, 10 * CLOCK_MINUTE);
	mail(f, "Msg0003.ccm", "Quill, Mara at NORTH", "Invoice 4713",
		&partly);
	reports(f, 5, CLOCK_MINUTE);
}

static void
tell_disk(struct fixture *f)
{
	healthy(f);
	story_pass(f, 10 * CLOCK_MINUTE);
	room = UINT64_C(241) << 20;
	story_pass(f, 9 * CLOCK_MINUTE);
	reports(f, 10, 20 * CLOCK_SECOND);
}

const struct story stories[] = {
	{ "well", VERDICT_OK, tell_well, NULL },
	{ "loop", VERDICT_BACK_AGAIN, tell_loop, NULL },
	{ "access", VERDICT_TRIPPED, tell_access, NULL },
	{ "locked", VERDICT_TRIPPED, tell_locked, NULL },
	{ "backlog", VERDICT_BACKLOG, tell_backlog, NULL },
	{ "leftover", VERDICT_LEFTOVER, tell_leftover, NULL },
	{ "storm", VERDICT_STORM, tell_storm, NULL },
	{ "head", VERDICT_BLOCKED, tell_head, NULL },
	{ "crash", VERDICT_DOUBTFUL, tell_crash,
	    "backoff: { first = \"1s\"; cap = \"1s\"; };" },
	{ "duplicates", VERDICT_DOUBTFUL, tell_duplicates,
	    "limits: { crashed = 1; };" },
	{ "disk", VERDICT_DISK, tell_disk, NULL },
};
const size_t story_count = COUNT(stories);

const struct story *
story_find(const char *name)
{
	for (size_t i = 0; i < story_count; i++)
		if (strcmp(stories[i].name, name) == 0)
			return &stories[i];
	return NULL;
}

/* --- their settings ------------------------------------------------------ */

static const struct story *told;
static const struct fixture *of;

/* Those of the file, which a console has, too. */
static void
set(struct settings *s)
{
	struct error err = ERROR_INIT;
	char path[128];

	snprintf(path, sizeof path, "%s.conf", of->dir);
	settings_release(s);
	settings_init(s);
	assert_int_equal(settings_load(s, path, NULL, &err), 0);
}

static void
write_settings(void)
{
	char path[128];
	FILE *out;

	snprintf(path, sizeof path, "%s.conf", of->dir);
	out = fopen(path, "w");
	assert_non_null(out);
	fprintf(out, "store = \"%s\";\nimport: { program = [ \"%%n\", "
		"\"%%f\", \"%%u\", \"/PARTIAL\" ]; };\n"
		"intake: { settle = \"0s\"; };\n%s\n", of->dir,
		told->settings ? told->settings : "");
	fclose(out);
}

void
story_tell(struct fixture *f, const struct story *story)
{
	told = story;
	of = f;
	part_count = 0;
	all = NULL;
	importer = &import;
	with = set;
	write_settings();
	begin_at(f, STORY_END - CLOCK_HOUR);
	room = STORY_FREE;
	story->tell(f);
	story_pass(f, 0);
	assert_true(clock_wall() - STORY_END < CLOCK_SECOND);
}

void
story_mend(struct fixture *f)
{
	char command[300];

	all = &good;
	room = STORY_FREE;
	snprintf(command, sizeof command, "rm -rf '%s.linked' "
		"'%s/import/OLD.UND' '%s/import/CC0A11F2.tmp'", f->dir,
		f->dir, f->dir);
	assert_int_equal(system(command), 0);
	clock_advance(CLOCK_MINUTE / 2);	/* it looks again */
	settle(f);
}

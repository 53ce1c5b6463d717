/* SPDX-License-Identifier: ISC */
/*
 * cmd_serve: `ccmq serve`. See ccmq-serve(7).
 *
 * One process for each host that looks, with the rights of whoever logged in.
 * It ends when its input ends, and when the store is not what it opened: the
 * other side starts it anew.
 */
#include "command/cmd_serve.h"
#include "command/cmd_status.h"
#include "base/clock.h"
#include "base/text.h"
#include "reach/serve.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define AT_MOST_EVERY_MS 500		/* however much is written */

struct serve {
	struct cli *cli;
	struct str in;			/* what has no line feed yet */
	bool too_long;			/* … and is thrown away up to it */
	struct str told;		/* the last status, without what is
					 * never the same */
	int64_t told_mono_ms, version;
	bool stale, runs, over;
};

static void
say_hello(struct serve *s, const struct status *st)
{
	static const char features[] = "list\nfind\ncauses\nids\nretry\n"
		"quarantine\nrelease";
	const struct store *store = &s->cli->store;
	struct json_line *j = json_line_new();

	json_put_number(j, "ccmq_serve", SERVE_PROTOCOL);
	json_put_text(j, "version", PACKAGE_VERSION);
	json_put_lines(j, "features", features);
	json_put_text(j, "host", st->host);
	json_put_text(j, "store", store->path);
	json_put_bool(j, "writes", store->writable);
	json_put_text(j, "read_only_why", store->writable ? NULL :
		*store->read_only_why ? store->read_only_why :
		"read-only mode");
	json_line_print(j, stdout);
}

/* The same without what differs each time, for comparing. */
static bool
is_news(struct serve *s, const struct status *st)
{
	static const char *const never_the_same[] = {
		"at", "oldest_queued_age_s", "disk_free", "wal_bytes",
		"last_sign_at", "und_growth_per_hour",
	};
	struct json_line *j = status_json(s->cli, st);
	struct str now = STR_INIT;
	bool news;

	for (size_t i = 0; i < sizeof never_the_same / sizeof *never_the_same;
	    i++)
		json_put_null(j, never_the_same[i]);
	json_line_append(j, &now);
	news = strcmp(now.data, s->told.data) != 0;
	str_release(&s->told);
	s->told = now;
	return news;
}

static void
tell_status(struct serve *s, const struct status *st)
{
	struct json_line *j = json_line_new();

	json_put_object(j, "status", status_json(s->cli, st));
	json_line_print(j, stdout);
	s->told_mono_ms = clock_mono_ms();
}

/* What is told unless it is as it was. 0 or -1. */
static int
look(struct serve *s, bool hello, struct error *err)
{
	struct status st;
	bool due = clock_mono_ms() - s->told_mono_ms >= SERVE_EVERY_MS;

	s->stale = false;
	s->cli->now = clock_wall();
	if (status_collect(&st, &s->cli->store, &s->cli->settings,
	    s->cli->now, err) < 0)
		return -1;
	if (hello)
		say_hello(s, &st);
	if (is_news(s, &st) || due)
		tell_status(s, &st);
	status_release(&st);
	return 0;
}

/* Has somebody committed, or has ccmqd come or gone? 0 or -1. */
static int
look_around(struct serve *s, struct error *err)
{
	int64_t version;
	char who[128];
	bool runs;

	if (store_look_at_names(&s->cli->store, err) < 0 ||
	    history_data_version(s->cli->store.history, &version, err) < 0)
		return -1;
	runs = spool_ask_lock(&s->cli->store.spool, who, sizeof who, err) > 0;
	if (version != s->version || runs != s->runs ||
	    clock_mono_ms() - s->told_mono_ms >= SERVE_EVERY_MS)
		s->stale = true;
	s->version = version;
	s->runs = runs;
	return 0;
}

/* Lines that are whole. */
static void
hear_lines(struct serve *s)
{
	size_t at = 0;
	char *end;

	while ((end = memchr(s->in.data + at, '\n', s->in.len - at))) {
		size_t len = (size_t)(end - s->in.data) - at;

		if (!s->too_long && len > 0)
			serve_answer(s->cli, s->in.data + at, len);
		s->stale = true;	/* nobody tells of our own writes */
		s->too_long = false;
		at += len + 1;
	}
	str_remove(&s->in, 0, at);
	if (s->in.len <= SERVE_LINE_MAX)
		return;
	if (!s->too_long)
		cli_notice(s->cli, "a line of more than %d bytes is passed "
			"over", SERVE_LINE_MAX);
	s->too_long = true;
	str_clear(&s->in);
}

static void
hear(struct serve *s)
{
	char buf[16384];
	ssize_t n = read(STDIN_FILENO, buf, sizeof buf);

	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return;
	if (n <= 0) {
		s->over = true;
		return;
	}
	str_add_bytes(&s->in, buf, (size_t)n);
	hear_lines(s);
}

/* 0 or -1. */
static int
serve(struct serve *s, struct error *err)
{
	struct cli_bell bell;
	int rc;

	cli_bell_open(&bell, &s->cli->store);
	rc = look_around(s, err) < 0 ? -1 : look(s, true, err);
	while (rc == 0 && !s->over && fflush(stdout) == 0 && !ferror(stdout)) {
		int64_t wait = s->told_mono_ms + AT_MOST_EVERY_MS -
			clock_mono_ms();

		if (cli_bell_wait_or(&bell, STDIN_FILENO, !s->stale ? 1000 :
		    wait > 0 ? (int)wait : 0))
			hear(s);
		rc = look_around(s, err);
		if (rc == 0 && s->stale && clock_mono_ms() - s->told_mono_ms >=
		    AT_MOST_EVERY_MS)
			rc = look(s, false, err);
	}
	cli_bell_close(&bell);
	return rc;
}

int
cmd_serve(struct cli *cli, struct cli_args *args)
{
	const struct cli_option options[] = { { .name = NULL } };
	struct serve s = { .cli = cli, .in = STR_INIT, .told = STR_INIT };
	struct error err = ERROR_INIT;
	int rc = cli_take(cli, args, options);

	if (rc == 0)
		rc = cli_settings(cli);
	if (rc == 0)
		rc = cli_open_store(cli, cli->read_only ||
			cli->settings.console_read_only ? STORE_READ :
			STORE_WRITE_IF_ALLOWED);
	if (rc == 0)
		rc = cli_check_version(cli);
	if (rc == 0 && serve(&s, &err) < 0)
		rc = cli_fail(cli, &err);
	str_release(&s.in);
	str_release(&s.told);
	return rc;
}

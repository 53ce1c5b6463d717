/* SPDX-License-Identifier: ISC */
/* cmd_find: `ccmq find`: messages of all hosts, or of the archive, merged by
 * time. See ccmq(1). */
#include "command/cli_beside.h"
#include "command/cli_hosts.h"
#include "base/clock.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "history/match.h"
#include "reach/serve.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FOUND_MAX 1000000		/* of all hosts together */

struct found {
	const char *host;		/* of the settings, or of the message */
	int64_t at, id;
	struct json_line *message;
};

struct search {
	struct cli *cli;
	struct hosts hosts;
	const char *expr;
	int64_t limit;
	struct found *found;
	size_t count, cap;
	bool *over;			/* of each host: it has answered */
	int64_t *told;			/* … so many */
	bool failed, full;
};

/* What it told before its line was lost: it tells all of it again. */
static void
forget(struct search *s, size_t host)
{
	size_t n = 0;

	for (size_t i = 0; i < s->count; i++)
		if (s->found[i].host == s->hosts.host[host].set->name)
			json_line_free(s->found[i].message);
		else
			s->found[n++] = s->found[i];
	s->count = n;
	s->told[host] = 0;
}

static void
ask(void *arg, size_t host)
{
	struct search *s = arg;
	struct json_line *j;

	if (s->over[host])
		return;
	forget(s, host);
	j = json_line_new();
	json_put_text(j, "id", "find");
	json_put_text(j, "ask", "find");
	json_put_text(j, "match", s->expr);
	json_put_number(j, "limit", s->limit);
	hosts_ask(&s->hosts, host, j);
}

static void
add(struct search *s, const char *host, struct json_line *message)
{
	int64_t at = 0, id = 0;

	json_get_time(message, "received_at", &at);
	json_get_number(message, "id", &id);
	if (s->count == FOUND_MAX) {
		if (!s->full)
			cli_notice(s->cli, "more than %d: the rest is left "
				"out", FOUND_MAX);
		s->full = s->failed = true;
		json_line_free(message);
		return;
	}
	xgrow(&s->found, &s->cap, s->count + 1, sizeof *s->found, FOUND_MAX);
	s->found[s->count++] = (struct found){ host, at, id, message };
}

static void
hear(void *arg, size_t host, const struct json_line *j)
{
	struct search *s = arg;
	struct json_line *message;
	const char *why;
	bool end = false;
	char shown[256];

	if (s->over[host])
		return;
	if (json_get_object(j, "message", &message) == 1) {
		if (s->told[host]++ < s->limit) {
			add(s, s->hosts.host[host].set->name, message);
			return;
		}
		json_line_free(message);
		cli_notice(s->cli, "%s: tells more than it was asked for",
			s->hosts.host[host].set->name);
		s->over[host] = s->failed = true;
	} else if (json_get_text(j, "error", &why) == 1) {
		cli_notice(s->cli, "%s: %s", s->hosts.host[host].set->name,
			text_printable(shown, sizeof shown, why,
			strlen(why)));
		s->over[host] = s->failed = true;
	} else if (json_get_bool(j, "end", &end) == 1 && end)
		s->over[host] = true;
}

/* Nothing is to come any more: from those that answer. */
static bool
is_done(void *arg)
{
	const struct search *s = arg;

	for (size_t i = 0; i < s->hosts.count; i++)
		if (!s->over[i] && !(s->hosts.host[i].state != HOST_LIVE &&
		    *s->hosts.host[i].why))
			return false;
	return true;
}

static int
by_time(const void *a, const void *b)
{
	const struct found *x = a, *y = b;

	if (x->at != y->at)
		return x->at < y->at ? -1 : 1;
	if (strcmp(x->host, y->host) != 0)
		return strcmp(x->host, y->host);
	return x->id < y->id ? -1 : x->id > y->id;
}

static const char *
text_of(const struct json_line *j, const char *key)
{
	const char *text = "";

	json_get_text(j, key, &text);
	return text;
}

static void
print_found(struct search *s, const struct found *f)
{
	char at[TEXT_TIME_MAX];

	if (s->cli->json) {
		json_put_text(f->message, "host", f->host);
		json_line_print(f->message, stdout);
		return;
	}
	printf("%-10s ", text_time(at, f->at, s->cli->now));
	cli_cell(s->cli, f->host, 14);
	printf(" %8" PRId64 " ", f->id);
	cli_cell(s->cli, text_of(f->message, "state"), 11);
	putchar(' ');
	cli_cell(s->cli, text_of(f->message, "from"), 20);
	putchar(' ');
	cli_cell(s->cli, *text_of(f->message, "subject") ? text_of(f->message,
		"subject") : text_of(f->message, "name"), s->cli->columns > 80
		? s->cli->columns - 68 : s->cli->columns ? 12 : 0);
	putchar('\n');
	json_line_free(f->message);
}

static void
print_all(struct search *s)
{
	if (s->count)
		qsort(s->found, s->count, sizeof *s->found, by_time);
	for (size_t i = 0; i < s->count; i++)
		print_found(s, &s->found[i]);
	free(s->found);
}

/* Those that did not answer. */
static int
name_silent(struct search *s)
{
	int rc = s->failed ? CLI_NOT_DONE : CLI_DONE;

	for (size_t i = 0; i < s->hosts.count; i++) {
		if (s->over[i])
			continue;
		cli_notice(s->cli, "%s: %s", s->hosts.host[i].set->name,
			*s->hosts.host[i].why ? s->hosts.host[i].why :
			"did not answer");
		rc = CLI_NOT_DONE;
	}
	return rc;
}

static int
search(struct search *s)
{
	int rc;

	hosts_open(&s->hosts, &s->cli->settings, s->cli->config,
		s->cli->store_path);
	s->hosts.line = hear;
	s->hosts.hello = ask;
	s->hosts.arg = s;
	s->over = xcalloc(s->hosts.count, sizeof *s->over);
	s->told = xcalloc(s->hosts.count, sizeof *s->told);
	cli_hosts_run(&s->hosts, is_done, s, CLI_HOSTS_WAIT_MS);
	print_all(s);
	rc = name_silent(s);
	hosts_close(&s->hosts);
	free(s->over);
	free(s->told);
	return rc;
}

static void
hear_archive(void *arg, struct json_line *message)
{
	add(arg, text_of(message, "host"), message);
}

static int
search_archive(struct search *s)
{
	char limit[24];
	const char *options[] = { "--find", s->expr, "--limit", limit, NULL };
	int rc;

	snprintf(limit, sizeof limit, "%" PRId64, s->limit);
	rc = cli_archive(s->cli, options, hear_archive, s);
	print_all(s);
	return rc == CLI_DONE && s->failed ? CLI_NOT_DONE : rc;
}

int
cmd_find(struct cli *cli, struct cli_args *args)
{
	struct search s = { .cli = cli, .limit = 1000 };
	bool archive = false;
	const struct cli_option options[] = {
		{ .name = "limit=", .take = CLI_NUMBER, .out = &s.limit,
			.least = 1 },
		{ .name = "archive", .take = CLI_FLAG, .out = &archive },
		{ .name = "", .take = CLI_TEXT, .out = &s.expr, .more =
		  "takes one expression; quote it" },
		{ .name = NULL },
	};
	struct error err = ERROR_INIT;
	struct match *m;
	int rc = cli_take(cli, args, options);

	if (rc == 0 && !s.expr)
		rc = cli_usage(cli, "wants an expression");
	if (rc != 0)
		return rc;
	m = match_compile(s.expr, archive ? MATCH_ARCHIVE : 0, cli->now, &err);
	if (!m)
		return cli_usage(cli, "%s", err.text);
	match_free(m);
	if (!archive && s.limit > SERVE_LIST_MAX)
		return cli_usage(cli, "a host tells %d at the most",
			SERVE_LIST_MAX);
	rc = cli_settings(cli);
	return rc ? rc : archive ? search_archive(&s) : search(&s);
}

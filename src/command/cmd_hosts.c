/* SPDX-License-Identifier: ISC */
/* cmd_hosts: `ccmq hosts`. See ccmq(1) and reach/hosts.h. */
#include "command/cli_hosts.h"
#include "base/clock.h"
#include "base/text.h"
#include "base/xalloc.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

struct shown {
	struct cli *cli;
	struct hosts hosts;
	uint64_t *told;			/* host.changed, as it was printed */
	bool follow, header;
};

static const char *
state_of(const struct host *o)
{
	return o->state == HOST_LIVE ? "live" : o->old && o->facts.known ?
		"asked" : *o->why ? "down" : "starting";
}

static void
put_count(struct json_line *j, const char *name, const struct host_facts *f,
	int64_t n)
{
	if (!f->known || n < 0)
		json_put_null(j, name);
	else
		json_put_number(j, name, n);
}

static void
put_known(struct json_line *j, const char *name, const struct host_facts *f,
	const char *text)
{
	json_put_text(j, name, f->known && *text ? text : NULL);
}

static void
print_json(const struct host *o)
{
	const struct host_facts *f = &o->facts;
	struct json_line *j = json_line_new();

	json_put_text(j, "host", o->set->name);
	json_put_text(j, "state", state_of(o));
	json_put_text(j, "why", *o->why ? o->why : NULL);
	put_known(j, "store", f, f->store);
	put_known(j, "version", f, f->version);
	put_known(j, "connector", f, f->connector);
	put_known(j, "verdict", f, f->verdict);
	put_known(j, "verdict_text", f, f->text);
	json_put_text(j, "severity", f->known ?
		verdict_severity_word(f->severity) : NULL);
	put_count(j, "queued", f, f->queued);
	put_count(j, "deferred", f, f->deferred);
	put_count(j, "failed", f, f->failed);
	put_count(j, "quarantined", f, f->quarantined);
	put_count(j, "oldest_queued_age_s", f, f->oldest_s);
	put_count(j, "und_bytes", f, f->und_bytes);
	put_count(j, "disk_free", f, f->disk_free);
	json_put_time(j, "last_import_at", f->known ? f->last_import_at :
		HISTORY_NO_TIME);
	put_count(j, "age_s", f, (clock_mono_ms() - f->heard_mono_ms) / 1000);
	json_put_bool(j, "writes", o->state == HOST_LIVE && o->writes);
	json_line_print(j, stdout);
}

static void
print_header(struct shown *s)
{
	if (!s->header)
		printf("%s   %-14s %5s %6s %6s %5s %5s %6s %-8s %4s VERDICT%s\n",
			cli_color(s->cli, CLI_BOLD), "HOST", "QUEUE",
			"FAILED", "OLDEST", ".UND", "DISK", "IMPORT",
			"VERSION", "ROW", cli_color(s->cli, CLI_PLAIN));
	s->header = true;
}

/* "3m", or "" where it is not known. */
static const char *
span(char out[TEXT_NUMBER_MAX], int64_t s)
{
	return s < 0 ? "" : text_duration(out, s * 1000);
}

static void
print_numbers(const struct host_facts *f)
{
	char a[TEXT_NUMBER_MAX], b[TEXT_NUMBER_MAX], c[TEXT_NUMBER_MAX];
	char d[TEXT_NUMBER_MAX], e[TEXT_NUMBER_MAX], at[TEXT_TIME_MAX];
	int64_t age = (clock_mono_ms() - f->heard_mono_ms) / 1000;

	if (!f->known) {
		printf(" %5s %6s %6s %5s %5s %6s %-8s %4s ", "", "", "", "",
			"", "", "", "");
		return;
	}
	printf(" %5s %6s %6s %5s %5s %6s %-8.8s %3" PRId64 "s ",
		text_count(a, (uint64_t)(f->queued + f->deferred)),
		text_count(b, (uint64_t)f->failed), span(c, f->oldest_s),
		f->und_bytes < 0 ? "" : text_size(d, (uint64_t)f->und_bytes),
		f->disk_free < 0 ? "" : text_size(e, (uint64_t)f->disk_free),
		f->last_import_at == HISTORY_NO_TIME ? "" : text_time(at,
		f->last_import_at, clock_wall()), f->version, age);
}

static void
print_row(struct shown *s, const struct host *o)
{
	const struct host_facts *f = &o->facts;
	bool down = o->state != HOST_LIVE && *o->why;
	enum verdict_severity severity = f->known ? f->severity :
		down ? VERDICT_ACT : VERDICT_WELL;

	print_header(s);
	printf("%s%s%s ", cli_color(s->cli, severity == VERDICT_ACT ? CLI_RED :
		severity == VERDICT_LOOK ? CLI_YELLOW : CLI_PLAIN),
		f->known ? verdict_sign(severity) : down ? "--" : "  ",
		cli_color(s->cli, CLI_PLAIN));
	cli_cell(s->cli, o->set->name, 14);
	print_numbers(f);
	cli_cell(s->cli, f->known ? f->text : *o->why ? o->why :
		"no word yet", 0);
	putchar('\n');
	if (f->known && *o->why) {
		printf("   %14s ", "");
		cli_cell(s->cli, o->why, 0);
		putchar('\n');
	}
}

static void
print_one(struct shown *s, size_t i)
{
	s->told[i] = s->hosts.host[i].changed;
	if (s->cli->json)
		print_json(&s->hosts.host[i]);
	else
		print_row(s, &s->hosts.host[i]);
}

static int
worst_first(const void *a, const void *b)
{
	return host_compare(*(struct host *const *)a,
		*(struct host *const *)b);
}

static void
print_all(struct shown *s)
{
	struct host **by = xcalloc(s->hosts.count, sizeof *by);

	for (size_t i = 0; i < s->hosts.count; i++)
		by[i] = &s->hosts.host[i];
	qsort(by, s->hosts.count, sizeof *by, worst_first);
	for (size_t i = 0; i < s->hosts.count; i++)
		print_one(s, (size_t)(by[i] - s->hosts.host));
	free(by);
}

static bool
is_done(void *arg)
{
	struct shown *s = arg;

	if (!s->follow)
		return hosts_all_known(&s->hosts);
	for (size_t i = 0; i < s->hosts.count; i++)
		if (s->hosts.host[i].changed != s->told[i])
			print_one(s, i);
	fflush(stdout);
	return false;
}

/* Is there one of which nothing is known? */
static int
name_unknown(struct shown *s)
{
	int rc = CLI_DONE;

	for (size_t i = 0; i < s->hosts.count; i++) {
		const struct host *o = &s->hosts.host[i];

		if (o->facts.known)
			continue;
		cli_notice(s->cli, "%s: %s", o->set->name, *o->why ? o->why :
			"no word yet");
		rc = CLI_NOT_DONE;
	}
	return rc;
}

int
cmd_hosts(struct cli *cli, struct cli_args *args)
{
	struct shown s = { .cli = cli };
	const struct cli_option options[] = {
		{ .name = "follow", .take = CLI_FLAG, .out = &s.follow },
		{ .name = NULL },
	};
	int rc = cli_take(cli, args, options);

	if (rc == 0)
		rc = cli_settings(cli);
	if (rc != 0)
		return rc;
	hosts_open(&s.hosts, &cli->settings, cli->config, cli->store_path);
	s.told = xcalloc(s.hosts.count, sizeof *s.told);
	cli_hosts_run(&s.hosts, is_done, &s, s.follow ? -1 :
		CLI_HOSTS_WAIT_MS);
	print_all(&s);
	rc = name_unknown(&s);
	hosts_close(&s.hosts);
	free(s.told);
	return rc;
}

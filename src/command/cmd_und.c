/* SPDX-License-Identifier: ISC */
/* cmd_und: `ccmq und` and `ccmq show --und`. See ccmq(1). */
#include "command/cmd_und.h"
#include "base/clock.h"
#include "base/files.h"
#include "work/operations.h"
#include "store/status.h"
#include "base/text.h"
#include "store/und_account.h"
#include "base/xalloc.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PAGE 200

static char *
lane_path(const struct cli *cli, int lane, int64_t number)
{
	return und_account_lane_path(cli->store.path, cli->settings.und_path,
		lane, number);
}

/* The file an entry is in. 1, 0 unknown, -1. */
static int
find_file(struct cli *cli, int64_t id, struct history_und_file *out,
	struct error *err)
{
	int rc = history_und_next(cli->store.history, id - 1, out, err);

	return rc > 0 && out->id != id ? 0 : rc;
}

/* The members of an entry that every answer about it has. */
static struct json_line *
entry_json(const struct history_und_entry *e)
{
	struct json_line *j = json_line_new();

	json_put_number(j, "number", e->id);
	json_put_time(j, "at", e->at);
	json_put_known(j, "message_id", e->message, 0);
	json_put_number(j, "size", e->length);
	json_put_number(j, "offset", e->start);
	json_put_text(j, "reason", e->reason);
	json_put_known(j, "resent_as", e->resent, 0);
	return j;
}

static int
print_bytes(struct cli *cli, const struct history_und_entry *e)
{
	struct history_und_file f;
	struct error err = ERROR_INIT;
	char *path;
	int fd, rc = find_file(cli, e->file, &f, &err);

	if (rc < 0)
		return cli_fail(cli, &err);
	path = rc ? lane_path(cli, f.lane, f.number) : xstrdup("its file");
	fd = rc ? open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK) : -1;
	if (fd < 0)
		cli_notice(cli, ".und entry %" PRId64 ": %s is not there any "
			"more: keep.und has passed, or it was moved", e->id,
			path);
	free(path);
	if (fd < 0)
		return CLI_NOT_DONE;
	rc = cli_copy_out(cli, fd, e->start, e->start + e->length,
		cli->json ? entry_json(e) : NULL);
	close(fd);
	return rc;
}

int
cmd_und_of_message(struct cli *cli, const struct history_message *m)
{
	struct history_und_entry rows[PAGE] = { { 0 } };
	struct error err = ERROR_INIT;
	int64_t after = 0;
	int n, rc = CLI_DONE, printed = 0;

	while ((n = history_und_entries(cli->store.history, m->id, after, rows,
	    PAGE, &err)) > 0)
		for (int i = 0; i < n; i++) {
			after = rows[i].id;
			if (rc == CLI_DONE)
				rc = print_bytes(cli, &rows[i]);
			printed++;
			history_und_entry_release(&rows[i]);
		}
	if (n < 0)
		return cli_fail(cli, &err);
	if (printed == 0) {
		cli_notice(cli, "#%" PRId64 " left nothing in the .und "
			"file", m->id);
		return CLI_NOT_DONE;
	}
	return rc;
}

static void
print_entry(struct cli *cli, const struct history_und_entry *e)
{
	char at[TEXT_TIME_MAX], size[TEXT_NUMBER_MAX];

	if (cli->json) {
		json_line_print(entry_json(e), stdout);
		return;
	}
	printf("%8" PRId64 " %-10s %8" PRId64 " %5s ", e->id,
		text_time(at, e->at, cli->now), e->message,
		text_size(size, (uint64_t)e->length));
	cli_cell(cli, e->reason ? e->reason : "no reason given", 0);
	printf(e->resent ? " (resent as #%" PRId64 ")\n" : "\n", e->resent);
}

static int
list_entries(struct cli *cli)
{
	struct history_und_entry rows[PAGE] = { { 0 } };
	struct error err = ERROR_INIT;
	int64_t after = 0;
	bool first = true;
	int n;

	while ((n = history_und_entries(cli->store.history, 0, after, rows,
	    PAGE, &err)) > 0 && !ferror(stdout)) {
		if (first && !cli->json)
			printf("%8s %-10s %8s %5s %s\n", "NUMBER", "WHEN",
				"MESSAGE", "SIZE", "REASON");
		first = false;
		for (int i = 0; i < n; i++) {
			after = rows[i].id;
			print_entry(cli, &rows[i]);
			history_und_entry_release(&rows[i]);
		}
	}
	return n < 0 ? cli_fail(cli, &err) : CLI_DONE;
}

static int
show_entry(struct cli *cli, int64_t id)
{
	struct history_und_entry e;
	struct error err = ERROR_INIT;
	int rc = history_und_entry_get(cli->store.history, id, &e, &err);

	if (rc < 0)
		return cli_fail(cli, &err);
	if (rc == 0) {
		cli_notice(cli, "there is no .und entry %" PRId64 ": ccmq "
			"und list shows those there are", id);
		return CLI_NOT_DONE;
	}
	rc = print_bytes(cli, &e);
	history_und_entry_release(&e);
	return rc;
}

static int
print_status(struct cli *cli)
{
	struct error err = ERROR_INIT;
	struct status st;
	char size[TEXT_NUMBER_MAX], ten[TEXT_NUMBER_MAX],
		hour[TEXT_NUMBER_MAX], rotate[TEXT_NUMBER_MAX];
	char *path = lane_path(cli, 1, 0);

	if (status_collect(&st, &cli->store, &cli->settings, cli->now,
	    &err) < 0) {
		free(path);
		return cli_fail(cli, &err);
	}
	if (cli->json) {
		struct json_line *j = json_line_new();

		json_put_text(j, "path", path);
		json_put_number(j, "und_bytes", st.und_bytes);
		json_put_number(j, "und_growth_10_min", st.und_growth_10min);
		json_put_number(j, "und_growth_per_hour",
			st.und_growth_per_hour);
		json_put_number(j, "rotate_bytes",
			cli->settings.und_rotate_bytes);
		json_line_print(j, stdout);
	} else {
		cli_cell(cli, path, 0);
		printf(": %s, +%s in 10 min, +%s in 1 hour, rotates at %s\n",
			text_size(size, (uint64_t)st.und_bytes),
			text_size(ten, (uint64_t)st.und_growth_10min),
			text_size(hour, (uint64_t)st.und_growth_per_hour),
			text_size(rotate,
				(uint64_t)cli->settings.und_rotate_bytes));
	}
	status_release(&st);
	free(path);
	return CLI_DONE;
}

#define ASKED "the connector rotates it between two attempts"

static struct json_line *
rotate_json(const struct cli *cli, const char *result, const char *why)
{
	struct json_line *j = cli_result_json(cli, result, why);

	json_put_text(j, "verb", "rotate");
	return j;
}

static void
print_rotated(struct cli *cli, const char *path, bool done)
{
	const char *words = done ? "rotated" : "there is nothing to rotate";
	struct json_line *j;

	if (cli->json) {
		j = rotate_json(cli, done ? "done" : "unchanged",
			done ? NULL : words);
		json_put_text(j, "path", path);
		json_line_print(j, stdout);
		return;
	}
	cli_cell(cli, path, 0);
	printf(": %s\n", words);
}

/* The connector does it between two attempts; without one we do. */
static int
rotate(struct cli *cli)
{
	struct error err = ERROR_INIT;
	char who[128];
	int rc = spool_take_lock(&cli->store.spool, "ccmq", who, sizeof who,
		&err);

	if (rc > 0) {
		rc = operations_rotate(&cli->store, &cli->actor, &err);
		if (rc < 0)
			return cli_fail(cli, &err);
		if (cli->json)
			json_line_print(rotate_json(cli, "noted", ASKED),
				stdout);
		else
			puts("asked for: " ASKED);
		return CLI_DONE;
	}
	for (int lane = 1; rc == 0 && lane <=
	    (int)cli->settings.import_lanes; lane++) {
		char *path = lane_path(cli, lane, 0);

		rc = und_account_rotate(&cli->store, lane, path, &err);
		if (rc >= 0)
			print_rotated(cli, path, rc > 0);
		rc = rc < 0 ? -1 : 0;
		free(path);
	}
	spool_drop_lock(&cli->store.spool);
	return rc < 0 ? cli_fail(cli, &err) : CLI_DONE;
}

/* A number, for show or resend. 0 or CLI_USAGE (said). */
static int
add_number(struct cli *cli, struct und_args *o, const char *text)
{
	struct error err = ERROR_INIT;
	char shown[64];
	bool resend = strcmp(o->what, "resend") == 0;
	int64_t id;

	if ((!resend && (strcmp(o->what, "show") != 0 || o->n)) ||
	    cli_parse_id(text, &id, &err) < 0)
		return cli_usage(cli, "\"%s\" is too much or wrong",
			text_printable(shown, sizeof shown, text,
				strlen(text)));
	xgrow(&o->entries, &o->cap, o->n + 1, sizeof *o->entries,
		OPERATIONS_MAX);
	o->entries[o->n++] = id;
	return 0;
}

static int
parse(struct cli *cli, struct cli_args *args, struct und_args *o)
{
	static const char *const names[] = { "match=", "reason=", "dry-run",
		"again", NULL };
	bool any = false;
	int i, n = 0, rc = 0;

	while (rc == 0 && (i = cli_next(cli, args, names)) != -1) {
		any = any || i < 4;
		if (i == 0)
			o->match = args->value;
		else if (i == 1)
			o->reason = args->value;
		else if (i == 2)
			o->dry_run = true;
		else if (i == 3)
			o->again = true;
		else if (i != CLI_OPERAND)
			return CLI_USAGE;
		else if (n++ == 0)
			o->what = args->value;
		else
			rc = add_number(cli, o, args->value);
	}
	if (rc == 0 && any && strcmp(o->what, "resend") != 0)
		rc = cli_usage(cli, "these options are for resend");
	return rc;
}

static int
look(struct cli *cli, const struct und_args *o)
{
	int rc;

	if (strcmp(o->what, "show") == 0 && !o->n)
		return cli_usage(cli, "show wants the number of an entry");
	if (strcmp(o->what, "status") != 0 && strcmp(o->what, "list") != 0 &&
	    strcmp(o->what, "show") != 0)
		return cli_usage(cli, "status, list, show, resend or rotate?");
	rc = cli_open(cli, false);
	if (rc != 0)
		return rc;
	return strcmp(o->what, "list") == 0 ? list_entries(cli) :
		strcmp(o->what, "show") == 0 ?
		show_entry(cli, o->entries[0]) : print_status(cli);
}

int
cmd_und(struct cli *cli, struct cli_args *args)
{
	struct und_args o = { .what = "status" };
	int rc = parse(cli, args, &o);

	if (rc == 0 && strcmp(o.what, "resend") == 0) {
		rc = cmd_und_resend(cli, &o);
	} else if (rc == 0 && strcmp(o.what, "rotate") == 0) {
		rc = cli_open_for_verb(cli);
		if (rc == 0)
			rc = rotate(cli);
	} else if (rc == 0) {
		rc = look(cli, &o);
	}
	free(o.entries);
	return rc;
}

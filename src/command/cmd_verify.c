/* SPDX-License-Identifier: ISC */
/* cmd_verify: `ccmq verify`. See ccmq(1) and history/seal_verify.h. */
#include "command/cli.h"
#include "base/text.h"
#include "history/seal_verify.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SHOWN_MAX 100	/* findings; the rest is counted */

struct verify {
	struct cli *cli;
	int64_t found;
	int64_t lines, newest;		/* of --against */
};

static void
on_found(void *arg, const struct seal_finding *f)
{
	struct verify *v = arg;
	struct json_line *j;

	if (v->found++ >= SHOWN_MAX)
		return;
	if (!v->cli->json) {
		puts(f->text);
		return;
	}
	j = json_line_new();
	json_put_text(j, "kind", seal_finding_word(f->kind));
	json_put_text(j, "table", f->table);
	json_put_number(j, "first", f->first);
	json_put_number(j, "last", f->last);
	json_put_number(j, "txn", f->txn);
	json_put_text(j, "text", f->text);
	json_line_print(j, stdout);
}

/* What a line of syslog says of a transaction, held against the history. */
static int
check_claim(struct verify *v, int64_t txn, const char *digest,
	struct error *err)
{
	struct seal_finding f = { .table = "seal", .first = txn, .last = txn };
	unsigned char bytes[SEAL_BYTES];
	char hex[SEAL_HEX] = "";
	int rc = history_seal_digest(v->cli->store.history, txn, bytes, err);

	v->lines++;
	if (txn > v->newest)
		v->newest = txn;
	if (rc > 0)
		seal_hex(hex, bytes);
	if (rc < 0 || (rc > 0 && strcmp(hex, digest) == 0))
		return rc < 0 ? -1 : 0;
	f.kind = rc > 0 ? SEAL_ALTERED : SEAL_MISSING;
	snprintf(f.text, sizeof f.text, rc > 0 ? "transaction %" PRId64 " is "
		"not the one that syslog kept: it, or one before it, was "
		"sealed anew" : "transaction %" PRId64 " is missing: syslog "
		"kept its seal", txn);
	on_found(v, &f);
	return 0;
}

/* A line of ccmqd's in FILE: … seal UUID NUMBER DIGEST. Lines of other stores,
 * and of other programs, are passed over. */
static int
check_line(struct verify *v, const char *line, struct error *err)
{
	const char *uuid = history_uuid(v->cli->store.history);
	const char *p = strstr(line, "seal ");
	char digest[SEAL_HEX];
	int64_t txn;

	while (p && strncmp(p + 5, uuid, strlen(uuid)) != 0)
		p = strstr(p + 5, "seal ");
	if (!p || sscanf(p + 5 + strlen(uuid), " %" SCNd64 " %64[0-9a-f]",
	    &txn, digest) != 2 || txn <= 0)
		return 0;
	return check_claim(v, txn, digest, err);
}

static int
check_against(struct verify *v, const char *path, struct error *err)
{
	FILE *f = fopen(path, "re");
	char *line = NULL;
	size_t cap = 0;
	int rc = 0;

	if (!f)
		return error_sys(err, errno, "open %s", path);
	while (rc == 0 && getline(&line, &cap, f) >= 0)
		rc = check_line(v, line, err);
	if (rc == 0 && ferror(f))
		rc = error_sys(err, errno, "read %s", path);
	if (rc == 0 && v->lines == 0)
		rc = error_set(err, ERROR_NOT_FOUND, "%s has no line with a "
			"seal of this store (%s)", path,
			history_uuid(v->cli->store.history));
	free(line);
	fclose(f);
	return rc;
}

static void
print_sum(const struct verify *v, const struct seal_sum *s)
{
	char n[TEXT_NUMBER_MAX], rows[TEXT_NUMBER_MAX], hex[SEAL_HEX];
	struct json_line *j;

	seal_hex(hex, s->digest);
	if (v->cli->json) {
		j = json_line_new();
		json_put_number(j, "transactions", s->transactions);
		json_put_number(j, "rows", s->rows);
		json_put_number(j, "removed_rows", s->removed);
		json_put_number(j, "findings", v->found);
		json_put_number(j, "newest", s->newest);
		json_put_text(j, "digest", hex);
		json_put_number(j, "against", v->newest);
		json_line_print(j, stdout);
		return;
	}
	if (v->found > SHOWN_MAX)
		printf("and %s more\n", text_count(n,
			(uint64_t)(v->found - SHOWN_MAX)));
	if (v->found)
		return;
	printf("%s transaction%s, %s row%s: all as sealed",
		text_count(n, (uint64_t)s->transactions),
		s->transactions == 1 ? "" : "s",
		text_count(rows, (uint64_t)s->rows), s->rows == 1 ? "" : "s");
	if (s->removed)
		printf("; %s removed by retention",
			text_count(n, (uint64_t)s->removed));
	printf("\nnewest: %" PRId64 " %s\n", s->newest, hex);
	if (v->newest)
		printf("syslog's newest: %" PRId64 "; what came later rests on "
			"the history alone\n", v->newest);
}

int
cmd_verify(struct cli *cli, struct cli_args *args)
{
	struct error err = ERROR_INIT;
	struct verify v = { .cli = cli };
	const char *against = NULL;
	const struct cli_option options[] = {
		{ .name = "against=", .take = CLI_TEXT, .out = &against },
		{ .name = NULL },
	};
	struct seal_sum sum;
	int rc = cli_take(cli, args, options);

	if (rc == 0)
		rc = cli_open(cli, false);
	if (rc != 0)
		return rc;
	rc = history_verify(cli->store.history, on_found, &v, &sum, &err);
	if (rc == 0 && against)
		rc = check_against(&v, against, &err);
	if (rc < 0)
		return cli_fail(cli, &err);
	print_sum(&v, &sum);
	return v.found ? CLI_NOT_DONE : CLI_DONE;
}

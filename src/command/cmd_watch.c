/* SPDX-License-Identifier: ISC */
/* cmd_watch: `ccmq watch`. See ccmq(1) and reach/hooks.h. */
#include "command/cli.h"
#include "base/clock.h"
#include "reach/hooks.h"
#include "reach/metrics.h"

#include <signal.h>
#include <string.h>

#define METRICS_MS (15 * CLOCK_SECOND)
#define WRITE_LIMIT_MS (2 * CLOCK_SECOND)	/* mail goes first */

static volatile sig_atomic_t ending;

static void
on_end(int sig)
{
	(void)sig;
	ending = 1;
}

/* What it runs, and what says so, may be changed by nobody else. */
static int
check_trust(const struct cli *cli)
{
	const struct settings_programs *p = &cli->settings.hooks;
	struct error err = ERROR_INIT;

	for (size_t i = 0; i < p->count; i++)
		if (settings_trusted_program(&cli->settings, &p->of[i],
		    &err) < 0)
			return cli_fail(cli, &err);
	return 0;
}

/* Into the history, where it may write. */
static bool
note(struct store *s, const struct hooks_end *e)
{
	struct error err;
	bool done = s->writable && store_begin(s, &err) == 0 &&
		store_event(s, EVENT_HOOK, 0, &err, "%s, for %s that %s: "
			"%s%s%s", e->program, e->word, e->begins ? "begins" :
			"ends", e->how, *e->output ? ": " : "", e->output) ==
		0 && store_commit(s, &err) == 0;

	store_end(s);
	return done;
}

static void
on_ended(void *arg, const struct hooks_end *e)
{
	struct cli *cli = arg;

	if (!note(&cli->store, e) || e->failed)
		cli_notice(cli, "%s, for %s that %s: %s%s%s", e->program,
			e->word, e->begins ? "begins" : "ends", e->how,
			*e->output ? ": " : "", e->output);
}

static void
write_metrics(struct cli *cli, const struct status *st)
{
	struct str text = STR_INIT;
	struct error err = ERROR_INIT;

	if (metrics_write(&text, &cli->store, st, &err) < 0 ||
	    metrics_put_file(cli->settings.metrics_file, &text, &err) < 0)
		cli_notice(cli, "%s", err.text);
	str_release(&text);
}

/* 0, or -1 when it is another store. */
static int
look(struct cli *cli, struct hooks *h, int64_t *metrics_ms, struct error *err)
{
	struct status st;
	struct error why = ERROR_INIT;

	if (store_is_there(&cli->store, err) < 0)
		return -1;
	/* What is wrong with others is a verdict. */
	(void)store_look_at_names(&cli->store, &why);
	if (status_collect(&st, &cli->store, &cli->settings, clock_wall(),
	    &why) < 0) {
		hooks_see_nothing(h, why.text);
		return 0;
	}
	hooks_see(h, &cli->store, &st);
	if (*cli->settings.metrics_file && clock_mono_ms() >= *metrics_ms) {
		*metrics_ms = clock_mono_ms() + METRICS_MS;
		write_metrics(cli, &st);
	}
	status_release(&st);
	return 0;
}

static int
watch(struct cli *cli, struct error *err)
{
	struct hooks *h = hooks_new(&cli->settings.hooks, on_ended, cli);
	struct sigaction end = { .sa_handler = on_end };
	struct cli_bell bell;
	int64_t metrics_ms = 0, look_ms = 0;
	int rc = 0;

	sigaction(SIGTERM, &end, NULL);
	sigaction(SIGINT, &end, NULL);
	cli_bell_open(&bell, &cli->store);
	while (!ending && rc == 0) {
		bool busy = hooks_turn(h);

		cli_bell_wait_or(&bell, -1, busy ? HOOKS_BUSY_MS : 1000);
		/* Not for each byte of the bell. */
		if (clock_mono_ms() < look_ms)
			continue;
		look_ms = clock_mono_ms() + HOOKS_BUSY_MS;
		rc = look(cli, h, &metrics_ms, err);
	}
	cli_bell_close(&bell);
	hooks_free(h);
	return rc;
}

int
cmd_watch(struct cli *cli, struct cli_args *args)
{
	const struct cli_option options[] = { { .name = NULL } };
	struct error err = ERROR_INIT;
	int rc = cli_take(cli, args, options);

	if (rc == 0)
		rc = cli_settings(cli);
	if (rc == 0)
		rc = check_trust(cli);
	if (rc == 0 && !cli->settings.hooks.count &&
	    !*cli->settings.metrics_file)
		rc = cli_usage(cli, "there is nothing to do: hooks and "
			"metrics.file are not set");
	if (rc == 0)
		rc = cli_open_store(cli, cli->read_only ? STORE_READ :
			STORE_WRITE_IF_ALLOWED);
	if (rc == 0)
		rc = cli_check_version(cli);
	if (rc != 0)
		return rc;
	cli->store.lock_limit_ms = WRITE_LIMIT_MS;
	return watch(cli, &err) < 0 ? cli_fail(cli, &err) : CLI_DONE;
}

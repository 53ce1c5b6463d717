/* SPDX-License-Identifier: ISC */
/* Tests of what is pure of hosts: the command line, each failure's sentence,
 * facts of a status, and which host is the worst. */
#include "unit/unit.h"
#include "reach/hosts_work.h"
#include "base/clock.h"
#include "history/history.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define EXIT(n) ((n) << 8)

static const struct {
	const char *name;
	struct host_end end;
	const char *words;
} ends[] = {
	{ "key unknown", { EXIT(255), false, false, "a", "No ED25519 host key "
		"is known for a.\r\nHost key verification failed.\r\n" },
		"its key is not known here" },
	{ "key changed", { EXIT(255), false, false, "a", "@ WARNING: REMOTE "
		"HOST IDENTIFICATION HAS CHANGED! @\nHost key verification "
		"failed.\n" }, "its key is another one" },
	{ "refused", { EXIT(255), false, false, "a", "u@a: Permission denied "
		"(publickey).\n" }, "refused: this account" },
	{ "nothing listens", { EXIT(255), false, false, "a", "ssh: connect to "
		"host a port 22: Connection refused\n" }, "nothing listens" },
	{ "no such host", { EXIT(255), false, false, "a", "ssh: Could not "
		"resolve hostname a: Name or service not known\n" },
		"there is no host of that name" },
	{ "no answer", { EXIT(255), false, false, "a", "ssh: connect to host a"
		" port 22: Connection timed out\n" }, "does not answer" },
	{ "dead line", { EXIT(255), true, false, "a", "Timeout, server a not "
		"responding.\n" }, "hangs: the line is dead" },
	{ "no ccmq", { EXIT(127), false, false, "a", "sh: 1: ccmq: not "
		"found\n" }, "there is no ccmq there (sh: 1: ccmq: not found)" },
	{ "says nothing", { 15, false, true, "a", "" },
		"hangs: no ccmq spoke within 20 s" },
	{ "says no more", { 15, true, true, "a", "" },
		"hangs: not a word for 35 s" },
	{ "store", { EXIT(3), false, false, "a", "ccmq serve: /s: no store\n" },
		"its store cannot be used: /s: no store" },
	{ "signal", { 9, true, false, "a", "" }, "ended by signal 9" },
	{ "escape", { EXIT(1), false, false, "a", "x\n\033[2J\n" },
		"no ccmq spoke: it ended with status 1: \\x1b[2J" },
	/* What ssh would have said, said by our own: its status is not 255. */
	{ "not ssh", { EXIT(255), false, false, "", "Permission denied\n" },
		"no ccmq spoke: it ended with status 255: Permission denied" },
};

static void
sentences(void **state)
{
	char out[256];

	(void)state;
	for (size_t i = 0; i < COUNT(ends); i++)
		if (strncmp(host_failure(out, &ends[i].end), ends[i].words,
		    strlen(ends[i].words)) != 0)
			fail_msg("%s: %s", ends[i].name, out);
}

static void
too_old(void **state)
{
	struct host_end e = { EXIT(2), false, false, "a",
		"ccmq: there is no command \"serve\"; did you mean release?\n" };

	(void)state;
	assert_true(host_is_old(&e));
	e.hello = true;
	assert_false(host_is_old(&e));
	e = (struct host_end){ EXIT(127), false, false, "a", "" };
	assert_false(host_is_old(&e));
}

/* Nothing that varies stands behind the host. */
static void
command_line(void **state)
{
	static const char *const remote[] = { "ccmq", "serve", NULL };
	const char *args[HOSTS_ARGS];
	char line[400] = "";

	(void)state;
	hosts_command(args, "$(touch x);", remote);
	for (size_t i = 0; args[i]; i++) {
		strcat(line, args[i]);
		strcat(line, args[i + 1] ? " " : "");
	}
	assert_string_equal(line, "ssh -T -o BatchMode=yes -o ConnectTimeout=5"
		" -o ServerAliveInterval=15 -o ServerAliveCountMax=2 -- "
		"$(touch x); ccmq serve");
}

static bool
facts(const char *text, struct host_facts *out)
{
	struct error err = ERROR_INIT;
	struct json_line *j = json_line_read(text, strlen(text), &err);
	bool got;

	assert_non_null(j);
	got = host_read_facts(j, out);
	json_line_free(j);
	return got;
}

static void
what_a_status_says(void **state)
{
	struct host_facts f = { .version = "0.2.0" };
	char *most = calloc(1, 2000);

	(void)state;
	assert_false(facts("{\"queued\":1}", &f));
	assert_false(f.known);
	assert_true(facts("{\"connector\":\"tripped\",\"verdict\":\"tripped\","
		"\"verdict_text\":\"a\\u001b[2Jb\",\"severity\":\"act\","
		"\"queued\":2,\"importing\":1,\"failed\":\"many\","
		"\"last_import_at\":\"2026-11-26T01:12:00.250Z\"}", &f));
	assert_string_equal(f.text, "a\\x1b[2Jb");
	assert_string_equal(f.version, "0.2.0");
	assert_int_equal(f.severity, VERDICT_ACT);
	assert_int_equal(f.queued, 3);
	assert_int_equal(f.failed, 0);
	assert_true(f.last_import_at == INT64_C(1795655520250));
	assert_true(f.oldest_s == -1);
	/* Numbers that are none, and whose sum would be none. */
	assert_true(facts("{\"connector\":\"x\",\"importing\":1,"
		"\"queued\":9223372036854775807,\"failed\":-3,"
		"\"deferred\":9223372036854775807,"
		"\"oldest_queued_age_s\":9223372036854775}", &f));
	assert_int_equal(f.queued, 1);
	assert_int_equal(f.deferred, 0);
	assert_int_equal(f.failed, 0);
	assert_true(f.oldest_s == -1);
	/* How bad it is stands there in another way, or not at all. */
	assert_true(facts("{\"connector\":\"x\",\"verdict\":\"tripped\"}", &f));
	assert_int_equal(f.severity, VERDICT_LOOK);
	assert_true(facts("{\"connector\":\"x\",\"verdict\":\"tripped\","
		"\"severity\":\"grave\"}", &f));
	assert_int_equal(f.severity, VERDICT_LOOK);
	assert_true(facts("{\"connector\":\"x\",\"verdict\":\"ok\"}", &f));
	assert_int_equal(f.severity, VERDICT_WELL);
	/* Bounded. */
	sprintf(most, "{\"connector\":\"%0500d\",\"verdict_text\":\"%0900d\"}",
		1, 2);
	assert_true(facts(most, &f));
	assert_int_equal(strlen(f.connector), sizeof f.connector - 1);
	assert_int_equal(strlen(f.text), sizeof f.text - 1);
	assert_true(f.last_import_at == HISTORY_NO_TIME);
	free(most);
}

/* Each is worse than the next. */
static void
the_worst_first(void **state)
{
	static const struct settings_host a = { (char *)(uintptr_t)"a",
		NULL, NULL }, b = { (char *)(uintptr_t)"b", NULL, NULL };
	const struct host order[] = {
		{ .set = &b, .state = HOST_LIVE, .facts = { .known = true,
			.verdict = "stopped", .severity = VERDICT_ACT } },
		{ .set = &a, .state = HOST_WAITS, .why = "gone", .facts = {
			.known = true, .verdict = "tripped", .severity =
			VERDICT_ACT } },
		{ .set = &a, .state = HOST_WAITS, .why = "hangs" },
		{ .set = &a, .state = HOST_LIVE, .facts = { .known = true,
			.verdict = "und", .severity = VERDICT_LOOK } },
		{ .set = &a, .state = HOST_STARTS },
		{ .set = &b, .state = HOST_LIVE, .facts = { .known = true,
			.verdict = "failed", .failed = 3 } },
		{ .set = &a, .state = HOST_LIVE, .facts = { .known = true,
			.verdict = "failed", .failed = 2 } },
		{ .set = &a, .state = HOST_LIVE, .facts = { .known = true,
			.verdict = "ok" } },
		{ .set = &b, .state = HOST_WAITS, .old = true, .why = "too "
			"old", .facts = { .known = true, .verdict = "ok" } },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(order); i++)
		for (size_t k = i + 1; k < COUNT(order); k++)
			if (host_compare(&order[i], &order[k]) >= 0 ||
			    host_compare(&order[k], &order[i]) <= 0)
				fail_msg("%zu and %zu", i, k);
}

/* Hosts that are live, and our ends of their lines. */
static void
live(struct hosts *h, int *lines, size_t count)
{
	static const struct settings_host set = { (char *)(uintptr_t)"a", NULL,
		NULL };
	int pair[2], room = 1 << 20;

	*h = (struct hosts){ .count = count,
		.host = calloc(count, sizeof *h->host) };
	for (size_t i = 0; i < count; i++) {
		assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM |
			SOCK_NONBLOCK, 0, pair), 0);
		setsockopt(pair[1], SOL_SOCKET, SO_SNDBUF, &room, sizeof room);
		lines[i] = pair[1];
		h->host[i] = (struct host){ .set = &set, .state = HOST_LIVE,
			.fd = pair[0], .err_fd = -1, .in = STR_INIT,
			.out = STR_INIT, .errors = STR_INIT,
			.heard_mono_ms = clock_mono_ms() };
	}
}

static void
hang_up(struct hosts *h, const int *lines)
{
	for (size_t i = 0; i < h->count; i++)
		close(lines[i]);
	hosts_close(h);
}

static void
count_lines(void *arg, size_t host, const struct json_line *j)
{
	(void)j;
	((size_t *)arg)[host]++;
}

/* One that floods has its turn like all others: 64 KB. */
static void
a_turn_each(void **state)
{
	static const char line[] = "{\"id\":\"a\"}\n";
	static char many[20000 * (sizeof line - 1)];
	size_t len = sizeof line - 1, turn = 65536, heard[2] = { 0 };
	struct pollfd fds[2 * HOSTS_FDS];
	struct hosts h;
	int lines[2], wait = 0;

	(void)state;
	live(&h, lines, COUNT(lines));
	h.line = count_lines;
	h.arg = heard;
	for (size_t at = 0; at < sizeof many; at += len)
		memcpy(many + at, line, len);
	assert_true(write(lines[0], many, sizeof many) > (ssize_t)turn);
	assert_true(write(lines[1], line, len) > 0);
	assert_int_equal(poll(fds, hosts_poll(&h, fds, &wait), 0), 2);
	hosts_turn(&h, fds);
	assert_true(heard[0] > 0 && heard[0] <= turn / len);
	assert_int_equal(heard[1], 1);
	hang_up(&h, lines);
}

static void
answers(struct hosts_work *w, const char *what)
{
	struct error err = ERROR_INIT;
	char text[200];
	struct json_line *j;

	sprintf(text, "{\"id\":\"%s\",%s}", w->requests[0].id, what);
	j = json_line_read(text, strlen(text), &err);
	assert_non_null(j);
	assert_true(hosts_work_line(w, 0, j));
	json_line_free(j);
}

/* What was sent is never "not sent yet" again, whatever the host says. */
static void
what_was_sent(void **state)
{
	struct error err = ERROR_INIT;
	struct hosts_work w = { 0 };
	struct hosts h;
	int lines[1];

	(void)state;
	live(&h, lines, COUNT(lines));
	for (int id = 1; id <= 3; id++)
		hosts_work_add(&w, 0, id);
	assert_int_equal(hosts_work_begin(&w, &h, "retry", "", STATE_FAILED,
		&err), 0);
	answers(&w, "\"result\":{\"id\":1,\"result\":\"pending\"}");
	answers(&w, "\"result\":{\"id\":2,\"result\":\"done\"}");
	answers(&w, "\"result\":{\"id\":9,\"result\":\"done\"}");
	answers(&w, "\"end\":true");
	assert_true(hosts_work_is_over(&w));
	assert_int_equal(w.items[0].result, OPERATION_UNKNOWN);
	assert_int_equal(w.items[1].result, OPERATION_DONE);
	assert_int_equal(w.items[2].result, OPERATION_UNKNOWN);
	assert_int_equal(w.n[OPERATION_PENDING], 0);
	assert_int_equal(w.n[OPERATION_DONE], 1);
	assert_int_equal(w.n[OPERATION_UNKNOWN], 2);
	hosts_work_release(&w);
	hang_up(&h, lines);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sentences),
		cmocka_unit_test(too_old),
		cmocka_unit_test(command_line),
		cmocka_unit_test(what_a_status_says),
		cmocka_unit_test(the_worst_first),
		cmocka_unit_test(a_turn_each),
		cmocka_unit_test(what_was_sent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

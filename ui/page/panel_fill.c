/* SPDX-License-Identifier: ISC */
/* panel_fill: see panel_fill.h for the contract. */
#include "page/panel_fill.h"
#include "base/text.h"
#include "history/event.h"
#include "store/status_at.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

struct values {
	const struct panel_facts *p;
	const struct status *st;
	const struct verdict_facts *f;
	const struct history_event *event;	/* or NULL */
};

/* --- how facts are written ---------------------------------------------- */

static void
add_text(struct str *out, const char *text)
{
	if (text)
		text_add_printable(out, text, strlen(text));
}

/* As a shell takes it back: a word, in quotes, or, what is not printable, as
 * $'...' with its bytes as \xNN: seen, and run as what it is. */
static void
add_quoted(struct str *out, const char *word, size_t len)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
		"abcdefghijklmnopqrstuvwxyz0123456789/._-+:@%,=";
	bool quotes = len == 0 || *word == '-', odd = false;

	for (size_t i = 0; i < len; i++) {
		quotes = quotes || !word[i] || !strchr(plain, word[i]);
		odd = odd || word[i] < ' ' || word[i] > '~';
	}
	str_add(out, odd ? "$'" : quotes ? "'" : "");
	for (size_t i = 0; i < len; i++)
		if (odd && (word[i] < ' ' || word[i] > '~'))
			str_addf(out, "\\x%02x", (unsigned char)word[i]);
		else if (odd && strchr("'\\", word[i]))
			str_addf(out, "\\%c", word[i]);
		else if (word[i] == '\'')
			str_add(out, "'\\''");
		else
			str_add_char(out, word[i]);
	str_add(out, quotes ? "'" : "");
}

static void
add_count(struct str *out, int64_t n)
{
	char number[TEXT_NUMBER_MAX];

	if (n > 0)
		str_add(out, text_exact(number, (uint64_t)n));
}

static void
add_id(struct str *out, int64_t id)
{
	if (id)
		str_addf(out, "#%" PRId64, id);
}

/* Alone, as a command takes it. */
static void
add_bare(struct str *out, int64_t id)
{
	if (id)
		str_addf(out, "%" PRId64, id);
}

static void
add_code(struct str *out, int code)
{
	if (code >= 0)
		str_addf(out, "%d", code);
}

static void
add_size(struct str *out, int64_t bytes)
{
	char number[TEXT_NUMBER_MAX];

	if (bytes >= 0)
		str_add(out, text_size_words(number, (uint64_t)bytes));
}

static void
add_time(const struct values *v, struct str *out, int64_t at)
{
	char time[TEXT_TIME_MAX];

	if (at && at != HISTORY_NO_TIME)
		str_add(out, text_time(time, at, v->f->now));
}

static void
add_span(struct str *out, int64_t ms)
{
	char span[24];

	if (ms > 0)
		str_add(out, verdict_span(span, ms, true));
}

/* "STORE/import" and the like. */
static struct str
dir_path(const struct values *v, const char *dir)
{
	struct str path = STR_INIT;

	if (strcmp(dir, "submit") == 0 && v->st && v->st->submit_path)
		str_add(&path, v->st->submit_path);
	else
		str_addf(&path, "%s/%s", v->p->store, dir);
	return path;
}

static void
add_dir(const struct values *v, struct str *out, const char *dir)
{
	struct str path = dir_path(v, dir);

	add_quoted(out, path.data, path.len);
	str_release(&path);
}

/* "IMPORT/old.und" of each name, quoted. */
static void
add_paths(const struct values *v, struct str *out, const char *dir,
	const char *names)
{
	size_t n;

	for (; names && *names; names += n + (names[n] == '\n')) {
		struct str path = dir_path(v, dir);

		n = strcspn(names, "\n");
		str_add_char(&path, '/');
		str_add_bytes(&path, names, n);
		if (out->len)
			str_add_char(out, ' ');
		add_quoted(out, path.data, path.len);
		str_release(&path);
	}
}

static void
add_path(struct str *out, const char *path)
{
	if (path)
		add_quoted(out, path, strlen(path));
}

static void
add_store(const struct values *v, struct str *out)
{
	add_quoted(out, v->p->store, strlen(v->p->store));
}

/* ccmq or ccmqd, with the settings and the store that are not the default. */
static void
add_program(const struct values *v, struct str *out, const char *name)
{
	str_add(out, name);
	if (v->p->config) {
		str_add(out, " -c ");
		add_path(out, v->p->config);
	}
	if (v->p->store_is_default)
		return;
	str_add(out, " -s ");
	add_store(v, out);
}

static void
add_result(const struct values *v, struct str *out)
{
	const struct verdict_facts *f = v->f;

	if (f->breaker_classes)
		str_add(out, "several results");
	else if (f->breaker_mixed)
		str_add(out, class_word(f->breaker_class));
	else if (f->breaker_signal)
		str_addf(out, "signal %d", f->breaker_signal);
	else if (f->breaker_code >= 0)
		str_addf(out, "code %d", f->breaker_code);
	else
		str_add(out, class_word(f->breaker_class));
}

/* Of a verdict its sentence, without the word that programs read. */
static void
add_event(const struct values *v, struct str *out)
{
	struct verdict verdict;

	if (!v->event)
		return;
	if (v->event->number == EVENT_VERDICT &&
	    status_read_verdict(v->event->text, &verdict))
		add_text(out, verdict.text);
	else
		add_text(out, v->event->text);
}

static void
add_if(struct str *out, bool holds)
{
	if (holds)
		str_add(out, "yes");
}

static int64_t
waits(const struct values *v)
{
	const int64_t *n = v->st->counts.n;

	return n[STATE_QUEUED] + n[STATE_IMPORTING] + n[STATE_DEFERRED];
}

/* --- the facts that templates may name ---------------------------------- */

#define N(state) v->st->counts.n[state]
#define BYTES(state) v->st->counts.bytes[state]

#define PANEL_VALUES(X) \
	X(store, add_store(v, out)) \
	X(ccmq, add_program(v, out, "ccmq")) \
	X(ccmqd, add_program(v, out, "ccmqd")) \
	X(host, add_text(out, v->st->host)) \
	X(pid, add_bare(out, v->f->pid)) \
	X(running, add_if(out, v->f->running)) \
	X(unclean, add_if(out, v->f->ended_unclean)) \
	X(end_why, add_text(out, v->f->end_why)) \
	X(stopped_at, add_time(v, out, v->f->stopped_at)) \
	X(sign_at, add_time(v, out, v->f->last_sign_at)) \
	X(holder, add_text(out, v->f->lock_holder)) \
	X(replaced_at, add_time(v, out, v->f->replaced_at)) \
	X(replaced_running, add_if(out, v->f->replaced_running)) \
	X(error, add_text(out, v->f->write_error)) \
	X(error_at, add_time(v, out, v->f->write_error_at)) \
	X(needs_check, add_if(out, v->f->needs_check)) \
	X(check_why, add_text(out, v->f->check_why)) \
	X(free, add_size(out, v->st->disk_free)) \
	X(low_at, add_time(v, out, v->f->disk_low_at)) \
	X(min_free, add_size(out, (int64_t)v->f->disk_min_bytes)) \
	X(go_on_free, add_size(out, (int64_t)(v->f->disk_min_bytes + \
		v->f->disk_min_bytes / 2))) \
	X(disk_under, add_if(out, v->f->disk_free_bytes < \
		v->f->disk_min_bytes)) \
	X(inodes_low, add_if(out, v->f->disk_inodes_low)) \
	X(full_in, add_span(out, v->f->disk_full_in_ms < VERDICT_SOON_MS ? \
		v->f->disk_full_in_ms : 0)) \
	X(und, add_size(out, v->st->und_bytes)) \
	X(und_hour, add_size(out, v->st->und_growth_per_hour)) \
	X(wal, add_size(out, v->st->wal_bytes)) \
	X(wal_pid, add_bare(out, v->f->wal_pid)) \
	X(wal_program, add_text(out, v->f->wal_program)) \
	X(bad_ends, add_count(out, v->f->bad_ends)) \
	X(bad_from, add_time(v, out, v->f->bad_ends_from)) \
	X(bad_why, add_text(out, v->f->bad_end_why)) \
	X(waits, add_count(out, waits(v))) \
	X(failed, add_count(out, N(STATE_FAILED))) \
	X(failed_at, add_time(v, out, v->f->failed_at)) \
	X(trash, add_count(out, N(STATE_PURGED))) \
	X(trash_size, add_size(out, BYTES(STATE_PURGED))) \
	X(kept_size, add_size(out, BYTES(STATE_IMPORTED))) \
	X(failed_size, add_size(out, BYTES(STATE_FAILED))) \
	X(queue_size, add_size(out, BYTES(STATE_QUEUED) + \
		BYTES(STATE_DEFERRED))) \
	X(submit, add_count(out, v->st->submit_waiting)) \
	X(submit_more, add_if(out, v->f->submit_more)) \
	X(submit_age, add_span(out, v->f->submit_oldest_ms)) \
	X(submit_dir, add_dir(v, out, "submit")) \
	X(submit_paths, add_paths(v, out, "submit", v->st->submit_names)) \
	X(streak, add_count(out, (int64_t)v->f->breaker_streak)) \
	X(result, add_result(v, out)) \
	X(unavailable, add_if(out, v->f->breaker_class == CLASS_UNAVAILABLE)) \
	X(held_at, add_time(v, out, v->st->row.hold || v->st->row.drain ? \
		v->st->row.hold_at : 0)) \
	X(import_at, add_time(v, out, v->f->last_import_at)) \
	X(tripped, add_if(out, v->f->breaker_open)) \
	X(trip_at, add_time(v, out, v->st->row.breaker_at)) \
	X(probe_at, add_time(v, out, v->st->row.breaker_open ? \
		v->st->row.probe_at : 0)) \
	X(watches, add_if(out, v->f->watches)) \
	X(their_submit, add_path(out, v->f->their_submit)) \
	X(their_import, add_path(out, v->f->their_import)) \
	X(loop_path, add_path(out, v->f->loop_path)) \
	X(loop_name, add_text(out, v->f->loop_name)) \
	X(loop_tries, add_count(out, (int64_t)v->f->loop_tries)) \
	X(loop_since, add_time(v, out, v->f->loop_since)) \
	X(path_at, add_time(v, out, v->f->path_at)) \
	X(path_code, add_code(out, v->f->path_code)) \
	X(path_words, add_text(out, v->f->path_words)) \
	X(lane, add_bare(out, v->f->lane)) \
	X(lane_pid, add_bare(out, v->f->lane_pid)) \
	X(lane_unusable, add_if(out, v->f->lane_unusable)) \
	X(lane_id, add_id(out, v->f->lane_id)) \
	X(moves, add_count(out, (int64_t)v->f->moves)) \
	X(moves_from, add_text(out, v->f->moves_from)) \
	X(moves_to, add_text(out, v->f->moves_to)) \
	X(moves_why, add_text(out, v->f->moves_why)) \
	X(lost, add_count(out, (int64_t)v->f->lost)) \
	X(lost_at, add_time(v, out, v->f->lost_at)) \
	X(hand_id, add_id(out, v->f->hand_id)) \
	X(hand_bare, add_bare(out, v->f->hand_id)) \
	X(hand_since, add_time(v, out, v->f->hand_since)) \
	X(hand_more, add_count(out, (int64_t)v->f->hand_count - 1)) \
	X(limit, add_span(out, v->f->hand_limit_ms)) \
	X(usual, add_span(out, v->f->usual_ms)) \
	X(answer_at, add_time(v, out, v->f->answer_at)) \
	X(aside, add_count(out, v->f->failed ? 0 : (int64_t)v->f->aside)) \
	X(aside_at, add_time(v, out, v->f->aside_at)) \
	X(vain, add_count(out, verdict_due_for_long(v->f) ? 0 : \
		(int64_t)v->f->vain)) \
	X(vain_since, add_time(v, out, v->f->vain_since)) \
	X(due, add_count(out, (int64_t)v->f->due)) \
	X(due_since, add_time(v, out, v->f->due_since)) \
	X(rate, add_count(out, (int64_t)v->f->imported_per_minute)) \
	X(foreign, add_count(out, (int64_t)v->f->foreign_files)) \
	X(foreign_names, add_text(out, v->f->foreign_names)) \
	X(foreign_paths, add_paths(v, out, "import", v->st->foreign_list)) \
	X(draining, add_if(out, v->f->draining)) \
	X(hold_by, add_text(out, v->f->hold_by)) \
	X(hold_reason, add_text(out, v->f->hold_reason)) \
	X(hold_until, add_time(v, out, v->f->hold_until)) \
	X(job_by, add_text(out, v->f->job_by)) \
	X(job_verb, add_text(out, v->f->job_verb)) \
	X(job_why, add_text(out, v->f->job_why)) \
	X(job_done, add_count(out, (int64_t)v->f->job_done)) \
	X(job_total, add_count(out, (int64_t)v->f->job_total)) \
	X(storm, add_count(out, (int64_t)v->f->storm_count)) \
	X(storm_from, add_time(v, out, v->f->storm_from)) \
	X(storm_to, add_time(v, out, v->f->storm_to)) \
	X(storm_reason, add_text(out, v->f->storm_reason)) \
	X(doubtful, add_count(out, (int64_t)v->f->doubtful)) \
	X(doubtful_more, add_if(out, v->f->doubtful_more)) \
	X(doubtful_at, add_time(v, out, v->f->doubtful_at)) \
	X(doubtful_why, add_text(out, v->f->doubtful_why)) \
	X(again_id, add_id(out, v->f->again_id)) \
	X(again_at, add_time(v, out, v->f->again_at)) \
	X(again_times, add_count(out, v->f->again_times)) \
	X(flows, add_if(out, v->f->rest_flows)) \
	X(suspects, add_count(out, (int64_t)v->f->suspects)) \
	X(event_at, add_time(v, out, v->event ? v->event->at : 0)) \
	X(event_text, add_event(v, out)) \
	X(event_id, add_id(out, v->event ? v->event->message : 0)) \
	X(event_bare, add_bare(out, v->event ? v->event->message : 0))

#define X(name, ...) \
static void \
value_##name(const struct values *v, struct str *out) \
{ \
	(void)v; \
	__VA_ARGS__; \
}
PANEL_VALUES(X)
#undef X

static const struct value {
	const char *name;
	void (*add)(const struct values *v, struct str *out);
} values[] = {
#define X(name, ...) { #name, value_##name },
	PANEL_VALUES(X)
#undef X
};

static const struct value *
find(const char *name, size_t len)
{
	for (size_t i = 0; i < sizeof values / sizeof *values; i++)
		if (strncmp(values[i].name, name, len) == 0 &&
		    !values[i].name[len])
			return &values[i];
	return NULL;
}

/* --- templates ----------------------------------------------------------- */

/* The brace that closes the one before s. */
static const char *
closing(const char *s)
{
	for (int depth = 1; ; s++) {
		assert(*s);
		depth += *s == '{' ? 1 : *s == '}' ? -1 : 0;
		if (depth == 0)
			return s;
	}
}

static void expand(const struct values *v, const char *s, const char *end,
	struct str *out);

/* "one|many": the bar that is not within braces parts them. */
static void
expand_one(const struct values *v, const char *s, const char *end, bool one,
	struct str *out)
{
	const char *bar = s;
	int depth = 0;

	for (; *bar != '|' || depth; bar++) {
		assert(bar < end);
		depth += *bar == '{' ? 1 : *bar == '}' ? -1 : 0;
	}
	if (one)
		expand(v, s, bar, out);
	else
		expand(v, bar + 1, end, out);
}

static void
expand(const struct values *v, const char *s, const char *end,
	struct str *out)
{
	while (s < end) {
		const char *close, *name = s + 1;
		struct str value = STR_INIT;
		const struct value *is;
		size_t len;

		if (*s != '{') {
			str_add_char(out, *s++);
			continue;
		}
		close = closing(name);
		len = strcspn(name, "?!=}");
		is = find(name, len);
		assert(is);
		is->add(v, &value);
		if (name[len] == '}')
			str_add(out, value.len ? value.data : "unknown");
		else if (name[len] == '=')
			expand_one(v, name + len + 1, close,
				strcmp(value.data, "1") == 0, out);
		else if ((name[len] == '?') == (value.len > 0))
			expand(v, name + len + 1, close, out);
		str_release(&value);
		s = close + 1;
	}
}

void
panel_fill(const struct panel_facts *facts, const struct history_event *event,
	const struct panel_text *text, struct panel *out)
{
	const struct values v = { facts, facts->status, &facts->status->facts,
		event };
	const char *templates[PANEL_PARTS] = {
		[PANEL_MEANING] = text->meaning,
		[PANEL_EVIDENCE] = text->evidence,
		[PANEL_SAFE] = text->safe, [PANEL_TODO] = text->todo,
		[PANEL_DONT] = text->dont,
	};

	for (int i = 0; i < PANEL_PARTS; i++) {
		str_init(&out->parts[i]);
		if (templates[i])
			expand(&v, templates[i], templates[i] +
				strlen(templates[i]), &out->parts[i]);
	}
	add_text(&out->parts[PANEL_SITE], facts->advice);
}

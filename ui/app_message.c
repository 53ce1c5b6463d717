/* app_message: the page of one message. See app.h. */
#include "app.h"
#include "charset.h"
#include "clock.h"
#include "fsutil.h"
#include "message.h"
#include "text.h"
#include "xalloc.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define SHOWN_BYTES (256 << 10)	/* of a file: large ones open as fast */
#define HEX_BYTES (64 << 10)
#define ATTEMPTS_SHOWN 20
#define CODE_PAGE "437"

static const char *const tab_words[TAB_COUNT] = {
	[TAB_TEXT] = "Text", [TAB_HEADERS] = "Headers", [TAB_ITEMS] = "Items",
	[TAB_RAW] = "Raw", [TAB_HEX] = "Hex", [TAB_UND] = ".und",
	[TAB_LOG] = "Log",
};

const char *
app_tab_word(enum app_tab tab)
{
	return tab_words[tab];
}

static void
add_printable(struct str *out, const char *text)
{
	text_add_printable(out, text ? text : "-", strlen(text ? text : "-"));
}

/* ---- the sentence that explains the state ---- */

static void
explain_failed(const struct history_message *m, const struct status *st,
	const struct history_attempt *last, struct str *out)
{
	char words[120], n[TEXT_NUMBER_MAX];

	mail_result_words(words, m);
	str_add(out, " IMPORT said: ");
	add_printable(out, words);
	if (last && last->copy && strcmp(last->copy, "left") == 0)
		str_add(out, ", and left its copy of the file\n behind; that "
			"copy was removed, so it cannot loop");
	str_add(out, ". It will not be tried\n again until someone retries "
		"it (r).");
	if (m->suspect)
		str_add(out, " It failed in a row with others: likely the "
			"post\n office, not this message.");
	else if (m->failures > 1)
		str_addf(out, " It has failed %" PRId64 " times: unchanged, it "
			"will most\n likely fail again.", m->failures);
	else if (st->row.imports > m->imports_seen)
		str_addf(out, " The importer works: %s others went\n through "
			"since.", text_count(n, (uint64_t)(st->row.imports -
				m->imports_seen)));
	str_add_char(out, '\n');
}

static void
explain(const struct app *app, const struct history_message *m,
	const struct history_attempt *last, struct str *out)
{
	char since[TEXT_TIME_MAX], next[TEXT_TIME_MAX], words[120];
	int64_t now = clock_wall();

	text_time(since, m->since, now);
	switch (m->state) {
	case STATE_QUEUED:
		str_addf(out, " Waits for its turn since %s%s.\n", since,
			m->attempts ? "; it was tried before" : "");
		break;
	case STATE_IMPORTING:
		str_addf(out, " In the importer since %s.\n", since);
		break;
	case STATE_DEFERRED:
		mail_result_words(words, m);
		str_addf(out, " Waits since %s for the next try %s by itself: "
			"the last gave\n ", since, text_ago(next,
				m->next_attempt_at, now));
		add_printable(out, words);
		str_add(out, ".\n");
		break;
	case STATE_IMPORTED:
		str_addf(out, " Imported %s.\n", since);
		break;
	case STATE_FAILED:
		str_addf(out, " Set aside %s.", since);
		explain_failed(m, &app->status, last, out);
		break;
	case STATE_QUARANTINED:
	case STATE_PURGED:
		str_addf(out, " %s %s by ", m->state == STATE_PURGED ?
			"Thrown away" : "Set aside", since);
		add_printable(out, m->action_by);
		str_add(out, ": ");
		add_printable(out, m->action_reason ? m->action_reason :
			"no reason given");
		str_add(out, m->state == STATE_PURGED ? ".\n r takes it out of "
			"the trash.\n" : ".\n r releases it to the queue.\n");
		break;
	case STATE_REMOVED:
		str_addf(out, " Removed for good %s.\n", since);
		break;
	case STATE_LOST:
		str_addf(out, " Its file disappeared %s, not by ccmq.\n",
			since);
		break;
	case STATE_COUNT:
		break;
	}
	if (m->noted_verb)
		str_addf(out, " When the attempt ends: %s.\n", m->noted_verb);
	if (m->maybe_delivered && m->state != STATE_IMPORTED)
		str_add(out, " Some recipients may have it already: imported "
			"again, they get it twice.\n");
}

/* ---- summary and attempts ---- */

static void
add_summary(const struct history_message *m, struct str *out)
{
	char n[TEXT_NUMBER_MAX], at[TEXT_TIME_MAX];
	const char *to = m->to ? m->to : "-";
	size_t first = strcspn(to, "\n"), more = 0;

	for (const char *s = to + first; *s; s++)
		more += *s == '\n' && s[1];
	str_add(out, "\n From     ");
	add_printable(out, m->from);
	str_add(out, "\n To       ");
	text_add_printable(out, to, first);
	if (more)
		str_addf(out, ", %zu more", more);
	str_add(out, "\n Subject  ");
	add_printable(out, m->subject);
	str_add(out, "\n Date     ");
	add_printable(out, m->date_text);
	str_add(out, "\n File     ");
	text_add_printable(out, m->true_name, m->true_name_len);
	str_addf(out, "  %s bytes", text_exact(n, (uint64_t)m->size));
	str_addf(out, "\n Arrived  %s", text_time(at, m->received_at,
		clock_wall()));
	if (m->und_entries)
		str_addf(out, "\n .und     %" PRId64 " entries, %s bytes",
			m->und_entries, text_exact(n, (uint64_t)m->und_bytes));
	str_add_char(out, '\n');
}

static void
add_attempt(const struct history_attempt *a, struct str *out)
{
	char when[TEXT_TIME_MAX], took[TEXT_NUMBER_MAX], n[TEXT_NUMBER_MAX],
		result[64], und[32] = "";
	const char *meaning = a->code == HISTORY_NO_CODE ? NULL :
		result_code_meaning(a->code);

	if (!a->class)
		snprintf(result, sizeof result, "running");
	else if (a->signal)
		snprintf(result, sizeof result, "crashed, signal %d",
			a->signal);
	else if (a->code != HISTORY_NO_CODE)
		snprintf(result, sizeof result, "code %d %s", a->code,
			meaning ? meaning : a->class);
	else
		snprintf(result, sizeof result, "%s", a->class);
	if (a->und_end > a->und_start)
		snprintf(und, sizeof und, "+%s", text_exact(n,
			(uint64_t)(a->und_end - a->und_start)));
	str_addf(out, " %3" PRId64 "  %-10s %-15.15s %6s  %-24.24s %-7.7s %s\n",
		a->number, text_time(when, a->started_at, clock_wall()), a->why,
		text_duration(took, a->took_ms), result,
		a->copy ? a->copy : "", und);
}

static void
add_output(const struct history_attempt *last, struct str *out)
{
	size_t end = last->output_len, start;
	int lines = 0;

	while (end > 0 && strchr("\r\n ", last->output[end - 1]))
		end--;
	for (start = end; start > 0; start--)
		if (last->output[start - 1] == '\n' && ++lines == 3)
			break;
	while (start < end) {
		const char *line = last->output + start;
		const char *stop = memchr(line, '\n', end - start);
		size_t n = stop ? (size_t)(stop - line) : end - start;

		str_add(out, " It printed  ");
		text_add_printable(out, line, n && line[n - 1] == '\r' ? n - 1 :
			n);
		str_add_char(out, '\n');
		start += n + 1;
	}
	if (last->reason) {
		str_add(out, last->und_entries ? " .und says   " :
			" Reason      ");
		add_printable(out, last->reason);
		str_add_char(out, '\n');
	}
}

/* ---- the parts of the file ---- */

static int
read_fd(void *arg, int64_t offset, void *buf, size_t len, size_t *got_out,
	struct error *err)
{
	ssize_t n = fs_read_at(*(int *)arg, buf, len, offset, err);

	if (n < 0)
		return -1;
	*got_out = (size_t)n;
	return 0;
}

/* Code page 437 to printable lines. */
static void
add_converted(const char *bytes, size_t len, struct str *out)
{
	struct error err = ERROR_INIT;
	struct charset *cs = charset_new(CODE_PAGE, &err);
	struct str utf8 = STR_INIT;

	if (!cs)
		return;
	(void)charset_to_utf8(cs, bytes, len, &utf8);
	for (size_t at = 0; at < utf8.len;) {
		const char *line = utf8.data + at;
		const char *stop = memchr(line, '\n', utf8.len - at);
		size_t n = stop ? (size_t)(stop - line) : utf8.len - at;
		size_t shown = n && line[n - 1] == '\r' ? n - 1 : n;

		str_add_char(out, ' ');
		for (size_t i = 0, k; i < shown; i = k + 1) {
			for (k = i; k < shown && line[k] != '\t'; k++)
				;
			text_add_printable(out, line + i, k - i);
			if (k < shown)
				str_add(out, "    ");
		}
		str_add_char(out, '\n');
		at += n + 1;
	}
	str_release(&utf8);
	charset_free(cs);
}

static void
add_range(int fd, struct message_range r, struct str *out)
{
	size_t len = r.length > SHOWN_BYTES ? SHOWN_BYTES : (size_t)r.length;
	char *buf = xmalloc(len + 1);
	struct error err = ERROR_INIT;
	ssize_t n = fs_read_at(fd, buf, len, r.offset, &err);

	if (n < 0)
		str_addf(out, " %s\n", err.text);
	else
		add_converted(buf, (size_t)n, out);
	if (r.length > SHOWN_BYTES)
		str_addf(out, "-- only the first %d KB are shown; w writes the "
			"whole message \n", SHOWN_BYTES >> 10);
	free(buf);
}

static void
add_items(const struct message *m, struct str *out)
{
	char n[TEXT_NUMBER_MAX];

	for (size_t i = 0; i < m->item_count; i++) {
		const struct message_item *item = &m->items[i];

		str_addf(out, " %3zu  %-6s %-10s %12s bytes  ", i + 1,
			message_item_word(item->kind),
			message_encoding_word(item->encoding),
			text_exact(n, (uint64_t)item->body.length));
		text_add_printable(out, item->title.data, item->title.len);
		str_add_char(out, '\n');
	}
	if (!m->item_count)
		str_add(out, " No items.\n");
	for (size_t i = 0; i < m->defect_count; i++)
		str_addf(out, " at %" PRId64 ": %s\n", m->defects[i].offset,
			m->defects[i].words);
}

static void
add_message(int fd, enum app_tab tab, const struct message *m,
	struct str *out)
{
	struct message_range head = { m->range.offset,
		m->contents.offset - m->range.offset };

	if (tab == TAB_ITEMS) {
		add_items(m, out);
		return;
	}
	if (tab == TAB_HEADERS) {
		if (!m->contents_seen)
			head.length = m->range.length;
		add_range(fd, head, out);
		return;
	}
	for (size_t i = 0; i < m->item_count; i++)
		if (m->items[i].kind == MESSAGE_ITEM_TEXT)
			add_range(fd, m->items[i].body, out);
		else
			str_addf(out, "-- %s, see Items \n",
				message_item_word(m->items[i].kind));
	if (!m->item_count)
		str_add(out, " No text; see Raw.\n");
}

static void
add_parsed(int fd, int64_t size, enum app_tab tab, struct str *out)
{
	struct message_source src = { read_fd, &fd, size };
	struct message_reader *r = message_reader_new(&src, NULL);
	struct error err = ERROR_INIT;
	struct message m;
	int rc;

	message_init(&m);
	rc = message_reader_next(r, &m, &err);
	if (rc > 0 && m.verdict != MESSAGE_NOT)
		add_message(fd, tab, &m, out);
	else
		str_addf(out, " %s\n", rc < 0 ? err.text :
			"This is not a message; see Raw.");
	message_release(&m);
	message_reader_free(r);
}

static void
add_hex(int fd, struct str *out)
{
	unsigned char *buf = xmalloc(HEX_BYTES);
	struct error err = ERROR_INIT;
	ssize_t n = fs_read_at(fd, buf, HEX_BYTES, 0, &err);

	for (ssize_t at = 0; at < n; at += 16) {
		str_addf(out, " %08zx ", (size_t)at);
		for (ssize_t i = at; i < at + 16; i++)
			if (i < n)
				str_addf(out, " %02x", buf[i]);
			else
				str_add(out, "   ");
		str_add(out, "  ");
		for (ssize_t i = at; i < at + 16 && i < n; i++)
			str_add_char(out, buf[i] >= 0x20 && buf[i] < 0x7F ?
				(char)buf[i] : '.');
		str_add_char(out, '\n');
	}
	free(buf);
}

static void
add_und(struct app *app, int64_t id, struct str *out)
{
	struct history_und_entry rows[50];
	struct error err = ERROR_INIT;
	char at[TEXT_TIME_MAX], n[TEXT_NUMBER_MAX];
	int count = history_und_entries(app->store.history, id, 0, rows, 50,
		&err);

	for (int i = 0; i < count; i++) {
		str_addf(out, " %-12s %10s bytes  ", text_time(at, rows[i].at,
			clock_wall()), text_exact(n,
				(uint64_t)rows[i].length));
		add_printable(out, rows[i].reason);
		str_add_char(out, '\n');
		history_und_entry_release(&rows[i]);
	}
	if (count <= 0)
		str_add(out, " It left nothing in the .und file.\n");
}

static void
add_file(struct app *app, const struct history_message *m, struct str *out)
{
	struct error err = ERROR_INIT;
	enum spool_dir dir;
	struct stat st;
	int fd = store_open_message(&app->store, m, &st, &dir, &err);

	if (fd < 0) {
		str_add(out, " The file is gone: ");
		add_printable(out, err.text);
		str_add_char(out, '\n');
		return;
	}
	if (app->tab == TAB_RAW)
		add_range(fd, (struct message_range){ 0, st.st_size }, out);
	else if (app->tab == TAB_HEX)
		add_hex(fd, out);
	else
		add_parsed(fd, st.st_size, app->tab, out);
	close(fd);
}

/* ---- the log of one message ---- */

#define LOG_MAX 300

static const char *
moment(char out[32], int64_t at, int64_t now)
{
	time_t t = (time_t)(at / 1000);
	struct tm tm;

	localtime_r(&t, &tm);
	strftime(out, 32, now - at < 20 * CLOCK_HOUR ? "%H:%M:%S" :
		now - at < 6 * CLOCK_DAY ? "%a %H:%M" : "%m-%d %H:%M", &tm);
	return out;
}

struct entry {
	int64_t at;
	int kind;		/* of what happened at once: order */
	char *text;
};

struct entries {
	struct entry *rows;
	size_t count, cap;
};

static void
add_entry(struct entries *e, int64_t at, int kind, struct str *text)
{
	xgrow(&e->rows, &e->cap, e->count + 1, sizeof *e->rows, 100000);
	e->rows[e->count++] = (struct entry){ at, kind, str_steal(text) };
}

static int
newest_first(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	if (x->at != y->at)
		return x->at > y->at ? -1 : 1;
	return y->kind - x->kind;
}

static void
add_attempts(struct app *app, int64_t message, struct entries *e)
{
	struct history_attempt *rows = xcalloc(LOG_MAX, sizeof *rows);
	struct error err = ERROR_INIT;
	char took[TEXT_NUMBER_MAX];
	int n = history_attempts(app->store.history, message, 0, rows, LOG_MAX,
		&err);

	if (n < 0)
		app_fail(app, &err);
	for (int i = 0; i < n; i++) {
		struct history_attempt *a = &rows[i];
		struct str s = STR_INIT;

		str_addf(&s, "attempt  %8" PRId64 "  %s, %s", a->message,
			a->why, a->class ? a->class : "running");
		if (a->signal)
			str_addf(&s, ", signal %d", a->signal);
		else if (a->code != HISTORY_NO_CODE)
			str_addf(&s, ", code %d", a->code);
		if (a->class)
			str_addf(&s, ", %s", text_duration(took, a->took_ms));
		if (a->reason) {
			str_add(&s, ", ");
			add_printable(&s, a->reason);
		}
		add_entry(e, a->started_at, 1, &s);
		history_attempt_release(a);
	}
	free(rows);
}

static void
add_action(const struct history_action *a, const struct history_item *item,
	struct entries *e)
{
	struct str s = STR_INIT;

	str_addf(&s, "action   ");
	if (item)
		str_addf(&s, "%8" PRId64 "  ", item->message);
	else
		str_add(&s, "          ");
	str_addf(&s, "%s by ", a->verb);
	add_printable(&s, a->by);
	if (item)
		str_addf(&s, ": %s%s%s", item->result, item->to_state ? ", " :
			"", item->to_state ? item->to_state : "");
	else if (a->total)
		str_addf(&s, ": %" PRId64 " of %" PRId64 " done, %" PRId64
			" skipped, %" PRId64 " failed", a->done, a->total,
			a->skipped, a->failed);
	if (a->reason) {
		str_add(&s, "  \"");
		add_printable(&s, a->reason);
		str_add(&s, "\"");
	}
	if (item && item->why) {
		str_add(&s, "  (");
		add_printable(&s, item->why);
		str_add(&s, ")");
	}
	add_entry(e, item ? item->at : a->at, 2, &s);
}

static void
add_actions(struct app *app, int64_t message, struct entries *e)
{
	struct history_action *rows = xcalloc(LOG_MAX, sizeof *rows);
	struct history_item *items = xcalloc(LOG_MAX, sizeof *items);
	struct error err = ERROR_INIT;
	int n = message ? history_message_items(app->store.history, message,
		items, rows, LOG_MAX, &err) :
		history_actions(app->store.history, 0, rows, LOG_MAX, &err);

	if (n < 0)
		app_fail(app, &err);
	for (int i = 0; i < n; i++) {
		add_action(&rows[i], message ? &items[i] : NULL, e);
		history_action_release(&rows[i]);
		if (message)
			history_item_release(&items[i]);
	}
	free(items);
	free(rows);
}

void
app_message_log(struct app *app, int64_t message, struct str *out)
{
	struct entries e = { NULL, 0, 0 };
	int64_t now = clock_wall();
	char at[32];

	add_attempts(app, message, &e);
	add_actions(app, message, &e);
	if (e.count)
		qsort(e.rows, e.count, sizeof *e.rows, newest_first);
	for (size_t i = 0; i < e.count; i++) {
		str_addf(out, " %-11s  %s\n", moment(at, e.rows[i].at, now),
			e.rows[i].text);
		free(e.rows[i].text);
	}
	if (!e.count)
		str_add(out, " Nothing has happened yet.\n");
	free(e.rows);
}

static void
add_tab(struct app *app, const struct history_message *m, struct str *out)
{
	str_addf(out, "-- %s%s \n", tab_words[app->tab],
		app->tab <= TAB_RAW && app->tab != TAB_ITEMS ?
		", code page " CODE_PAGE : "");
	if (app->tab == TAB_LOG)
		app_message_log(app, m->id, out);
	else if (app->tab == TAB_UND)
		add_und(app, m->id, out);
	else
		add_file(app, m, out);
}

static void
build(struct app *app, const struct history_message *m, struct str *out)
{
	struct history_attempt rows[ATTEMPTS_SHOWN];
	struct error err = ERROR_INIT;
	int n = history_attempts(app->store.history, m->id, 0, rows,
		ATTEMPTS_SHOWN, &err);

	explain(app, m, n > 0 ? &rows[0] : NULL, out);
	add_summary(m, out);
	str_addf(out, "-- Attempts %" PRId64 " \n", m->attempts);
	if (n > 0)
		str_add(out, " TRY  WHEN       WHY               TOOK  RESULT"
			"                   COPY    .UND\n");
	for (int i = 0; i < n; i++)
		add_attempt(&rows[i], out);
	if (n > 0)
		add_output(&rows[0], out);
	while (n > 0)
		history_attempt_release(&rows[--n]);
	add_tab(app, m, out);
}

void
app_message_refresh(struct app *app)
{
	struct history_message m;
	struct error err = ERROR_INIT;
	struct str out = STR_INIT, title = STR_INIT;
	int rc = history_message_get(app->store.history, app->message, &m,
		&err);

	if (rc <= 0) {
		if (rc < 0)
			app_fail(app, &err);
		else
			app_note(app, "There is no message %" PRId64,
				app->message);
		app->over = OVER_NONE;
		return;
	}
	app->message_state = m.state;
	str_addf(&title, "%" PRId64 " ", m.id);
	for (const char *s = state_word(m.state); *s; s++)
		str_add_char(&title, (char)(*s - ('a' - 'A')));
	str_add(&title, "  ");
	add_printable(&title, m.subject ? m.subject : m.name);
	snprintf(app->message_title, sizeof app->message_title, "%.155s",
		title.data);
	build(app, &m, &out);
	pager_set(&app->page, &out);
	str_release(&title);
	history_message_release(&m);
}

void
app_message_open(struct app *app, int64_t id)
{
	app_message_open_at(app, id, app->message == id ? app->tab : TAB_TEXT);
}

void
app_message_open_at(struct app *app, int64_t id, enum app_tab tab)
{
	app->tab = tab;
	app->message = id;
	app->over = OVER_MESSAGE;
	app->page.top = app->page.left = 0;
	app_message_refresh(app);
}

/* SPDX-License-Identifier: ISC */
/*
 * hosts_console: `ccmq --hosts`: a row a host, the causes of all of them, and
 * retry and quarantine of a cause on all hosts that have it. See
 * ccmq-console(1) and reach/hosts.h.
 *
 * A loop of its own beside that of app.c: here is no store. What is done to
 * one host is done in that host's own console.
 */
#include "app/console.h"
#include "app/hosts_desk.h"
#include "base/clock.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "list/list_draw.h"
#include "term/key.h"
#include "term/term.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define TOP 2				/* rows above the list */
#define TURN_MS 250			/* while another console is open */

extern char **environ;

/* ---- drawing ---- */

static void
draw_top(struct desk_of_hosts *d, int width)
{
	int act = 0, look = 0, well = 0, down = 0, silent = 0;
	char at[TEXT_TIME_MAX], line[200];

	for (size_t i = 0; i < d->hosts.count; i++) {
		const struct host *o = &d->hosts.host[i];
		bool gone = o->state != HOST_LIVE && *o->why && !o->old;

		down += gone;
		silent += !gone && !o->facts.known;
		if (gone || !o->facts.known)
			continue;
		act += o->facts.severity == VERDICT_ACT;
		look += o->facts.severity == VERDICT_LOOK;
		well += o->facts.severity == VERDICT_WELL;
	}
	snprintf(line, sizeof line, "%zu host%s", d->hosts.count,
		d->hosts.count == 1 ? "" : "s");
	term_put(0, 0, -1, ROLE_HOST, line);
	if (*d->filter) {
		snprintf(line, sizeof line, "filter: %.150s  %" PRId64 " shown",
			d->filter, hosts_here(d)->total);
		term_put(0, 12, width - 18, ROLE_LOOK, line);
	}
	term_put(0, width - 5, -1, ROLE_NORMAL, text_time(at, clock_wall(),
		clock_wall()));
	snprintf(line, sizeof line, "%s %d act  %d look  %d well  %d cannot be "
		"asked  %d no word yet", act || down ? "!!" : look ? "! " :
		"  ", act, look, well, down, silent);
	term_put(1, 0, width, act || down ? ROLE_BAD : look ? ROLE_LOOK :
		ROLE_NORMAL, line);
}

/* The words of what is under the cursor that had no room. */
static void
add_words(struct desk_of_hosts *d, struct str *out)
{
	const struct list_row *row = list_current(hosts_here(d));
	const struct hosts_cause *c;
	const struct host *o;
	char words[160], n[TEXT_NUMBER_MAX];

	if (*d->note || !row) {
		str_add(out, *d->note ? d->note : *d->filter ?
			"Nothing matches the filter; Esc takes it away" :
			d->at == HOSTS_CAUSES ? "Nothing failed on any host, "
			"as far as is known" : "");
	} else if (d->at == HOSTS_RESULTS) {
		hosts_work_sentence(&d->work, out);
	} else if (d->at == HOSTS_CAUSES) {
		c = row->data;
		str_addf(out, "%s failed on %zu host%s for one reason: %s",
			text_exact(n, (uint64_t)c->n), c->part_count,
			c->part_count == 1 ? "" : "s",
			hosts_cause_words(words, c));
	} else {
		o = row->data;
		str_addf(out, "%s: %s%s%s", o->set->name, o->facts.known ?
			o->facts.text : "", o->facts.known && *o->why ? "; " :
			"", o->facts.known || *o->why ? o->why :
			"no word yet");
	}
}

static void
draw_bottom(struct desk_of_hosts *d, int rows, int width)
{
	struct str words = STR_INIT;

	add_words(d, &words);
	term_put(rows - 2, 0, width, *d->note ? ROLE_LOOK : ROLE_NORMAL,
		words.data);
	str_release(&words);
	if (d->state == FILTERS) {
		term_put(rows - 1, 0, 1, ROLE_KEY, "/");
		prompt_draw_field(&d->prompt, 0, rows - 1, 2, width - 2);
	} else {
		term_put(rows - 1, 0, width, ROLE_KEY, hosts_footer(d->at));
	}
}

static void
draw(struct desk_of_hosts *d)
{
	struct error ignored = ERROR_INIT;
	struct list_view view = { .top = TOP };
	int rows, width;

	d->dirty = false;
	term_size(&rows, &width);
	term_begin();
	draw_top(d, width);
	if (d->state == ASKS) {
		prompt_page_draw(&d->page, &d->prompt, TOP, rows - TOP, width);
	} else if (d->state == HELPS) {
		hosts_help_draw(d, TOP, rows - TOP, width);
	} else {
		view.width = width;
		view.columns = hosts_columns(d->at, width, &view.count);
		list_resize(hosts_here(d), rows > TOP + 4 ? (size_t)(rows - TOP - 3)
			: 1, &ignored);
		list_draw(hosts_here(d), &view);
		draw_bottom(d, rows, width);
	}
	term_end();
}

/* ---- that host's own console ---- */

static pid_t
start_console(struct desk_of_hosts *d, const char *ssh)
{
	const char *far[] = { "ssh", "-t", "--", ssh, "ccmq", NULL };
	const char *near[6] = { "ccmq" };
	size_t n = 1;
	pid_t pid;

	if (d->config) {
		near[n++] = "-c";
		near[n++] = d->config;
	}
	if (d->store) {
		near[n++] = "-s";
		near[n++] = d->store;
	}
	errno = posix_spawnp(&pid, *ssh ? "ssh" : "/proc/self/exe", NULL, NULL,
		(char *const *)(uintptr_t)(*ssh ? far : near), environ);
	return errno ? -1 : pid;
}

/* The rows stay live meanwhile; nothing is drawn. */
static void
wait_console(struct desk_of_hosts *d, pid_t pid, int *status)
{
	struct pollfd *fds = xcalloc(d->hosts.count * HOSTS_FDS, sizeof *fds);

	while (waitpid(pid, status, WNOHANG) != pid) {
		int timeout = TURN_MS;
		size_t n = hosts_poll(&d->hosts, fds, &timeout);

		poll(fds, n, timeout);
		hosts_turn(&d->hosts, fds);
	}
	free(fds);
}

static void
open_console(struct desk_of_hosts *d)
{
	const struct list_row *row = list_current(hosts_here(d));
	const struct settings_host *set = row ?
		((const struct host *)row->data)->set : NULL;
	struct error err = ERROR_INIT;
	int status = 0;
	pid_t pid;

	if (!set)
		return;
	term_close();
	pid = start_console(d, set->ssh);
	if (pid > 0)
		wait_console(d, pid, &status);
	if (pid < 0)
		snprintf(d->note, sizeof d->note, "%s: %s", *set->ssh ? "ssh" :
			"ccmq", strerror(errno));
	else if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
		snprintf(d->note, sizeof d->note, "The console of %s ended "
			"with status %d", set->name, WIFEXITED(status) ?
			WEXITSTATUS(status) : 128 + WTERMSIG(status));
	if (term_open(&d->options, &err) < 0) {
		fprintf(stderr, "ccmq: %s\n", err.text);
		d->leave = true;
		d->exit_status = 3;
	}
	hosts_refresh(d);
}

/* ---- keys ---- */

static void
go_back(struct desk_of_hosts *d)
{
	if (d->at == HOSTS_ROWS)
		d->leave = true;
	else
		hosts_go_to(d, d->at == HOSTS_RESULTS ? HOSTS_CAUSES : HOSTS_ROWS);
}

/* Another filter: the lists begin anew. */
static void
set_filter(struct desk_of_hosts *d, const char *text)
{
	struct error ignored = ERROR_INIT;

	snprintf(d->filter, sizeof d->filter, "%s", text);
	list_reload(hosts_here(d), &ignored);
}

static void
open_filter(struct desk_of_hosts *d)
{
	prompt_init(&d->prompt);
	prompt_add_text(&d->prompt, "/", d->filter, false);
	d->state = FILTERS;
	term_field(true);
}

/* It filters as it is typed. */
static void
filter_key(struct desk_of_hosts *d, const struct key_event *event)
{
	enum prompt_state state = prompt_key(&d->prompt, event);

	set_filter(d, state == PROMPT_CANCELLED ? "" :
		d->prompt.fields[0].text.data);
	if (state == PROMPT_OPEN)
		return;
	prompt_release(&d->prompt);
	d->state = QUIET;
	term_field(false);
}

/* Moves of the cursor. False: it is none. */
static bool
key_moves(struct list *list, key_code key)
{
	struct error ignored = ERROR_INIT;
	int64_t page = (int64_t)list->height;

	switch (key) {
	case 'j':
	case KEYS_DOWN:
		list_move(list, 1, &ignored);
		return true;
	case 'k':
	case KEYS_UP:
		list_move(list, -1, &ignored);
		return true;
	case KEYS_PGDN:
	case KEY_CTRL('F'):
		list_page(list, page, &ignored);
		return true;
	case KEYS_PGUP:
	case KEY_CTRL('B'):
		list_page(list, -page, &ignored);
		return true;
	case 'g':
	case KEYS_HOME:
		list_first(list, &ignored);
		return true;
	case 'G':
	case KEYS_END:
		list_last(list, &ignored);
		return true;
	default:
		return false;
	}
}

static void
on_key(struct desk_of_hosts *d, const struct key_event *event)
{
	bool causes = d->at == HOSTS_CAUSES;
	int was = (int)d->state;

	if (d->state == ASKS)
		hosts_verb_key(d, event);
	else if (d->state == FILTERS)
		filter_key(d, event);
	else if (d->state == HELPS)
		hosts_help_key(d, event->key);
	if (d->state >= ASKS || was >= ASKS)
		return;
	*d->note = '\0';
	if (key_moves(hosts_here(d), event->key))
		return;
	if (event->key == KEYS_ESC && *d->filter)
		set_filter(d, "");
	else if (event->key == 'q' || (event->key == KEYS_ESC && d->at))
		go_back(d);
	else if (event->key == 'Q')
		d->leave = true;
	else if (event->key == '=')
		hosts_go_to(d, d->at == HOSTS_ROWS ? HOSTS_CAUSES : HOSTS_ROWS);
	else if (event->key == KEYS_ENTER && d->at == HOSTS_ROWS)
		open_console(d);
	else if (causes && (event->key == 'r' || event->key == 'x'))
		hosts_verb_gather(d, event->key == 'r' ? "retry" : "quarantine");
	else if (event->key == '/' && d->state == QUIET)
		open_filter(d);
	else if ((event->key == '?' || event->key == 'h' ||
	    event->key == KEYS_F1) && d->state == QUIET)
		hosts_help_open(d);
	else if (event->key == KEY_CTRL('L') || event->key == KEYS_F5)
		term_redraw();
	else if (event->key == KEY_CTRL('Z'))
		term_suspend();
	else
		snprintf(d->note, sizeof d->note, "No such key here: those "
			"there are stand below, and j k PgUp PgDn g G");
}

static void
on_event(struct desk_of_hosts *d, const struct term_event *event)
{
	d->dirty = true;
	switch (event->kind) {
	case TERM_KEY:
		on_key(d, &event->key);
		break;
	case TERM_RESIZE:
	case TERM_REPORT:
		break;
	case TERM_END:
	case TERM_LOST:
		d->leave = true;
		d->exit_status = event->kind == TERM_END ?
			128 + event->signal : 1;
	}
}

/* ---- the loop ---- */

static int
sleep_ms(const struct desk_of_hosts *d)
{
	int64_t ms = CLOCK_MINUTE - clock_wall() % CLOCK_MINUTE + 1;
	int64_t deadline = term_deadline(), now = clock_mono_ms();

	if (deadline >= 0 && deadline - now < ms)
		ms = deadline - now;
	if (d->state == GATHERS && d->gathers_until_mono_ms - now < ms)
		ms = d->gathers_until_mono_ms - now;
	return ms < 0 ? 0 : (int)ms;
}

static void
turn(struct desk_of_hosts *d, struct pollfd *fds)
{
	struct term_event event;
	int terminal[TERM_FDS], timeout = sleep_ms(d);
	size_t n;

	term_fds(terminal);
	for (int i = 0; i < TERM_FDS; i++)
		fds[i] = (struct pollfd){ terminal[i], POLLIN, 0 };
	n = hosts_poll(&d->hosts, fds + TERM_FDS, &timeout);
	poll(fds, n + TERM_FDS, timeout);
	if (hosts_turn(&d->hosts, fds + TERM_FDS)) {
		for (size_t i = 0; i < d->hosts.count; i++)
			hosts_ask_causes(d, i);
		hosts_refresh(d);
	}
	while (!d->leave && term_next(&event))
		on_event(d, &event);
	hosts_verb_look(d);
}

static void
loop(struct desk_of_hosts *d)
{
	struct pollfd *fds = xcalloc(d->hosts.count * HOSTS_FDS + TERM_FDS,
		sizeof *fds);
	int64_t minute = 0;

	/* The picture comes before the first of them is started. */
	draw(d);
	hosts_turn(&d->hosts, fds + TERM_FDS);
	while (!d->leave) {
		if (clock_wall() / CLOCK_MINUTE != minute)
			d->dirty = true;
		minute = clock_wall() / CLOCK_MINUTE;
		if (d->dirty)
			draw(d);
		turn(d, fds);
	}
	free(fds);
}

/* A line for everybody who reads the terminal afterwards. */
static void
say_unknown(const struct desk_of_hosts *d)
{
	struct str words = STR_INIT;

	if (!d->work.hosts || hosts_work_is_over(&d->work))
		return;
	hosts_work_sentence(&d->work, &words);
	fprintf(stderr, "ccmq: %s\n", words.data);
	for (size_t i = 0; i < d->work.count; i++)
		if (d->work.items[i].result == OPERATION_UNKNOWN)
			fprintf(stderr, "ccmq: %s #%" PRId64 ": unknown\n",
				d->hosts.host[d->work.items[i].host].set->name,
				d->work.items[i].id);
	str_release(&words);
}

static void
run(struct desk_of_hosts *d)
{
	struct error ignored = ERROR_INIT;

	hosts_open(&d->hosts, d->settings, d->config, d->store);
	d->hosts.line = hosts_hear;
	d->hosts.hello = hosts_hello;
	d->hosts.arg = d;
	d->asked = xcalloc(d->hosts.count, sizeof *d->asked);
	d->page = (struct prompt_page)PROMPT_PAGE_INIT;
	d->rows = (struct hosts_rows){ .hosts = &d->hosts, .causes =
		&d->causes, .work = &d->work, .own = d->own, .filter =
		d->filter };
	for (int i = 0; i < HOSTS_WHATS; i++)
		list_init(&d->lists[i], &hosts_sources[i], &d->rows);
	list_resize(hosts_here(d), 1, &ignored);
	list_reload(hosts_here(d), &ignored);
	d->dirty = true;
	loop(d);
	term_close();
	say_unknown(d);
	for (int i = 0; i < HOSTS_WHATS; i++)
		list_release(&d->lists[i]);
	hosts_rows_release(&d->rows);
	hosts_causes_release(&d->causes);
	hosts_work_release(&d->work);
	hosts_work_release(&d->next);
	hosts_close(&d->hosts);
	if (d->state == HELPS)
		pager_release(&d->help);
	free(d->asked);
	free(d->reason);
}

/* Of each host the place of its colour among those of the terminal: as many
 * different ones as there is room for. */
static void
own_colors(struct desk_of_hosts *d)
{
	struct term_options *o = &d->options;
	size_t count = d->settings->hosts_count;
	struct error ignored;

	d->own = xcalloc(count + 1, sizeof *d->own);
	for (size_t i = 0; i <= count; i++) {
		int color = THEME_DEFAULT, at = 0;

		d->own[i] = -1;
		if (i == count || theme_parse_color(
		    d->settings->hosts[i].color, &color, &ignored) < 0 ||
		    color == THEME_DEFAULT)
			continue;
		while (at < o->own_count && o->own_colors[at] != color)
			at++;
		if (at == ROLE_OWN_COUNT)
			continue;
		if (at == o->own_count)
			o->own_colors[o->own_count++] = color;
		d->own[i] = at;
	}
}

int
console_hosts(struct settings *settings, const char *config,
	const char *store, bool read_only, bool no_color)
{
	struct error err = ERROR_INIT;
	struct desk_of_hosts d = { .settings = settings, .config = config,
		.store = store, .read_only = read_only ||
		settings->console_read_only, .options = {
		.theme = theme_find(settings_theme_word(
			settings->console_theme), &err),
		.no_color = no_color, .host_color = THEME_DEFAULT,
		.esc_delay_ms = settings->console_esc_delay_ms } };

	own_colors(&d);
	if (!d.options.theme || term_open(&d.options, &err) < 0) {
		fprintf(stderr, "ccmq: %s\n", err.text);
		free(d.own);
		return 3;
	}
	run(&d);
	free(d.own);
	return d.exit_status;
}

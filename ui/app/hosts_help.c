/* SPDX-License-Identifier: ISC */
/* hosts_help: what the words and keys of the console of many hosts mean. See
 * hosts_desk.h. */
#include "app/hosts_desk.h"
#include "term/keymap.h"
#include "term/wrap.h"

#define ROWS (1u << HOSTS_ROWS)
#define CAUSES (1u << HOSTS_CAUSES)
#define RESULTS (1u << HOSTS_RESULTS)
#define ALL (ROWS | CAUSES | RESULTS)

static const char *const words[HOSTS_WHATS] = {
	[HOSTS_ROWS] = "A row for each host, the worst first. !! somebody must "
		"act, ! look, -- it cannot be asked and says why. OLDEST is how "
		"long the oldest message has waited, IMPORT when the last was "
		"imported, ROW how old the row is.",
	[HOSTS_CAUSES] = "What failed for the same class, code and reason is one "
		"row, on whichever hosts. r and x act on each host on exactly "
		"the messages that it named just before, and ask first.",
	[HOSTS_RESULTS] = "What came of each message. One whose host has not "
		"answered is unknown: it may have been done; the host is asked "
		"again when its line is back, and does nothing twice.",
};

static const struct {
	const char *keys;
	unsigned where;
	const char *does;
} keys[] = {
	{ "Enter", ROWS, "that host's own console; q there comes back" },
	{ "r", CAUSES, "retry, on every host that has it" },
	{ "x", CAUSES, "quarantine, on every host that has it" },
	{ "=", ALL, "the causes of all hosts, or the hosts" },
	{ "/", ALL, "filter as you type: words that all occur, -word one that "
		"does not" },
	{ "Esc", ALL, "no filter; then back" },
	{ "j k PgUp PgDn g G", ALL, "move" },
	{ "q", ALL, "back; on the hosts: leave" },
	{ "Q", ALL, "leave" },
	{ "Ctrl-L F5", ALL, "draw the screen anew" },
	{ "Ctrl-Z", ALL, "to the shell; fg comes back" },
	{ "? h F1", ALL, "this help" },
};

const char *
hosts_footer(enum hosts_what at)
{
	static const char *const footers[HOSTS_WHATS] = {
		[HOSTS_ROWS] = "Enter open  = causes  / filter  ? help",
		[HOSTS_CAUSES] = "r retry  x quarantine  / filter  ? help",
		[HOSTS_RESULTS] = "unknown first  / filter  ? help  q back",
	};

	return footers[at];
}

void
hosts_help_open(struct desk_of_hosts *d)
{
	pager_init(&d->help);
	d->state = HELPS;
}

void
hosts_help_draw(struct desk_of_hosts *d, int row, int rows, int width)
{
	struct str text = STR_INIT;

	wrap_add(&text, (struct wrap){ NULL, 1, (size_t)width }, words[d->at]);
	str_add_char(&text, '\n');
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		if (keys[i].where & 1u << d->at)
			wrap_add(&text, (struct wrap){ keys[i].keys, 19,
				(size_t)width }, keys[i].does);
	pager_set(&d->help, &text);
	str_release(&text);
	pager_draw(&d->help, row, rows > 1 ? (size_t)rows - 1 : 1, width);
	term_put(row + rows - 1, 0, width, ROLE_KEY, "q back");
}

void
hosts_help_key(struct desk_of_hosts *d, key_code key)
{
	struct keymap map;

	keymap_init(&map);
	if (pager_act(&d->help, keymap_find(&map, KEYMAP_TEXT, key)))
		return;
	pager_release(&d->help);
	d->state = QUIET;
}

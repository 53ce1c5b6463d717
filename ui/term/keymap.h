/* SPDX-License-Identifier: ISC */
/*
 * keymap: the one table of what keys do.
 *
 * Lookup, help, footer, the words after `:` and the manual's table all come
 * from ACTION_LIST. A key becomes an action, an action is what views take.
 * Settings may bind keys anew; '[', 'O', '<', '>', ']', 'P', '_', '~' and the
 * backslash are bound to nothing (torn key sequences and answers of terminals
 * consist of them), Esc, Ctrl-C and Ctrl-G stay what they are. Pure.
 */
#ifndef CCMQ_UI_KEYMAP_H
#define CCMQ_UI_KEYMAP_H

#include "base/error.h"
#include "term/key.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>

/* Where keys mean something. */
enum keymap_context {
	KEYMAP_LIST = 1 << 0,		/* messages of a state */
	KEYMAP_CAUSES = 1 << 1,		/* the same, by cause */
	KEYMAP_UND = 1 << 2,
	KEYMAP_LOG = 1 << 3,
	KEYMAP_MESSAGE = 1 << 4,	/* the page of one message */
	KEYMAP_CONNECTOR = 1 << 5,	/* the key after ACTION_CONNECTOR */
	KEYMAP_TEXT = 1 << 6,		/* help and other texts */
	KEYMAP_WORK = 1 << 7,		/* jobs */
	KEYMAP_AGES = 1 << 8,		/* what waits, by age */
};

#define KEYMAP_VIEWS (KEYMAP_LIST | KEYMAP_CAUSES | KEYMAP_UND | KEYMAP_LOG | \
	KEYMAP_WORK | KEYMAP_AGES)
#define KEYMAP_ALL (KEYMAP_VIEWS | KEYMAP_MESSAGE | KEYMAP_TEXT)
#define KEYMAP_MAIL (KEYMAP_LIST | KEYMAP_CAUSES | KEYMAP_MESSAGE)

/*
 * name, word (settings, `:`), keys, where, where in the footer, label there,
 * short label, what it does. The footer shows them in this order; the ones
 * further down go first when a row is too short, but help stays.
 */
#define ACTION_LIST(X) \
	X(ACTION_OPEN, "open", "Enter", KEYMAP_ALL, KEYMAP_VIEWS, \
		"open", "open", "open what the cursor is on") \
	X(ACTION_RETRY, "retry", "r", KEYMAP_MAIL, KEYMAP_MAIL, \
		"retry", "retry", "put back: retry, release or restore, " \
		"as the state says") \
	X(ACTION_QUARANTINE, "quarantine", "x", KEYMAP_MAIL, KEYMAP_MAIL, \
		"quarantine", "quar", "set aside: quarantine") \
	X(ACTION_PURGE, "purge", "X Del", KEYMAP_MAIL, KEYMAP_MAIL, \
		"purge", "purge", "throw away: purge; from the trash for good") \
	X(ACTION_RESEND, "resend", "r", KEYMAP_UND, KEYMAP_UND, \
		"resend", "resend", "make a message of the entry again, " \
		"without its reasons") \
	X(ACTION_JOB_PAUSE, "pause", "p", KEYMAP_WORK, KEYMAP_WORK, \
		"pause, go on", "pause", "pause the job, or let it go on") \
	X(ACTION_JOB_STOP, "stop", "x", KEYMAP_WORK, KEYMAP_WORK, \
		"stop", "stop", "stop the job for good; asks") \
	X(ACTION_WRITE, "write", "w", KEYMAP_ALL, KEYMAP_MESSAGE, \
		"write", "write", "write the list or the message to a file") \
	X(ACTION_NOTE, "note", "i", KEYMAP_MAIL, 0, "", "", \
		"a note on the message or the cause, for everybody") \
	X(ACTION_MINE, "mine", "m", KEYMAP_MAIL, 0, "", "", \
		"it is yours for two hours; again: not any more") \
	X(ACTION_INCIDENT, "incident", "W", KEYMAP_MAIL | KEYMAP_LOG, 0, "", \
		"", "write the incident note of the message or cause, " \
		"for a ticket") \
	X(ACTION_FILTER, "filter", "/", KEYMAP_ALL, \
		KEYMAP_LIST | KEYMAP_LOG | KEYMAP_WORK | KEYMAP_MESSAGE | \
		KEYMAP_TEXT, "search", "find", \
		"filter the list as you type; search in a text") \
	X(ACTION_CONNECTOR, "connector", "c", KEYMAP_ALL, KEYMAP_VIEWS, \
		"connector", "conn", "the connector: then h, d, r or t") \
	X(ACTION_ATTENTION, "look", "a", KEYMAP_ALL, KEYMAP_VIEWS, \
		"look", "look", "open what the verdict in row 2 is about") \
	X(ACTION_HELP, "help", "? h F1", KEYMAP_ALL, KEYMAP_ALL, \
		"help", "help", "this help") \
	X(ACTION_BACK, "back", "q", KEYMAP_ALL, KEYMAP_MESSAGE | KEYMAP_TEXT, \
		"back", "back", "back; on top: leave, asked while work runs") \
	X(ACTION_ESCAPE, "escape", "Esc", KEYMAP_ALL, 0, "", "", \
		"back; never leaves") \
	X(ACTION_QUIT, "quit", "Q", KEYMAP_ALL, 0, "", "", "leave") \
	X(ACTION_CANCEL, "cancel", "Ctrl-C Ctrl-G", KEYMAP_ALL, 0, "", "", \
		"cancel what is open, stop work that runs") \
	X(ACTION_UP, "up", "Up k", KEYMAP_ALL, 0, "", "", "up") \
	X(ACTION_DOWN, "down", "Down j", KEYMAP_ALL, 0, "", "", "down") \
	X(ACTION_PAGE_UP, "page-up", "PgUp Ctrl-B", KEYMAP_ALL, 0, "", "", \
		"a page up") \
	X(ACTION_PAGE_DOWN, "page-down", "PgDn Ctrl-F", KEYMAP_ALL, 0, "", "", \
		"a page down") \
	X(ACTION_HALF_UP, "half-up", "Ctrl-U", KEYMAP_ALL, 0, "", "", \
		"half a page up") \
	X(ACTION_HALF_DOWN, "half-down", "Ctrl-D", KEYMAP_ALL, 0, "", "", \
		"half a page down") \
	X(ACTION_FIRST, "first", "Home g", KEYMAP_ALL, 0, "", "", \
		"to the beginning") \
	X(ACTION_LAST, "last", "End G", KEYMAP_ALL, 0, "", "", "to the end") \
	X(ACTION_LEFT, "left", "Left", KEYMAP_ALL, 0, "", "", "to the left") \
	X(ACTION_RIGHT, "right", "Right", KEYMAP_ALL, 0, "", "", "to the right") \
	X(ACTION_VIEW_1, "view-1", "1", KEYMAP_ALL, 0, "", "", \
		"Queue") \
	X(ACTION_VIEW_2, "view-2", "2", KEYMAP_ALL, 0, "", "", "Failed") \
	X(ACTION_VIEW_3, "view-3", "3", KEYMAP_ALL, 0, "", "", "Quarantine") \
	X(ACTION_VIEW_4, "view-4", "4", KEYMAP_ALL, 0, "", "", "Trash") \
	X(ACTION_VIEW_5, "view-5", "5", KEYMAP_ALL, 0, "", "", ".und") \
	X(ACTION_VIEW_6, "view-6", "6", KEYMAP_ALL, 0, "", "", "Log") \
	X(ACTION_VIEW_7, "view-7", "7", KEYMAP_ALL, 0, "", "", \
		"Done: what was imported") \
	X(ACTION_VIEW_8, "view-8", "8", KEYMAP_ALL, 0, "", "", \
		"Work: what was done to many messages, and what came of it") \
	X(ACTION_NEXT, "next", "Tab", KEYMAP_ALL, 0, "", "", \
		"next view, or part of the message") \
	X(ACTION_PREVIOUS, "previous", "Shift-Tab", KEYMAP_ALL, 0, "", "", \
		"previous view, or part of the message") \
	X(ACTION_NEXT_MESSAGE, "next-message", "J", KEYMAP_MESSAGE, 0, "", "", \
		"the next message of the list") \
	X(ACTION_PREVIOUS_MESSAGE, "previous-message", "K", KEYMAP_MESSAGE, 0, \
		"", "", "the previous message of the list") \
	X(ACTION_FIND_NEXT, "find-next", "n", KEYMAP_ALL, 0, "", "", \
		"the next place found") \
	X(ACTION_FIND_PREVIOUS, "find-previous", "N", KEYMAP_ALL, 0, "", "", \
		"the previous place found") \
	X(ACTION_TAG, "tag", "Space t", KEYMAP_LIST, 0, "", "", \
		"tag or untag, and down") \
	X(ACTION_RANGE, "range", "v", KEYMAP_LIST, 0, "", "", \
		"tag a range: from here, again: to here") \
	X(ACTION_TAG_ALL, "tag-all", "T", KEYMAP_LIST, 0, "", "", \
		"tag all that is shown") \
	X(ACTION_UNTAG_ALL, "untag-all", "U", KEYMAP_LIST, 0, "", "", \
		"untag all; again: bring the tags back") \
	X(ACTION_PURGE_HINT, "purge-hint", "d", KEYMAP_ALL, 0, "", "", \
		"says that purge is X") \
	X(ACTION_UNDO, "undo", "u", KEYMAP_ALL, 0, "", "", \
		"undo your newest action, as far as it can be; asks") \
	X(ACTION_GROUP, "group", "=", KEYMAP_VIEWS, 0, "", "", \
		"as a list, by cause or reason; what waits by age, too") \
	X(ACTION_SORT, "sort", "o", KEYMAP_VIEWS, 0, "", "", \
		"and a column's letter: sort by it, again: reverse") \
	X(ACTION_EARLIER, "earlier", ",", KEYMAP_ALL, 0, "", "", \
		"a minute back: the screen as it was then; at 02:40 goes there") \
	X(ACTION_LATER, "later", ".", KEYMAP_ALL, 0, "", "", \
		"a minute on, as far as now") \
	X(ACTION_NOW, "now", "", KEYMAP_ALL, 0, "", "", \
		"back from the screen as it was") \
	X(ACTION_FREEZE, "freeze", "z", KEYMAP_ALL, 0, "", "", \
		"freeze the screen; what changes meanwhile is counted") \
	X(ACTION_COMMAND, "command", ":", KEYMAP_ALL, 0, "", "", \
		"an action by its word; a number goes to that message") \
	X(ACTION_PIPE, "pipe", "|", KEYMAP_MESSAGE, 0, "", "", \
		"pipe the message to a command; what it prints is shown") \
	X(ACTION_REDRAW, "redraw", "Ctrl-L F5", KEYMAP_ALL, 0, "", "", \
		"draw the screen anew") \
	X(ACTION_SUSPEND, "suspend", "Ctrl-Z", KEYMAP_ALL, 0, "", "", \
		"to the shell; fg comes back") \
	X(ACTION_HOLD, "hold", "h", KEYMAP_CONNECTOR, 0, "", "", \
		"hold: mail is taken in, nothing is imported") \
	X(ACTION_DRAIN, "drain", "d", KEYMAP_CONNECTOR, 0, "", "", \
		"drain: nothing is taken in, the queue emptied, then held") \
	X(ACTION_RESUME, "resume", "r", KEYMAP_CONNECTOR, 0, "", "", \
		"resume: goes on; one that has tripped tests at once") \
	X(ACTION_TEST, "test", "t", KEYMAP_CONNECTOR, 0, "", "", \
		"test now with one message")

enum action {
	ACTION_NONE = -1,
#define X(name, word, keys, where, footer, label, brief, help) name,
	ACTION_LIST(X)
#undef X
	ACTION_COUNT
};

#define KEYMAP_BINDINGS_MAX 256	/* the table has 80; the rest for settings */

struct keymap {
	size_t count;
	struct keymap_binding {
		key_code key;
		unsigned where;		/* KEYMAP_… */
		enum action action;
	} bindings[KEYMAP_BINDINGS_MAX];
};

/* The bindings of the table. */
void keymap_init(struct keymap *map);

/*
 * Binds a key by name to an action by word, wherever that action means
 * something; "none" takes the key away. Settings call it for each of
 * console.keys. 0, or -1: no such key or action (the nearest is named), or
 * a key that is not free to bind.
 */
int keymap_bind(struct keymap *map, const char *key, const char *action,
	struct error *err);

/* What a key does there, or ACTION_NONE. */
enum action keymap_find(const struct keymap *map,
	enum keymap_context context, key_code key);

/* Whether the action means something in one of these contexts. */
bool keymap_means(enum action action, unsigned contexts);

/* An action by its word, or ACTION_NONE with err naming the nearest. */
enum action keymap_parse(const char *word, struct error *err);

const char *action_word(enum action action);
const char *action_help(enum action action);

/* The action's keys there, joined by blanks ("c h" for what follows c), or
 * "" if none is left. */
void keymap_keys(const struct keymap *map, enum action action,
	struct str *out);

/* Another label for one action in one view ("messages" for open; "": it has no
 * place in the footer there). */
struct keymap_label {
	enum action action;
	const char *label;
};

/* One entry of a footer: "r retry". */
struct keymap_part {
	enum action action;
	int column;
	char text[KEY_NAME_MAX + 24];
};

/* The entries of a footer of at most so many columns: how many. labels ends
 * with ACTION_NONE or is NULL. */
size_t keymap_footer_parts(const struct keymap *map,
	enum keymap_context context, const struct keymap_label *labels,
	size_t columns, struct keymap_part out[ACTION_COUNT]);

/* One line for each action there: its keys, padded, and its sentence. */
void keymap_help(const struct keymap *map, enum keymap_context context,
	struct str *out);

/* The manual's table of keys, in mdoc, from the defaults. */
void keymap_manual(struct str *out);

#endif

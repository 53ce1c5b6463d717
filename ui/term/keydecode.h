/* SPDX-License-Identifier: ISC */
/*
 * keydecode: from bytes and the times they came to keys.
 *
 * A bad line tears key sequences apart, loses bytes of them and bundles what
 * was typed long ago; none of that may become a command (CONSOLE promise 8).
 * Pure: no terminal, no clock, no terminfo.
 *
 * Outside a field
 *   '[', 'O', '<' and '>', whenever they come, swallow all up to a final byte
 *   or KEYDECODE_QUIET_MS of silence; only a sequence that Esc began in time
 *   and that is known gives its key;
 *   ']', 'P' and '_' swallow all up to BEL, ST, another control character or
 *   the same silence: what a terminal answers to queries (OSC, DCS, APC);
 *   any byte within esc_delay_ms of Esc is swallowed, and Esc is then told;
 *   pasted text (ESC [ 200 ~ … ESC [ 201 ~) is dropped.
 * Inside a field these are letters unless Esc is before them, and pasted
 * characters are told as such, line ends and tabs in them as blanks.
 * Everywhere a mouse report is swallowed (the three bytes after ESC [ M too),
 * and a cursor report (ESC [ row ; column R) is told as KEYS_REPORT, however
 * torn, and also while deaf.
 *
 * Calling order, for each byte that was read at time `now`: keydecode_time,
 * then keydecode_byte, and what either tells is handled before the next
 * (handling may change field and deafness). When no byte waits:
 * keydecode_time alone, at keydecode_deadline at the latest. Never call
 * keydecode_time ahead of bytes that wait to be read.
 */
#ifndef CCMQ_UI_KEYDECODE_H
#define CCMQ_UI_KEYDECODE_H

#include "term/key.h"

#include <stddef.h>

#define KEYDECODE_ESC_DELAY_MS 150
#define KEYDECODE_QUIET_MS 2000
/* A paste whose end was lost ends by silence. Longer than QUIET: what follows
 * a mere stutter of the line must not become commands. */
#define KEYDECODE_PASTE_QUIET_MS 5000
#define KEYDECODE_SEQUENCE_MAX 16	/* longer ones are not keys */

enum keydecode_state {
	KEYDECODE_GROUND,
	KEYDECODE_ESC,		/* Esc, then anything within the delay */
	KEYDECODE_CSI,		/* after '[' or 'O': up to the final byte */
	KEYDECODE_STRING,	/* after ']': up to BEL or ST */
	KEYDECODE_MOUSE,	/* `want` bytes after the final one */
	KEYDECODE_UTF8,		/* inside a character */
	KEYDECODE_PASTE,
};

struct keydecode {
	enum keydecode_state state;
	int64_t esc_delay_ms;
	int64_t since;		/* when the last byte of this state came */
	int64_t deaf_until;	/* nothing that begins before is told */
	bool field;
	bool mute;		/* what is under way will not be told */
	size_t len;		/* of seq */
	size_t want;		/* bytes of the character or mouse report */
	unsigned char seq[KEYDECODE_SEQUENCE_MAX];
};

struct key_event {
	key_code key;
	bool pasted;		/* a character that was pasted into a field */
	int row, column;	/* of KEYS_REPORT, from 1 */
};

void keydecode_init(struct keydecode *d, int64_t esc_delay_ms);

/* Whether keys go to a text field now. */
void keydecode_set_field(struct keydecode *d, bool field);

/* Nothing that began before `until` will be told, what is half done included,
 * but reports, and Ctrl-C and Ctrl-G, by which people get out of everything.
 * Bytes go on being taken, so that no sequence is torn by it. An earlier
 * `until` than the last one shortens it. */
void keydecode_deaf(struct keydecode *d, int64_t until);

/* Time has come to `now`. True: *out happened (an Esc that stayed alone). */
bool keydecode_time(struct keydecode *d, int64_t now, struct key_event *out);

/* A byte came. True: *out happened. */
bool keydecode_byte(struct keydecode *d, unsigned char byte, int64_t now,
	struct key_event *out);

/* When keydecode_time has something to do at the latest; -1: never. */
int64_t keydecode_deadline(const struct keydecode *d);

#endif

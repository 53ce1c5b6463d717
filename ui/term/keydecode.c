/* SPDX-License-Identifier: ISC */
/* keydecode: see keydecode.h for the contract. */
#include "term/keydecode.h"
#include "base/text.h"

#include <stdio.h>
#include <string.h>

#define ESC 0x1B

static const struct {
	const char *seq;	/* after ESC; modifiers are taken out before */
	key_code key;
} sequences[] = {
	{ "[A", KEYS_UP }, { "[B", KEYS_DOWN }, { "[C", KEYS_RIGHT },
	{ "[D", KEYS_LEFT }, { "[H", KEYS_HOME }, { "[F", KEYS_END },
	{ "[Z", KEYS_BACKTAB },
	{ "OA", KEYS_UP }, { "OB", KEYS_DOWN }, { "OC", KEYS_RIGHT },
	{ "OD", KEYS_LEFT }, { "OH", KEYS_HOME }, { "OF", KEYS_END },
	{ "[1~", KEYS_HOME }, { "[2~", KEYS_INS }, { "[3~", KEYS_DEL },
	{ "[4~", KEYS_END }, { "[5~", KEYS_PGUP }, { "[6~", KEYS_PGDN },
	{ "[7~", KEYS_HOME }, { "[8~", KEYS_END },
	{ "OP", KEYS_F1 }, { "OQ", KEYS_F2 }, { "OR", KEYS_F3 },
	{ "OS", KEYS_F4 }, { "[P", KEYS_F1 }, { "[Q", KEYS_F2 },
	{ "[R", KEYS_F3 }, { "[S", KEYS_F4 },
	{ "[11~", KEYS_F1 }, { "[12~", KEYS_F2 }, { "[13~", KEYS_F3 },
	{ "[14~", KEYS_F4 }, { "[15~", KEYS_F5 }, { "[17~", KEYS_F6 },
	{ "[18~", KEYS_F7 }, { "[19~", KEYS_F8 }, { "[20~", KEYS_F9 },
	{ "[21~", KEYS_F10 }, { "[23~", KEYS_F11 }, { "[24~", KEYS_F12 },
	/* The Linux console's own. */
	{ "[[A", KEYS_F1 }, { "[[B", KEYS_F2 }, { "[[C", KEYS_F3 },
	{ "[[D", KEYS_F4 }, { "[[E", KEYS_F5 },
};

static const char paste_begin[] = "[200~";
static const char paste_end[] = "\x1b[201~";

void
keydecode_init(struct keydecode *d, int64_t esc_delay_ms)
{
	*d = (struct keydecode){
		.esc_delay_ms = esc_delay_ms,
		.deaf_until = INT64_MIN,
	};
}

void
keydecode_set_field(struct keydecode *d, bool field)
{
	d->field = field;
}

void
keydecode_deaf(struct keydecode *d, int64_t until)
{
	d->deaf_until = until;
	d->mute = true;
}

/* Begins a state at `now`; what begins while deaf stays mute to its end. */
static void
begin(struct keydecode *d, enum keydecode_state state, int64_t now)
{
	d->state = state;
	d->since = now;
	d->len = 0;
}

static int64_t
patience(const struct keydecode *d)
{
	switch (d->state) {
	case KEYDECODE_ESC:
		return d->esc_delay_ms;
	case KEYDECODE_CSI:
	case KEYDECODE_STRING:
	case KEYDECODE_MOUSE:
	case KEYDECODE_UTF8:
		return KEYDECODE_QUIET_MS;
	case KEYDECODE_PASTE:
		return KEYDECODE_PASTE_QUIET_MS;
	case KEYDECODE_GROUND:
		break;
	}
	return -1;
}

int64_t
keydecode_deadline(const struct keydecode *d)
{
	/* A byte at the limit itself is still in time, so one more. */
	return d->state == KEYDECODE_GROUND ? -1 : d->since + patience(d) + 1;
}

static bool
tell(const struct keydecode *d, key_code key, bool pasted,
	struct key_event *out)
{
	if (d->mute)
		return false;
	*out = (struct key_event){ .key = key, .pasted = pasted };
	return true;
}

bool
keydecode_time(struct keydecode *d, int64_t now, struct key_event *out)
{
	bool esc = d->state == KEYDECODE_ESC;

	if (d->state == KEYDECODE_GROUND || now - d->since <= patience(d))
		return false;
	d->state = KEYDECODE_GROUND;
	return esc && tell(d, KEYS_ESC, false, out);
}

/* Keeps the byte if there is room: a sequence too long is no key anyway. */
static void
keep(struct keydecode *d, unsigned char byte)
{
	if (d->len < sizeof d->seq)
		d->seq[d->len++] = byte;
	else
		d->mute = true;
}

/* "[1;5A" and "[5;2~" mean what "[A" and "[5~" mean: the modifier goes. */
static void
drop_modifier(char *seq)
{
	char *semicolon = strchr(seq, ';');
	size_t len = strlen(seq);

	if (!semicolon)
		return;
	*semicolon = seq[len - 1];
	semicolon[1] = '\0';
	if (seq[0] == '[' && seq[1] == '1' && seq[2] != '~' && !seq[3]) {
		seq[1] = seq[2];
		seq[2] = '\0';
	}
}

/* "[12;80R": where the cursor is. Told to whoever asked even while deaf, and
 * if its Esc came late: it says that all before it has arrived. */
static bool
is_report(const char *seq, struct key_event *out)
{
	int row = 0, column = 0, end = 0;

	if (sscanf(seq, "[%4d;%4dR%n", &row, &column, &end) != 2 || !end)
		return false;
	*out = (struct key_event){ .key = KEYS_REPORT, .row = row,
		.column = column };
	return true;
}

/* How many bytes of the mouse follow: a press, the end of a selection. */
static size_t
mouse_bytes(const char *seq)
{
	return strcmp(seq, "[M") == 0 ? 3 : strcmp(seq, "[t") == 0 ? 2 :
		strcmp(seq, "[T") == 0 ? 6 : 0;
}

static bool
finish_sequence(struct keydecode *d, int64_t now, struct key_event *out)
{
	char seq[KEYDECODE_SEQUENCE_MAX + 1];
	const char *last;

	memcpy(seq, d->seq, d->len);
	seq[d->len] = '\0';
	d->state = KEYDECODE_GROUND;
	last = strrchr(seq, '[');
	if (last && strcmp(last, paste_begin) == 0) {
		/* Without its Esc, or while deaf, it is dropped to its end:
		 * the text must not follow as commands. */
		begin(d, KEYDECODE_PASTE, now);
		d->mute = d->mute || !d->field;
		return false;
	}
	if (mouse_bytes(seq)) {
		begin(d, KEYDECODE_MOUSE, now);
		d->want = mouse_bytes(seq);
		return false;
	}
	if (is_report(seq, out))
		return true;
	drop_modifier(seq);
	for (size_t i = 0; i < sizeof sequences / sizeof *sequences; i++)
		if (strcmp(seq, sequences[i].seq) == 0)
			return tell(d, sequences[i].key, false, out);
	return false;
}

static bool
in_sequence(struct keydecode *d, unsigned char byte, int64_t now,
	struct key_event *out)
{
	d->since = now;
	if (byte == ESC) {
		begin(d, KEYDECODE_ESC, now);
		d->mute = now < d->deaf_until;
		return false;
	}
	/* "[[A" is a key of the Linux console. Elsewhere an introducer inside
	 * a sequence is debris: a new one begins, and neither is a key. */
	if (byte == '[' && d->len == 1 && d->seq[0] == '[') {
		keep(d, byte);
		return false;
	}
	if (byte == '[' || byte == 'O') {
		d->len = 0;
		d->mute = true;
	}
	keep(d, byte);
	if (d->len == 1 || byte < 0x40 || byte > 0x7E)
		return false;
	return finish_sequence(d, now, out);
}

static void
begin_sequence(struct keydecode *d, unsigned char byte, int64_t now)
{
	begin(d, KEYDECODE_CSI, now);
	keep(d, byte);
}

/* ESC ], ESC P, ESC _ begin texts: OSC, DCS, APC. */
static bool
begins_string(unsigned char byte)
{
	return byte == ']' || byte == 'P' || byte == '_';
}

/* A text that the terminal sends. A key pressed before its end came begins
 * with an Esc of its own. */
static bool
in_string(struct keydecode *d, unsigned char byte, int64_t now)
{
	bool esc_before = d->len > 0;

	d->since = now;
	d->len = byte == ESC;
	if (byte == ESC)
		return false;
	if (esc_before && (byte == '[' || byte == 'O')) {
		begin(d, KEYDECODE_CSI, now);
		keep(d, byte);
		d->mute = now < d->deaf_until;
	} else if (byte < 0x20 || (esc_before && !begins_string(byte))) {
		d->state = KEYDECODE_GROUND;
	}
	return false;
}

static bool
in_mouse(struct keydecode *d, unsigned char byte, int64_t now)
{
	d->since = now;
	if (byte == ESC) {
		begin(d, KEYDECODE_ESC, now);
		d->mute = now < d->deaf_until;
	} else if (--d->want == 0) {
		d->state = KEYDECODE_GROUND;
	}
	return false;
}

/* Within the delay after Esc. len counts what was swallowed. */
static bool
after_esc(struct keydecode *d, unsigned char byte, int64_t now)
{
	bool first = d->len == 0;

	if (byte == ESC) {
		begin(d, KEYDECODE_ESC, now);
		d->mute = now < d->deaf_until;
		return false;
	}
	if (byte == '[' || byte == 'O') {
		begin_sequence(d, byte, now);
		d->mute = d->mute || !first;
	} else if (begins_string(byte)) {
		begin(d, KEYDECODE_STRING, now);
	} else {
		/* Swallowed; the delay goes on counting from Esc. */
		d->len = 1;
	}
	return false;
}

/* A whole character is in seq. */
static bool
finish_character(struct keydecode *d, bool pasted, struct key_event *out)
{
	uint32_t cp;
	size_t n = text_decode((const char *)d->seq, d->len, &cp);

	if (n != d->len || (cp >= 0x7F && cp < 0xA0) || text_is_invisible(cp))
		return false;
	return tell(d, cp, pasted, out);
}

static size_t
character_bytes(unsigned char lead)
{
	return lead < 0xC2 || lead > 0xF4 ? 0 : lead < 0xE0 ? 2 :
		lead < 0xF0 ? 3 : 4;
}

/* Pasted text may hold anything; seq holds the end mark as far as it came,
 * or a character under way. */
static bool
in_paste(struct keydecode *d, unsigned char byte, int64_t now,
	struct key_event *out)
{
	d->since = now;
	if (!d->field)
		d->mute = true;
	if (d->len && d->seq[0] == ESC && byte != ESC) {
		if (byte != (unsigned char)paste_end[d->len]) {
			d->len = 0;
			return false;
		}
		keep(d, byte);
		if (!paste_end[d->len])
			d->state = KEYDECODE_GROUND;
		return false;
	}
	if (d->len && (byte & 0xC0) == 0x80) {
		bool told = false;

		keep(d, byte);
		if (d->len == d->want) {
			told = finish_character(d, true, out);
			d->len = 0;
		}
		return told;
	}
	d->len = 0;
	if (byte == ESC || character_bytes(byte)) {
		d->want = character_bytes(byte);
		keep(d, byte);
		return false;
	}
	if (byte == '\r' || byte == '\n' || byte == '\t')
		byte = ' ';
	return byte >= 0x20 && byte < 0x7F && tell(d, byte, true, out);
}

static key_code
control_key(unsigned char byte)
{
	switch (byte) {
	case '\r':
	case '\n':
		return KEYS_ENTER;
	case '\t':
		return KEYS_TAB;
	case 0x08:
	case 0x7F:
		return KEYS_BACKSPACE;
	default:
		return byte >= 1 && byte <= 26 ? byte : KEYS_NONE;
	}
}

static bool
at_ground(struct keydecode *d, unsigned char byte, int64_t now,
	struct key_event *out)
{
	bool letters;

	d->mute = now < d->deaf_until && byte != KEY_CTRL('C') &&
		byte != KEY_CTRL('G');
	letters = d->field && !d->mute;
	if (byte == ESC) {
		begin(d, KEYDECODE_ESC, now);
		return false;
	}
	/* Debris without its Esc; 0x9B and 0x8F are the same in one byte. */
	if ((!letters && byte && strchr("[O<>", byte)) || byte == 0x9B ||
	    byte == 0x8F) {
		begin_sequence(d, byte == 0x9B ? '[' : byte, now);
		d->mute = true;
		return false;
	}
	if ((!letters && begins_string(byte)) || byte == 0x9D ||
	    byte == 0x90 || byte == 0x9F) {
		begin(d, KEYDECODE_STRING, now);
		return false;
	}
	if (byte >= 0x20 && byte < 0x7F)
		return tell(d, byte, false, out);
	if (byte < 0x80) {
		key_code key = control_key(byte);

		return key != KEYS_NONE && tell(d, key, false, out);
	}
	d->want = character_bytes(byte);
	if (d->want) {
		begin(d, KEYDECODE_UTF8, now);
		keep(d, byte);
	}
	return false;
}

static bool
in_character(struct keydecode *d, unsigned char byte, int64_t now,
	struct key_event *out)
{
	if ((byte & 0xC0) != 0x80) {
		d->state = KEYDECODE_GROUND;
		return at_ground(d, byte, now, out);
	}
	d->since = now;
	keep(d, byte);
	if (d->len < d->want)
		return false;
	d->state = KEYDECODE_GROUND;
	return finish_character(d, false, out);
}

bool
keydecode_byte(struct keydecode *d, unsigned char byte, int64_t now,
	struct key_event *out)
{
	switch (d->state) {
	case KEYDECODE_GROUND:
		return at_ground(d, byte, now, out);
	case KEYDECODE_ESC:
		return after_esc(d, byte, now);
	case KEYDECODE_CSI:
		return in_sequence(d, byte, now, out);
	case KEYDECODE_STRING:
		return in_string(d, byte, now);
	case KEYDECODE_MOUSE:
		return in_mouse(d, byte, now);
	case KEYDECODE_UTF8:
		return in_character(d, byte, now, out);
	case KEYDECODE_PASTE:
		return in_paste(d, byte, now, out);
	}
	return false;
}

/* SPDX-License-Identifier: ISC */
/*
 * Fuzzer of keydecode: bytes at times. Two bytes of input are one byte of the
 * line and the pause before it. What comes out is a key that has a name, or a
 * report; outside a field nothing that Esc or an introducer began becomes a
 * letter; while deaf only Ctrl-C, Ctrl-G and reports are told; and after
 * silence the decoder is at rest.
 */
#include "fuzz.h"
#include "term/keydecode.h"

#include <string.h>

/* Milliseconds, from a byte: every length that matters. */
static int64_t
pause_ms(uint8_t b)
{
	static const int64_t around[] = { 149, 150, 151, 1999, 2000, 2001,
		4999, 5000, 5001 };

	return b < 200 ? 0 : b < 240 ? b - 200 :
		around[(size_t)(b - 240) % (sizeof around / sizeof *around)];
}

static void
check_event(const struct keydecode *d, const struct key_event *event)
{
	char name[KEY_NAME_MAX];

	assert(event->key != KEYS_NONE);
	if (event->key == KEYS_REPORT) {
		assert(event->row >= -999 && event->row <= 9999);
		return;
	}
	assert(event->key < 0x80 || event->key > 0x9F);
	assert(!event->pasted || d->field);
	key_word(name, event->key);
	assert(name[0]);
}

/* Waits as the console does: waking at each deadline. */
static int64_t
pass(struct keydecode *d, int64_t now, int64_t ms)
{
	int64_t end = now + ms, deadline;
	struct key_event event;

	while ((deadline = keydecode_deadline(d)) >= 0 && deadline <= end) {
		assert(deadline > d->since);
		now = deadline > now ? deadline : now;
		if (keydecode_time(d, now, &event))
			assert(event.key == KEYS_ESC && !event.pasted);
	}
	return end;
}

static void
take(struct keydecode *d, uint8_t byte, int64_t now)
{
	enum keydecode_state before = d->state;
	struct key_event event;
	bool told = keydecode_byte(d, byte, now, &event);

	assert(d->len <= sizeof d->seq);
	if (!told)
		return;
	check_event(d, &event);
	assert(now >= d->deaf_until || event.key == KEYS_REPORT ||
		event.key == KEY_CTRL('C') || event.key == KEY_CTRL('G'));
	assert(before != KEYDECODE_ESC && before != KEYDECODE_STRING &&
		before != KEYDECODE_MOUSE);
	assert(before != KEYDECODE_CSI || event.key > KEY_SPECIAL);
	assert(before != KEYDECODE_PASTE || event.pasted);
	assert(d->field || !strchr("[O<>]P_", byte));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct keydecode d;
	struct key_event event;
	int64_t now = 1000000;

	if (size < 1)
		return 0;
	keydecode_init(&d, KEYDECODE_ESC_DELAY_MS);
	keydecode_set_field(&d, data[0] & 1);
	for (size_t i = 1; i + 1 < size; i += 2) {
		now = pass(&d, now, pause_ms(data[i]));
		/* A prompt opens, or closes. */
		if (data[i] == 199)
			keydecode_deaf(&d, now + 250);
		else if (data[i] == 198)
			keydecode_set_field(&d, !d.field);
		(void)keydecode_time(&d, now, &event);
		take(&d, data[i + 1], now);
	}
	now = pass(&d, now, 10000);
	assert(d.state == KEYDECODE_GROUND && keydecode_deadline(&d) == -1);
	assert(keydecode_byte(&d, 'j', now, &event) && event.key == 'j');
	return 0;
}

/* SPDX-License-Identifier: ISC */
/* term: input and events. See term.h for the contract. */
#include "term/term_private.h"
#include "base/clock.h"
#include "base/files.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

void
term_fds(int fds_out[TERM_FDS])
{
	fds_out[0] = term.lost ? -1 : STDIN_FILENO;
	fds_out[1] = term.wake[0];
}

int64_t
term_deadline(void)
{
	if (term.lost || term.ended || term.resized || term.has_peeked ||
	    term.chunk_at < term.chunk_len)
		return 0;
	return keydecode_deadline(&term.decode);
}

void
term_wait(int64_t timeout_ms)
{
	struct pollfd fds[TERM_FDS];
	int numbers[TERM_FDS];
	int64_t deadline = term_deadline(), left = -1;

	if (deadline >= 0) {
		left = deadline - clock_mono_ms();
		left = left < 0 ? 0 : left;
	}
	if (timeout_ms >= 0 && (left < 0 || timeout_ms < left))
		left = timeout_ms;
	term_fds(numbers);
	for (int i = 0; i < TERM_FDS; i++)
		fds[i] = (struct pollfd){ .fd = numbers[i], .events = POLLIN };
	(void)poll(fds, TERM_FDS, left > INT32_MAX ? INT32_MAX : (int)left);
}

/* Reads one chunk of what waits. False: nothing waits, or the line is gone. */
static bool
read_chunk(void)
{
	struct pollfd fd = { .fd = STDIN_FILENO, .events = POLLIN };
	ssize_t n;

	if (term.lost || poll(&fd, 1, 0) <= 0)
		return false;
	n = fd.revents & POLLIN ?
		read(STDIN_FILENO, term.chunk, sizeof term.chunk) : 0;
	if (n < 0 && errno == EINTR)
		return false;
	if (n <= 0) {
		term.lost = true;
		return false;
	}
	term.chunk_len = (size_t)n;
	term.chunk_at = 0;
	term.chunk_time = clock_mono_ms();
	return true;
}

/* The next key out of the bytes that are there, then out of time passing. */
static bool
next_key(struct key_event *out)
{
	do {
		while (term.chunk_at < term.chunk_len) {
			if (keydecode_time(&term.decode, term.chunk_time, out))
				return true;
			if (keydecode_byte(&term.decode,
			    term.chunk[term.chunk_at++], term.chunk_time, out))
				return true;
		}
	} while (read_chunk());
	return !term.lost &&
		keydecode_time(&term.decode, clock_mono_ms(), out);
}

/* ---- reports ---- */

/* Where the cursor is put for a question, so that its answer is known from
 * older ones. Not row 1: "ESC [ 1 ; 5 R" is F3 with a modifier. */
#define REPORT_ROW 2
#define REPORT_COLUMNS 24	/* fewer than any picture has */

static int
report_column(void)
{
	return 1 + (int)(term.asked % REPORT_COLUMNS);
}

void
term_query(void)
{
	char bytes[64];
	struct error ignored;

	if (term.asked++ == 0)
		term.asked_at = clock_mono_ms();
	term.waiting = true;
	/* Back to where curses believes it to be. */
	snprintf(bytes, sizeof bytes, "\x1b[%d;%dH\x1b[6n\x1b[%d;%dH",
		REPORT_ROW, report_column(), term.cursor_row + 1,
		term.cursor_column + 1);
	(void)fs_write_all(STDOUT_FILENO, bytes, strlen(bytes), &ignored);
}

/* A report came. True: it is the one that is waited for. */
static bool
take_report(const struct key_event *report)
{
	/* It is one that answers: what it was asked last, it will, too. */
	if (!term.answers && term.deaf_at)
		keydecode_deaf(&term.decode, INT64_MAX);
	term.answers = true;
	if (!term.waiting || report->row != REPORT_ROW ||
	    report->column != report_column())
		return false;
	term.waiting = false;
	if (term.deaf_at)
		keydecode_deaf(&term.decode, term.deaf_at + TERM_DEAF_MS);
	term.deaf_at = 0;
	return true;
}

/* When the picture that was sent at deaf_at is taken for seen. */
static int64_t
deaf_until(void)
{
	int64_t known = term.asked_at + TERM_START_MS;
	int64_t end = term.deaf_at + TERM_ANSWER_MS;

	return term.answers ? INT64_MAX : end > known ? end : known;
}

void
term_deaf(void)
{
	term.deaf_pending = true;
	term.has_peeked = false;
	keydecode_deaf(&term.decode, INT64_MAX);
}

void
term_picture_sent(void)
{
	struct key_event event;

	if (!term.deaf_pending && term.asked)
		return;
	if (term.deaf_pending) {
		while (next_key(&event))
			if (event.key == KEYS_REPORT)
				(void)take_report(&event);
		term.deaf_at = clock_mono_ms();
		keydecode_deaf(&term.decode, deaf_until());
	}
	term.deaf_pending = false;
	term_query();
}

#define DRAIN_MS 200

void
term_drain(void)
{
	int64_t end = clock_mono_ms() + DRAIN_MS;
	struct key_event event;

	while (term.waiting && term.answers && !term.lost &&
	    clock_mono_ms() < end) {
		while (next_key(&event))
			if (event.key == KEYS_REPORT)
				(void)take_report(&event);
		if (term.waiting)
			term_wait(end - clock_mono_ms());
	}
}

void
term_suspend(void)
{
	term_drain();
	term_screen_leave();
	term_signals_stop();
	term_screen_enter();
	term.resized = true;
}

/* ---- events ---- */

static void
empty_wake_pipe(void)
{
	char bytes[64];

	while (read(term.wake[0], bytes, sizeof bytes) > 0)
		;
}

/* What handlers noted. True if the picture must be drawn anew. */
static bool
take_notes(void)
{
	bool draw = term.resized;

	empty_wake_pipe();
	term.resized = false;
	if (term.stop) {
		term.stop = 0;
		term_suspend();
		term.resized = false;
		draw = true;
	}
	if (term.continued) {
		/* Stopped and continued behind our back: the shell may have
		 * changed everything. */
		term.continued = 0;
		term_screen_leave();
		term_screen_enter();
		draw = true;
	}
	if (term.winch || draw) {
		term.winch = 0;
		term_resize_now();
		draw = true;
	}
	return draw;
}

static bool
next_input(struct term_event *out)
{
	while (next_key(&out->key)) {
		out->kind = TERM_KEY;
		if (out->key.key != KEYS_REPORT)
			return true;
		out->kind = TERM_REPORT;
		if (take_report(&out->key))
			return true;
	}
	out->kind = TERM_LOST;
	return term.lost;
}

bool
term_next(struct term_event *out)
{
	*out = (struct term_event){ .kind = TERM_RESIZE };
	if (take_notes())
		return true;
	if (term.ended) {
		*out = (struct term_event){
			.kind = TERM_END, .signal = term.ended };
		term.ended = 0;
		return true;
	}
	if (term.has_peeked) {
		*out = term.peeked;
		term.has_peeked = false;
		return true;
	}
	return next_input(out);
}

bool
term_input_waits(void)
{
	if (!term.has_peeked)
		term.has_peeked = next_input(&term.peeked);
	return term.has_peeked || term.ended;
}

void
term_field(bool field)
{
	keydecode_set_field(&term.decode, field);
}

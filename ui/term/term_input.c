/* term: input and events. See term.h for the contract. */
#include "term/term_private.h"
#include "base/clock.h"

#include <errno.h>
#include <poll.h>
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
	if (term.lost || term.ended || term.chunk_at < term.chunk_len)
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

bool
term_next(struct term_event *out)
{
	if (take_notes()) {
		*out = (struct term_event){ .kind = TERM_RESIZE };
		return true;
	}
	if (term.ended) {
		*out = (struct term_event){
			.kind = TERM_END, .signal = term.ended };
		term.ended = 0;
		return true;
	}
	*out = (struct term_event){ .kind = TERM_KEY };
	if (next_key(&out->key))
		return true;
	out->kind = TERM_LOST;
	return term.lost;
}

bool
term_input_waits(void)
{
	struct pollfd fd = { .fd = STDIN_FILENO, .events = POLLIN };

	return term.lost || term.ended || term.chunk_at < term.chunk_len ||
		poll(&fd, 1, 0) > 0;
}

void
term_field(bool field)
{
	keydecode_set_field(&term.decode, field);
}

void
term_deaf(void)
{
	term.deaf_pending = true;
	keydecode_deaf(&term.decode, INT64_MAX);
}

void
term_picture_sent(void)
{
	struct key_event ignored;

	if (!term.deaf_pending)
		return;
	term.deaf_pending = false;
	while (next_key(&ignored))
		;
	keydecode_deaf(&term.decode, clock_mono_ms() + TERM_DEAF_MS);
}

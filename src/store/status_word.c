/* SPDX-License-Identifier: ISC */
/* status_word: see status_word.h for the contract. */
#include "store/status_word.h"
#include "base/clock.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define MAGIC 0x71776363u	/* "ccwq" */
#define TRIES 20		/* of a reader beside a busy writer */
#define WAIT_MS (10 * CLOCK_SECOND)	/* then it is told */
#define LENGTH 1024		/* of `lock`, made at the start */

_Static_assert(STATUS_WORD_OFFSET + sizeof(struct status_word) <=
	STATUS_WORD_SIGNAL_OFFSET, "the record must fit before the signal");

/* For the handler; a process has one connector. */
static volatile sig_atomic_t running_fd = -1;

/* FNV-1a: it tells torn from whole, no more is asked of it. */
static uint64_t
sum_of(const struct status_word *w)
{
	const unsigned char *p = (const unsigned char *)&w->started_at;
	const unsigned char *end = (const unsigned char *)(w + 1);
	uint64_t sum = UINT64_C(14695981039346656037);

	for (; p < end; p++)
		sum = (sum ^ *p) * UINT64_C(1099511628211);
	return sum;
}

int
status_word_read(int lock_fd, struct status_word *out)
{
	struct status_word w;

	for (int i = 0; i < TRIES; i++) {
		if (pread(lock_fd, &w, sizeof w, STATUS_WORD_OFFSET) !=
		    (ssize_t)sizeof w || w.magic != MAGIC ||
		    w.version != STATUS_WORD_VERSION)
			return 0;
		if (w.sum != sum_of(&w))
			continue;
		w.boot[sizeof w.boot - 1] = w.error[sizeof w.error - 1] = '\0';
		w.end_why[sizeof w.end_why - 1] = '\0';
		w.bad_end_why[sizeof w.bad_end_why - 1] = '\0';
		*out = w;
		return 1;
	}
	return 0;
}

/* Not inlined: gcc 12 -O3 would take it for a write of the magic alone. */
static void __attribute__((noinline))
put(struct status_word_writer *s)
{
	struct status_word *w = &s->w;

	if (w->magic != MAGIC)		/* not begun */
		return;
	w->written_at = clock_wall();
	w->sum = sum_of(w);
	/* In place; what cannot be said here cannot be said anywhere. */
	if (pwrite(s->fd, w, sizeof *w, STATUS_WORD_OFFSET) < 0)
		return;
}

static void
set_text(char out[STATUS_WORD_TEXT], const char *text)
{
	memset(out, 0, STATUS_WORD_TEXT);
	snprintf(out, STATUS_WORD_TEXT, "%s", text);
}

/* This boot of the machine; "" if it cannot be known. */
static void
read_boot(char out[40])
{
	int fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, out, 36);

	memset(out + (n > 0 ? n : 0), 0, (size_t)(40 - (n > 0 ? n : 0)));
	if (fd >= 0)
		close(fd);
}

void
status_word_how_ended(int lock_fd, const struct status_word *w,
	char out[STATUS_WORD_TEXT])
{
	char boot[40];
	int32_t signal = 0;

	read_boot(boot);
	if (w->end != STATUS_WORD_RUNS)
		set_text(out, w->end_why);
	else if (strcmp(boot, w->boot) != 0)
		set_text(out, "the machine went down");
	else if (pread(lock_fd, &signal, sizeof signal,
	    STATUS_WORD_SIGNAL_OFFSET) == sizeof signal && signal > 0)
		snprintf(out, STATUS_WORD_TEXT, "killed by signal %d", signal);
	else
		/* Any other signal it would have noted. */
		set_text(out, "killed by signal 9");
}

void
status_word_begin(struct status_word_writer *s, int lock_fd)
{
	static const char zero[LENGTH - STATUS_WORD_OFFSET];
	struct status_word old;
	bool known = status_word_read(lock_fd, &old) > 0;

	*s = (struct status_word_writer){ .fd = lock_fd,
		.w = { .magic = MAGIC, .version = STATUS_WORD_VERSION } };
	if (known) {
		memcpy(s->w.bad_end_at, old.bad_end_at, sizeof s->w.bad_end_at);
		memcpy(s->w.bad_end_why, old.bad_end_why, sizeof s->w.bad_end_why);
		s->w.answer_at = old.answer_at;
		s->w.error_at = old.error_at;
		memcpy(s->w.error, old.error, sizeof s->w.error);
	}
	if (known && old.end != STATUS_WORD_ASKED) {
		memmove(s->w.bad_end_at + 1, s->w.bad_end_at,
			(STATUS_WORD_ENDS - 1) * sizeof *s->w.bad_end_at);
		s->w.bad_end_at[0] = old.end == STATUS_WORD_RUNS ?
			old.written_at : old.ended_at;
		status_word_how_ended(lock_fd, &old, s->w.bad_end_why);
	}
	s->w.started_at = s->w.sign_at = clock_wall();
	read_boot(s->w.boot);
	/* All of it is there before the disk is full. */
	if (pwrite(lock_fd, zero, sizeof zero, STATUS_WORD_OFFSET) < 0)
		return;
	put(s);
	running_fd = lock_fd;
}

void
status_word_set_history(struct status_word_writer *s, uint64_t device,
	uint64_t inode)
{
	s->w.history_device = device;
	s->w.history_inode = inode;
	put(s);
}

void
status_word_set_sign(struct status_word_writer *s)
{
	s->w.sign_at = clock_wall();
	put(s);
}

void
status_word_set_submit(struct status_word_writer *s, int64_t waiting,
	int64_t ignored, int64_t oldest_at)
{
	if (s->w.submit_waiting == waiting && s->w.submit_ignored == ignored &&
	    s->w.submit_oldest_at == oldest_at)
		return;
	s->w.submit_waiting = waiting;
	s->w.submit_ignored = ignored;
	s->w.submit_oldest_at = oldest_at;
	put(s);
}

void
status_word_set_error(struct status_word_writer *s, const char *words)
{
	if (!words && s->w.error_at == 0)
		return;
	if (words && s->w.error_at && strncmp(s->w.error, words,
	    STATUS_WORD_TEXT - 1) == 0)
		return;
	s->w.error_at = words ? clock_wall() : 0;
	set_text(s->w.error, words ? words : "");
	put(s);
}

void
status_word_set_waiting(struct status_word_writer *s, const char *holder)
{
	int64_t now = clock_mono_ms();
	char words[STATUS_WORD_TEXT];

	if (now - s->waited_mono_ms > 5 * CLOCK_SECOND)
		s->waits_mono_ms = now;
	s->waited_mono_ms = now;
	if (now - s->waits_mono_ms >= WAIT_MS) {
		snprintf(words, sizeof words, "the store is being written by "
			"%s", holder);
		status_word_set_error(s, words);
	}
	status_word_set_sign(s);
}

void
status_word_set_disk(struct status_word_writer *s, bool low)
{
	if ((s->w.disk_low != 0) == low)
		return;
	s->w.disk_low = low;
	put(s);
}

void
status_word_set_hand(struct status_word_writer *s, int64_t id,
	int64_t since, int64_t count)
{
	if (s->w.hand_id == id && s->w.hand_since == since &&
	    s->w.hand_count == count)
		return;
	s->w.hand_id = id;
	s->w.hand_since = since;
	s->w.hand_count = count;
	put(s);
}

void
status_word_set_answer(struct status_word_writer *s)
{
	s->w.answer_at = clock_wall();
	put(s);
}

void
status_word_set_lane(struct status_word_writer *s, int lane, int pid,
	int64_t id)
{
	if (s->w.lane == lane && s->w.lane_pid == pid && s->w.lane_id == id)
		return;
	if (s->w.lane != lane)
		s->w.lane_since = lane ? clock_wall() : 0;
	s->w.lane = lane;
	s->w.lane_pid = pid;
	s->w.lane_id = id;
	put(s);
}

void
status_word_set_watch(struct status_word_writer *s,
	const struct status_word_found *found)
{
	s->w.watches = 1;
	s->w.loops = found->loops;
	s->w.loop_id = found->id;
	s->w.loop_tries = found->tries;
	s->w.loop_since = found->since;
	s->w.alike = found->alike;
	s->w.alike_since = found->alike_since;
	s->w.alike_code = found->alike_code;
	put(s);
}

void
status_word_end(struct status_word_writer *s, enum status_word_end how,
	const char *why)
{
	if (s->w.magic != MAGIC || s->w.end != STATUS_WORD_RUNS)
		return;
	running_fd = -1;
	s->w.end = (int32_t)how;
	s->w.ended_at = clock_wall();
	s->w.hand_id = s->w.hand_since = s->w.hand_count = 0;
	set_text(s->w.end_why, why);
	put(s);
}

void
status_word_note_signal(int signal)
{
	int32_t number = signal;

	if (running_fd < 0 || pwrite((int)running_fd, &number, sizeof number,
	    STATUS_WORD_SIGNAL_OFFSET) < 0)
		return;
}

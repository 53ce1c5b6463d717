/* SPDX-License-Identifier: ISC */
/* convert: how far it is and what is wrong, on standard error. */
#include "base/clock.h"
#include "convert/convert_private.h"
#include "base/put.h"
#include "base/text.h"

#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define REDRAW_MS 200		/* often enough to look alive */
#define BAR_MAX 40

static int
columns(void)
{
	struct winsize size;

	if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) < 0 || !size.ws_col)
		return 80;
	return size.ws_col;
}

void
convert_bar_start(struct convert *c)
{
	struct convert_bar *b = &c->bar;

	b->shown = !c->options.quiet && isatty(STDERR_FILENO);
	b->start_ms = clock_mono_ms();
	b->drawn_ms = b->start_ms - REDRAW_MS;
	if (b->shown)
		fputs("looking for files\033[K", stderr);
}

static int64_t
at_most(int64_t n, int64_t most)
{
	return n < most ? n : most;
}

/* `[#####.....] 12% 1,234 of 10,000 files, 3,400/s, 12s left` */
static void
draw(const struct convert *c, int64_t spent)
{
	const struct convert_bar *b = &c->bar;
	int64_t all = b->total_bytes + b->total_files;
	int64_t done = at_most(c->bytes + c->in_file + c->files, all);
	char a[TEXT_NUMBER_MAX], of[TEXT_NUMBER_MAX], rate[TEXT_NUMBER_MAX];
	char left[TEXT_NUMBER_MAX], bar[BAR_MAX + 1], line[160];
	int width = (int)at_most(columns() - 60, BAR_MAX);

	width = width < 10 ? 10 : width;
	memset(bar, '.', (size_t)width);
	memset(bar, '#', (size_t)(all ? done * width / all : 0));
	bar[width] = '\0';
	snprintf(line, sizeof line, "[%s] %3d%% %s of %s files, %s/s, %s left",
		bar, all ? (int)(done * 100 / all) : 0,
		text_exact(a, (uint64_t)c->files),
		text_exact(of, (uint64_t)b->total_files),
		text_count(rate, spent ? (uint64_t)(c->files * 1000 / spent) :
		0), done ? text_duration(left, (int64_t)((double)spent *
		(double)(all - done) / (double)done)) : "?");
	fprintf(stderr, "\r%.*s\033[K", columns() - 1, line);
}

void
convert_bar_draw(struct convert *c)
{
	int64_t now = clock_mono_ms();

	if (!c->bar.shown || now - c->bar.drawn_ms < REDRAW_MS)
		return;
	c->bar.drawn_ms = now;
	draw(c, now - c->bar.start_ms);
}

void
convert_bar_end(struct convert *c)
{
	if (c->bar.shown)
		fputs("\r\033[K", stderr);
	/* What comes next draws it again at once. */
	c->bar.drawn_ms -= REDRAW_MS;
}

void
convert_notice(struct convert *c, const char *path, const char *words)
{
	convert_bar_end(c);
	put_printable(stderr, path, strlen(path));
	fputs(": ", stderr);
	put_printable(stderr, words, strlen(words));
	putc('\n', stderr);
}

void
convert_notice_none(const struct convert_file *f, const struct message *m)
{
	const struct message_defect *why = message_why_not(m);
	char words[200];

	snprintf(words, sizeof words, "message %d is none: %s", m->number,
		why ? why->words : "nothing in it");
	convert_notice(f->convert, f->path, words);
}

/* convert: how far it is, on standard error. */
#include "clock.h"
#include "convert_private.h"
#include "text.h"

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
convert_bar_start(struct convert_bar *b, const struct convert *c)
{
	b->shown = !c->options.quiet && isatty(STDERR_FILENO);
	b->start_ms = clock_mono_ms();
	b->drawn_ms = b->start_ms - REDRAW_MS;
}

/* `[#####.....] 12% 1,234 of 10,000 files, 3,400/s, 12s left` */
void
convert_bar_draw(struct convert_bar *b, const struct convert *c)
{
	int64_t now = clock_mono_ms(), spent = now - b->start_ms;
	int64_t done = c->bytes + c->files, all = b->total_bytes +
		b->total_files;
	char a[TEXT_NUMBER_MAX], of[TEXT_NUMBER_MAX], rate[TEXT_NUMBER_MAX];
	char left[TEXT_NUMBER_MAX], bar[BAR_MAX + 1], line[160];
	int width, filled;

	if (!b->shown || now - b->drawn_ms < REDRAW_MS)
		return;
	b->drawn_ms = now;
	if (done > all)
		all = done;
	width = columns() - 60 < 10 ? 10 : columns() - 60;
	if (width > BAR_MAX)
		width = BAR_MAX;
	filled = all ? (int)(done * width / all) : 0;
	memset(bar, '.', (size_t)width);
	memset(bar, '#', (size_t)filled);
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
convert_bar_end(struct convert_bar *b)
{
	if (b->shown)
		fputs("\r\033[K", stderr);
}

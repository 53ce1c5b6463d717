/* SPDX-License-Identifier: ISC */
/* bar: see bar.h for the contract. */
#include "term/bar.h"

const char *
bar_level(int eighths, bool blocks)
{
	static const char *const signs[] = {
		" ", "\xE2\x96\x81", "\xE2\x96\x82", "\xE2\x96\x83",
		"\xE2\x96\x84", "\xE2\x96\x85", "\xE2\x96\x86",
		"\xE2\x96\x87", "\xE2\x96\x88",
	};
	static const char *const ascii[] = {
		" ", ".", ":", "-", "-", "=", "+", "*", "#",
	};

	if (eighths < 0)
		eighths = 0;
	if (eighths > BAR_LEVELS)
		eighths = BAR_LEVELS;
	return blocks ? signs[eighths] : ascii[eighths];
}

int
bar_height(int64_t value, int64_t peak, int rows)
{
	int most = rows * BAR_LEVELS, height;

	if (value <= 0 || peak <= 0)
		return 0;
	if (value >= peak)
		return most;
	height = (int)((double)value * most / (double)peak + 0.5);
	return height < 1 ? 1 : height;
}

void
bar_add(struct str *out, int width, int64_t part, int64_t whole, bool blocks)
{
	/* From the left: one eighth to seven. */
	static const char *const parts[] = {
		"", "\xE2\x96\x8F", "\xE2\x96\x8E", "\xE2\x96\x8D",
		"\xE2\x96\x8C", "\xE2\x96\x8B", "\xE2\x96\x8A",
		"\xE2\x96\x89",
	};
	int eighths = bar_height(part, whole, width), used;

	if (!blocks)
		eighths = eighths ? (eighths + 4) / 8 * 8 : 0;
	if (!blocks && part > 0 && whole > 0 && !eighths)
		eighths = 8;
	for (used = 0; used < eighths / 8; used++)
		str_add(out, blocks ? "\xE2\x96\x88" : "#");
	if (eighths % 8) {
		str_add(out, parts[eighths % 8]);
		used++;
	}
	for (; used < width; used++)
		str_add_char(out, ' ');
}

void
bar_add_meter(struct str *out, int width, int64_t part, int64_t whole)
{
	int full = (bar_height(part, whole, width - 2) + 4) / 8;

	str_add_char(out, '[');
	for (int i = 0; i < width - 2; i++)
		str_add_char(out, i < full ? '#' : '.');
	str_add_char(out, ']');
}

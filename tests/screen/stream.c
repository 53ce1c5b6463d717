/* SPDX-License-Identifier: ISC */
/* stream: see stream.h for the contract. */
#include "stream.h"
#include "base/xalloc.h"

#include <curses.h>
#include <stdlib.h>
#include <string.h>
#include <term.h>

/* A number in a pattern; terminfo's strings have no such byte. */
#define DIGITS '\x01'
#define PATTERNS_MAX 1200

static struct {
	char name[64];
	char *all[PATTERNS_MAX];
	size_t count;
} known;

/* s without "$<…>" waiting times, numbers as DIGITS if it has parameters. */
static void
add_pattern(const char *s, bool numbers)
{
	struct str out = STR_INIT;

	while (*s) {
		if (s[0] == '$' && s[1] == '<' && strchr(s, '>')) {
			s = strchr(s, '>') + 1;
		} else if (numbers && *s >= '0' && *s <= '9') {
			str_add_char(&out, DIGITS);
			s += strspn(s, "0123456789");
		} else {
			str_add_char(&out, *s++);
		}
	}
	for (size_t i = 0; i < known.count; i++)
		if (strcmp(known.all[i], out.data) == 0)
			str_clear(&out);
	if (out.len && known.count < PATTERNS_MAX)
		known.all[known.count++] = xstrdup(out.data);
	str_release(&out);
}

/* Colours one by one: with wildcards "ESC [ 38;2;1;2;3 m" would pass. */
static void
add_colors(const char *name)
{
	char *s = tigetstr(name);

	for (int i = 0; s && s != (char *)-1 && i < 256; i++)
		add_pattern(tparm(s, (long)i, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L),
			false);
}

static void
add_attributes(void)
{
	char *s = tigetstr("sgr");

	for (long i = 0; s && s != (char *)-1 && i < 512; i++)
		add_pattern(tparm(s, i & 1, i >> 1 & 1, i >> 2 & 1, i >> 3 & 1,
			i >> 4 & 1, i >> 5 & 1, i >> 6 & 1, i >> 7 & 1,
			i >> 8 & 1), false);
}

/* What moves and what moves text. */
static const char *const with_numbers[] = {
	"cup", "hpa", "vpa", "cuu", "cud", "cuf", "cub", "ich", "dch", "il1",
	"il", "dl", "ech", "indn", "rin", "csr",
};

/* What curses may send as it is; not the reports, keys and user strings. */
static const char *const as_is[] = {
	"smcup", "rmcup", "clear", "home", "el", "el1", "ed", "cuu1", "cud1",
	"cuf1", "cub1", "ind", "ri", "cr", "ht", "cbt", "bel", "dl1", "ich1",
	"dch1", "il1", "smir", "rmir", "smacs", "rmacs", "enacs", "smam",
	"rmam", "sgr0", "bold", "rev", "smul", "rmul", "smso", "rmso", "dim",
	"blink", "op", "oc", "orig_colors", "civis", "cnorm", "cvvis", "hts",
	"tbc", "sc", "rc", "nel", "smkx", "rmkx",
};

static void
learn(const char *name)
{
	int status;

	if (strcmp(known.name, name) == 0)
		return;
	while (known.count > 0)
		free(known.all[--known.count]);
	snprintf(known.name, sizeof known.name, "%s", name);
	add_pattern("\x1b[?2004h", false);
	add_pattern("\x1b[?2004l", false);
	/* Mouse modes off; where is the cursor? */
	add_pattern("\x1b[?9;1000;1001;1002;1003;1004;1005;1006;1015;1016l",
		false);
	add_pattern("\x1b[6n", false);
	add_pattern("\x1b[1;1H", true);
	if (setupterm(name, 1, &status) != OK)
		return;
	for (size_t i = 0; i < sizeof as_is / sizeof *as_is; i++) {
		const char *s = tigetstr(as_is[i]);

		if (s && s != (char *)-1 && strcmp(as_is[i], "bel") != 0)
			add_pattern(s, false);
	}
	for (size_t i = 0; i < sizeof with_numbers / sizeof *with_numbers;
	     i++) {
		char *s = tigetstr(with_numbers[i]);

		if (s && s != (char *)-1)
			add_pattern(tparm(s, 45L, 67L, 0L, 0L, 0L, 0L, 0L, 0L,
				0L), true);
	}
	/* What curses makes of "op" and "rep". */
	if (tigetflag("AX") > 0) {
		add_pattern("\x1b[39m", false);
		add_pattern("\x1b[49m", false);
	}
	if (tigetstr("rep") && tigetstr("rep") != (char *)-1)
		add_pattern("\x1b[1b", true);
	add_colors("setaf");
	add_colors("setab");
	add_attributes();
	del_curterm(cur_term);
}

/* How many bytes of s the pattern takes, 0 if it does not match. */
static size_t
matches(const char *pattern, const char *s, size_t len)
{
	size_t at = 0;

	for (; *pattern; pattern++) {
		if (*pattern == DIGITS) {
			size_t n = 0;

			while (at < len && n < 4 && s[at] >= '0' &&
			    s[at] <= '9')
				at++, n++;
			if (!n)
				return 0;
		} else if (at >= len || s[at++] != *pattern) {
			return 0;
		}
	}
	return at;
}

static size_t
sequence(const char *s, size_t len)
{
	size_t longest = 0;

	for (size_t i = 0; i < known.count; i++) {
		size_t n = matches(known.all[i], s, len);

		longest = n > longest ? n : longest;
	}
	return longest;
}

/* ---- text, judged without the help of what is tested ---- */

/* Strict UTF-8: the length of the character at s, 0: none. */
static size_t
decode(const unsigned char *s, size_t len, uint32_t *cp)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t n = s[0] < 0x80 ? 1 : s[0] >= 0xF0 ? 4 : s[0] >= 0xE0 ? 3 : 2;

	if ((s[0] >= 0x80 && s[0] < 0xC2) || s[0] > 0xF4 || n > len)
		return 0;
	*cp = n == 1 ? s[0] : s[0] & (0x7Fu >> n);
	for (size_t i = 1; i < n; i++) {
		if ((s[i] & 0xC0) != 0x80)
			return 0;
		*cp = *cp << 6 | (s[i] & 0x3F);
	}
	return *cp < least[n] || *cp > 0x10FFFF ||
		(*cp >= 0xD800 && *cp < 0xE000) ? 0 : n;
}

static bool
is_in(uint32_t cp, const uint32_t (*ranges)[2], size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (cp >= ranges[i][0] && cp <= ranges[i][1])
			return true;
	return false;
}

/* Directions, joiners, blanks without width, tags. */
static bool
is_invisible(uint32_t cp)
{
	static const uint32_t ranges[][2] = { { 0xAD, 0xAD },
		{ 0x61C, 0x61C }, { 0x180E, 0x180E }, { 0x200B, 0x200F },
		{ 0x2028, 0x202E }, { 0x2060, 0x206F }, { 0xFEFF, 0xFEFF },
		{ 0xFFF9, 0xFFFB }, { 0xE0000, 0xE007F },
	};

	return is_in(cp, ranges, sizeof ranges / sizeof *ranges);
}

static bool
is_mark(uint32_t cp)
{
	static const uint32_t ranges[][2] = { { 0x300, 0x36F },
		{ 0x1AB0, 0x1AFF }, { 0x1DC0, 0x1DFF }, { 0x20D0, 0x20FF },
		{ 0xFE20, 0xFE2F },
	};

	return is_in(cp, ranges, sizeof ranges / sizeof *ranges);
}

static void
wrong(struct str *out, const char *what, const char *s, size_t left, size_t at)
{
	str_addf(out, "%s at byte %zu:", what, at);
	for (size_t i = 0; i < left && i < 16; i++)
		str_addf(out, s[i] > ' ' && s[i] < 0x7F ? "%c" : "\\x%02x",
			(unsigned char)s[i]);
	str_add(out, "; ");
}

/* The bell of the console rings before a picture, not within a text. */
static bool
is_bell(const char *s, size_t left)
{
	return s[0] == '\a' && (left == 1 || s[1] == 0x1B || s[1] == '\r');
}

bool
stream_is_clean(const char *name, const char *bytes, size_t len,
	struct str *out)
{
	size_t before = out->len, n;
	unsigned marks = 0;
	uint32_t cp;

	learn(name ? name : "");
	for (size_t i = 0; i < len && out->len < before + 400; i += n) {
		const char *what = NULL;

		n = decode((const unsigned char *)bytes + i, len - i, &cp);
		marks = n && is_mark(cp) ? marks + 1 : 0;
		if (!n) {
			what = "invalid UTF-8";
		} else if (cp == 0x1B) {
			n = sequence(bytes + i, len - i);
			what = n ? NULL : "foreign sequence";
		} else if (cp < 0x20 && !strchr("\r\n\b\t", (int)cp) &&
		    !sequence(bytes + i, len - i) &&
		    !is_bell(bytes + i, len - i)) {
			what = "control";
		} else if (cp >= 0x7F && cp < 0xA0) {
			what = "C1 or DEL";
		} else if (is_invisible(cp)) {
			what = "invisible character";
		} else if (marks > 4) {
			what = "over-long combining sequence";
		}
		if (what)
			wrong(out, what, bytes + i, len - i, i);
		n = n ? n : 1;
	}
	return out->len == before;
}

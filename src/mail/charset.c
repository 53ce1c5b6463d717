/* SPDX-License-Identifier: ISC */
/* charset: see charset.h for the contract. */
#include "mail/charset.h"
#include "base/text.h"
#include "base/xalloc.h"

#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <iconv.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define REPLACEMENT "\xEF\xBF\xBD"
#define INPUT_MAX ((size_t)16 << 20)	/* times 4 stays within STR_MAX */
#define NAME_MAX_LEN 40			/* longer than any name iconv has */
#define HOUSE 0x7F

struct charset {
	iconv_t to_utf8, from_utf8;
	bool dos;
	/* For pages of one byte a character, all of it, made once: iconv is
	 * then not asked for every byte of every body. */
	bool single;
	bool total;		/* and each byte has one */
	size_t replaced;	/* since it was made */
	bool itself[256];	/* the byte is its own UTF-8 */
	char table[256][5];
};

/* What a DOS screen shows for the bytes 0x00 to 0x1F; 0x7F is a house.
 * Source: the IBM PC character generator as Unicode's IBMGRAPH.TXT maps it. */
static const char *const dos_glyphs[] = {
	" ", "\u263A", "\u263B", "\u2665", "\u2666", "\u2663", "\u2660",
	"\u2022", "\u25D8", "\t", "\n", "\u2642", "\u2640", "\r", "\u266B",
	"\u263C", "\u25BA", "\u25C4", "\u2195", "\u203C", "\u00B6", "\u00A7",
	"\u25AC", "\u21A8", "\u2191", "\u2193", "\u2192", "\u2190", "\u221F",
	"\u2194", "\u25B2", "\u25BC",
};

static const char dos_house[] = "\u2302";

static bool
is_control(unsigned char c)
{
	return c < 0x20 || c == HOUSE;
}

/* The UTF-8 of a control byte. */
static const char *
control_text(const struct charset *cs, unsigned char c)
{
	if (c == '\t' || c == '\n' || c == '\r')
		return dos_glyphs[c];
	if (!cs->dos)
		return REPLACEMENT;
	return c == HOUSE ? dos_house : dos_glyphs[c];
}

/* "437" and "850" are CP437 and CP850; the rest stays what it is. False if it
 * cannot be a name. */
static bool
iconv_name(char out[NAME_MAX_LEN], const char *code_page)
{
	bool digits = true;
	size_t len = strlen(code_page);

	if (len == 0 || len + 3 > NAME_MAX_LEN)
		return false;
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)code_page[i];

		if (!isalnum(c) && !strchr("-_.:()", c))
			return false;
		digits = digits && isdigit(c);
	}
	snprintf(out, NAME_MAX_LEN, "%s%s", digits ? "CP" : "", code_page);
	return true;
}

/* IBM's pages for DOS have three digits and begin with 4, 7 or 8. */
static bool
is_dos_page(const char *name)
{
	while (*name && !isdigit((unsigned char)*name))
		name++;
	return strlen(name) == 3 && strchr("478", *name);
}

/* Converts one character of n bytes; its length in out, or 0. Some pages keep
 * a letter back, as an accent may follow: it is asked for at the end. */
static size_t
convert_one(iconv_t cd, const char *in, size_t n, char *out, size_t cap)
{
	char *from = (char *)in, *to = out;
	size_t left = n, room = cap;

	iconv(cd, NULL, NULL, NULL, NULL);
	errno = 0;		/* an escape sequence gives nothing, and no error */
	if (iconv(cd, &from, &left, &to, &room) == (size_t)-1 || left ||
	    iconv(cd, NULL, NULL, &to, &room) == (size_t)-1)
		return 0;
	return cap - room;
}

/* True if text in this page shifts to and fro (ISO-2022): each byte means what
 * those before it say, which nobody knows who reads a piece. */
static bool
has_shifts(const struct charset *cs)
{
	static const char *const probes[] = { "é", "Ж", "あ", "中", "한" };

	for (size_t i = 0; i < sizeof probes / sizeof *probes; i++) {
		char out[32], *from = (char *)probes[i], *to = out, *end;
		size_t left = strlen(from), room = sizeof out;

		iconv(cs->from_utf8, NULL, NULL, NULL, NULL);
		if (iconv(cs->from_utf8, &from, &left, &to, &room) ==
		    (size_t)-1)
			continue;
		end = to;
		iconv(cs->from_utf8, NULL, NULL, &to, &room);
		if (to != end)
			return true;
	}
	return false;
}

/* Fills the table; sees whether a byte is a character, and ASCII ASCII. */
static bool
make_table(struct charset *cs)
{
	cs->single = cs->total = true;
	for (int c = 0; c < 256; c++) {
		char byte = (char)c, *to = cs->table[c];
		size_t n = convert_one(cs->to_utf8, &byte, 1, to, 4);

		to[n] = '\0';
		if (c >= 0x20 && c < HOUSE && (n != 1 || to[0] != byte) &&
		    c != '\\' && c != '~')	/* two that Japan moved */
			return false;
		if (is_control((unsigned char)c))
			strcpy(to, control_text(cs, (unsigned char)c));
		else if (!n && errno == EINVAL)
			cs->single = false;	/* begins a longer one */
		else if (!n || (n == 2 && (unsigned char)to[0] == 0xC2 &&
			 (unsigned char)to[1] < 0xA0))
			strcpy(to, REPLACEMENT);	/* nothing, or C1 */
		cs->itself[c] = to[0] == byte && !to[1];
		cs->total = cs->total && strcmp(to, REPLACEMENT) != 0;
	}
	cs->total = cs->total && cs->single;
	return true;
}

struct charset *
charset_new(const char *code_page, struct error *err)
{
	struct charset *cs = xcalloc(1, sizeof *cs);
	char name[NAME_MAX_LEN] = "", shown[64];
	bool good = iconv_name(name, code_page);

	cs->to_utf8 = cs->from_utf8 = (iconv_t)-1;
	cs->dos = is_dos_page(name);
	if (good) {
		cs->to_utf8 = iconv_open("UTF-8", name);
		cs->from_utf8 = iconv_open(name, "UTF-8");
	}
	if (cs->to_utf8 != (iconv_t)-1 && cs->from_utf8 != (iconv_t)-1 &&
	    make_table(cs) && !has_shifts(cs))
		return cs;
	charset_free(cs);
	error_set(err, ERROR_INVALID, "code page %s: not known, or not one "
		"whose lower half is always ASCII", text_printable(shown,
		sizeof shown, code_page, strlen(code_page)));
	return NULL;
}

void
charset_free(struct charset *cs)
{
	if (!cs)
		return;
	if (cs->to_utf8 != (iconv_t)-1)
		iconv_close(cs->to_utf8);
	if (cs->from_utf8 != (iconv_t)-1)
		iconv_close(cs->from_utf8);
	free(cs);
}

/* The longest character of any page that iconv has is four bytes. */
#define LONGEST 4

/*
 * The character at in, of a page with longer ones, appended. Returns its
 * length, 0 if the rest of it is missing and last says that more may come.
 */
static size_t
add_multibyte(struct charset *cs, const char *in, size_t len, bool last,
	struct str *out)
{
	unsigned char c = (unsigned char)*in;
	char one[16];
	size_t n, got = 0;
	uint32_t cp;

	if (is_control(c)) {
		str_add(out, cs->table[c]);
		cs->replaced += !cs->dos && cs->table[c][1];
		return 1;
	}
	for (n = 1; n <= LONGEST && n <= len; n++) {
		got = convert_one(cs->to_utf8, in, n, one, sizeof one);
		if (got || errno != EINVAL)
			break;
	}
	if (!got && n > len && len < LONGEST && !last)
		return 0;
	if (got && text_decode(one, got, &cp) && cp >= 0x20 &&
	    (cp < 0x7F || cp >= 0xA0)) {
		str_add_bytes(out, one, got);
		return n;
	}
	str_add(out, REPLACEMENT);
	cs->replaced++;
	return 1;
}

/* How many of the first bytes are their own UTF-8: eight at a time, as nearly
 * all of most texts is. */
static size_t
run_of_itself(const struct charset *cs, const char *in, size_t len)
{
	const unsigned char *p = (const unsigned char *)in;
	const bool *is = cs->itself;
	size_t n = 0;

	while (n + 8 <= len && (is[p[n]] & is[p[n + 1]] & is[p[n + 2]] &
	    is[p[n + 3]] & is[p[n + 4]] & is[p[n + 5]] & is[p[n + 6]] &
	    is[p[n + 7]]))
		n += 8;
	while (n < len && is[p[n]])
		n++;
	return n;
}

static size_t
to_utf8(struct charset *cs, const char *in, size_t len, bool last,
	struct str *out)
{
	size_t i = 0, n;

	assert(len <= INPUT_MAX);
	while (cs->single && i < len) {
		const char *text = cs->table[(unsigned char)in[i]];

		n = run_of_itself(cs, in + i, len - i);
		if (n) {
			str_add_bytes(out, in + i, n);
			i += n;
			continue;
		}
		str_add(out, text);
		cs->replaced += strcmp(text, REPLACEMENT) == 0;
		i++;
	}
	for (; i < len; i += n) {
		n = add_multibyte(cs, in + i, len - i, last, out);
		if (!n)
			break;
	}
	return i;
}

size_t
charset_replaced(const struct charset *cs)
{
	return cs->replaced;
}

bool
charset_is_total(const struct charset *cs)
{
	return cs->total;
}

size_t
charset_to_utf8(struct charset *cs, const void *bytes, size_t len,
	struct str *out)
{
	size_t before = cs->replaced;

	to_utf8(cs, bytes, len, true, out);
	return cs->replaced - before;
}

size_t
charset_to_utf8_piece(struct charset *cs, const void *bytes, size_t len,
	bool last, struct str *out)
{
	return to_utf8(cs, bytes, len, last, out);
}

const char *
charset_line(struct charset *cs, char *out, size_t cap, const void *bytes,
	size_t len)
{
	struct str s = STR_INIT;
	size_t at = 0, n;
	uint32_t cp;

	/* Each byte gives one at least in all but odd pages: no more than what
	 * can fit is converted. */
	charset_to_utf8(cs, bytes, len < 4 * cap ? len : 4 * cap, &s);
	for (size_t i = 0; i < s.len; i += n) {
		n = text_decode(s.data + i, s.len - i, &cp);
		assert(n);
		if (at + n >= cap)
			break;
		memcpy(out + at, s.data + i, n);
		if (cp < 0x20)
			out[at] = ' ';
		at += n;
	}
	out[at] = '\0';
	str_release(&s);
	return out;
}

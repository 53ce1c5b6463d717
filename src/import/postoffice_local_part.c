/* SPDX-License-Identifier: ISC */
/*
 * postoffice: the local part of an address, made from a cc:Mail name.
 *
 * Letters with marks become the letter below them, because few mail systems
 * take anything but ASCII before the '@' (RFC 6532 is not everywhere).
 */
#include "import/postoffice.h"
#include "base/text.h"

#include <string.h>

#define LOCAL_PART_MAX 64	/* RFC 5321 4.5.3.1.1 */

/* U+00C0 to U+017F; '?' has its own rule below, '-' is no letter. */
static const char base_letters[] =
	"aaaaaa?ceeeeiiii" "dnooooo-ouuuuy??"
	"aaaaaa?ceeeeiiii" "dnooooo-ouuuuy?y"
	"aaaaaaccccccccdd" "ddeeeeeeeeeegggg"
	"gggghhhhiiiiiiii" "ii??jjkkklllllll"
	"lllnnnnnnnnnoooo" "oo??rrrrrrssssss"
	"ssttttttuuuuuuuu" "uuuuwwyyyzzzzzzs";

static const char *
two_letters(uint32_t cp)
{
	switch (cp) {
	case 0xC6: case 0xE6: return "ae";
	case 0xDE: case 0xFE: return "th";
	case 0xDF: return "ss";
	case 0x132: case 0x133: return "ij";
	case 0x152: case 0x153: return "oe";
	default: return "";
	}
}

static void
add_dot(struct str *out, size_t start)
{
	if (out->len > start && out->data[out->len - 1] != '.')
		str_add_char(out, '.');
}

static void
add_letter(struct str *out, size_t start, uint32_t cp)
{
	if (cp >= 'A' && cp <= 'Z')
		cp += 'a' - 'A';
	if ((cp >= 'a' && cp <= 'z') || (cp >= '0' && cp <= '9') ||
	    cp == '_' || (cp == '-' && out->len > start &&
	    out->data[out->len - 1] != '.')) {
		str_add_char(out, (char)cp);
	} else if (cp >= 0xC0 && cp <= 0x17F) {
		if (base_letters[cp - 0xC0] == '?')
			str_add(out, two_letters(cp));
		else if (base_letters[cp - 0xC0] != '-')
			str_add_char(out, base_letters[cp - 0xC0]);
	} else if (cp < 0x80) {
		if (cp != '\'')
			add_dot(out, start);
	} else {
		str_add_char(out, '_');
	}
}

static void
add_words(struct str *out, size_t start, const char *s, size_t len)
{
	add_dot(out, start);
	while (len && out->len - start < LOCAL_PART_MAX - 2) {
		uint32_t cp = '?';
		size_t n = text_decode(s, len, &cp);

		if (n == 0)
			n = 1;
		add_letter(out, start, cp);
		s += n;
		len -= n;
	}
	while (out->len > start && out->data[out->len - 1] == '.')
		str_truncate(out, out->len - 1);
}

void
postoffice_add_local_part(const char *user, struct str *out)
{
	size_t start = out->len;
	const char *comma = strchr(user, ',');

	if (comma) {
		add_words(out, start, comma + 1, strlen(comma + 1));
		add_words(out, start, user, (size_t)(comma - user));
	} else {
		add_words(out, start, user, strlen(user));
	}
	/* A blank user part occurs (Q249133). */
	if (out->len == start)
		str_add(out, "no-name");
}

bool
postoffice_has_local_part(const char *user)
{
	size_t len = strlen(user), letters = 0;

	for (const char *p = user; *p; p++) {
		if (*p < ' ' || *p > '~' || *p == '@')
			return false;
		letters += (*p >= 'a' && *p <= 'z') ||
			(*p >= 'A' && *p <= 'Z') || (*p >= '0' && *p <= '9');
	}
	return letters && len < LOCAL_PART_MAX - 2;
}

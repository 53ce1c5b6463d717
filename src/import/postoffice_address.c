/* SPDX-License-Identifier: ISC */
/* postoffice: what may stand as an address in a header and in argv. */
#include "import/postoffice.h"

#include <string.h>

#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
#define ATEXT LETTERS "!#$%&'*+-/=?^_`{|}~"	/* RFC 5322 3.2.3 */
/* RFC 5321 4.5.3.1 */
#define LOCAL_PART_MAX 64
#define ADDRESS_MAX 254
#define LABEL_MAX 63		/* RFC 1035 2.3.4 */

/* len bytes of words of `chars`, a dot between two, none empty or longer than
 * most. */
static bool
is_dotted(const char *s, size_t len, const char *chars, size_t most)
{
	size_t word;

	for (;; s += word + 1, len -= word + 1) {
		word = strspn(s, chars);
		if (word > len)
			word = len;
		if (!word || word > most)
			return false;
		if (word == len)
			return true;
		if (s[word] != '.')
			return false;
	}
}

bool
postoffice_is_domain(const char *s)
{
	size_t len = strlen(s);

	if (len > ADDRESS_MAX - LOCAL_PART_MAX - 1 ||
	    !is_dotted(s, len, LETTERS "-", LABEL_MAX))
		return false;
	/* A label neither begins nor ends with a dash. */
	return *s != '-' && s[len - 1] != '-' && !strstr(s, ".-") &&
		!strstr(s, "-.");
}

bool
postoffice_is_address(const char *s)
{
	const char *at = strchr(s, '@');
	size_t local = at ? (size_t)(at - s) : 0;

	return local && *s != '-' && local <= LOCAL_PART_MAX &&
		is_dotted(s, local, ATEXT, LOCAL_PART_MAX) &&
		postoffice_is_domain(at + 1);
}

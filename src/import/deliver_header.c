/* SPDX-License-Identifier: ISC */
/*
 * deliver: header text, encoded and folded (RFC 5322 2.2.3, RFC 2047).
 *
 * Not by GMime, whose base64 words are padded: GMime itself, and so notmuch,
 * joins neighbouring words before it decodes them and stops at the first
 * padding, so that a long subject would be cut (measured with 3.2.13). Quoted
 * words have no padding.
 */
#include "import/deliver_private.h"
#include "base/text.h"

#include <string.h>
#include <time.h>

#define LINE 76			/* RFC 2047 2; RFC 5322 2.1.1 says 78 */
#define WORD_MAX 400		/* what cannot be folded; the limit is 998 */
#define PHRASE_MAX 60
#define OPEN "=?UTF-8?Q?"
#define CLOSE "?="
/* RFC 5322 3.2.3; words of these need no quotes. */
#define ATOMS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789" \
	"!#$%&'*+-/=?^_`{|}~ "

/* Not g_date_time_new_from_unix_local, which reads the zone's file each time. */
GDateTime *
deliver_local_time(int64_t at)
{
	time_t t = (time_t)(at / 1000);
	struct tm tm;
	GDateTime *utc = g_date_time_new_from_unix_utc(t), *local;
	GTimeZone *zone = g_time_zone_new_offset(localtime_r(&t, &tm) ?
		(gint32)tm.tm_gmtoff : 0);

	local = g_date_time_to_timezone(utc, zone);
	g_time_zone_unref(zone);
	g_date_time_unref(utc);
	return local;
}

char *
deliver_date(int64_t at)
{
	GDateTime *date = deliver_local_time(at);
	char *text = g_mime_utils_header_format_date(date);

	g_date_time_unref(date);
	return text;
}

static size_t
column(const struct str *s)
{
	const char *nl = memrchr(s->data, '\n', s->len);

	return nl ? (size_t)(s->data + s->len - nl) - 1 : s->len;
}

/* What is left between two places to fold. */
static size_t
word_length(const char *text)
{
	size_t len = strcspn(text, " ");

	/* Only at a single blank: a line must not be made of blanks. */
	while (text[len] && (text[len + 1] == ' ' || !text[len + 1])) {
		len += strspn(text + len, " ");
		len += strcspn(text + len, " ");
	}
	return len;
}

static bool
is_plain(const char *text)
{
	if (strstr(text, "=?") || *text == ' ')
		return false;
	for (const char *p = text; *p; p++)
		if (*p < ' ' || *p > '~')
			return false;
	for (const char *p = text; *p; ) {
		size_t len = word_length(p);

		if (len > WORD_MAX)
			return false;
		p += len + (p[len] == ' ');
	}
	return true;
}

static void
add_folded(struct str *out, const char *text)
{
	for (bool first = true; *text; first = false) {
		size_t len = word_length(text);

		if (!first && column(out) + 1 + len > LINE)
			str_add_char(out, '\n');
		if (!first)
			str_add_char(out, ' ');
		str_add_bytes(out, text, len);
		text += len + (text[len] == ' ');
	}
}

/* One character as it stands in a quoted word; also right in a phrase. */
static size_t
quote(char out[16], const char *bytes, size_t len)
{
	size_t n = 0;

	if (len == 1 && g_ascii_isalnum(*bytes)) {
		out[n++] = *bytes;
	} else if (len == 1 && *bytes == ' ') {
		out[n++] = '_';
	} else {
		for (size_t i = 0; i < len; i++)
			n += (size_t)g_snprintf(out + n, 4, "=%02X",
				(unsigned char)bytes[i]);
	}
	return n;
}

static void
add_quoted(struct str *out, const char *text)
{
	size_t left = strlen(text), n, took;
	char one[16];
	uint32_t cp;

	/* A word needs some room, else it begins on a line of its own. */
	if (column(out) > LINE / 2)
		str_add(out, "\n ");
	str_add(out, OPEN);
	for (; left; text += took, left -= took) {
		took = text_decode(text, left, &cp);
		if (!took)
			took = 1;
		n = quote(one, text, took);
		if (column(out) + n + strlen(CLOSE) > LINE)
			str_add(out, CLOSE "\n " OPEN);
		str_add_bytes(out, one, n);
	}
	str_add(out, CLOSE);
}

static void
add_phrase(struct str *out, const char *text)
{
	/* A phrase in plain letters is not folded. */
	if (!is_plain(text) || strlen(text) > PHRASE_MAX) {
		add_quoted(out, text);
		return;
	}
	if (strspn(text, ATOMS) == strlen(text)) {
		str_add(out, text);
		return;
	}
	str_add_char(out, '"');
	for (const char *p = text; *p; p++) {
		if (*p == '"' || *p == '\\')
			str_add_char(out, '\\');
		str_add_char(out, *p);
	}
	str_add_char(out, '"');
}

void
deliver_add_mailbox(struct str *out, const char *name, const char *address)
{
	if (out->len)
		str_add(out, ",\n ");
	if (!*name) {
		str_add(out, address);
		return;
	}
	add_phrase(out, name);
	if (column(out) + strlen(address) + 3 > LINE)
		str_add(out, "\n");
	str_addf(out, " <%s>", address);
}

void
deliver_add_raw(struct str *out, const char *name, const struct str *value)
{
	str_addf(out, "%s: %s\n", name, value->data);
}

/* text as the value of that header, encoded and folded. */
static void
add_value(struct str *out, const char *name, const char *text)
{
	size_t skip = strlen(name) + 2;

	/* The first line is shorter by the name. */
	for (size_t i = 0; i < skip; i++)
		str_add_char(out, ' ');
	if (is_plain(text))
		add_folded(out, text);
	else
		add_quoted(out, text);
	str_remove(out, 0, skip);
}

void
deliver_add_header(struct str *out, const char *name, const char *text)
{
	struct str value = STR_INIT;

	add_value(&value, name, text);
	deliver_add_raw(out, name, &value);
	str_release(&value);
}

void
deliver_describe(GMimeObject *object, const char *text)
{
	static const char name[] = "Content-Description";
	GMimeHeaderList *list = g_mime_object_get_header_list(object);
	struct str value = STR_INIT, raw = STR_INIT;
	int last;

	add_value(&value, name, text);
	str_addf(&raw, " %s\n", value.data);
	g_mime_header_list_append(list, name, "", NULL);
	last = g_mime_header_list_get_count(list) - 1;
	g_mime_header_set_raw_value(g_mime_header_list_get_header_at(list,
		last), raw.data);
	str_release(&value);
	str_release(&raw);
}

/* SPDX-License-Identifier: ISC */
/* Round trip: messages at random; see round_trip.h. */
#include "round_trip.h"
#include "base/xalloc.h"

#include <stdlib.h>
#include <string.h>

static uint64_t state_of_chance;
static uint64_t current;	/* the number of the message */
static bool with_glyphs;

static unsigned
chance(unsigned below)
{
	/* splitmix64: any seed is a good one */
	uint64_t z = (state_of_chance += UINT64_C(0x9E3779B97F4A7C15));

	z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
	return (unsigned)((z ^ (z >> 31)) % below);
}

/* Characters of the code page, without what has a meaning in addresses and
 * titles. */
static char *
make_words(struct sample *s, unsigned most)
{
	unsigned len = 1 + chance(most);
	char *text = xmalloc(len + 1);

	for (unsigned i = 0; i < len; i++) {
		unsigned c = chance(8) ? 'a' + chance(26) : 0x80 + chance(128);

		if (with_glyphs && chance(40) == 0)
			c = 0x0E + chance(12);	/* glyphs there */
		if (i && i + 1 < len && text[i - 1] != ' ' && chance(6) == 0)
			c = ' ';
		text[i] = (char)c;
	}
	text[len] = '\0';
	return s->strings[s->string_count++] = text;
}

static char *
make_address(struct sample *s)
{
	char *last = make_words(s, 12), *first = make_words(s, 12);
	char *text = xasprintf("%s, %s at HUB", last, first);

	/* The two parts are not needed any more. */
	free(last);
	free(first);
	s->string_count -= 2;
	return s->strings[s->string_count++] = text;
}

static size_t
make_length(void)
{
	switch (chance(40)) {
	case 0: return 0;
	case 1: return chance(BODY_MAX + 1);
	case 2: return chance(4) ? chance(200000) : BODY_MAX;
	default: return chance(2000);
	}
}

/* Each byte that there is, in the order of the page; then anything. */
static char *
make_body(bool text, size_t *len_out)
{
	size_t len = make_length();
	char *body = xmalloc(len + 1);

	for (size_t i = 0; i < len; i++) {
		if (i < 256 && current % 4 == 0)
			body[i] = (char)i;
		else if (!text)
			body[i] = (char)chance(256);
		else if (chance(40) == 0 && i + 1 < len) {
			body[i++] = '\r';
			body[i] = '\n';
		} else
			body[i] = (char)(chance(12) ? ' ' + chance(95) :
				0x80 + chance(128));
	}
	*len_out = len;
	return body;
}

static struct message_bytes
bytes(const char *text)
{
	return (struct message_bytes){ text, strlen(text) };
}

static void
add_header(struct sample *s, const char *keyword, const char *value)
{
	s->headers[s->out.header_count++] = (struct message_out_header){
		keyword, bytes(value) };
}

/* The title of an attachment: its name, perhaps with a date behind it. */
static char *
make_title(struct sample *s, size_t i)
{
	char *name = make_words(s, 20), *both;

	s->dated[i] = chance(2);
	if (!s->dated[i])
		return name;
	both = xasprintf("%s" FILE_DATE, name);
	free(name);
	return s->strings[s->string_count - 1] = both;
}

static void
make_item(struct sample *s, size_t i, bool text)
{
	struct message_out_item *item = &s->items[i];
	size_t len;

	s->bodies[i] = make_body(text, &len);
	s->memories[i] = (struct message_memory){ s->bodies[i], len };
	s->sources[i] = message_source_memory(&s->memories[i]);
	item->kind = text ? MESSAGE_ITEM_TEXT : MESSAGE_ITEM_FILE;
	item->title = bytes(text ? make_words(s, 20) : make_title(s, i));
	item->body = &s->sources[i];
	item->range = (struct message_range){ 0, (int64_t)len };
}

/* Texts and attachments, in any order. */
static void
make_items(struct sample *s)
{
	bool all = current % ALL_AT_ONCE == ALL_AT_ONCE - 1;
	size_t files = all ? FILES_MAX : chance(12) ? chance(4) :
		chance(FILES_MAX + 1);
	size_t texts = all ? TEXTS_MAX : 1 + chance(TEXTS_MAX);

	while (files || texts) {
		bool text = chance((unsigned)(files + texts)) < texts;

		make_item(s, s->out.item_count++, text);
		if (text)
			texts--;
		else
			files--;
	}
}

static size_t
make_to_count(void)
{
	if (current % ALL_AT_ONCE == ALL_AT_ONCE - 1)
		return TO_MAX;
	return 1 + (chance(20) ? chance(5) : chance(TO_MAX));
}

void
trip_make(struct sample *s, uint64_t seed, uint64_t number, bool glyphs)
{
	state_of_chance = seed * UINT64_C(1000003) + number;
	current = number;
	with_glyphs = glyphs;
	memset(s, 0, sizeof *s);
	add_header(s, "From", make_address(s));
	add_header(s, "Date", MAIL_DATE);
	s->to_count = make_to_count();
	for (size_t i = 0; i < s->to_count; i++)
		add_header(s, "To", make_address(s));
	s->subject = make_words(s, 60);
	add_header(s, "Subject", s->subject);
	make_items(s);
	s->out.form = MESSAGE_COUNTED;
	s->out.headers = s->headers;
	s->out.items = s->items;
}

void
trip_free(struct sample *s)
{
	for (size_t i = 0; i < s->string_count; i++)
		free(s->strings[i]);
	for (size_t i = 0; i < s->out.item_count; i++)
		free(s->bodies[i]);
}

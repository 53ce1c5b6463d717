/* SPDX-License-Identifier: ISC */
/*
 * round_trip: a message made at random, and what it was made of. The same seed
 * and number make the same message.
 */
#ifndef CCMQ_TESTS_ROUND_TRIP_H
#define CCMQ_TESTS_ROUND_TRIP_H

#include "mail/message_writer.h"

#include <stdbool.h>
#include <stdint.h>

#define FILES_MAX 50
#define TEXTS_MAX 3
#define ITEMS_MAX (FILES_MAX + TEXTS_MAX)
#define TO_MAX 500
#define BODY_MAX (1u << 20)
#define ALL_AT_ONCE 50		/* each so many messages have all there can be */
#define FILE_DATE " 5/6/97 3:10PM"
#define FILE_AT 862931400	/* that, in UTC */
#define MAIL_DATE "6/2/98 8:39"
#define MAIL_AT 896776740

struct sample {
	struct message_out out;
	struct message_out_header headers[TO_MAX + 4];
	struct message_out_item items[ITEMS_MAX];
	struct message_source sources[ITEMS_MAX];
	struct message_memory memories[ITEMS_MAX];
	char *bodies[ITEMS_MAX];
	char *strings[TO_MAX + 4 + ITEMS_MAX];
	size_t string_count;
	bool dated[ITEMS_MAX];	/* the title has FILE_DATE behind the name */
	char *subject;		/* in the code page */
	size_t to_count;
};

/* glyphs: control bytes may stand in names, as on a DOS screen. */
void trip_make(struct sample *s, uint64_t seed, uint64_t number, bool glyphs);
void trip_free(struct sample *s);

#endif

/* SPDX-License-Identifier: ISC */
/*
 * json_convert: what `ccmq convert --json` prints, one object a line.
 *
 * A message: file number verdict form from to subject date items (each
 * kind name size) defects (each offset kind words: the first few of a kind)
 * defects_total. A report: files messages converted existed repaired replaced
 * not_messages unreadable bytes interrupted defects (an object, words of the
 * kind and how many).
 */
#ifndef CCMQ_JSON_CONVERT_H
#define CCMQ_JSON_CONVERT_H

#include "mail/charset.h"
#include "mail/message.h"

#include <stdint.h>
#include <stdio.h>

void json_convert_message(FILE *to, const char *path, struct charset *charset,
	const struct message *m);

struct json_convert_report {
	int64_t files, messages, converted, existed, repaired, replaced;
	int64_t not_messages, unreadable, bytes;
	bool interrupted;
	const int64_t *defects;	/* how many of each kind */
};

void json_convert_report(FILE *to, const struct json_convert_report *r);

#endif

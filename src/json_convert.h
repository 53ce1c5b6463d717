/*
 * json_convert: what `ccmq convert --json` prints, one object a line.
 *
 * A message: file number verdict form from to subject date items (each
 * kind name size) defects (each offset kind words). A report: files messages
 * converted existed repaired not_messages unreadable bytes.
 */
#ifndef CCMQ_JSON_CONVERT_H
#define CCMQ_JSON_CONVERT_H

#include "charset.h"
#include "message.h"

#include <stdint.h>
#include <stdio.h>

void json_convert_message(FILE *to, const char *path, struct charset *charset,
	const struct message *m);

struct json_convert_report {
	int64_t files, messages, converted, existed, repaired, not_messages;
	int64_t unreadable, bytes;
};

void json_convert_report(FILE *to, const struct json_convert_report *r);

#endif

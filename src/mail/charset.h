/* SPDX-License-Identifier: ISC */
/*
 * charset: DOS and Windows code pages to UTF-8 and back.
 *
 * A code page is named as people name it: "437", "850", "CP1252", or any name
 * that iconv knows and whose lower half is ASCII, whatever stands before: none
 * that shifts (HZ, UTF-7, ISO-2022). Converting never fails: what
 * has no meaning becomes U+FFFD one way and `?` the other, and is counted.
 *
 * TAB, LF and CR stay what they are. The other control bytes, and 0x7F, are
 * glyphs on a DOS screen (0x01 a face, 0x1A an arrow, 0x7F a house) and become
 * those under the DOS code pages (IBM 4xx, 7xx, 8xx), NUL a blank; and back.
 * Under other pages they become U+FFFD. So the result is valid UTF-8 without
 * control characters but those three.
 *
 * One struct charset per thread. Pure otherwise.
 */
#ifndef CCMQ_CHARSET_H
#define CCMQ_CHARSET_H

#include "base/error.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>

struct charset;

/* NULL with err (ERROR_INVALID) if there is no such code page. */
struct charset *charset_new(const char *code_page, struct error *err);
void charset_free(struct charset *cs);		/* NULL does nothing */

/* Appends; returns how many bytes had to be replaced. len up to 16 MB. */
size_t charset_to_utf8(struct charset *cs, const void *bytes, size_t len,
	struct str *out);

/*
 * For long bodies: converts as much of bytes as is whole characters and
 * returns how many bytes that was; the rest (under 8 bytes) is to be given
 * again in front of the next piece. last: nothing follows, all is converted.
 */
size_t charset_to_utf8_piece(struct charset *cs, const void *bytes, size_t len,
	bool last, struct str *out);

/* How many bytes have been replaced on the way to UTF-8 since cs was made; and
 * whether there is none that would ever be. */
size_t charset_replaced(const struct charset *cs);
bool charset_is_total(const struct charset *cs);

/* One line of foreign text into a fixed buffer of cap bytes: UTF-8, TAB, CR
 * and LF as blanks, cut between characters. Returns out. */
const char *charset_line(struct charset *cs, char *out, size_t cap,
	const void *bytes, size_t len);

#endif

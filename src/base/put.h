/* SPDX-License-Identifier: ISC */
/*
 * put: UTF-8 onto a stream, in the character set of the locale.
 *
 * What the locale lacks is '?', and so is a byte that is not UTF-8. Nothing
 * else is changed: what came from outside is made printable before
 * (text_add_printable).
 */
#ifndef CCMQ_PUT_H
#define CCMQ_PUT_H

#include <limits.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* A character as the locale writes it: its bytes, or 0 where it has none. */
size_t put_encode(char out[MB_LEN_MAX], uint32_t cp);

void put_text(FILE *to, const char *text, size_t len);

/* Foreign bytes, made printable. */
void put_printable(FILE *to, const void *bytes, size_t len);

#endif

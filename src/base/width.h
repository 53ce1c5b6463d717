/* SPDX-License-Identifier: ISC */
/*
 * width: how many columns a text takes on a terminal.
 *
 * Pure and the same in every locale: its own table of wide characters, the
 * combining marks of `text`. For pages, tables and sentences that must fit a
 * number of columns. (The console's cells follow the C library instead, as
 * curses does; see ui/cells.h.) Texts are printable UTF-8, as text_printable
 * leaves them; a byte that is not UTF-8 counts as one column.
 */
#ifndef CCMQ_WIDTH_H
#define CCMQ_WIDTH_H

#include <stddef.h>
#include <stdint.h>

/* 0 for a combining mark, 2 for a wide East Asian character, else 1. */
int width_of(uint32_t cp);

/* Columns of a whole text. */
size_t width_text(const char *s);

/*
 * Copies what of s fits into `columns` columns and `cap` bytes (cap >= 1). A
 * text that does not fit ends in '>' within the columns. Never cuts a
 * character, nor a mark from its character. Returns out.
 */
const char *width_cut(char *out, size_t cap, const char *s, size_t columns);

#endif

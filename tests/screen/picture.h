/* SPDX-License-Identifier: ISC */
/*
 * picture: a terminal in memory (libvterm), and what can be asked of it.
 *
 * Bytes of the program under test go in; out come rows of plain text, the
 * cursor and attributes. Rows and columns count from 0.
 */
#ifndef CCMQ_TESTS_PICTURE_H
#define CCMQ_TESTS_PICTURE_H

#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>

struct picture;

struct picture *picture_new(int columns, int rows);
void picture_free(struct picture *picture);
void picture_resize(struct picture *picture, int columns, int rows);
void picture_feed(struct picture *picture, const char *bytes, size_t len);

/* Takes what the terminal has to answer: how many bytes. */
size_t picture_answer(struct picture *picture, char *out, size_t size);

/* The whole screen, blanks at the end of rows left out, one line a row. */
void picture_text(const struct picture *picture, struct str *out);

void picture_cursor(const struct picture *picture, int *row, int *column);
bool picture_cursor_visible(const struct picture *picture);
bool picture_alternate(const struct picture *picture);

/* "bold red reverse" of the cell where text first stands; false: nowhere. */
bool picture_attributes(const struct picture *picture, const char *text,
	struct str *out);

#endif

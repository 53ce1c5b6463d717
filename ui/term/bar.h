/* SPDX-License-Identifier: ISC */
/*
 * bar: numbers as lengths and heights of characters. Pure.
 *
 * Blocks where the terminal has them (term_has_blocks), else ASCII.
 */
#ifndef CCMQ_UI_BAR_H
#define CCMQ_UI_BAR_H

#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

#define BAR_LEVELS 8

/* A column of so many eighths: 0 is a blank, 1 the lowest. */
const char *bar_level(int eighths, bool blocks);

/* The eighths of n rows that a value takes where peak takes all of them: at
 * least one if it is not 0. */
int bar_height(int64_t value, int64_t peak, int rows);

/* Appends a share as a bar of at most `width` columns: "####". What is not 0
 * is seen. Blanks fill it up. */
void bar_add(struct str *out, int width, int64_t part, int64_t whole,
	bool blocks);

/* The same between brackets, all of it seen: "[####....]". */
void bar_add_meter(struct str *out, int width, int64_t part, int64_t whole);

#endif

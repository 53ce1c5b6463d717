/* SPDX-License-Identifier: ISC */
/*
 * fold: names as they are compared.
 *
 * Without case, in every alphabet (Unicode case folding, canonical
 * equivalence: "MÜLLER" is "müller", written with one character or
 * two, and "STRASSE" is "straße"); blanks count once, and not around the
 * name or a comma. Marks stay: Muller is somebody else. Pure.
 *
 * The one module of this room that asks glib, but for what GMime hands out.
 */
#ifndef CCMQ_FOLD_H
#define CCMQ_FOLD_H

#include "base/str.h"

/* Appends name, UTF-8, in the form that is equal for equal names. What is not
 * UTF-8 is compared byte by byte. */
void fold_add(struct str *out, const char *name);

#endif

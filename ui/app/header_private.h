/* SPDX-License-Identifier: ISC */
/*
 * header_private: what the files header*.c share.
 */
#ifndef CCMQ_UI_HEADER_PRIVATE_H
#define CCMQ_UI_HEADER_PRIVATE_H

#include "app/header.h"

/* Adds a piece (an empty text adds none). The column behind it. */
int header_add(struct header_row *row, int column, enum role role,
	const char *text);

void header_fill_rates(const struct header_facts *facts, int columns,
	struct header_row *row);
/* Behind the rates: how full the disk is, and the queue beside its most in the
 * last hour. */
void header_fill_meters(const struct header_facts *facts, int columns,
	struct header_row *row);
void header_fill_views(const struct header_facts *facts, int columns,
	bool with_last, struct header_row *row);

#endif

/* SPDX-License-Identifier: ISC */
/*
 * store_explain: why a store cannot be opened or made, in words that name the
 * file, where it stands and the way out. Private to store*.c.
 */
#ifndef CCMQ_STORE_EXPLAIN_H
#define CCMQ_STORE_EXPLAIN_H

#include "base/error.h"
#include "store/store.h"

/* Its directory may not be entered; errno says why. Returns -1. */
int store_explain_closed(const char *path, struct error *err);

/* There is no history.db. Returns -1. */
int store_explain_missing(const char *path, struct error *err);

/* May a history be made there? 0; -1 when files of messages are there. */
int store_explain_files(const char *path, struct error *err);

/* SQLite could not use history.db: puts better words into err, where there
 * are any. */
void store_explain_history(int root, const char *path, struct error *err);

/* Why name (in the store) cannot be written; errno says. */
void store_explain_read_only(int root, const char *path, const char *name,
	char out[STORE_WHY_MAX]);

#endif

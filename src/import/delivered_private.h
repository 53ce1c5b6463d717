/* SPDX-License-Identifier: ISC */
/* delivered_private: what the files delivered*.c share. */
#ifndef CCMQ_DELIVERED_PRIVATE_H
#define CCMQ_DELIVERED_PRIVATE_H

#include "import/delivered.h"

#include <stdint.h>
#include <sys/types.h>

#define BOOKS_DIR "delivered"
#define BOOKS_RECENT BOOKS_DIR "/recent"
/* One message to 8,192 recipients on top of a full file is 2 MB. */
#define BOOKS_READ_MAX ((size_t)32 << 20)

/* A key's hash, its group, and the name of that one's file. */
uint32_t books_hash(const char *key, size_t len);
unsigned books_group(const char *key, size_t len);
void books_file_name(char out[24], unsigned group);

/* Whole lines only: what a crash tore off never happened. */
int books_read(int po_dirfd, const char *name, struct str *out,
	struct error *err);
/* For writing, made if it is missing. */
int books_open(int po_dirfd, const char *name, int flags, struct error *err);
/* Appends to the file, whose whole lines end at `good`, durably if wanted. */
int books_append(int po_dirfd, const char *name, off_t good,
	const struct str *added, bool durably, struct error *err);
/* The newer half of old and the added lines, in place of the file, durably. */
int books_replace(int po_dirfd, const char *name, const struct str *old,
	const struct str *added, struct error *err);

/* Each key of these lines stands in `recent`, too. */
void books_note_keys(struct delivered_books *b, const char *lines);

/* Adds the WHO of a line, len bytes behind its key, each as a line. */
void books_add_who(struct str *out, const char *words, size_t len);
/* Puts what is recent into the files of its groups. */
int books_spread(struct delivered_books *b, struct error *err);

#endif

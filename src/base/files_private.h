/* SPDX-License-Identifier: ISC */
/* files_private: how the errors of files_*.c name things. */
#ifndef CCMQ_FILES_PRIVATE_H
#define CCMQ_FILES_PRIVATE_H

#include "base/text.h"

#include <string.h>

/* A name for an error message. */
#define SHOWN(name) \
	text_printable((char[256]){ 0 }, 256, (name), strlen(name))

/* The same with the directory it stands in: errors name where a thing is. */
#define SHOWN_AT(dirfd, name) files_where((char[256]){ 0 }, (dirfd), (name))

/* name in the directory fd, or what is open as fd (NULL). Keeps errno. */
const char *files_where(char out[256], int fd, const char *name);

#endif

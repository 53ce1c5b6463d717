/* SPDX-License-Identifier: ISC */
/*
 * fd_source: an open file as a message_source (message.h), for those who may
 * read files. The descriptor stays the caller's, and must outlive the source;
 * *fd is read at each call.
 */
#ifndef CCMQ_FD_SOURCE_H
#define CCMQ_FD_SOURCE_H

#include "mail/message.h"

#include <stdint.h>

struct message_source fd_source(int *fd, int64_t size);

#endif

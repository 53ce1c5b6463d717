/* SPDX-License-Identifier: ISC */
/*
 * trust: can nobody but root and this process's user change a file?
 *
 * As sshd asks of the files of a key: the file, every directory on the way to
 * it and every symbolic link among them must belong to root or to the
 * effective user, and be writable by nobody else. A directory that is
 * writable by others is no objection when it is sticky and belongs to root or
 * to us (/tmp): what stands in it can be neither renamed nor replaced. Nor is
 * the write permission of a group with no other member.
 *
 * It is a look: whoever could change something before it, and cannot any more,
 * is not found. Reads only.
 */
#ifndef CCMQ_TRUST_H
#define CCMQ_TRUST_H

#include "base/error.h"

/* 0, or -1 with err: ERROR_STORE with what is wrong, by name, and the command
 * that mends it; ERROR_SYSTEM when something is not there. A relative path
 * counts from the current directory. */
int trust_path(const char *path, struct error *err);

/* The same of a program, looked for in $PATH when its name has no slash. One
 * that is not found is not judged: starting it will say so. */
int trust_program(const char *name, struct error *err);

#endif

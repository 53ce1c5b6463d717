/* SPDX-License-Identifier: ISC */
/*
 * import_worker: ccmq-import --worker.
 *
 * Reads one JSON object a line from standard input,
 *
 *	{"id":1042,"key":"<CCMQ_ID>","file":"...","name":"...","und":"..."}
 *
 * and answers each with one on standard output, when its outcome is on disk:
 *
 *	{"id":1042,"code":5,"output":"...","und":[12044,14192]}
 *
 * Whatever has come is worked on together (import_batch.h); nothing is waited
 * for while something is in hand. `und` is null when nothing was appended.
 * Without `key` the content is the key, without `und` it is the one of the
 * command line; unknown members are passed over. The files are not deleted.
 *
 * A request that lacks something is answered with code 3. A line that is no
 * request, so that nobody can be answered, ends the worker with 3 and words on
 * standard error, after what came before it was answered; so does an end of
 * the input within a line. At the end of its input it ends with 0.
 */
#ifndef CCMQ_IMPORT_WORKER_H
#define CCMQ_IMPORT_WORKER_H

#include "import/import_options.h"

#define IMPORT_LINE_MAX 65536	/* two paths of PATH_MAX, every byte \u00xx */

/* The exit status. */
int import_worker(const struct import_options *options);

#endif

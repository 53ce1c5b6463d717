/* SPDX-License-Identifier: ISC */
/*
 * serve: the protocol that `ccmq serve` and the console of many hosts speak.
 *
 * ccmq-serve(7) describes it; here stand the numbers that both sides know.
 */
#ifndef CCMQ_SERVE_H
#define CCMQ_SERVE_H

#define SERVE_PROTOCOL 1		/* in the hello */
#define SERVE_LINE_MAX 262144		/* bytes of one line, either way */
#define SERVE_EVERY_MS 10000		/* a status, also when nothing changed */
#define SERVE_IDS_MAX 1000		/* of one verb: one transaction */
#define SERVE_LIST_MAX 10000		/* messages of one list, ids of a
					 * cause */
#define SERVE_REQUEST_MAX 64		/* bytes of a request's id */

#endif

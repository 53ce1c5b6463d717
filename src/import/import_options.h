/* SPDX-License-Identifier: ISC */
/*
 * import_options: the command line of ccmq-import.
 *
 * IMPORT's switches ("/NHUB", any case, the value follows at
 * once) and GNU long options ("--post-office=HUB", "--post-office HUB") are two
 * spellings of one list; parsing, --help and the manual's table come from it.
 * A switch may be given once; /FILES/... once in all. Nothing else is taken:
 * there are no operands.
 *
 * The strings of the result point into argv. The password is not kept: nothing
 * here asks for one, and it is wiped from argv so that ps does not show it.
 */
#ifndef CCMQ_IMPORT_OPTIONS_H
#define CCMQ_IMPORT_OPTIONS_H

#include "base/error.h"

#include <stdbool.h>
#include <stdio.h>

#define IMPORT_UND_DEFAULT "ccmail.und"

/* member, IMPORT's switch, long option, its value, one sentence */
#define IMPORT_SWITCH_LIST(X) \
	X(post_office, "/N", "post-office", "NAME", \
		"the post office: a name that its postoffice.conf gives") \
	X(password, "/P", "password", "WORD", \
		"taken and not looked at: file rights guard a post office") \
	X(directory, "/D", "directory", "DIR", \
		"the directory of the post office") \
	X(file, "/@", "file", "FILE", \
		"the file to import; deleted when that is done") \
	X(item_size, "/ITEMSIZE", "item-size", NULL, \
		"the file has counts (recognised without being said)") \
	X(partial, "/PARTIAL", "partial", NULL, \
		"deliver to the recipients that are known if some are not") \
	X(batch, "/BATCH", "batch", NULL, \
		"ask nothing (nothing is ever asked)") \
	X(macbinary, "/FILES/MACBIN2", "files-macbinary", NULL, \
		"attachments are raw bytes (without it too)") \
	X(hex, "/FILES/HEX", "files-hex", NULL, \
		"attachments are hex text, to be turned into bytes") \
	X(und, NULL, "und", "FILE", \
		"where what is undeliverable goes (" IMPORT_UND_DEFAULT ")") \
	X(worker, NULL, "worker", NULL, \
		"stay, and import what standard input asks for") \
	X(help, NULL, "help", NULL, "this text") \
	X(version, NULL, "version", NULL, "the version")

/* NULL: not given; "" for a switch without a value that was. */
struct import_options {
#define X(member, dos, name, value, words) const char *member;
	IMPORT_SWITCH_LIST(X)
#undef X
};

/* 0; -1 with err (ERROR_INVALID) for anything that is not a command line of
 * ccmq-import, what is missing included. With --help or --version nothing else
 * is looked for. */
int import_options_parse(int argc, char **argv, struct import_options *out,
	struct error *err);

void import_options_help(FILE *to);

#endif

/* SPDX-License-Identifier: ISC */
/*
 * convert: `ccmq convert`, cc:Mail messages for people and for other mail
 * programs.
 *
 * Prints .ccm files, or all below a directory, as RFC 5322 mail, as text for
 * people or as a list of their defects, or writes them into a Maildir or an
 * mbox, with a progress bar on a terminal and a report. Needs no store. Whatever is
 * given, it only reads it.
 *
 * Exit status: 0 all done; 1 something was not, or not as the message says it
 * (each named on standard error), or, with --to defects, some message is not
 * whole; 2 usage; 3 the post office
 * or the target cannot be used.
 */
#ifndef CCMQ_CONVERT_H
#define CCMQ_CONVERT_H

/* argv[0] is "convert". Returns the exit status. */
int convert_command(int argc, char **argv);

#endif

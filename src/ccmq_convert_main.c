/* SPDX-License-Identifier: ISC */
/*
 * ccmq-convert: what `ccmq convert` runs, a program of its own, so that no other
 * command waits for the libraries of mail to be loaded. See ccmq-convert(1);
 * exit statuses in convert.h.
 */
#include "convert/convert.h"

#include <locale.h>
#include <signal.h>
#include <stdio.h>

int
main(int argc, char **argv)
{
	int status;

	setlocale(LC_ALL, "");
	signal(SIGPIPE, SIG_IGN);
	status = convert_command(argc, argv);
	if (fflush(stdout) != 0 || ferror(stdout))
		status = status ? status : 1;
	return status;
}

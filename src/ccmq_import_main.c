/*
 * ccmq-import: imports a cc:Mail message file into a post office of Maildirs.
 *
 * Diagnostics: words on standard error; on standard output one line, of which
 * operators know the one that says "IMPORT process ended with error: N.".
 * Exit status: IMPORT's result codes (import_run.h), a command line that is
 * none included (3).
 */
#include "import/import_options.h"
#include "import/import_run.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

/* Descriptors 0 to 2 must be open, or a file of ours takes their place. */
static void
open_standard(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDWR);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		close(fd);
}

static int
ended(enum import_code code, const struct error *err)
{
	if (code != IMPORT_UNDELIVERABLE)
		fprintf(stderr, "ccmq-import: %s\n", err->text);
	fflush(stderr);
	printf("IMPORT process ended with error: %d.\n", (int)code);
	return (int)code;
}

int
main(int argc, char **argv)
{
	struct import_options options;
	struct import_report report;
	struct error err = ERROR_INIT;
	enum import_code code;

	open_standard();
	if (import_options_parse(argc, argv, &options, &err) < 0)
		return ended(IMPORT_UNUSABLE, &err);
	if (options.help) {
		import_options_help(stdout);
		return 0;
	}
	if (options.version) {
		puts("ccmq-import " PACKAGE_VERSION);
		return 0;
	}
	code = import_run(&options, &report, &err);
	if (code != IMPORT_DONE)
		return ended(code, &err);
	printf("IMPORT process completed: %zu message%s, %zu deliver%s.\n",
		report.messages, report.messages == 1 ? "" : "s",
		report.deliveries, report.deliveries == 1 ? "y" : "ies");
	return 0;
}

/* SPDX-License-Identifier: ISC */
/*
 * ccmq-import: imports a cc:Mail message file into a post office of Maildirs.
 *
 * Diagnostics: words on standard error; on standard output one line, of which
 * operators know the one that says "IMPORT process ended with error: N.".
 * Exit status: IMPORT's result codes (import_item.h), a command line that is
 * none included (3).
 */
#include "import/import_batch.h"
#include "import/import_options.h"
#include "import/import_worker.h"
#include "base/text.h"
#include "base/xalloc.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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
usage(const struct error *err)
{
	fprintf(stderr, "ccmq-import: %s\n", err->text);
	fflush(stderr);
	printf(IMPORT_ENDED "\n", IMPORT_UNUSABLE);
	return IMPORT_UNUSABLE;
}

/* What is done is taken away (0), and so is what lies in the .und (5). */
static void
delete_source(struct import_item *item)
{
	char shown[128];

	if (item->code != IMPORT_DONE && item->code != IMPORT_UNDELIVERABLE)
		return;
	if (unlink(item->path) < 0 && errno != ENOENT)
		import_item_say(item, "%s is imported, but could not be "
			"deleted: %s", text_printable(shown, sizeof shown,
			item->path, strlen(item->path)), strerror(errno));
}

static int
say(const struct import_item *item)
{
	fputs(item->words.data, stderr);
	if (item->code != IMPORT_DONE && item->code != IMPORT_UNDELIVERABLE)
		fprintf(stderr, "ccmq-import: %s\n", item->err.text);
	fflush(stderr);
	if (item->code != IMPORT_DONE)
		printf(IMPORT_ENDED "\n", (int)item->code);
	else
		printf("IMPORT process completed: %zu message%s, %zu "
			"deliver%s.\n", item->messages,
			item->messages == 1 ? "" : "s", item->deliveries,
			item->deliveries == 1 ? "y" : "ies");
	return (int)item->code;
}

static int
import_file_alone(const struct import_options *options)
{
	const char *id = getenv("CCMQ_ID");
	struct import_item item = IMPORT_ITEM_INIT, *batch = &item;
	struct import_office office;
	int code;

	item.path = options->file;
	item.key = id && *id ? id : NULL;
	item.und = options->und;
	import_office_init(&office, options);
	import_batch(&office, &batch, 1);
	delete_source(&item);
	code = say(&item);
	import_item_release(&item);
	import_office_release(&office);
	return code;
}

int
main(int argc, char **argv)
{
	struct import_options options;
	struct error err = ERROR_INIT;

	open_standard();
	if (import_options_parse(argc, argv, &options, &err) < 0)
		return usage(&err);
	if (options.help) {
		import_options_help(stdout);
		return 0;
	}
	if (options.version) {
		puts("ccmq-import " PACKAGE_VERSION);
		return 0;
	}
	if (!options.worker)
		return import_file_alone(&options);
	xalloc_keep();
	return import_worker(&options);
}

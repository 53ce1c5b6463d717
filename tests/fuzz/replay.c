/* SPDX-License-Identifier: ISC */
/*
 * replay: runs a fuzzer over its seeds, without the fuzzing. Arguments are
 * files and directories; with none, tests/fuzz/seeds/NAME of the source tree
 * ($srcdir) for a program called fuzz_NAME. Prints one line of TAP.
 */
#include "fuzz.h"
#include "base/files.h"
#include "base/str.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>

#define SEED_MAX ((size_t)16 << 20)

static int replayed;

static int
replay_file(const char *path)
{
	struct str s = STR_INIT;
	struct error err = ERROR_INIT;
	int rc = fs_read_file(AT_FDCWD, path, SEED_MAX, &s, &err);

	if (rc > 0) {
		LLVMFuzzerTestOneInput((const uint8_t *)s.data, s.len);
		replayed++;
	} else {
		printf("# %s\n", rc ? err.text : "no such file");
	}
	str_release(&s);
	return rc > 0 ? 0 : -1;
}

static int
replay(const char *path)
{
	DIR *dir = opendir(path);
	struct dirent *d;
	char *inner;
	int rc = 0;

	if (!dir)
		return replay_file(path);
	while (rc == 0 && (d = readdir(dir))) {
		if (d->d_name[0] == '.')
			continue;
		if (asprintf(&inner, "%s/%s", path, d->d_name) < 0)
			abort();
		rc = replay(inner);
		free(inner);
	}
	closedir(dir);
	return rc;
}

int
main(int argc, char **argv)
{
	const char *name = strstr(argv[0], "fuzz_"), *top = getenv("srcdir");
	char seeds[4096];
	int rc = 0;

	snprintf(seeds, sizeof seeds, "%s/tests/fuzz/seeds/%s",
		top ? top : ".", name ? name + 5 : "");
	printf("1..1\n");
	if (argc < 2)
		rc = replay(seeds);
	for (int i = 1; i < argc && rc == 0; i++)
		rc = replay(argv[i]);
	printf("%sok 1 - %d seeds\n", rc || !replayed ? "not " : "", replayed);
	fflush(stdout);
	return rc || !replayed;
}

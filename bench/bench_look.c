/* SPDX-License-Identifier: ISC */
/*
 * bench_look DIRECTORY: what a look at a directory costs at the least: each name
 * is read, and stat is asked of it. Prints the ms of processor time.
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>

int
main(int argc, char **argv)
{
	DIR *dir = argc == 2 ? opendir(argv[1]) : NULL;
	struct dirent *d;
	struct stat st;
	long long bytes = 0;

	if (!dir)
		return 2;
	while ((d = readdir(dir)))
		if (fstatat(dirfd(dir), d->d_name, &st,
		    AT_SYMLINK_NOFOLLOW) == 0)
			bytes += st.st_size;
	closedir(dir);
	printf("%lld\n", (long long)clock() / (CLOCKS_PER_SEC / 1000));
	return bytes < 0;
}

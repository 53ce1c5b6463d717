/*
 * stub_import: the import program of the sweeps. Writes down each start and
 * each end where no power loss reaches, before anything else happens.
 *
 *	stub_import HOW OUT COPY UND
 *
 * HOW: ok (0), reject (1), und (1, with an entry in UND), busy (4).
 * OUT/starts gets lines "start NUMBER HASH" and "end NUMBER CODE", where
 * NUMBER is the id in CCMQ_ID and HASH that of the copy's bytes.
 */
#include "sweep_hash.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void
append(const char *path, const char *line)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0660);

	if (fd < 0 || write(fd, line, strlen(line)) < 0 || fsync(fd) < 0)
		_exit(99);
	close(fd);
}

/* An entry as it stands on disk before the program answers. */
static void
append_entry(const char *und, const char *number)
{
	char text[300], dir[PATH_MAX];
	char *slash;
	int fd;

	snprintf(text, sizeof text, "Undelivered message follows\r\n"
		"Message:\r\nReason: number %s is not known\r\n"
		"Contents:\r\nbody\r\n", number);
	append(und, text);
	snprintf(dir, sizeof dir, "%s", und);
	slash = strrchr(dir, '/');
	if (!slash)
		_exit(99);
	*slash = '\0';
	fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || fsync(fd) < 0)
		_exit(99);
	close(fd);
}

/* The id of a key: STORE-ID-RANDOM, of an old history STORE-ID. Cuts the key
 * there. NULL: it is none. */
static const char *
number_of(char *key)
{
	char *dash = key ? strrchr(key, '-') : NULL;

	if (dash && strlen(dash + 1) == 16) {
		*dash = '\0';
		dash = strrchr(key, '-');
	}
	return dash ? dash + 1 : NULL;
}

int
main(int argc, char **argv)
{
	const char *number = number_of(getenv("CCMQ_ID"));
	char starts[PATH_MAX], line[120];
	unsigned long long hash;
	int code;

	if (argc != 5 || !number || sweep_hash(argv[3], &hash) < 0)
		return 98;
	code = strcmp(argv[1], "ok") == 0 ? 0 :
		strcmp(argv[1], "busy") == 0 ? 4 : 1;
	snprintf(starts, sizeof starts, "%s/starts", argv[2]);
	snprintf(line, sizeof line, "start %s %016llx\n", number, hash);
	append(starts, line);
	if (strcmp(argv[1], "und") == 0)
		append_entry(argv[4], number);
	snprintf(line, sizeof line, "end %s %d\n", number, code);
	append(starts, line);
	return code;
}

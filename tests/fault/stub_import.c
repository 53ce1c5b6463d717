/* SPDX-License-Identifier: ISC */
/*
 * stub_import: the import program of the sweeps. Writes down each start and
 * each end where no power loss reaches, before anything else happens.
 *
 *	stub_import HOW OUT COPY UND
 *
 * HOW: ok (0), reject (1), und (1, with an entry in UND), busy (4).
 *	stub_import HOW OUT worker
 *
 * A worker: of all that it was given it writes down the start, then it answers
 * one after the other; a copy that begins with "poison" kills it.
 *
 * OUT/starts gets lines "start NUMBER HASH" and "end NUMBER CODE", where
 * NUMBER is the id in CCMQ_ID and HASH that of the copy's bytes.
 */
#include "sweep_hash.h"

#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BATCH 64
#define INPUT_MAX (1 << 16)

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
		"Message:\r\nFrom: number %s\r\n***  it is not known  ***"
		"\r\nContents:\r\nText item:\r\nbody\r\n", number);
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

static int
code_of(const char *how)
{
	return strcmp(how, "ok") == 0 ? 0 : strcmp(how, "busy") == 0 ? 4 : 1;
}

static void
note_start(const char *starts, const char *number, unsigned long long hash)
{
	char line[120];

	snprintf(line, sizeof line, "start %.40s %016llx\n", number, hash);
	append(starts, line);
}

static void
note_end(const char *starts, const char *number, int code)
{
	char line[120];

	snprintf(line, sizeof line, "end %.40s %d\n", number, code);
	append(starts, line);
}

/* --- a worker ------------------------------------------------------------- */

struct task {
	char id[24];
	char file[PATH_MAX];
};

/* A member of a request, as it is written: ours needs no escapes. */
static void
member(char *out, size_t size, const char *line, const char *name, char end)
{
	const char *p = strstr(line, name);
	size_t len;

	if (!p)
		_exit(97);
	p += strlen(name);
	len = strcspn(p, end == ',' ? ",}" : "\"");
	if (len >= size)
		_exit(97);
	memcpy(out, p, len);
	out[len] = '\0';
}

static void
begin(struct task *t, const char *line, const char *starts)
{
	unsigned long long hash;

	member(t->id, sizeof t->id, line, "\"id\":", ',');
	member(t->file, sizeof t->file, line, "\"file\":\"", '"');
	if (sweep_hash(t->file, &hash) < 0)
		_exit(98);
	note_start(starts, t->id, hash);
}

static void
end(const struct task *t, const char *starts, int code)
{
	char head[6] = "", line[80];
	int fd = open(t->file, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || read(fd, head, sizeof head) < 0)
		_exit(98);
	close(fd);
	if (memcmp(head, "poison", sizeof head) == 0)
		raise(SIGKILL);
	note_end(starts, t->id, code);
	snprintf(line, sizeof line, "{\"id\":%.23s,\"code\":%d}\n", t->id, code);
	if (write(STDOUT_FILENO, line, strlen(line)) < 0)
		_exit(97);
}

static int
work(const char *starts, int code)
{
	static struct task tasks[BATCH];
	static char in[INPUT_MAX];
	size_t len = 0;
	ssize_t n;

	while ((n = read(STDIN_FILENO, in + len, sizeof in - 1 - len)) > 0) {
		char *line = in, *nl;
		int count = 0;

		in[len += (size_t)n] = '\0';
		for (; count < BATCH && (nl = strchr(line, '\n'));
		    line = nl + 1) {
			*nl = '\0';
			begin(&tasks[count++], line, starts);
		}
		len = strlen(line);
		memmove(in, line, len + 1);
		for (int i = 0; i < count; i++)
			end(&tasks[i], starts, code);
	}
	return 0;
}

int
main(int argc, char **argv)
{
	const char *number = number_of(getenv("CCMQ_ID"));
	char starts[PATH_MAX];
	unsigned long long hash;
	int code;

	if (argc < 4)
		return 98;
	code = code_of(argv[1]);
	snprintf(starts, sizeof starts, "%s/starts", argv[2]);
	if (strcmp(argv[3], "worker") == 0)
		return work(starts, code);
	if (argc != 5 || !number || sweep_hash(argv[3], &hash) < 0)
		return 98;
	note_start(starts, number, hash);
	if (strcmp(argv[1], "und") == 0)
		append_entry(argv[4], number);
	note_end(starts, number, code);
	return code;
}

/* SPDX-License-Identifier: ISC */
/* actor: see actor.h for the contract. */
#include "base/actor.h"
#include "base/files.h"
#include "base/text.h"
#include "base/xalloc.h"

#include <fcntl.h>
#include <inttypes.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define UNSET INT64_C(4294967295)	/* (uint32_t)-1: no login recorded */

/* A number in a small file of /proc, or -1. */
static int64_t
proc_number(const char *path)
{
	struct str s = STR_INIT;
	struct error err;
	int64_t n = -1;

	if (fs_read_file(AT_FDCWD, path, 64, &s, &err) > 0 && s.len > 0)
		n = strtoll(s.data, NULL, 10);
	str_release(&s);
	return n == UNSET ? -1 : n;
}

static char *
user_name(int64_t uid)
{
	struct passwd *pw = getpwuid((uid_t)uid);
	char shown[64];

	if (!pw)
		return xasprintf("uid-%" PRId64, uid);	/* no blank: it is cut there */
	return xstrdup(text_printable(shown, sizeof shown, pw->pw_name,
		strlen(pw->pw_name)));
}

static char *
terminal(void)
{
	char name[64];

	for (int fd = 0; fd <= 2; fd++)
		if (isatty(fd) && ttyname_r(fd, name, sizeof name) == 0)
			return xstrdup(strncmp(name, "/dev/", 5) == 0 ?
				name + 5 : name);
	return NULL;
}

static char *
ssh_peer(void)
{
	const char *c = getenv("SSH_CONNECTION");
	char shown[64];

	if (!c || !*c)
		return NULL;
	return xstrdup(text_printable(shown, sizeof shown, c,
		strcspn(c, " ")));
}

#define HOOK "ccmq watch ("	/* no name of a user has a blank */

bool
actor_is_hook(const char *by)
{
	return by && strncmp(by, HOOK, sizeof HOOK - 1) == 0;
}

void
actor_init(struct actor *a, const char *program)
{
	int64_t login = proc_number("/proc/self/loginuid");
	int64_t session = proc_number("/proc/self/sessionid");

	a->program = program;
	a->euid = geteuid();
	a->uid = login >= 0 ? login : (int64_t)getuid();
	a->user = user_name(a->uid);
	if (getenv(ACTOR_HOOK_ENV)) {
		char *name = a->user;

		a->user = xasprintf(HOOK "%s)", name);
		free(name);
	}
	a->euser = user_name(a->euid);
	a->tty = terminal();
	a->ssh = ssh_peer();
	a->session = session >= 0 ? xasprintf("s%" PRId64, session) :
		xasprintf("u%" PRId64 " %s", a->uid, a->tty ? a->tty : "-");
	a->by = a->uid == a->euid ? xstrdup(a->user) :
		xasprintf("%s (as %s)", a->user, a->euser);
}

void
actor_release(struct actor *a)
{
	free(a->user);
	free(a->euser);
	free(a->tty);
	free(a->ssh);
	free(a->session);
	free(a->by);
	memset(a, 0, sizeof *a);
}

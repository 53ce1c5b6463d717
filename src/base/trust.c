/* SPDX-License-Identifier: ISC */
/* trust: see trust.h for the contract. */
#include "base/trust.h"
#include "base/text.h"
#include "base/xalloc.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LINKS_MAX 40		/* as the kernel's */

struct walk {
	unsigned links;
	struct error *err;
};

static int walk(struct walk *w, const char *path);

/* Has the group no member but us, by name or as somebody's first group? */
static bool
is_our_own_group(gid_t gid)
{
	struct group *g = getgrgid(gid);
	struct passwd *us = getpwuid(geteuid()), *pw;
	char *name;
	bool own;

	if (!g || !us || us->pw_gid != gid)
		return false;
	name = xstrdup(us->pw_name);
	own = !g->gr_mem[0] || (!g->gr_mem[1] &&
		strcmp(g->gr_mem[0], name) == 0);
	setpwent();
	while (own && (pw = getpwent()))
		own = pw->pw_gid != gid || strcmp(pw->pw_name, name) == 0;
	endpwent();
	free(name);
	return own;
}

static int
judge(const char *path, const struct stat *st, struct error *err)
{
	bool link = S_ISLNK(st->st_mode);	/* its mode means nothing */
	bool safe_dir = S_ISDIR(st->st_mode) && st->st_mode & S_ISVTX;
	char shown[200];

	text_printable(shown, sizeof shown, path, strlen(path));
	if (st->st_uid != 0 && st->st_uid != geteuid())
		return error_set(err, ERROR_STORE, "%s belongs to uid %u: it "
			"must belong to root or to uid %u, or who owns it "
			"decides what runs here: chown root %s", shown,
			(unsigned)st->st_uid, (unsigned)geteuid(), shown);
	if (link || safe_dir)
		return 0;
	if (st->st_mode & S_IWOTH)
		return error_set(err, ERROR_STORE, "%s can be changed by "
			"everybody (mode %04o): chmod o-w %s", shown,
			(unsigned)st->st_mode & 07777, shown);
	if (st->st_mode & S_IWGRP && !is_our_own_group(st->st_gid))
		return error_set(err, ERROR_STORE, "%s can be changed by its "
			"group (mode %04o): chmod g-w %s", shown,
			(unsigned)st->st_mode & 07777, shown);
	return 0;
}

/* Where the link at path points, from the directory it stands in. */
static int
follow(struct walk *w, const char *path)
{
	char target[4096];
	ssize_t n = readlink(path, target, sizeof target - 1);
	const char *slash = strrchr(path, '/');
	char *whole;
	int rc;

	if (n < 0)
		return error_sys(w->err, errno, "read the link %s", path);
	if (w->links++ == LINKS_MAX)
		return error_sys(w->err, ELOOP, "follow %s", path);
	target[n] = '\0';
	whole = *target == '/' ? xstrdup(target) : xasprintf("%.*s/%s",
		(int)(slash - path), path, target);
	rc = walk(w, whole);
	free(whole);
	return rc;
}

/* Every beginning of an absolute path that ends before a slash. */
static int
walk(struct walk *w, const char *path)
{
	char *part = xstrdup(path), shown[200];
	size_t len = strlen(path);
	struct stat st;
	int rc = 0;

	for (size_t i = 1; rc == 0 && i <= len; i++) {
		if (path[i] != '/' && path[i])
			continue;
		part[i] = '\0';
		if (lstat(part, &st) < 0)
			rc = error_sys(w->err, errno, "look at %s",
				text_printable(shown, sizeof shown, part,
					strlen(part)));
		else
			rc = judge(part, &st, w->err);
		if (rc == 0 && S_ISLNK(st.st_mode))
			rc = follow(w, part);
		part[i] = path[i];
	}
	free(part);
	return rc;
}

int
trust_path(const char *path, struct error *err)
{
	struct walk w = { 0, err };
	char *cwd, *whole;
	struct stat st;
	int rc;

	if (stat("/", &st) == 0 && judge("/", &st, err) < 0)
		return -1;
	if (*path == '/')
		return walk(&w, path);
	cwd = getcwd(NULL, 0);
	if (!cwd)
		return error_sys(err, errno, "find the current directory");
	whole = xasprintf("%s/%s", cwd, path);
	rc = walk(&w, whole);
	free(cwd);
	free(whole);
	return rc;
}

int
trust_program(const char *name, struct error *err)
{
	const char *path = getenv("PATH");
	size_t len;
	int rc = 0;

	if (strchr(name, '/'))
		return access(name, X_OK) == 0 ? trust_path(name, err) : 0;
	for (; path && *path; path += len + (path[len] == ':')) {
		char *whole;
		bool found;

		len = strcspn(path, ":");
		whole = xasprintf("%.*s/%s", (int)len, path, name);
		found = len && access(whole, X_OK) == 0;
		rc = found ? trust_path(whole, err) : 0;
		free(whole);
		if (found)
			break;
	}
	return rc;
}

/* SPDX-License-Identifier: ISC */
/* convert: the files that were named, and those below named directories. */
#include "convert/convert_private.h"
#include "base/text.h"

#include <errno.h>
#include <fts.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>

static volatile sig_atomic_t caught;

static void
note_signal(int number)
{
	caught = number;
}

void
convert_catch(void)
{
	static const int numbers[] = { SIGINT, SIGTERM, SIGHUP };
	/* Not SA_RESTART: standard input may never come to its end. */
	struct sigaction action = { .sa_handler = note_signal,
		.sa_flags = SA_RESETHAND };
	struct sigaction old;

	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
		/* nohup(1) says that one is not to end us. */
		if (sigaction(numbers[i], NULL, &old) == 0 &&
		    old.sa_handler != SIG_IGN)
			sigaction(numbers[i], &action, NULL);
}

bool
convert_interrupted(void)
{
	return caught != 0;
}

static bool
is_ccm(const char *name)
{
	size_t len = strlen(name);

	return *name != '.' && len > 4 &&
		text_equal_nocase(name + len - 4, ".ccm");
}

static int
by_name(const FTSENT **a, const FTSENT **b)
{
	return strcmp((*a)->fts_name, (*b)->fts_name);
}

struct walk {
	struct convert *convert;
	bool quietly;
	convert_found found;
	void *arg;
	int64_t files;		/* found below the one that was named */
};

static void
say(struct walk *w, const char *path, const char *words)
{
	if (w->quietly)
		return;
	convert_notice(w->convert, path, words);
	w->convert->unreadable++;
}

static int
visit(struct walk *w, const FTSENT *e, struct error *err)
{
	bool named = e->fts_level == FTS_ROOTLEVEL;

	switch (e->fts_info) {
	case FTS_F:
		if (!named && !is_ccm(e->fts_name))
			return 0;
		w->files++;
		return w->found(w->convert, e->fts_path,
			e->fts_statp->st_size, w->arg, err);
	case FTS_DNR:
	case FTS_ERR:
	case FTS_NS:
		w->files++;	/* "holds none" would not be known */
		say(w, e->fts_path, strerror(e->fts_errno));
		return 0;
	case FTS_DP:
		if (named && !w->files)
			say(w, e->fts_path, "holds no .ccm file");
		return 0;
	case FTS_D:
	case FTS_DC:
		return 0;
	default:
		if (named)
			say(w, e->fts_path, "is not a file");
		return 0;
	}
}

static int
walk_one(struct walk *w, char *path, struct error *err)
{
	char *paths[] = { path, NULL };
	FTS *fts = fts_open(paths, FTS_PHYSICAL | FTS_COMFOLLOW | FTS_NOCHDIR,
		by_name);
	FTSENT *e;
	int rc = 0;

	if (!fts)
		return error_sys(err, errno, "read directories");
	w->files = 0;
	while (rc == 0 && !caught && (e = fts_read(fts)))
		rc = visit(w, e, err);
	fts_close(fts);
	return rc;
}

int
convert_walk(struct convert *c, bool quietly, convert_found found, void *arg,
	struct error *err)
{
	struct walk w = { c, quietly, found, arg, 0 };
	int rc = 0;

	for (int i = 0; rc == 0 && !caught && i < c->options.path_count; i++) {
		char *path = c->options.paths[i];

		if (strcmp(path, "-") == 0)
			rc = found(c, path, 0, arg, err);
		else
			rc = walk_one(&w, path, err);
	}
	return rc;
}

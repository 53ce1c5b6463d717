/* SPDX-License-Identifier: ISC */
/* settings: which file, the rules over more than one value; see settings.h. */
#include "settings/settings.h"
#include "settings/settings_table.h"
#include "base/text.h"
#include "base/trust.h"
#include "base/xalloc.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The default of every row, read as a file would be. */
static void
read_defaults(struct settings *s)
{
	struct error err = ERROR_INIT;
	const struct settings_row *row;
	struct str text = STR_INIT;
	const char *dot;
	bool program_set;
	int rc = 0;

	for (size_t i = 0; i < settings_rows_count && rc == 0; i++) {
		row = &settings_rows[i];
		dot = strchr(row->name, '.');
		str_clear(&text);
		if (dot)
			str_addf(&text, "%.*s: { %s = %s; };",
				(int)(dot - row->name), row->name, dot + 1,
				row->def);
		else
			str_addf(&text, "%s = %s;", row->name, row->def);
		rc = settings_read(s, text.data, "defaults", &program_set,
			&err);
	}
	str_release(&text);
	assert(rc == 0);
}

void
settings_init(struct settings *s)
{
	*s = (struct settings)SETTINGS_INIT;
	memset(s->result_class, SETTINGS_CLASS_DEFAULT,
		sizeof s->result_class);
	read_defaults(s);
}

/* Makes the default's /D argument point beside the store. */
static void
program_follows_store(struct settings *s)
{
	char **word = s->import_program;

	while (*word && strncmp(*word, "/D", 2) != 0)
		word++;
	assert(*word);
	free(*word);
	*word = xasprintf("/D%s-po", s->store);
}

/* Absolute, and no slash at the end. 0 or -1. */
static int
tidy_store(struct settings *s, struct error *err)
{
	char *cwd, *whole;
	size_t len;

	assert(s->store);	/* the defaults have one */
	if (*s->store != '/') {
		cwd = getcwd(NULL, 0);
		if (!cwd)
			return error_sys(err, errno, "find the current "
				"directory, from which the store is named");
		whole = xasprintf("%s/%s", cwd, s->store);
		free(cwd);
		free(s->store);
		s->store = whole;
	}
	len = strlen(s->store);
	while (len > 1 && s->store[len - 1] == '/')
		s->store[--len] = '\0';
	return 0;
}

static int
use_store(struct settings *s, const char *store, struct error *err)
{
	if (store && (!*store || strlen(store) > 3840))
		return error_set(err, ERROR_INVALID,
			"the store's name must have from 1 to 3840 bytes");
	if (store) {
		free(s->store);
		s->store = xstrdup(store);
	}
	return tidy_store(s, err);
}

static bool
starts_with(const char *s, const char *start)
{
	return strncmp(s, start, strlen(start)) == 0;
}

/* True if the text has a placeholder other than the one allowed. */
static bool
has_other_placeholder(const char *text, char allowed)
{
	for (; *text; text++)
		if (*text == '%' && text[1] && text[1] != allowed &&
		    strchr("fndu", text[1]))
			return true;
	return false;
}

static bool
names_file(char *const *arguments)
{
	for (; *arguments; arguments++)
		if (strstr(*arguments, "%f"))
			return true;
	return false;
}

static bool
has_argument(char *const *arguments, const char *word)
{
	for (; *arguments; arguments++)
		if (strcmp(*arguments, word) == 0)
			return true;
	return false;
}

/* The same directory, or one below it, by name. */
static bool
is_within(const char *path, const char *dir)
{
	size_t len = strlen(dir);

	return starts_with(path, dir) && (!path[len] || path[len] == '/');
}

static bool
keys_clash(const struct settings *s)
{
	for (size_t i = 0; i < s->commands.count; i++)
		for (size_t k = 0; k < s->console_keys_count; k++)
			if (text_equal_nocase(s->commands.of[i].key,
			    s->console_keys[k].key))
				return true;
	return false;
}

/* The rules over more than one setting. The words, or NULL if all hold. */
static const char *
broken_rule(const struct settings *s, bool program_set)
{
	assert(s->store && s->und_path);
	if (s->backoff_cap_ms < s->backoff_first_ms)
		return "backoff.cap is less than backoff.first";
	if (s->breaker_probe_cap_ms < s->breaker_probe_ms)
		return "breaker.probe_cap is less than breaker.probe";
	if (!starts_with(s->und_path, "/") && !starts_with(s->und_path, "%d/"))
		return "und.path begins neither with / nor with %d/";
	if (has_other_placeholder(s->und_path, 'd'))
		return "und.path has a placeholder other than %d";
	if (names_file(s->import_program) && has_argument(s->import_program,
	    "--worker"))
		return "import.program has an argument with %f, which means a "
			"program a message, and --worker, which means one "
			"for all: take one away";
	if (s->control_every_ms && !*s->control_to)
		return "control.every wants control.to: a user of the post "
			"office that discards what it gets";
	if (keys_clash(s))
		return "a key stands in commands and in console.keys";
	if (!*s->foreign_submit != !*s->foreign_import)
		return "foreign.submit and foreign.import are set together, "
			"or not at all";
	if (is_within(s->foreign_submit, s->store) ||
	    is_within(s->foreign_import, s->store))
		return "foreign.submit or foreign.import lies in the store: "
			"watched is what is not ours";
	if (*s->foreign_submit && (is_within(s->foreign_submit,
	    s->foreign_import) || is_within(s->foreign_import,
	    s->foreign_submit)))
		return "foreign.submit and foreign.import must lie apart";
	if (s->import_lanes > 1 && !starts_with(s->und_path, "%d/"))
		return "und.path must begin with %d/ when import.lanes is "
			"more than 1: lanes do not share an .und file";
	if (!program_set && has_other_placeholder(s->store, '\0'))
		return "the store's path holds what looks like a placeholder "
			"(%f %n %d %u): set import.program";
	return NULL;
}

/* Everything that follows once the file's values are in. 0 or -1. */
static int
finish(struct settings *s, bool program_set, struct error *err)
{
	const char *broken = broken_rule(s, program_set);
	char shown[256];

	if (broken && s->file)
		return error_set(err, ERROR_STORE, "%s: %s",
			text_printable(shown, sizeof shown, s->file,
				strlen(s->file)), broken);
	if (broken)
		return error_set(err, ERROR_STORE, "settings: %s", broken);
	if (!program_set)
		program_follows_store(s);
	return 0;
}

/* Reads file into *text if it is there. 1, 0, -1; *file_out owned. */
static int
try_file(char *file, struct str *text, char **file_out, struct error *err)
{
	int got = settings_read_text(file, text, err);

	if (got < 0 && err->sys == ENOTDIR)
		got = 0;
	if (got == 1)
		*file_out = file;
	else
		free(file);
	return got;
}

/* The file that the caller or the environment names: it must exist. */
static int
must_read(const char *file, const char *who, struct str *text,
	char **file_out, struct error *err)
{
	char shown[256];
	int got = try_file(xstrdup(file), text, file_out, err);

	if (got == 0)
		return error_set(err, ERROR_STORE, "settings file %s (%s) is "
			"not there", text_printable(shown, sizeof shown, file,
				strlen(file)), who);
	return got;
}

/* Finds and reads the settings file. 1, 0 if there is none, -1. */
static int
find_file(const char *file, struct str *text, char **file_out,
	struct error *err)
{
	const char *env = getenv("CCMQ_CONFIG");
	const char *xdg = getenv("XDG_CONFIG_HOME");
	const char *home = getenv("HOME");
	int got = 0;

	if (file)
		return must_read(file, "-c", text, file_out, err);
	if (env && *env)
		return must_read(env, "$CCMQ_CONFIG", text, file_out, err);
	/* The specification has relative ones ignored. */
	if (xdg && *xdg == '/')
		got = try_file(xasprintf("%s/ccmq/ccmq.conf", xdg), text,
			file_out, err);
	else if (home && *home == '/')
		got = try_file(xasprintf("%s/.config/ccmq/ccmq.conf", home),
			text, file_out, err);
	if (got < 0 && err->sys == EACCES)
		error_set(err, ERROR_STORE, "%s (looked for there because of "
			"$XDG_CONFIG_HOME or $HOME): name the settings with "
			"-c", err->text);
	if (got == 0)
		got = try_file(xstrdup(SYSCONFDIR "/ccmq/ccmq.conf"), text,
			file_out, err);
	return got;
}

int
settings_load(struct settings *s, const char *file, const char *store,
	struct error *err)
{
	struct settings loaded;
	struct str text = STR_INIT;
	bool program_set = false;
	int rc;

	settings_init(&loaded);
	rc = find_file(file, &text, &loaded.file, err);
	if (rc == 1) {
		rc = settings_scan(text.data, loaded.file, err);
		if (rc == 0)
			rc = settings_read(&loaded, text.data, loaded.file,
				&program_set, err);
	}
	if (rc == 0)
		rc = use_store(&loaded, store, err);
	if (rc == 0)
		rc = finish(&loaded, program_set, err);
	if (rc == 0)
		*s = loaded;
	else
		settings_release(&loaded);
	str_release(&text);
	return rc;
}

const char *
settings_advice(const struct settings *s, const char *verdict)
{
	const char *word;

	for (size_t i = 0; (word = settings_advice_word(i)); i++)
		if (strcmp(word, verdict) == 0)
			return s->advice[i];
	return NULL;
}

static int
trust_file(const struct settings *s, struct error *err)
{
	return s->file && trust_path(s->file, err) < 0 ?
		error_prefix(err, "settings") : 0;
}

int
settings_trusted(const struct settings *s, struct error *err)
{
	if (trust_file(s, err) < 0)
		return -1;
	if (trust_program(s->import_program[0], err) < 0)
		return error_prefix(err, "import.program");
	return 0;
}

int
settings_trusted_program(const struct settings *s,
	const struct settings_program *p, struct error *err)
{
	if (trust_file(s, err) < 0)
		return -1;
	if (trust_program(p->run[0], err) < 0)
		return error_prefix(err, p->key ? "commands" : "hooks");
	return 0;
}

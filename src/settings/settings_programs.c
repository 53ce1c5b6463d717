/* SPDX-License-Identifier: ISC */
/* settings_programs: the site's programs, hooks and commands, out of libconfig's
 * tree; see settings_reader.h. */
#include "settings/settings_reader.h"
#include "base/clock.h"
#include "base/text.h"
#include "base/xalloc.h"

#include <stdlib.h>
#include <string.h>

#define WORDS_MAX 64
#define TEXT_MAX_BYTES 64

/* What a member of such a group is. */
enum member {
	RUN, ON, WHERE, KEY, NAME, AT_MOST, LIMIT, WRITES, MEMBERS,
};
static const struct {
	const char *word;
	bool hook, command, needed;
} members[] = {
	[RUN] = { "run", true, true, true },
	[ON] = { "on", true, false, true },
	[WHERE] = { "where", false, true, true },
	[KEY] = { "key", false, true, true },
	[NAME] = { "name", false, true, true },
	[AT_MOST] = { "at_most", true, false, false },
	[LIMIT] = { "limit", true, false, false },
	[WRITES] = { "writes", false, true, false },
};

static bool
belongs(int m, const struct settings_row *row)
{
	return row->type == SETTINGS_HOOKS ? members[m].hook :
		members[m].command;
}

static void
free_words(char **words)
{
	for (size_t i = 0; words && words[i]; i++)
		free(words[i]);
	free(words);
}

static int
read_words(struct reader *r, const config_setting_t *at,
	const struct settings_row *row, char ***out)
{
	int n = config_setting_length(at);

	if (at->type != CONFIG_TYPE_LIST && at->type != CONFIG_TYPE_ARRAY)
		return reader_wrong_type(r, at, row->name, "a list of strings");
	if (n < 1 || n > WORDS_MAX)
		return reader_fault(r, at, row->name, "\"%s\" has %d members; "
			"1 to %d are possible", at->name, n, WORDS_MAX);
	free_words(*out);
	*out = xcalloc((size_t)n + 1, sizeof **out);
	for (int i = 0; i < n; i++) {
		const config_setting_t *word = config_setting_get_elem(at,
			(unsigned)i);

		if (word->type != CONFIG_TYPE_STRING)
			return reader_wrong_type(r, word, row->name, "strings");
		(*out)[i] = xstrdup(word->value.sval);
	}
	if (!*(*out)[0])
		return reader_fault(r, at, row->name, "\"%s\" begins with "
			"nothing", at->name);
	return 0;
}

static int
check_verdicts(struct reader *r, const config_setting_t *at,
	const struct settings_row *row, char **words)
{
	for (; *words; words++) {
		struct text_guess g = { .typed = *words };
		char shown[64];
		const char *word;
		size_t i = 0;

		while ((word = settings_advice_word(i)) &&
		    strcmp(word, *words) != 0) {
			text_guess_try(&g, word);
			i++;
		}
		if (!word)
			return reader_fault(r, at, row->name, "there is no "
				"verdict \"%s\"%s%s%s", text_printable(shown,
					sizeof shown, *words, strlen(*words)),
				g.best ? "; did you mean \"" : ": see ccmq(1)",
				g.best ? g.best : "", g.best ? "\"?" : "");
	}
	return 0;
}

/* "1/10m" */
static int
read_rate(const char *text, struct settings_program *p, struct error *err)
{
	const char *slash = strchr(text, '/');
	char *count = slash ? xstrndup(text, (size_t)(slash - text)) : NULL;
	int rc = !slash ? error_set(err, ERROR_INVALID, "wants so many in a "
		"time, such as \"1/10m\"") :
		text_parse_int(count, 1, SETTINGS_AT_MOST, &p->at_most,
			err) < 0 ? -1 :
		text_parse_duration(slash + 1, &p->per_ms, err);

	free(count);
	return rc;
}

static int
read_limit(const char *text, int64_t *ms, struct error *err)
{
	if (text_parse_duration(text, ms, err) < 0)
		return -1;
	return *ms >= CLOCK_SECOND && *ms <= CLOCK_HOUR ? 0 : error_set(err,
		ERROR_INVALID, "is out of range (from 1s to 1h)");
}

/* "message cause" */
static int
read_where(const char *text, struct settings_program *p, struct error *err)
{
	size_t len;

	p->on_message = p->on_cause = false;
	for (; *text; text += len + (text[len] == ' ')) {
		len = strcspn(text, " ");
		if (len == 7 && memcmp(text, "message", 7) == 0)
			p->on_message = true;
		else if (len == 5 && memcmp(text, "cause", 5) == 0)
			p->on_cause = true;
		else
			return error_set(err, ERROR_INVALID, "\"where\" is "
				"message, cause or both");
	}
	return 0;
}

/* F1 to F5 are the console's own. */
static int
read_key(const char *text, char **out, struct error *err)
{
	static const char *const keys[] = { "F6", "F7", "F8", "F9", "F10",
		"F11", "F12" };

	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		if (text_equal_nocase(text, keys[i])) {
			xstrset(out, keys[i]);
			return 0;
		}
	return error_set(err, ERROR_INVALID, "\"key\" is F6 to F12");
}

/* What is typed after `:`, and nothing else that means something there. */
static int
read_name(const char *text, char **out, struct error *err)
{
	const char *c = text;

	while (*c >= ' ' && *c <= '~')
		c++;
	if (*c || !((*text >= 'a' && *text <= 'z') ||
	    (*text >= 'A' && *text <= 'Z')) || strncmp(text, "at ", 3) == 0)
		return error_set(err, ERROR_INVALID, "\"name\" is printable "
			"ASCII and begins with a letter, not with \"at \"");
	if (settings_console && settings_console->command(text, err) < 0)
		return -1;
	xstrset(out, text);
	return 0;
}

/* A member that is a string. */
static int
read_string(struct reader *r, const config_setting_t *at,
	const struct settings_row *row, enum member m,
	struct settings_program *p)
{
	const char *text = at->value.sval;
	struct error why;
	int rc;

	if (at->type != CONFIG_TYPE_STRING)
		return reader_wrong_type(r, at, row->name, "a string");
	if (!*text || strlen(text) > TEXT_MAX_BYTES)
		return reader_fault(r, at, row->name, "\"%s\" must have from "
			"1 to %d bytes", members[m].word, TEXT_MAX_BYTES);
	rc = m == AT_MOST ? read_rate(text, p, &why) :
		m == LIMIT ? read_limit(text, &p->limit_ms, &why) :
		m == KEY ? read_key(text, &p->key, &why) :
		m == NAME ? read_name(text, &p->name, &why) :
		read_where(text, p, &why);
	return rc < 0 ? reader_fault(r, at, row->name, "%s", why.text) : 0;
}

static int
read_member(struct reader *r, const config_setting_t *at,
	const struct settings_row *row, enum member m,
	struct settings_program *p)
{
	if (m == WRITES && at->type != CONFIG_TYPE_BOOL)
		return reader_wrong_type(r, at, row->name, "true or false");
	if (m == WRITES) {
		p->writes = at->value.ival != 0;
		return 0;
	}
	if (m == RUN)
		return read_words(r, at, row, &p->run);
	if (m == ON)
		return read_words(r, at, row, &p->on) < 0 ? -1 :
			check_verdicts(r, at, row, p->on);
	return read_string(r, at, row, m, p);
}

static int
read_one(struct reader *r, const config_setting_t *group,
	const struct settings_row *row, struct settings_program *p)
{
	unsigned seen = 0;

	if (group->type != CONFIG_TYPE_GROUP)
		return reader_wrong_type(r, group, row->name, row->unit);
	for (int i = 0; i < config_setting_length(group); i++) {
		const config_setting_t *at = config_setting_get_elem(group,
			(unsigned)i);
		int m = 0;

		while (m < MEMBERS && (strcmp(members[m].word, at->name) != 0 ||
		    !belongs(m, row)))
			m++;
		if (m == MEMBERS)
			return reader_fault(r, at, row->name, "unknown member "
				"\"%.40s\"; they are %s", at->name, row->unit);
		if (read_member(r, at, row, (enum member)m, p) < 0)
			return -1;
		seen |= 1U << m;
	}
	for (int m = 0; m < MEMBERS; m++)
		if (members[m].needed && belongs(m, row) && !(seen & 1U << m))
			return reader_fault(r, group, row->name, "a member has "
				"no \"%s\"", members[m].word);
	return 0;
}

/* A command's path is whole, and nobody else has its key or its name. 0 or
 * -1. */
static int
check_command(struct reader *r, const config_setting_t *at,
	const struct settings_row *row, const struct settings_programs *all)
{
	const struct settings_program *p = &all->of[all->count - 1];

	if (row->type != SETTINGS_COMMANDS)
		return 0;
	if (*p->run[0] != '/')
		return reader_fault(r, at, row->name, "\"run\" begins with an "
			"absolute path");
	for (const struct settings_program *q = all->of; q < p; q++)
		if (strcmp(q->key, p->key) == 0 ||
		    text_equal_nocase(q->name, p->name))
			return reader_fault(r, at, row->name, "%s stands there "
				"twice", strcmp(q->key, p->key) == 0 ? p->key :
				p->name);
	return 0;
}

int
reader_programs(struct reader *r, const config_setting_t *at,
	const struct settings_row *row)
{
	struct settings_programs *all = settings_field(r->s, row);
	int n = reader_list(r, at, row);

	if (n < 0)
		return -1;
	settings_programs_release(all);
	all->of = xcalloc((size_t)n + 1, sizeof *all->of);
	for (int i = 0; i < n; i++) {
		struct settings_program *p = &all->of[all->count++];

		p->at_most = 1;
		p->per_ms = 10 * CLOCK_MINUTE;
		p->limit_ms = CLOCK_MINUTE;
		if (read_one(r, config_setting_get_elem(at, (unsigned)i), row,
		    p) < 0 || check_command(r, config_setting_get_elem(at,
		    (unsigned)i), row, all) < 0)
			return -1;
	}
	return 0;
}

void
settings_programs_release(struct settings_programs *all)
{
	for (size_t i = 0; i < all->count; i++) {
		free_words(all->of[i].run);
		free_words(all->of[i].on);
		free(all->of[i].key);
		free(all->of[i].name);
	}
	free(all->of);
	*all = (struct settings_programs){ NULL, 0 };
}

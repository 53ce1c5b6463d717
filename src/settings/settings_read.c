/* SPDX-License-Identifier: ISC */
/*
 * settings_read: libconfig's tree into a struct settings, walked from the
 * top so that nothing in it passes unseen; see settings_table.h.
 */
#include "settings/settings_reader.h"
#include "base/text.h"
#include "base/xalloc.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SHOWN_MAX 128

static int
check_range(struct reader *r, const config_setting_t *at,
	const struct settings_row *row, int64_t n)
{
	struct str words = STR_INIT;
	int rc = 0;

	if (n < row->least || n > row->most) {
		settings_add_value(&words, row->type, n);
		str_add(&words, " is out of range");
		settings_add_range(&words, row);
		rc = reader_fault(r, at, row->name, "%s", words.data);
	}
	str_release(&words);
	return rc;
}

static int
read_int(struct reader *r, const config_setting_t *at,
	const struct settings_row *row)
{
	if (at->type != CONFIG_TYPE_INT)
		return reader_wrong_type(r, at, row->name, "a number");
	if (check_range(r, at, row, at->value.ival) < 0)
		return -1;
	*(int64_t *)settings_field(r->s, row) = at->value.ival;
	return 0;
}

static int
read_quantity(struct reader *r, const config_setting_t *at,
	const struct settings_row *row)
{
	bool size = row->type == SETTINGS_SIZE;
	struct error why;
	int64_t n;

	if (at->type != CONFIG_TYPE_STRING)
		return reader_wrong_type(r, at, row->name, size ?
			"a size in quotes such as \"64M\"" :
			"a duration in quotes such as \"30s\"");
	if ((size ? text_parse_size : text_parse_duration)(at->value.sval, &n,
	    &why) < 0)
		return reader_fault(r, at, row->name, "%s", why.text);
	if (check_range(r, at, row, n) < 0)
		return -1;
	*(int64_t *)settings_field(r->s, row) = n;
	return 0;
}

static int
read_bool(struct reader *r, const config_setting_t *at,
	const struct settings_row *row)
{
	if (at->type != CONFIG_TYPE_BOOL)
		return reader_wrong_type(r, at, row->name, "true or false");
	*(bool *)settings_field(r->s, row) = at->value.ival != 0;
	return 0;
}

static int
read_text(struct reader *r, const config_setting_t *at,
	const struct settings_row *row)
{
	char **field = settings_field(r->s, row);
	struct error why;
	size_t len;

	if (at->type != CONFIG_TYPE_STRING)
		return reader_wrong_type(r, at, row->name, "a string");
	len = strlen(at->value.sval);
	if (len < (size_t)row->least)
		return reader_fault(r, at, row->name, "must not be empty");
	if (len > (size_t)row->most)
		return reader_fault(r, at, row->name, "is longer than %" PRId64
			" bytes", row->most);
	if (row->check && row->check(at->value.sval, &why) < 0)
		return reader_fault(r, at, row->name, "%s", why.text);
	free(*field);
	*field = xstrdup(at->value.sval);
	return 0;
}

static int
read_word(struct reader *r, const config_setting_t *at,
	const struct settings_row *row)
{
	if (at->type != CONFIG_TYPE_STRING)
		return reader_wrong_type(r, at, row->name, "a string");
	for (unsigned i = 0; row->words[i]; i++) {
		if (!*row->words[i] ||
		    !text_equal_nocase(at->value.sval, row->words[i]))
			continue;
		*(unsigned *)settings_field(r->s, row) = i;
		return 0;
	}
	return reader_fault(r, at, row->name, "must be %s", row->unit);
}

static void
free_program(struct settings *s)
{
	for (size_t i = 0; i < s->import_program_count; i++)
		free(s->import_program[i]);
	free(s->import_program);
	s->import_program = NULL;
	s->import_program_count = 0;
}

static int
read_program(struct reader *r, const config_setting_t *at,
	const struct settings_row *row)
{
	const config_setting_t *word;
	int n = reader_list(r, at, row);

	for (int i = 0; i < n; i++) {
		word = config_setting_get_elem(at, (unsigned)i);
		if (word->type != CONFIG_TYPE_STRING)
			return reader_wrong_type(r, word, row->name, "strings");
	}
	if (n < 0)
		return -1;
	if (!*config_setting_get_string_elem(at, 0))
		return reader_fault(r, at, row->name, "names no program");
	free_program(r->s);
	r->s->import_program = xcalloc((size_t)n + 1, sizeof(char *));
	for (int i = 0; i < n; i++)
		r->s->import_program[i] =
			xstrdup(config_setting_get_string_elem(at, i));
	r->s->import_program_count = (size_t)n;
	r->program_set = true;
	return 0;
}

/* The two members that a group in a list must have, and no others. */
static int
read_pair(struct reader *r, const config_setting_t *group,
	const struct settings_row *row, const char *const names[2],
	const config_setting_t *members[2])
{
	const config_setting_t *member;

	if (group->type != CONFIG_TYPE_GROUP)
		return reader_wrong_type(r, group, row->name, row->unit);
	members[0] = members[1] = NULL;
	for (int i = 0; i < config_setting_length(group); i++) {
		member = config_setting_get_elem(group, (unsigned)i);
		if (strcmp(member->name, names[0]) == 0)
			members[0] = member;
		else if (strcmp(member->name, names[1]) == 0)
			members[1] = member;
		else
			return reader_fault(r, member, row->name, "unknown member "
				"\"%.40s\"; there are %s and %s", member->name,
				names[0], names[1]);
	}
	if (!members[0] || !members[1])
		return reader_fault(r, group, row->name, "a member has no \"%s\"",
			names[members[0] != NULL]);
	return 0;
}

static int
read_code(struct reader *r, const config_setting_t *group,
	const struct settings_row *row)
{
	static const char *const names[] = { "code", "class" };
	const config_setting_t *m[2];
	enum outcome_class class;
	char shown[SHOWN_MAX];

	if (read_pair(r, group, row, names, m) < 0)
		return -1;
	if (m[0]->type != CONFIG_TYPE_INT)
		return reader_wrong_type(r, m[0], row->name, "a number as code");
	if (m[0]->value.ival < 0 || m[0]->value.ival > 255)
		return reader_fault(r, m[0], row->name,
			"code %d is out of range (from 0 to 255)",
			m[0]->value.ival);
	if (m[1]->type != CONFIG_TYPE_STRING)
		return reader_wrong_type(r, m[1], row->name, "a string as class");
	if (!class_parse(m[1]->value.sval, &class) ||
	    class == CLASS_INTERRUPTED)
		return reader_fault(r, m[1], row->name, "\"%s\" is no class; there "
			"are imported, rejected, undeliverable, crashed and "
			"unavailable", text_printable(shown, sizeof shown,
				m[1]->value.sval, strlen(m[1]->value.sval)));
	if (r->s->result_class[m[0]->value.ival] != SETTINGS_CLASS_DEFAULT)
		return reader_fault(r, m[0], row->name, "code %d stands there twice",
			m[0]->value.ival);
	r->s->result_class[m[0]->value.ival] = (int8_t)class;
	return 0;
}

static int
read_codes(struct reader *r, const config_setting_t *at,
	const struct settings_row *row)
{
	int n = reader_list(r, at, row);

	memset(r->s->result_class, SETTINGS_CLASS_DEFAULT,
		sizeof r->s->result_class);
	for (int i = 0; i < n; i++)
		if (read_code(r, config_setting_get_elem(at, (unsigned)i),
		    row) < 0)
			return -1;
	return n < 0 ? -1 : 0;
}

static void
free_keys(struct settings *s)
{
	for (size_t i = 0; i < s->console_keys_count; i++) {
		free(s->console_keys[i].key);
		free(s->console_keys[i].action);
	}
	free(s->console_keys);
	s->console_keys = NULL;
	s->console_keys_count = 0;
}

static int
read_key(struct reader *r, const config_setting_t *group,
	const struct settings_row *row)
{
	static const char *const names[] = { "key", "action" };
	const config_setting_t *m[2];
	struct settings_key *key;
	struct error why;

	if (read_pair(r, group, row, names, m) < 0)
		return -1;
	for (int i = 0; i < 2; i++) {
		if (m[i]->type != CONFIG_TYPE_STRING)
			return reader_wrong_type(r, m[i], row->name, "strings");
		if (!*m[i]->value.sval || strlen(m[i]->value.sval) > 64)
			return reader_fault(r, m[i], row->name, "\"%s\" must have "
				"from 1 to 64 bytes", names[i]);
	}
	if (settings_console && settings_console->key(m[0]->value.sval,
	    m[1]->value.sval, &why) < 0)
		return reader_fault(r, m[0], row->name, "%s", why.text);
	key = &r->s->console_keys[r->s->console_keys_count++];
	key->key = xstrdup(m[0]->value.sval);
	key->action = xstrdup(m[1]->value.sval);
	return 0;
}

static int
read_keys(struct reader *r, const config_setting_t *at,
	const struct settings_row *row)
{
	int n = reader_list(r, at, row);

	if (n < 0)
		return -1;
	free_keys(r->s);
	r->s->console_keys = xcalloc((size_t)n + 1,
		sizeof *r->s->console_keys);
	for (int i = 0; i < n; i++)
		if (read_key(r, config_setting_get_elem(at, (unsigned)i),
		    row) < 0)
			return -1;
	return 0;
}

static void
free_hosts(struct settings *s)
{
	for (size_t i = 0; i < s->hosts_count; i++) {
		free(s->hosts[i].name);
		free(s->hosts[i].ssh);
		free(s->hosts[i].color);
	}
	free(s->hosts);
	s->hosts = NULL;
	s->hosts_count = 0;
}

static int
read_host_member(struct reader *r, const config_setting_t *at,
	const struct settings_row *row, struct settings_host *h)
{
	bool name = strcmp(at->name, "name") == 0;
	bool color = strcmp(at->name, "color") == 0;
	struct error why;

	if (!name && !color && strcmp(at->name, "ssh") != 0)
		return reader_fault(r, at, row->name, "unknown member \"%.40s\"; "
			"there are name, ssh and color", at->name);
	if (at->type != CONFIG_TYPE_STRING)
		return reader_wrong_type(r, at, row->name, "strings");
	if ((color ? settings_check_color : settings_check_host)(
	    at->value.sval, &why) < 0)
		return reader_fault(r, at, row->name, "\"%.10s\": %s", at->name,
			why.text);
	xstrset(name ? &h->name : color ? &h->color : &h->ssh,
		at->value.sval);
	return 0;
}

static int
read_host(struct reader *r, const config_setting_t *group,
	const struct settings_row *row)
{
	struct settings_host *h = &r->s->hosts[r->s->hosts_count++];

	if (group->type != CONFIG_TYPE_GROUP)
		return reader_wrong_type(r, group, row->name, row->unit);
	for (int i = 0; i < config_setting_length(group); i++)
		if (read_host_member(r, config_setting_get_elem(group,
		    (unsigned)i), row, h) < 0)
			return -1;
	if (!h->name || !*h->name)
		return reader_fault(r, group, row->name, "a host has no \"name\"");
	for (size_t i = 0; i + 1 < r->s->hosts_count; i++)
		if (strcmp(r->s->hosts[i].name, h->name) == 0)
			return reader_fault(r, group, row->name, "%s stands there "
				"twice", h->name);
	if (!h->ssh)
		h->ssh = xstrdup(h->name);
	if (!h->color)
		h->color = xstrdup("");
	return 0;
}

static int
read_hosts(struct reader *r, const config_setting_t *at,
	const struct settings_row *row)
{
	int n = reader_list(r, at, row);

	if (n < 0)
		return -1;
	free_hosts(r->s);
	r->s->hosts = xcalloc((size_t)n + 1, sizeof *r->s->hosts);
	for (int i = 0; i < n; i++)
		if (read_host(r, config_setting_get_elem(at, (unsigned)i),
		    row) < 0)
			return -1;
	return 0;
}

static void
free_advice(struct settings *s)
{
	for (size_t i = 0; i < SETTINGS_ADVICE_COUNT; i++) {
		free(s->advice[i]);
		s->advice[i] = NULL;
	}
}

static int
read_one_advice(struct reader *r, const config_setting_t *at,
	const struct settings_row *row)
{
	struct text_guess g = { .typed = at->name };
	const char *word;
	size_t i = 0;

	while ((word = settings_advice_word(i)) &&
	    strcmp(word, at->name) != 0) {
		text_guess_try(&g, word);
		i++;
	}
	if (!word)
		return reader_fault(r, at, row->name, "there is no verdict "
			"\"%.40s\"%s%s%s", at->name, g.best ?
			"; did you mean \"" : ": see ccmq(1)", g.best ? g.best :
			"", g.best ? "\"?" : "");
	if (at->type != CONFIG_TYPE_STRING)
		return reader_wrong_type(r, at, row->name, "a string");
	if (strlen(at->value.sval) > (size_t)row->most)
		return reader_fault(r, at, row->name, "is longer than %" PRId64
			" bytes", row->most);
	free(r->s->advice[i]);
	r->s->advice[i] = xstrdup(at->value.sval);
	return 0;
}

static int
read_advice(struct reader *r, const config_setting_t *at,
	const struct settings_row *row)
{
	if (at->type != CONFIG_TYPE_GROUP)
		return reader_wrong_type(r, at, row->name, "a group { }");
	free_advice(r->s);
	for (int i = 0; i < config_setting_length(at); i++)
		if (read_one_advice(r, config_setting_get_elem(at,
		    (unsigned)i), row) < 0)
			return -1;
	return 0;
}

static int
read_value(struct reader *r, const config_setting_t *at,
	const struct settings_row *row)
{
	static int (*const readers[])(struct reader *,
		const config_setting_t *, const struct settings_row *) = {
		[SETTINGS_TEXT] = read_text,
		[SETTINGS_INT] = read_int,
		[SETTINGS_SIZE] = read_quantity,
		[SETTINGS_DURATION] = read_quantity,
		[SETTINGS_BOOL] = read_bool,
		[SETTINGS_WORD] = read_word,
		[SETTINGS_PROGRAM] = read_program,
		[SETTINGS_CODES] = read_codes,
		[SETTINGS_KEYS] = read_keys,
		[SETTINGS_HOSTS] = read_hosts,
		[SETTINGS_ADVICE] = read_advice,
		[SETTINGS_HOOKS] = reader_programs,
		[SETTINGS_COMMANDS] = reader_programs,
	};

	return readers[row->type](r, at, row);
}

static int
unknown(struct reader *r, const config_setting_t *at, const char *full)
{
	const char *near = settings_row_nearest(full);

	if (near)
		return reader_fault(r, at, NULL, "unknown setting \"%s\"; did you "
			"mean \"%s\"?", full, near);
	return reader_fault(r, at, NULL, "unknown setting \"%s\": ccmqd "
		"--print-sample shows those there are", full);
}

/* The members of one group, or of the whole file (group ""). */
static int
read_group(struct reader *r, const config_setting_t *group, const char *name)
{
	const struct settings_row *row;
	const config_setting_t *at;
	char full[SHOWN_MAX];
	bool top = !*name;
	int rc = 0;

	for (int i = 0; i < config_setting_length(group) && rc == 0; i++) {
		at = config_setting_get_elem(group, (unsigned)i);
		/* libconfig's names are printable. */
		snprintf(full, sizeof full, "%s%s%s", name, top ? "" : ".",
			at->name);
		row = settings_row_find(full);
		if (row)
			rc = read_value(r, at, row);
		else if (!top || !settings_group_exists(full))
			rc = unknown(r, at, full);
		else if (at->type != CONFIG_TYPE_GROUP)
			rc = reader_wrong_type(r, at, full, "a group { }");
		else
			rc = read_group(r, at, full);
	}
	return rc;
}

static int
parse_error(const config_t *config, const char *file, struct error *err)
{
	char shown[256];

	return error_set(err, ERROR_STORE, "%s:%d: %s",
		text_printable(shown, sizeof shown, file, strlen(file)),
		config_error_line(config), config_error_text(config));
}

int
settings_read(struct settings *s, const char *text, const char *file,
	bool *program_set_out, struct error *err)
{
	struct reader r = { s, file, false, err };
	config_t config;
	int rc;

	config_init(&config);
	if (!config_read_string(&config, text))
		rc = parse_error(&config, file, err);
	else
		rc = read_group(&r, config_root_setting(&config), "");
	config_destroy(&config);
	*program_set_out = r.program_set;
	return rc;
}

void
settings_release(struct settings *s)
{
	free(s->file);
	for (size_t i = 0; i < settings_rows_count; i++)
		if (settings_rows[i].type == SETTINGS_TEXT)
			free(*(char **)settings_field(s, &settings_rows[i]));
	free_program(s);
	free_keys(s);
	free_hosts(s);
	free_advice(s);
	settings_programs_release(&s->hooks);
	settings_programs_release(&s->commands);
	*s = (struct settings)SETTINGS_INIT;
}

/* SPDX-License-Identifier: ISC */
/* settings_print: the table as a file, as a sample and as manual. */
#include "settings/settings.h"
#include "settings/settings_table.h"
#include "base/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define COMMENT_WIDTH 72

/* A string in libconfig's own quoting. Bytes over 127 stay as they are. */
static void
add_quoted(struct str *out, const char *text)
{
	str_add_char(out, '"');
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		if (c == '"' || c == '\\')
			str_addf(out, "\\%c", c);
		else if (c < 0x20 || c == 0x7F)
			str_addf(out, "\\x%02x", c);
		else
			str_add_char(out, (char)c);
	}
	str_add_char(out, '"');
}

static void
add_words(struct str *out, char *const *words)
{
	str_add(out, "[ ");
	for (size_t i = 0; words[i]; i++) {
		if (i)
			str_add(out, ", ");
		add_quoted(out, words[i]);
	}
	str_add(out, " ]");
}

static void
add_hook(struct str *out, const struct settings_program *p)
{
	str_add(out, "on = ");
	add_words(out, p->on);
	str_addf(out, "; at_most = \"%" PRId64 "/", p->at_most);
	settings_add_value(out, SETTINGS_DURATION, p->per_ms);
	str_add(out, "\"; limit = \"");
	settings_add_value(out, SETTINGS_DURATION, p->limit_ms);
	str_add(out, "\"; run = ");
}

static void
add_command(struct str *out, const struct settings_program *p)
{
	str_add(out, "key = ");
	add_quoted(out, p->key);
	str_add(out, "; name = ");
	add_quoted(out, p->name);
	str_addf(out, "; where = \"%s%s%s\"; writes = %s; run = ",
		p->on_message ? "message" : "",
		p->on_message && p->on_cause ? " " : "",
		p->on_cause ? "cause" : "", p->writes ? "true" : "false");
}

static void
add_programs(struct str *out, const struct settings_programs *all)
{
	str_add(out, all->count ? "( " : "( )");
	for (size_t i = 0; i < all->count; i++) {
		str_add(out, i ? ", { " : "{ ");
		(all->of[i].on ? add_hook : add_command)(out, &all->of[i]);
		add_words(out, all->of[i].run);
		str_add(out, "; }");
	}
	if (all->count)
		str_add(out, " )");
}

static void
add_codes(struct str *out, const struct settings *s)
{
	const char *between = "( ";

	for (int code = 0; code < 256; code++) {
		if (s->result_class[code] == SETTINGS_CLASS_DEFAULT)
			continue;
		str_addf(out, "%s{ code = %d; class = \"%s\"; }", between, code,
			class_word((enum outcome_class)s->result_class[code]));
		between = ", ";
	}
	str_add(out, *between == '(' ? "( )" : " )");
}

static void
add_keys(struct str *out, const struct settings *s)
{
	if (!s->console_keys_count) {
		str_add(out, "( )");
		return;
	}
	for (size_t i = 0; i < s->console_keys_count; i++) {
		str_add(out, i ? ", { key = " : "( { key = ");
		add_quoted(out, s->console_keys[i].key);
		str_add(out, "; action = ");
		add_quoted(out, s->console_keys[i].action);
		str_add(out, "; }");
	}
	str_add(out, " )");
}

static void
add_hosts(struct str *out, const struct settings *s)
{
	str_add(out, "(");
	for (size_t i = 0; i < s->hosts_count; i++) {
		str_add(out, i ? ", { name = " : " { name = ");
		add_quoted(out, s->hosts[i].name);
		str_add(out, "; ssh = ");
		add_quoted(out, s->hosts[i].ssh);
		str_add(out, "; color = ");
		add_quoted(out, s->hosts[i].color);
		str_add(out, "; }");
	}
	str_add(out, " )");
}

static void
add_advice(struct str *out, const struct settings *s)
{
	str_add(out, "{ ");
	for (size_t i = 0; i < SETTINGS_ADVICE_COUNT; i++) {
		if (!s->advice[i])
			continue;
		str_addf(out, "%s = ", settings_advice_word(i));
		add_quoted(out, s->advice[i]);
		str_add(out, "; ");
	}
	str_add(out, "}");
}

static void
add_number(struct str *out, const struct settings_row *row, int64_t n)
{
	bool quoted = row->type != SETTINGS_INT;

	str_add(out, quoted ? "\"" : "");
	settings_add_value(out, row->type, n);
	str_add(out, quoted ? "\"" : "");
}

static void
add_field(struct str *out, const struct settings *s,
	const struct settings_row *row)
{
	const void *field = settings_field_const(s, row);

	switch (row->type) {
	case SETTINGS_TEXT:
		add_quoted(out, *(char *const *)field);
		break;
	case SETTINGS_INT:
	case SETTINGS_SIZE:
	case SETTINGS_DURATION:
		add_number(out, row, *(const int64_t *)field);
		break;
	case SETTINGS_BOOL:
		str_add(out, *(const bool *)field ? "true" : "false");
		break;
	case SETTINGS_WORD:
		add_quoted(out, row->words[*(const unsigned *)field]);
		break;
	case SETTINGS_PROGRAM:
		add_words(out, s->import_program);
		break;
	case SETTINGS_CODES:
		add_codes(out, s);
		break;
	case SETTINGS_KEYS:
		add_keys(out, s);
		break;
	case SETTINGS_HOSTS:
		add_hosts(out, s);
		break;
	case SETTINGS_ADVICE:
		add_advice(out, s);
		break;
	case SETTINGS_HOOKS:
	case SETTINGS_COMMANDS:
		add_programs(out, field);
		break;
	}
}

/* The length of the row's group name, 0 for a row of the top. */
static size_t
group_length(const struct settings_row *row)
{
	const char *dot = strchr(row->name, '.');

	return dot ? (size_t)(dot - row->name) : 0;
}

/* Opens and closes groups between the rows before and row (NULL: none). */
static void
add_group_change(struct str *out, const struct settings_row *before,
	const struct settings_row *row)
{
	size_t was = before ? group_length(before) : 0;
	size_t is = row ? group_length(row) : 0;

	if (was && is == was && memcmp(before->name, row->name, is) == 0)
		return;
	if (was)
		str_add(out, "};\n");
	if (is)
		str_addf(out, "%.*s: {\n", (int)is, row->name);
}

static const char *
member_name(const struct settings_row *row)
{
	size_t group = group_length(row);

	return row->name + (group ? group + 1 : 0);
}

static const char *
indent(const struct settings_row *row)
{
	return group_length(row) ? "\t" : "";
}

void
settings_print(const struct settings *s, struct str *out)
{
	const struct settings_row *row, *before = NULL;

	for (size_t i = 0; i < settings_rows_count; i++) {
		row = &settings_rows[i];
		add_group_change(out, before, row);
		str_addf(out, "%s%s = ", indent(row), member_name(row));
		add_field(out, s, row);
		str_add(out, ";\n");
		before = row;
	}
	add_group_change(out, before, NULL);
}

void
settings_print_set(const struct settings *s, struct str *out)
{
	struct settings defaults = SETTINGS_INIT;
	struct str is = STR_INIT, was = STR_INIT;
	const struct settings_row *row, *before = NULL;

	settings_init(&defaults);
	for (size_t i = 0; i < settings_rows_count; i++) {
		row = &settings_rows[i];
		str_clear(&is);
		str_clear(&was);
		add_field(&is, s, row);
		add_field(&was, &defaults, row);
		if (i > 0 && strcmp(is.data, was.data) == 0)
			continue;	/* the first is the store */
		add_group_change(out, before, row);
		str_addf(out, "%s%s = %s;\n", indent(row), member_name(row),
			is.data);
		before = row;
	}
	add_group_change(out, before, NULL);
	str_release(&is);
	str_release(&was);
	settings_release(&defaults);
}

/* The words as comment lines, broken at blanks. */
static void
add_comment(struct str *out, const struct settings_row *row)
{
	struct str words = STR_INIT;
	const char *p;
	size_t len, column = COMMENT_WIDTH;

	settings_add_sentence(&words, row);
	for (p = words.data; *p; p += len + (p[len] == ' ')) {
		len = strcspn(p, " ");
		if (column + len + 1 > COMMENT_WIDTH) {
			str_addf(out, "%s%s#", p == words.data ? "" : "\n",
				indent(row));
			column = 1;
		}
		str_addf(out, " %.*s", (int)len, p);
		column += len + 1;
	}
	str_add_char(out, '\n');
	str_release(&words);
}

void
settings_print_sample(struct str *out)
{
	const struct settings_row *row, *before = NULL;

	str_add(out, "# Settings of ccmq, with their defaults. Remove the # "
		"before a setting to change it.\n\n");
	for (size_t i = 0; i < settings_rows_count; i++) {
		row = &settings_rows[i];
		add_group_change(out, before, row);
		add_comment(out, row);
		str_addf(out, "%s#%s = %s;\n", indent(row), member_name(row),
			row->def);
		before = row;
	}
	add_group_change(out, before, NULL);
}

/* Text for roff: no line may begin with a dot, no backslash goes through,
 * and a quote in an argument is doubled. */
static void
add_roff(struct str *out, const char *text, bool argument)
{
	for (; *text; text++) {
		if (*text == '\\')
			str_add(out, "\\e");
		else if (*text == '"' && argument)
			str_add(out, "\"\"");
		else
			str_add_char(out, *text);
	}
}

void
settings_print_mdoc(struct str *out)
{
	struct str words = STR_INIT;
	const struct settings_row *row;

	str_add(out, ".Bl -tag -width Ds\n");
	for (size_t i = 0; i < settings_rows_count; i++) {
		row = &settings_rows[i];
		str_addf(out, ".It Ic %s Pq %s\n", row->name, row->unit);
		str_clear(&words);
		settings_add_sentence(&words, row);
		add_roff(out, words.data, false);
		str_add(out, "\nDefault:\n.Ql \"");
		add_roff(out, row->def, true);
		str_add(out, "\"\n");
	}
	str_add(out, ".El\n");
	str_release(&words);
}

/* SPDX-License-Identifier: ISC */
/* keymap: see keymap.h for the contract. */
#include "term/keymap.h"
#include "base/text.h"
#include "base/width.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

static const struct {
	const char *word, *keys;
	unsigned where, footer;
	const char *label, *brief, *help;
} actions[ACTION_COUNT] = {
#define X(name, word, keys, where, footer, label, brief, help) \
	[name] = { word, keys, where, footer, label, brief, help },
	ACTION_LIST(X)
#undef X
};

static bool
is_fixed(key_code key)
{
	return (key < 0x80 && key && strchr("[O<>]P_~\\", (int)key)) ||
		key == KEYS_ESC || key == KEY_CTRL('C') ||
		key == KEY_CTRL('G');
}

static void
add(struct keymap *map, key_code key, enum action action)
{
	assert(map->count < KEYMAP_BINDINGS_MAX);
	map->bindings[map->count++] = (struct keymap_binding){
		.key = key,
		.where = actions[action].where,
		.action = action,
	};
}

void
keymap_init(struct keymap *map)
{
	char keys[64], *save, *word;
	key_code key = 0;

	map->count = 0;
	for (int i = 0; i < ACTION_COUNT; i++) {
		snprintf(keys, sizeof keys, "%s", actions[i].keys);
		for (word = strtok_r(keys, " ", &save); word;
		     word = strtok_r(NULL, " ", &save)) {
			bool known = key_parse(word, &key);

			assert(known);
			add(map, key, (enum action)i);
		}
	}
}

/* Takes a key away in all these contexts. */
static void
unbind(struct keymap *map, key_code key, unsigned where)
{
	size_t kept = 0;

	for (size_t i = 0; i < map->count; i++) {
		struct keymap_binding *b = &map->bindings[i];

		if (b->key == key)
			b->where &= ~where;
		if (b->where)
			map->bindings[kept++] = *b;
	}
	map->count = kept;
}

/* A name in the list of special keys that is near, or NULL. */
static const char *
nearest_key(const char *name)
{
	static const char *const names[] = {
#define X(code, word) word,
		KEY_LIST(X)
#undef X
		"Space", "Ctrl-A",
	};
	struct text_guess g = { .typed = name };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		text_guess_try(&g, names[i]);
	return g.best;
}

enum action
keymap_parse(const char *word, struct error *err)
{
	struct text_guess g = { .typed = word };
	char shown[64];

	for (int i = 0; i < ACTION_COUNT; i++) {
		if (text_equal_nocase(word, actions[i].word))
			return (enum action)i;
		text_guess_try(&g, actions[i].word);
	}
	text_printable(shown, sizeof shown, word, strlen(word));
	if (g.best)
		error_set(err, ERROR_INVALID, "no action \"%s\"; did you mean "
			"\"%s\"?", shown, g.best);
	else
		error_set(err, ERROR_INVALID, "no action \"%s\": ? lists all",
			shown);
	return ACTION_NONE;
}

static int
no_key(const char *shown, const char *near, struct error *err)
{
	if (near)
		return error_set(err, ERROR_INVALID, "no key \"%s\"; did you "
			"mean \"%s\"?", shown, near);
	return error_set(err, ERROR_INVALID, "no key \"%s\": write x, Ctrl-X, "
		"F1, PgUp or Space, as ccmq-console(1) does", shown);
}

int
keymap_bind(struct keymap *map, const char *key_text, const char *action_text,
	struct error *err)
{
	enum action action = ACTION_NONE;
	char shown[64];
	key_code key;

	text_printable(shown, sizeof shown, key_text, strlen(key_text));
	if (!key_parse(key_text, &key))
		return no_key(shown, nearest_key(key_text), err);
	if (is_fixed(key))
		return error_set(err, ERROR_INVALID,
			"the key \"%s\" cannot be bound", shown);
	if (strcmp(action_text, "none") == 0) {
		unbind(map, key, KEYMAP_ALL);
		return 0;
	}
	action = keymap_parse(action_text, err);
	if (action == ACTION_NONE)
		return error_prefix(err, "key \"%s\"", shown);
	if (map->count == KEYMAP_BINDINGS_MAX)
		return error_set(err, ERROR_INVALID, "too many keys");
	unbind(map, key, actions[action].where);
	add(map, key, action);
	return 0;
}

enum action
keymap_find(const struct keymap *map, enum keymap_context context,
	key_code key)
{
	for (size_t i = 0; i < map->count; i++)
		if (map->bindings[i].key == key &&
		    map->bindings[i].where & context)
			return map->bindings[i].action;
	return ACTION_NONE;
}

bool
keymap_means(enum action action, unsigned contexts)
{
	return action != ACTION_NONE && (actions[action].where & contexts);
}

const char *
action_word(enum action action)
{
	return actions[action].word;
}

const char *
action_help(enum action action)
{
	return actions[action].help;
}

/* The name of the first key that does it there, or NULL. */
static const char *
first_key(const struct keymap *map, enum action action, unsigned where,
	char out[KEY_NAME_MAX])
{
	for (size_t i = 0; i < map->count; i++)
		if (map->bindings[i].action == action &&
		    map->bindings[i].where & where)
			return key_word(out, map->bindings[i].key);
	return NULL;
}

void
keymap_keys(const struct keymap *map, enum action action, struct str *out)
{
	char name[KEY_NAME_MAX], prefix[KEY_NAME_MAX];
	const char *first = actions[action].where == KEYMAP_CONNECTOR ?
		first_key(map, ACTION_CONNECTOR, KEYMAP_ALL, prefix) : "";
	size_t n = 0;

	for (size_t i = 0; i < map->count; i++)
		if (map->bindings[i].action == action)
			str_addf(out, "%s%s%s%s", n++ ? " " : "",
				first ? first : "", first && *first ? " " : "",
				key_word(name, map->bindings[i].key));
}

static const char *
label_of(enum action action, const struct keymap_label *labels, bool brief)
{
	for (; labels && labels->action != ACTION_NONE; labels++)
		if (labels->action == action)
			return labels->label;
	return brief ? actions[action].brief : actions[action].label;
}

/* How tight a footer is: blanks go first, then the long labels, then all
 * but the first `most` actions (help stays). */
struct tightness {
	const char *gap;
	bool brief;
	int most;
};

static size_t
build_footer(const struct keymap *map, enum keymap_context context,
	const struct keymap_label *labels, struct tightness how,
	struct keymap_part out[ACTION_COUNT], size_t *width_out)
{
	char name[KEY_NAME_MAX];
	size_t n = 0, width = 0;

	for (int i = 0; i < ACTION_COUNT; i++) {
		enum action action = (enum action)i;
		const char *key = first_key(map, action, context, name);

		if (!key || !(actions[i].footer & context) ||
		    !*label_of(action, labels, how.brief))
			continue;
		if (action != ACTION_HELP && how.most-- <= 0)
			continue;
		if (n)
			width += strlen(how.gap);
		out[n].action = action;
		out[n].column = (int)width;
		snprintf(out[n].text, sizeof out[n].text, "%s %.23s", key,
			label_of(action, labels, how.brief));
		width += width_text(out[n++].text);
	}
	*width_out = width;
	return n;
}

size_t
keymap_footer_parts(const struct keymap *map, enum keymap_context context,
	const struct keymap_label *labels, size_t columns,
	struct keymap_part out[ACTION_COUNT])
{
	struct tightness how = { "  ", false, ACTION_COUNT };
	size_t width, n = build_footer(map, context, labels, how, out, &width);

	while (width > columns && how.most > 0) {
		if (how.gap[1])
			how.gap++;
		else if (!how.brief)
			how = (struct tightness){ " ", true, ACTION_COUNT };
		else
			how.most--;
		n = build_footer(map, context, labels, how, out, &width);
	}
	return n;
}

void
keymap_help(const struct keymap *map, enum keymap_context context,
	struct str *out)
{
	struct str keys = STR_INIT;

	for (int i = 0; i < ACTION_COUNT; i++) {
		if (!(actions[i].where & (context | KEYMAP_CONNECTOR)))
			continue;
		str_clear(&keys);
		keymap_keys(map, (enum action)i, &keys);
		if (keys.len)
			str_addf(out, "%-15s %s\n", keys.data,
				actions[i].help);
	}
	str_release(&keys);
}

void
keymap_manual(struct str *out)
{
	struct str keys = STR_INIT;
	struct keymap map;

	keymap_init(&map);
	str_add(out, ".Bl -tag -width \"PgDn Ctrl-F\" -compact\n");
	for (int i = 0; i < ACTION_COUNT; i++) {
		str_clear(&keys);
		keymap_keys(&map, (enum action)i, &keys);
		/* A line that begins with a dot would be a macro. */
		str_addf(out, ".It Ic \"\\&%s\"\n%s%s\n.Pq Cm %s\n", keys.data,
			actions[i].help[0] == '.' ? "\\&" : "",
			actions[i].help, actions[i].word);
	}
	str_add(out, ".El\n");
	str_release(&keys);
}

/* SPDX-License-Identifier: ISC */
/*
 * postoffice: reading postoffice.conf.
 *
 * The tree is walked and every name in it looked up in a table; a lookup the
 * other way round would let misspelt names pass. libconfig 1.5 reports a wrong
 * type as absent, so the type of each setting is checked here.
 */
#include "import/postoffice.h"
#include "mail/charset.h"
#include "import/postoffice_private.h"
#include "import/time_zone.h"
#include "base/text.h"
#include "base/xalloc.h"

#include <errno.h>
#include <libconfig.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define VALUE_MAX 1000		/* bytes in one value; names are under 100 */

#define SHOWN(text) text_printable((char[96]){ 0 }, 96, (text), strlen(text))

struct loader {
	const char *path;
	struct postoffice *po;
	struct error *err;
};

struct key;
typedef int key_reader(struct loader *l, const config_setting_t *s,
	const struct key *key, void *object);

struct key {
	const char *name;
	key_reader *read;
	size_t offset;		/* of the member in the object */
};

static int
fail_at(struct loader *l, unsigned line, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

static int
fail_at(struct loader *l, unsigned line, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	error_vset(l->err, ERROR_STORE, fmt, ap);
	va_end(ap);
	return error_prefix(l->err, "%s:%u", l->path, line);
}

static unsigned
line_of(const config_setting_t *s)
{
	return config_setting_source_line(s);
}

/* The string of s, or NULL with err: not a string, empty, too long, not
 * UTF-8, or with control characters. */
static const char *
string_of(struct loader *l, const config_setting_t *s, const char *name)
{
	const char *value = config_setting_get_string(s);
	size_t len = value ? strlen(value) : 0;
	uint32_t cp = 0;

	if (!value || !len || len > VALUE_MAX) {
		fail_at(l, line_of(s), "%s: must be a text of 1 to %d bytes "
			"in quotes", name, VALUE_MAX);
		return NULL;
	}
	for (size_t i = 0, n; i < len; i += n) {
		n = text_decode(value + i, len - i, &cp);
		if (n == 0 || cp < ' ' || (cp >= 0x7F && cp < 0xA0) ||
		    text_is_invisible(cp)) {
			fail_at(l, line_of(s), "%s: \"%s\" is not plain UTF-8 "
				"text", name, SHOWN(value));
			return NULL;
		}
	}
	return value;
}

static int
read_string(struct loader *l, const config_setting_t *s, const struct key *key,
	void *object)
{
	const char *value = string_of(l, s, key->name);

	if (!value)
		return -1;
	*(char **)((char *)object + key->offset) = xstrdup(value);
	return 0;
}

static int
read_strings(struct loader *l, const config_setting_t *s, const struct key *key,
	void *object)
{
	struct name_list *out = (void *)((char *)object + key->offset);
	int count = config_setting_length(s);

	if ((!config_setting_is_array(s) && !config_setting_is_list(s)) ||
	    count > POSTOFFICE_LIST_MAX)
		return fail_at(l, line_of(s), "%s: must be a list, "
			"[ \"one\", \"two\" ], of at most %d", key->name,
			POSTOFFICE_LIST_MAX);
	for (int i = 0; i < count; i++) {
		const char *value = string_of(l, config_setting_get_elem(s,
			(unsigned)i), key->name);

		if (!value)
			return -1;
		xgrow(&out->list, &out->cap, out->count + 1,
			sizeof *out->list, POSTOFFICE_LIST_MAX);
		out->list[out->count++] = xstrdup(value);
	}
	return 0;
}

static int
read_bool(struct loader *l, const config_setting_t *s, const struct key *key,
	void *object)
{
	if (config_setting_type(s) != CONFIG_TYPE_BOOL)
		return fail_at(l, line_of(s), "%s: must be true or false",
			key->name);
	*(bool *)((char *)object + key->offset) = config_setting_get_bool(s);
	return 0;
}

/* 437, or any name that the converter knows in quotes. */
static int
read_code_page(struct loader *l, const config_setting_t *s,
	const struct key *key, void *object)
{
	struct postoffice *po = object;
	struct error unknown;
	struct charset *cs;

	free(po->code_page);
	po->code_page = NULL;
	if (config_setting_type(s) == CONFIG_TYPE_INT)
		po->code_page = xasprintf("%d", config_setting_get_int(s));
	else if (read_string(l, s, key, object) < 0)
		return -1;
	cs = charset_new(po->code_page, &unknown);
	if (!cs)
		return fail_at(l, line_of(s), "%s: %s", key->name,
			unknown.text);
	charset_free(cs);
	return 0;
}

/* A mistyped name would be taken for UTC by the C library, in silence. */
static int
read_time_zone(struct loader *l, const config_setting_t *s,
	const struct key *key, void *object)
{
	struct postoffice *po = object;

	if (read_string(l, s, key, object) < 0)
		return -1;
	if (time_zone_is_known(po->time_zone))
		return 0;
	return fail_at(l, line_of(s), "%s: \"%s\" is not a time zone (a name "
		"of the zoneinfo directory, or as in TZ, \"EST5EDT\")",
		key->name, SHOWN(po->time_zone));
}

static int
read_date_order(struct loader *l, const config_setting_t *s,
	const struct key *key, void *object)
{
	struct postoffice *po = object;
	const char *value = config_setting_get_string(s);

	if (value && ccmail_date_order_named(value, &po->date_order))
		return 0;
	return fail_at(l, line_of(s), "%s: must be \"mdy\", \"dmy\" or "
		"\"ymd\"", key->name);
}

static int
unknown_key(struct loader *l, const config_setting_t *s,
	const struct key *keys, size_t count)
{
	const char *name = config_setting_name(s);
	struct text_guess g = { .typed = name };

	for (size_t i = 0; i < count; i++)
		text_guess_try(&g, keys[i].name);
	if (g.best)
		return fail_at(l, line_of(s), "unknown setting \"%s\" (did you "
			"mean \"%s\"?)", SHOWN(name), g.best);
	return fail_at(l, line_of(s), "unknown setting \"%s\"", SHOWN(name));
}

static int
read_group(struct loader *l, const config_setting_t *group,
	const struct key *keys, size_t count, void *object)
{
	for (int i = 0; i < config_setting_length(group); i++) {
		const config_setting_t *s = config_setting_get_elem(group,
			(unsigned)i);
		size_t k = 0;

		while (k < count && strcmp(keys[k].name,
		    config_setting_name(s)) != 0)
			k++;
		if (k == count)
			return unknown_key(l, s, keys, count);
		if (keys[k].read(l, s, &keys[k], object) < 0)
			return -1;
	}
	return 0;
}

#define KEY(type, member, how) { #member, how, offsetof(struct type, member) }

static const struct key user_keys[] = {
	KEY(mailbox, name, read_string),
	{ "mailbox", read_string, offsetof(struct mailbox, dir) },
	KEY(mailbox, address, read_string),
	KEY(mailbox, forward, read_string),
	KEY(mailbox, at, read_string),
	KEY(mailbox, discard, read_bool),
	KEY(mailbox, aliases, read_strings),
};

static const struct key domain_keys[] = {
	KEY(po_domain, name, read_string),
	KEY(po_domain, domain, read_string),
};

#define COUNT(table) (sizeof(table) / sizeof *(table))

static int
need_list_of_groups(struct loader *l, const config_setting_t *s,
	const char *name)
{
	bool good = config_setting_is_list(s) &&
		config_setting_length(s) <= POSTOFFICE_USERS_MAX;

	for (int i = 0; good && i < config_setting_length(s); i++)
		good = config_setting_is_group(config_setting_get_elem(s,
			(unsigned)i));
	if (good)
		return 0;
	return fail_at(l, line_of(s), "%s: must be a list of groups, "
		"( { name = \"...\"; }, ... )", name);
}

/* The Maildir's name, where none is given, is the local part. */
static int
finish_box(struct loader *l, struct mailbox *box)
{
	struct str dir = STR_INIT;

	if (!box->name)
		return fail_at(l, box->line, "name: missing");
	if (box->board && box->name[0] == '#')
		memmove(box->name, box->name + 1, strlen(box->name));
	if (!box->dir) {
		postoffice_add_local_part(box->name, &dir);
		box->dir = str_steal(&dir);
	}
	if (box->dir[0] == '.' || box->dir[0] == '-' || strlen(box->dir) > 64 ||
	    strspn(box->dir, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUV"
	    "WXYZ0123456789._-") != strlen(box->dir))
		return fail_at(l, box->line, "mailbox: \"%s\" must be of "
			"A-Z a-z 0-9 . _ -, at most 64, and not begin with a "
			"dot or a dash", SHOWN(box->dir));
	if (box->discard && box->forward)
		return fail_at(l, box->line, "discard and forward exclude "
			"each other");
	if (box->address && !postoffice_is_address(box->address))
		return fail_at(l, box->line, "address: \"%s\" is not an "
			"address", SHOWN(box->address));
	if (box->forward && !postoffice_is_address(box->forward))
		return fail_at(l, box->line, "forward: \"%s\" is not an "
			"address", SHOWN(box->forward));
	return 0;
}

static int
read_boxes(struct loader *l, const config_setting_t *s, const struct key *key,
	void *object)
{
	struct postoffice *po = object;
	bool board = key->offset == offsetof(struct postoffice, boards);
	struct mailbox **list = board ? &po->boards : &po->users;
	size_t *count = board ? &po->board_count : &po->user_count;
	size_t *cap = board ? &po->board_cap : &po->user_cap;

	if (need_list_of_groups(l, s, key->name) < 0)
		return -1;
	for (int i = 0; i < config_setting_length(s); i++) {
		const config_setting_t *group = config_setting_get_elem(s,
			(unsigned)i);
		struct mailbox *box;

		xgrow(list, cap, *count + 1, sizeof **list,
			POSTOFFICE_USERS_MAX);
		box = &(*list)[(*count)++];
		*box = (struct mailbox){ .board = board,
			.line = line_of(group) };
		if (read_group(l, group, user_keys, COUNT(user_keys), box) < 0 ||
		    finish_box(l, box) < 0)
			return -1;
	}
	return 0;
}

static int
read_domains(struct loader *l, const config_setting_t *s,
	const struct key *key, void *object)
{
	struct postoffice *po = object;

	if (need_list_of_groups(l, s, key->name) < 0)
		return -1;
	for (int i = 0; i < config_setting_length(s); i++) {
		const config_setting_t *group = config_setting_get_elem(s,
			(unsigned)i);
		struct po_domain *d;

		xgrow(&po->domains, &po->domain_cap, po->domain_count + 1,
			sizeof *po->domains, POSTOFFICE_USERS_MAX);
		d = &po->domains[po->domain_count++];
		*d = (struct po_domain){ .line = line_of(group) };
		if (read_group(l, group, domain_keys, COUNT(domain_keys),
		    d) < 0)
			return -1;
		if (!d->name || !d->domain || !postoffice_is_domain(d->domain))
			return fail_at(l, d->line, "domains: each needs a "
				"name and a domain (letters, digits, - and .)");
	}
	return 0;
}

static const struct key file_keys[] = {
	KEY(postoffice, name, read_string),
	KEY(postoffice, names, read_strings),
	KEY(postoffice, domain, read_string),
	KEY(postoffice, domains, read_domains),
	KEY(postoffice, code_page, read_code_page),
	KEY(postoffice, date_order, read_date_order),
	KEY(postoffice, time_zone, read_time_zone),
	KEY(postoffice, users, read_boxes),
	KEY(postoffice, boards, read_boxes),
	KEY(postoffice, deliver, read_strings),
};

static int
finish(struct loader *l)
{
	struct postoffice *po = l->po;
	unsigned wrong_line = 1;

	if (!po->name)
		return fail_at(l, 1, "name: missing, the name of the post "
			"office");
	if (po->domain && !postoffice_is_domain(po->domain))
		return fail_at(l, 1, "domain: \"%s\" is not a domain (letters, "
			"digits, - and .)", SHOWN(po->domain));
	if (po_index(po, &wrong_line, l->err) == 0)
		return 0;
	return error_prefix(l->err, "%s:%u", l->path, wrong_line);
}

struct postoffice *
postoffice_load(const char *dir, struct error *err)
{
	char *path = xasprintf("%s/%s", dir, POSTOFFICE_FILE);
	struct loader l = { SHOWN(path), postoffice_new(NULL), err };
	config_t config;
	int rc;

	config_init(&config);
	errno = 0;
	if (access(path, R_OK) < 0) {
		rc = error_sys(err, errno, "read %s", l.path);
		err->code = ERROR_STORE;
	} else if (config_read_file(&config, path) != CONFIG_TRUE) {
		rc = fail_at(&l, (unsigned)config_error_line(&config), "%s",
			config_error_text(&config));
	} else {
		rc = read_group(&l, config_root_setting(&config), file_keys,
			COUNT(file_keys), l.po);
		if (rc == 0)
			rc = finish(&l);
	}
	config_destroy(&config);
	free(path);
	if (rc == 0)
		return l.po;
	postoffice_free(l.po);
	return NULL;
}

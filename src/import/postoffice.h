/* SPDX-License-Identifier: ISC */
/*
 * postoffice: who has a mailbox here, and which domain a post office has.
 *
 * A post office is a directory with a file postoffice.conf (libconfig; its
 * manual is ccmq-postoffice(5)). Loaded once, it does not change; everything
 * it hands out belongs to it and lives until postoffice_free. Its strings are
 * valid UTF-8. Not thread-safe; safe from any process, as nothing is written.
 *
 * Names are compared folded (fold.h): "grewal,jeff" is "Grewal, Jeff". A name
 * that means two, and two users who would share a mailbox, are errors of the
 * file, not of the mail: they are found on loading. All tables are folded once
 * and sorted: a lookup takes microseconds, however large the directory.
 */
#ifndef CCMQ_POSTOFFICE_H
#define CCMQ_POSTOFFICE_H

#include "mail/ccmail_date.h"
#include "base/error.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>

#define POSTOFFICE_FILE "postoffice.conf"
#define POSTOFFICE_USERS_MAX 200000	/* far over any cc:Mail directory */
#define POSTOFFICE_LIST_MAX 10000	/* aliases, names, domains, arguments */

struct name_list {
	char **list;
	size_t count;
	size_t cap;
};

/* A user, or a bulletin board. */
struct mailbox {
	char *name;		/* "Grewal, Jeff"; a board without its '#' */
	char *dir;		/* name of its Maildir below mail/ */
	char *address;		/* addr-spec, or NULL: made from the name */
	char *forward;		/* addr-spec for `deliver`, or NULL: a Maildir */
	char *at;		/* of another post office; NULL: one of ours */
	struct name_list aliases;
	bool board;
	bool discard;		/* all of the delivery, then nothing is kept */
	unsigned line;		/* in the file */
};

struct po_domain {
	char *name;		/* of a post office */
	char *domain;
	unsigned line;
};

struct postoffice {
	char *name;
	char *domain;		/* its own; NULL: <name>.invalid */
	char *time_zone;	/* of dates in messages; NULL: of the process */
	struct name_list names;	/* the other names it is known under */
	struct name_list deliver;	/* a command, or empty */
	struct po_domain *domains;
	size_t domain_count, domain_cap;
	struct mailbox *users;
	size_t user_count, user_cap;
	struct mailbox *boards;
	size_t board_count, board_cap;
	/* Sorted, by po_index: */
	struct po_key *keys;	/* every name and alias */
	size_t key_count, key_cap;
	struct po_key *addresses;	/* of users and boards here */
	size_t address_count, address_cap;
	struct po_place *places;	/* every name of a post office */
	size_t place_count, place_cap;
	struct po_place *own;	/* what "" stands for */
	struct name_list own_domains;
	struct name_list discards;	/* Maildirs that keep nothing */
	char *code_page;	/* as charset_new takes it */
	enum ccmail_date_order date_order;
};

enum resolved_kind {
	RESOLVED_MAILBOX,	/* a Maildir here: box */
	RESOLVED_FOREIGN,	/* to be handed to `deliver`: address */
	RESOLVED_UNKNOWN,	/* "Not found in directory" */
	RESOLVED_UNCLEAR,	/* elsewhere, and his name makes no address that
				 * were his alone */
};

struct resolved {
	enum resolved_kind kind;
	const struct mailbox *box;	/* for users and boards, else NULL */
	struct str address;		/* addr-spec, for headers and `deliver` */
	/* Where the address of somebody foreign was made from his name: that
	 * name and place, folded. Two that differ and have one address cannot
	 * be told apart. Else empty. */
	struct str made_from;
};

#define RESOLVED_INIT { RESOLVED_UNKNOWN, NULL, STR_INIT, STR_INIT }

/*
 * Reads dir/postoffice.conf. NULL with err: ERROR_STORE, and file and line
 * where it is the file's fault ("po/postoffice.conf:12: unknown setting
 * \"user\" (did you mean \"users\"?)").
 */
struct postoffice *postoffice_load(const char *dir, struct error *err);

/* One without users, for a conversion that has no post office. */
struct postoffice *postoffice_new(const char *name);
void postoffice_free(struct postoffice *po);

/* Is this its name, or one of its other names? */
bool postoffice_is_named(const struct postoffice *po, const char *name);

/*
 * Who is `user at place`? place "" is this post office; user "#Name" is a
 * bulletin board. A name is looked for only where it was said to be: here, or
 * among those who stand in the directory with `at` that place. An internet
 * address ("who@domain.example") is one where place is "", this one, or a post
 * office without a domain (a gateway, "internet"); a name that only holds an
 * '@' is a name.
 *
 * Foreign is only what `deliver` can be given: there is such a command, the
 * place has a domain or the user an address, and that is not in a domain of
 * ours: whom we do not know there nobody knows. out is overwritten and to be
 * released; its address is set whatever the outcome.
 */
void postoffice_resolve(const struct postoffice *po, const char *user,
	const char *place, struct resolved *out);
void resolved_release(struct resolved *r);

/* Is nothing kept of what this Maildir gets? */
bool postoffice_discards(const struct postoffice *po, const char *dir);

/* Appends the addr-spec of `user at place` for a header; never empty, ASCII,
 * and with nothing in it that a header or a command line could take amiss. */
void postoffice_address(const struct postoffice *po, const char *user,
	const char *place, struct str *out);

/* Appends the domain of the post office place ("": of this one). */
void postoffice_add_domain(const struct postoffice *po, const char *place,
	struct str *out);

/* Appends the local part for a name: "Grewal, Jeff" becomes jeff.grewal. */
void postoffice_add_local_part(const char *user, struct str *out);

/* Does that local part mean this name alone, as far as a name can say? Not
 * with letters beyond ASCII, for which there is no one spelling (Mueller,
 * Muller), nor with an '@' (is it an address?), nor cut. */
bool postoffice_has_local_part(const char *user);

/* May this be an addr-spec on a command line and in a header? ASCII, a
 * dot-atom, an '@' and a domain (RFC 5322 3.4.1 without quotes, RFC 1123), and
 * does not begin with a dash. */
bool postoffice_is_address(const char *s);

/* Letters, digits, dashes and dots as RFC 1123 2.1 has them. */
bool postoffice_is_domain(const char *s);

#endif

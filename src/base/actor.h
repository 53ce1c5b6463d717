/* SPDX-License-Identifier: ISC */
/*
 * actor: who runs this process, as it can be told: recorded, not proven.
 *
 * The login uid (/proc/self/loginuid) survives su and sudo, the effective uid
 * is what the kernel checks; both with their names, the terminal, the SSH
 * peer and the login session that `undo` means.
 */
#ifndef CCMQ_ACTOR_H
#define CCMQ_ACTOR_H

#include <stdbool.h>
#include <stdint.h>

struct actor {
	int64_t uid, euid;
	char *user, *euser;
	char *tty;		/* "pts/3", or NULL */
	char *ssh;		/* the peer's address, or NULL */
	char *session;		/* "s4711", or "u1000 pts/3" where unknown */
	char *by;		/* "mlopez", "mlopez (as root)" */
	const char *program;	/* not owned */
};

/* Stands in the environment of what ccmq watch runs: who acts then is told
 * apart, so that no hook is run for what a hook did. */
#define ACTOR_HOOK_ENV "CCMQ_HOOK"
bool actor_is_hook(const char *by);

/* Fills a; always succeeds, with numbers where names are unknown. */
void actor_init(struct actor *a, const char *program);
void actor_release(struct actor *a);

#endif

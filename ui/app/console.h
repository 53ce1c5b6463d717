/* SPDX-License-Identifier: ISC */
/*
 * console: the screen of `ccmq` without a command (ccmq-console(1)).
 *
 * Takes the terminal on descriptors 0 and 1, shows the store of the settings
 * until the operator leaves, and gives the terminal back. Works with and
 * without a running connector; without the right to write it shows all and
 * changes nothing.
 *
 * Returns an exit status: 0 left, 3 store, settings or terminal cannot be
 * used (said on standard error), 1 the line was lost, 128 + N ended by
 * signal N.
 */
#ifndef CCMQ_UI_CONSOLE_H
#define CCMQ_UI_CONSOLE_H

#include "settings/settings.h"

#include <stdbool.h>

/* config, store: what -c and -s named, for the processes that carry jobs out
 * and for the commands that it says; or NULL. */
int console_run(struct settings *settings, const char *config,
	const char *store, bool read_only, bool no_color);

/* The stores of many hosts (reach/hosts.h): `ccmq --hosts`. store: what -s
 * named, for this host's own; or NULL. */
int console_hosts(struct settings *settings, const char *config,
	const char *store, bool read_only, bool no_color);

/* The console as lines: `ccmq --plain`. words: what can be typed first, ended
 * by NULL. */
int console_plain(struct settings *settings, const char *config,
	const char *store, bool read_only, const char *const *words);

/* The table of keys for the manual, in mdoc, to standard output. */
void console_print_keys(void);

#endif

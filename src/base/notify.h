/* SPDX-License-Identifier: ISC */
/*
 * notify: tells the service manager how it goes, in the words of sd_notify(3):
 * datagrams to the socket that $NOTIFY_SOCKET names. Where there is none,
 * nothing is done. It cannot fail and does not wait; what is lost is said
 * again by the next turn.
 */
#ifndef CCMQ_NOTIFY_H
#define CCMQ_NOTIFY_H

#include <stdint.h>

/* It has begun to work; only the first call counts. */
void notify_ready(void);

/* One line for people: `systemctl status` shows it. Printable. */
void notify_status(const char *text);

/*
 * From the main loop, at each turn: the watchdog hears of it three times in
 * the span that $WATCHDOG_USEC gives, so that a loop that stands is noticed.
 * ms until it wants to be called again; INT32_MAX where nobody watches.
 */
int notify_alive(void);

#endif

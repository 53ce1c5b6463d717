/* SPDX-License-Identifier: ISC */
/*
 * time_zone: is this one that the C library knows?
 *
 * tzset takes whatever it cannot read for UTC and says nothing.
 */
#ifndef CCMQ_TIME_ZONE_H
#define CCMQ_TIME_ZONE_H

#include <stdbool.h>

/* A name below the zoneinfo directory ($TZDIR), or a rule as POSIX has it
 * ("EST5EDT", "<-03>3"). */
bool time_zone_is_known(const char *zone);

#endif

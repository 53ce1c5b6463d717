/* SPDX-License-Identifier: ISC */
/*
 * connector_seal: syslog is told the newest seal, each hour and at the end, so
 * that what is older cannot be sealed anew unseen (ccmq verify --against).
 */
#include "connector/connector_private.h"
#include "base/clock.h"
#include "base/log.h"
#include "history/seal_verify.h"

#include <inttypes.h>

void
connector_tell_seal(struct connector *c)
{
	unsigned char digest[SEAL_BYTES];
	char hex[SEAL_HEX];
	struct error ignored;
	int64_t txn;

	c->seal_mono_ms = clock_mono_ms() + CLOCK_HOUR;
	if (history_seal_newest(c->store.history, &txn, digest, &ignored) <= 0 ||
	    txn == c->seal_told)
		return;
	seal_hex(hex, digest);
	log_line(LOG_LEVEL_INFO, "seal %s %" PRId64 " %s",
		history_uuid(c->store.history), txn, hex);
	c->seal_told = txn;
}

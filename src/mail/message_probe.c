/* message_scan: looking ahead at what counts point at; see message_scan.h for
 * the contract. */
#include "mail/message_scan.h"
#include "base/xalloc.h"

#include <string.h>

/* The hash slot where block number `block` is or would be. */
static int
slot_of(const struct scan *s, int64_t block)
{
	uint64_t h = (uint64_t)block * UINT64_C(0x9E3779B97F4A7C15);
	int i = (int)(h >> 52) & (PROBE_SLOTS - 1);

	while (s->slots[i] && s->block_at[s->slots[i] - 1] != block)
		i = (i + 1) & (PROBE_SLOTS - 1);
	return i;
}

/* Reads block number `block` into out, or finds it remembered. */
static int
block_get(struct scan *s, int64_t block, char out[PROBE_BLOCK])
{
	int i;

	if (s->blocks && s->slots[i = slot_of(s, block)]) {
		int b = s->slots[i] - 1;

		memcpy(out, s->blocks + (size_t)b * PROBE_BLOCK, PROBE_BLOCK);
		return s->block_len[b];
	}
	if (s->distrust)
		return -1;
	return (int)scan_ask(s, block * PROBE_BLOCK, out, PROBE_BLOCK);
}

/* True if [at, at + len), as far as there is so much, is in the window. */
static bool
in_window(const struct scan *s, int64_t at, size_t len)
{
	int64_t end = at + (int64_t)len < s->end ? at + (int64_t)len : s->end;

	return at >= s->window_at &&
		end <= s->window_at + (int64_t)s->window_len;
}

int
scan_probe(struct scan *s, int64_t at, char out[PROBE_LEN])
{
	char two[2 * PROBE_BLOCK];
	int64_t block = at / PROBE_BLOCK;
	size_t skip = (size_t)(at % PROBE_BLOCK);
	int n, more = 0;

	if (at >= s->end)
		return 0;
	if (in_window(s, at, PROBE_LEN)) {
		int64_t have = s->window_at + (int64_t)s->window_len - at;

		n = have < PROBE_LEN ? (int)have : PROBE_LEN;
		memcpy(out, s->window + (at - s->window_at), (size_t)n);
		return n;
	}
	n = block_get(s, block, two);
	if (n == PROBE_BLOCK && skip + PROBE_LEN > PROBE_BLOCK)
		more = block_get(s, block + 1, two + PROBE_BLOCK);
	if (n < 0 || more < 0)
		return -1;
	n += more - (int)skip;
	if (n <= 0)
		return 0;
	if (n > PROBE_LEN)
		n = PROBE_LEN;
	memcpy(out, two + skip, (size_t)n);
	return n;
}

static void
block_remember(struct scan *s, int64_t block)
{
	int i, b = s->block_count;

	if (!s->blocks) {
		s->blocks = xmalloc((size_t)PROBE_BLOCKS_MAX * PROBE_BLOCK);
		s->block_at = xcalloc(PROBE_BLOCKS_MAX, sizeof *s->block_at);
		s->block_len = xcalloc(PROBE_BLOCKS_MAX, sizeof *s->block_len);
		s->slots = xcalloc(PROBE_SLOTS, sizeof *s->slots);
	}
	i = slot_of(s, block);
	if (s->slots[i])
		return;
	if (b == PROBE_BLOCKS_MAX) {
		s->distrust = true;
		return;
	}
	s->block_at[b] = block;
	s->block_len[b] = (uint16_t)scan_ask(s, block * PROBE_BLOCK,
		s->blocks + (size_t)b * PROBE_BLOCK, PROBE_BLOCK);
	s->slots[i] = (uint16_t)++s->block_count;
}

void
scan_probe_wrong(struct scan *s, int64_t at)
{
	if (in_window(s, at, PROBE_LEN) || at >= s->end)
		return;
	block_remember(s, at / PROBE_BLOCK);
	if (at % PROBE_BLOCK + PROBE_LEN > PROBE_BLOCK)
		block_remember(s, at / PROBE_BLOCK + 1);
}

/* SPDX-License-Identifier: ISC */
/* message_attach: what an item is. See message_parse.h. */
#include "mail/message_hex.h"
#include "mail/message_parse.h"
#include "mail/message_store.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>

/* MacBinary II: a 128-byte header, then both forks, each padded to 128 bytes.
 * Source: the MacBinary II standard of 1987 (offsets in hexadecimal there). */
#define MAC_HEADER 128
#define MAC_NAME_LEN 1		/* 1 to 63 */
#define MAC_ZERO_1 74
#define MAC_ZERO_2 82
#define MAC_DATA_LEN 83
#define MAC_RESOURCE_LEN 87
#define MAC_COMMENT_LEN 99	/* Get Info's, behind the forks */
#define MAC_SECONDARY_LEN 120	/* a secondary header, before the forks */
#define MAC_CRC 124		/* of the 124 bytes before it */

#define HISTORY_RULE 10		/* underscores at least, before its words */

void
message_attach_name(const struct message_reader *r, struct message_item *item)
{
	size_t n = item->title.len;

	if (item->kind == MESSAGE_ITEM_TEXT)
		return;
	item->has_date = ccmail_date_split_suffix(item->title.data, n,
		r->options.date_order, &n, &item->date);
	item->name = (struct message_bytes){ item->title.data, n };
}

static uint32_t
number(const uint8_t *p, int bytes)
{
	uint32_t n = 0;

	while (bytes--)
		n = n << 8 | *p++;
	return n;
}

/* The CRC of XMODEM: polynomial 0x1021, start 0. */
static uint16_t
crc16(const uint8_t *p, size_t len)
{
	uint16_t crc = 0;

	while (len--) {
		crc = (uint16_t)(crc ^ (*p++ << 8));
		for (int bit = 0; bit < 8; bit++)
			crc = (uint16_t)(crc & 0x8000 ? crc << 1 ^ 0x1021 :
				crc << 1);
	}
	return crc;
}

static int64_t
padded(int64_t n)
{
	return (n + MAC_HEADER - 1) / MAC_HEADER * MAC_HEADER;
}

/* The CRC makes a chance hit as good as impossible; an all-zero header, whose
 * CRC is zero too, is refused by the length of its name. */
static bool
is_mac_header(const uint8_t *h)
{
	return h[0] == 0 && h[MAC_ZERO_1] == 0 && h[MAC_ZERO_2] == 0 &&
		h[MAC_NAME_LEN] >= 1 && h[MAC_NAME_LEN] <= 63 &&
		number(h + MAC_CRC, 2) == crc16(h, MAC_CRC);
}

/* Finds the forks; both must lie within the body, and be all of it: bytes
 * behind them would be lost. A line end is none (in plain form there is one). */
static bool
find_forks(struct message_item *item, const uint8_t *h)
{
	int64_t start = item->body.offset;
	int64_t end = start + item->body.length;
	int64_t data = number(h + MAC_DATA_LEN, 4);
	int64_t resource = number(h + MAC_RESOURCE_LEN, 4);
	int64_t at = start + MAC_HEADER +
		padded(number(h + MAC_SECONDARY_LEN, 2));

	if (at + data > end ||
	    (resource && at + padded(data) + resource > end))
		return false;
	if (end - 2 > at + padded(data) + padded(resource) +
	    padded(number(h + MAC_COMMENT_LEN, 2)))
		return false;
	item->data_fork = (struct message_range){ at, data };
	at += padded(data);
	item->resource_fork = (struct message_range){ at < end ? at : end,
		resource };
	return true;
}

/* True if all of the body is hex text: what begins so need not be. */
static bool
is_hex(struct message_reader *r, struct message_range body)
{
	int64_t at = body.offset, end = at + body.length;
	struct message_hex hex = { 0 };
	const char *p;
	size_t n;

	while (at < end && !hex.bad && (n = scan_view(&r->scan, at, 1, &p))) {
		if ((int64_t)n > end - at)
			n = (size_t)(end - at);
		message_hex_decode(&hex, p, n, NULL);
		at += (int64_t)n;
	}
	return at == end && message_hex_end(&hex);
}

/* `____ Forward Header ____` or `____ Reply Separator ____` in the first line,
 * or a title that says it [ours: no source tells how EXPORT marks it]. */
static bool
is_history(const struct message_item *item, const char *peek, size_t n)
{
	static const char *const titles[] = {
		"Forward", "Forward Header", "Forwarding History",
	};
	size_t i = 0;

	for (size_t t = 0; t < sizeof titles / sizeof *titles; t++)
		if (strlen(titles[t]) == item->title.len &&
		    strncasecmp(titles[t], item->title.data,
			    item->title.len) == 0)
			return true;
	while (i < n && peek[i] == '_')
		i++;
	if (i < HISTORY_RULE)
		return false;
	while (i < n && peek[i] == ' ')
		i++;
	return (n - i >= 14 && strncasecmp(peek + i, "Forward Header", 14) == 0)
		|| (n - i >= 15 &&
		    strncasecmp(peek + i, "Reply Separator", 15) == 0);
}

void
message_attach_kind(struct message_reader *r, struct message_item *item,
	const char *peek, size_t n)
{
	if (item->kind == MESSAGE_ITEM_TEXT) {
		item->is_history = is_history(item, peek, n);
		return;
	}
	if (item->kind == MESSAGE_ITEM_FILE && r->options.hex_files) {
		if (!item->body.length)
			return;
		if (is_hex(r, item->body))
			item->encoding = MESSAGE_ENCODING_HEX;
		else
			message_add_defect(r->m, MESSAGE_DEFECT_NOT_HEX,
				item->line.offset, NULL);
		return;
	}
	if (n >= MAC_HEADER && is_mac_header((const uint8_t *)peek) &&
	    find_forks(item, (const uint8_t *)peek))
		item->encoding = MESSAGE_ENCODING_MACBINARY;
}

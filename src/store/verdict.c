/* SPDX-License-Identifier: ISC */
/* verdict: which rows of the table are true, and in which order. See verdict.h
 * for the contract; the rows are in verdict_store.c and verdict_mail.c. */
#include "store/verdict_private.h"
#include "base/width.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

static const struct {
	bool (*holds)(const struct verdict_facts *facts);
	void (*say)(const struct verdict_facts *facts, struct verdict *out);
	const char *word;
	enum verdict_severity severity;
	enum verdict_opens opens;
} rows[VERDICT_COUNT] = {
#define X(name, row, word, severity, opens) [VERDICT_##name] = { \
	verdict_##row##_holds, verdict_##row##_say, word, severity, opens },
	VERDICT_LIST(X)
#undef X
};

bool
verdict_ok_holds(const struct verdict_facts *f)
{
	for (int kind = 0; kind < VERDICT_OK; kind++)
		if (rows[kind].holds(f))
			return false;
	return true;
}

bool
verdict_holds(const struct verdict_facts *f, enum verdict_kind kind)
{
	return rows[kind].holds(f);
}

/* What somebody has in hand ranks just above FAILED. */
static bool
comes_now(const struct verdict_facts *f, int kind, bool in_hand)
{
	return rows[kind].holds(f) && (f->mine[kind] != NULL) == in_hand;
}

unsigned
verdict_all(const struct verdict_facts *f, enum verdict_kind out[VERDICT_COUNT])
{
	unsigned n = 0;

	for (int kind = 0; kind < VERDICT_FAILED; kind++)
		if (comes_now(f, kind, false))
			out[n++] = (enum verdict_kind)kind;
	for (int kind = 0; kind < VERDICT_FAILED; kind++)
		if (comes_now(f, kind, true))
			out[n++] = (enum verdict_kind)kind;
	if (rows[VERDICT_FAILED].holds(f))
		out[n++] = VERDICT_FAILED;
	if (n == 0)
		out[n++] = VERDICT_OK;
	return n;
}

/* Cuts to columns, with the name of who has it behind it. */
static void
finish(char text[VERDICT_BYTES], size_t columns, const char *who)
{
	char whole[VERDICT_BYTES], name[VERDICT_BYTES] = "";
	char end[VERDICT_BYTES];

	if (who)
		snprintf(name, sizeof name, " (%.100s has it)",
			verdict_foreign(end, who, VERDICT_NAME_COLUMNS));
	memcpy(whole, text, sizeof whole);
	width_cut(text, VERDICT_BYTES - 128, whole,
		columns - width_text(name));
	strcat(text, name);
}

/* Beside a worse one it is not for this one to say. */
static void
say_nothing_urgent(const struct verdict_facts *f, struct verdict *out)
{
	char words[VERDICT_BYTES];

	memcpy(words, out->text, sizeof words);
	for (int i = 0; i < VERDICT_FAILED; i++)
		if (rows[i].severity > VERDICT_WELL && rows[i].holds(f)) {
			out->text[0] = (char)toupper((unsigned char)words[0]);
			return;
		}
	snprintf(out->text, sizeof out->text, "Nothing urgent: %.480s", words);
}

void
verdict_say(const struct verdict_facts *f, enum verdict_kind kind,
	struct verdict *out)
{
	*out = (struct verdict){
		.kind = kind,
		.severity = rows[kind].severity,
		.opens = rows[kind].opens,
	};
	rows[kind].say(f, out);
	if (kind == VERDICT_FAILED)
		say_nothing_urgent(f, out);
	if (!out->brief[0])
		memcpy(out->brief, out->text, sizeof out->brief);
	finish(out->text, VERDICT_COLUMNS, f->mine[kind]);
	finish(out->brief, VERDICT_BRIEF_COLUMNS, NULL);
}

const char *
verdict_word(enum verdict_kind kind)
{
	return rows[kind].word;
}

static bool
same_word(const char *a, const char *b)
{
	for (; *a && *b; a++, b++) {
		char x = *a == '-' || *a == ' ' ? '_' : *a;

		if (tolower((unsigned char)x) != *b)
			return false;
	}
	return *a == *b;
}

bool
verdict_parse(const char *word, enum verdict_kind *out)
{
	for (int kind = 0; kind < VERDICT_COUNT; kind++) {
		if (!same_word(word, rows[kind].word))
			continue;
		*out = (enum verdict_kind)kind;
		return true;
	}
	return false;
}

enum verdict_severity
verdict_severity(enum verdict_kind kind)
{
	return rows[kind].severity;
}

const char *
verdict_severity_word(enum verdict_severity s)
{
	static const char *const words[] = {
		[VERDICT_WELL] = "ok", [VERDICT_LOOK] = "look",
		[VERDICT_ACT] = "act",
	};

	return words[s];
}

const char *
verdict_sign(enum verdict_severity severity)
{
	static const char *const signs[] = {
		[VERDICT_WELL] = "  ", [VERDICT_LOOK] = "! ",
		[VERDICT_ACT] = "!!",
	};

	return signs[severity];
}

/* SPDX-License-Identifier: ISC */
/* mail: how results, times and marks are written, and how times look. See
 * mail.h. */
#include "view/mail.h"
#include "base/clock.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

void
mail_result_words(char out[120], const struct history_message *m)
{
	const char *meaning = m->code == HISTORY_NO_CODE ? NULL :
		result_code_meaning(m->code);

	if (!m->class)
		snprintf(out, 120, "not tried yet");
	else if (m->suspect)
		snprintf(out, 120, "%d suspect", m->code);
	else if (m->signal)
		snprintf(out, 120, "crashed, signal %d", m->signal);
	else if (m->code == HISTORY_NO_CODE)
		snprintf(out, 120, "%.110s", m->reason ? m->reason : m->class);
	else if (m->code == 5 && m->reason)
		snprintf(out, 120, "5 %.100s", m->reason);
	else
		snprintf(out, 120, "%d %s", m->code,
			meaning ? meaning : m->class);
}

const char *
mail_time(char out[16], int64_t at, int64_t now)
{
	time_t t = (time_t)(at / 1000), n = (time_t)(now / 1000);
	struct tm tm, today;

	if (at == HISTORY_NO_TIME || at == 0) {
		strcpy(out, "-");
		return out;
	}
	localtime_r(&t, &tm);
	localtime_r(&n, &today);
	if (tm.tm_year == today.tm_year && tm.tm_yday == today.tm_yday)
		strftime(out, 16, "%H:%M", &tm);
	else if (at < now && now - at < 6 * CLOCK_DAY)
		strftime(out, 16, "%a", &tm);
	else
		strftime(out, 16, "%m-%d", &tm);
	return out;
}

const char *
mail_moment(char out[16], int64_t at, int64_t now)
{
	time_t t = (time_t)(at / 1000), n = (time_t)(now / 1000);
	struct tm tm, today;

	if (at == HISTORY_NO_TIME || at == 0)
		return mail_time(out, at, now);
	localtime_r(&t, &tm);
	localtime_r(&n, &today);
	if (tm.tm_year != today.tm_year || tm.tm_yday != today.tm_yday)
		return mail_time(out, at, now);
	strftime(out, 16, "%H:%M:%S", &tm);
	return out;
}

const char *
mail_mark_words(char mark)
{
	static const struct { char mark; const char *words; } all[] = {
		{ 'D', "may have been delivered" }, { '+', "new to you" },
		{ '!', "failed again after a retry" }, { '?', "suspect" },
		{ 'm', "in hand" }, { 'i', "has a note" },
	};

	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		if (all[i].mark == mark)
			return all[i].words;
	return NULL;
}

enum role
mail_fresh_role(int64_t at, int64_t now)
{
	return at != HISTORY_NO_TIME && now - at < MAIL_FRESH_MS ? ROLE_FRESH :
		ROLE_NORMAL;
}

enum role
mail_time_role(int64_t at, int64_t now)
{
	int64_t age = at == HISTORY_NO_TIME ? 0 : now - at;

	return age > CLOCK_DAY ? ROLE_OLD : age > CLOCK_HOUR ? ROLE_WARM :
		ROLE_NORMAL;
}

/* SPDX-License-Identifier: ISC */
/*
 * settings_reader: what reading libconfig's tree takes, and its errors: FILE:LINE,
 * the name of the setting if there is one, the words. Private to settings*.c.
 */
#ifndef CCMQ_SETTINGS_READER_H
#define CCMQ_SETTINGS_READER_H

#include "settings/settings_table.h"

#include <libconfig.h>

struct reader {
	struct settings *s;
	const char *file;
	bool program_set;
	struct error *err;
};

/* Each returns -1. */
int reader_fault(struct reader *r, const config_setting_t *at, const char *name,
	const char *fmt, ...) __attribute__((format(printf, 4, 5)));
int reader_wrong_type(struct reader *r, const config_setting_t *at,
	const char *name, const char *wanted);

/* The number of members of a list or array, -1 if it is neither or too long
 * or too short. */
int reader_list(struct reader *r, const config_setting_t *at,
	const struct settings_row *row);

/* Programs of the site: hooks, and the console's commands. */
int reader_programs(struct reader *r, const config_setting_t *at,
	const struct settings_row *row);
void settings_programs_release(struct settings_programs *p);

#endif

/* SPDX-License-Identifier: ISC */
/*
 * fuzz_settings: any text as a settings file. It is refused with words, or
 * what is printed from it loads again and prints the same.
 */
#include "settings/settings.h"
#include "settings/settings_table.h"

#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
const char *__lsan_default_suppressions(void);

/* libconfig 1.5 loses the string that it had read when the syntax is wrong. */
const char *
__lsan_default_suppressions(void)
{
	return "leak:libconfig\n";
}

static int
read_text(struct settings *s, const struct str *text)
{
	struct error err = ERROR_INIT;
	bool program_set;
	int rc;

	rc = settings_scan(text->data, "fuzz", &err);
	if (rc == 0)
		rc = settings_read(s, text->data, "fuzz", &program_set, &err);
	assert(rc == 0 || (err.code == ERROR_STORE && *err.text));
	return rc;
}

static void
print_again(const struct settings *s)
{
	struct str first = STR_INIT, second = STR_INIT;
	struct settings again;

	settings_print(s, &first);
	settings_init(&again);
	assert(read_text(&again, &first) == 0);
	settings_print(&again, &second);
	assert(strcmp(first.data, second.data) == 0);
	settings_release(&again);
	str_release(&first);
	str_release(&second);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = STR_INIT;
	struct settings s;

	/* settings_read_text lets no NUL through; included files would make
	 * the outcome depend on the machine. */
	if (memchr(data, '\0', size) || memmem(data, size, "@include", 8))
		return 0;
	str_add_bytes(&text, data, size);
	settings_init(&s);
	if (read_text(&s, &text) == 0)
		print_again(&s);
	settings_release(&s);
	str_release(&text);
	return 0;
}

/* SPDX-License-Identifier: ISC */
/* bare: see bare.h for the contract. */
#include "bare.h"
#include "app/ask.h"
#include "app/dispatch.h"
#include "app/errand.h"
#include "app/header.h"
#include "app/screen_message.h"
#include "base/clock.h"
#include "term/term.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>

struct desk desk;
FILE *out;
static struct settings settings;

void
must(int rc, const struct error *err)
{
	if (rc >= 0)
		return;
	fprintf(out, "%s\n", err->text);
	exit(1);
}

void
draw(void)
{
	int rows, width;

	term_size(&rows, &width);
	term_begin();
	screens_draw(&desk.screens, header_rows(rows), rows, 0, width);
}

void
settle(void)
{
	while (screens_tick(&desk.screens))
		;
	screens_sweep(&desk.screens);
	draw();
}

void
press(key_code key)
{
	struct key_event event = { .key = key, .pasted = false };

	if (!screens_hear(&desk.screens))
		draw();
	desk.note[0] = '\0';
	dispatch(&desk, screens_key(&desk.screens, &desk.keys, &event));
	settle();
}

void
type(const char *word)
{
	for (; *word; word++)
		press((key_code)(unsigned char)*word);
}

void
run_errand(void)
{
	for (int i = 0; desk.errand && i < 10000; i++)
		errand_step(&desk);
	if (desk.note_bad)
		fprintf(out, "work said: %s\n", desk.note);
	screens_refresh(&desk.screens);
	settle();
}

struct view *
view(int i, int pane)
{
	struct view *v = &views_of(&desk)->views[i];

	views_go(&desk, i);
	view_turn(&desk, v, pane);
	return v;
}

/* The inner pane, of the first row of the outer one. */
void
narrowed(int i)
{
	struct view *v = view(i, PANE_OUTER);
	const struct list_row *row = list_current(view_list(v));

	if (row)
		(void)view_pane(v)->kind->open(&desk, v, row);
	screens_sweep(&desk.screens);
}

void
message_of(unsigned states)
{
	struct history_query q = { .states = states };
	struct history_message m;
	struct error err = ERROR_INIT;
	int n = history_page(desk.store.history, &q, 0, 1, &m, &err);

	view(VIEW_FAILED, PANE_INNER);
	must(n, &err);
	if (n == 0)
		return;
	screen_message_open(&desk, m.id, TAB_TEXT);
	history_message_release(&m);
}

/* Answers the prompt on top: the reason, then what decides. */
bool
answer(void)
{
	struct ask *a = (struct ask *)screens_top(&desk.screens);
	struct field *last;

	if (a->screen.kind != &screen_ask || !a->prompt.count)
		return false;
	last = &a->prompt.fields[a->prompt.count - 1];
	if (a->prompt.focus == 0 && a->prompt.count > 1) {
		type("a test");
		press(KEYS_ENTER);
	}
	if (last->kind == FIELD_WORD) {
		char word[FIELD_WORDS_MAX];

		strcpy(word, last->words[0]);
		type(word);
		press(KEYS_ENTER);
	} else {
		press((key_code)last->key);
	}
	return true;
}

void
bare_open(const char *config, const char *path)
{
	struct term_options options = { .host_color = THEME_DEFAULT };
	struct error err = ERROR_INIT;

	setlocale(LC_ALL, "");
	out = fopen(path, "w");
	if (!out)
		exit(2);
	setvbuf(out, NULL, _IOLBF, 0);
	must(settings_load(&settings, config, NULL, &err), &err);
	desk = (struct desk){ .settings = &settings,
		.last_visit_at = INT64_MAX };
	must(store_open(&desk.store, settings.store, "", "ccmq", STORE_WRITE,
		&err), &err);
	store_use_theirs(&desk.store, settings.foreign_submit,
		settings.foreign_import);
	actor_init(&desk.actor, "ccmq");
	keymap_init(&desk.keys);
	options.theme = theme_find("dark", &err);
	must(term_open(&options, &err), &err);
	must(status_collect(&desk.status, &desk.store, &settings, clock_wall(),
		&err), &err);
	desk.status_known = true;
	views_open(&desk);
	draw();
	term_end();
}

bool
bare_close(void)
{
	screens_release(&desk.screens);
	term_close();
	desk_release(&desk);
	settings_release(&settings);
	fflush(out);
	return ftell(out) == 0;
}

/* SPDX-License-Identifier: ISC */
/* do_help: the words on this screen, what its keys do, and then what all keys
 * do; / searches it like any text. See do.h. */
#include "app/do.h"
#include "app/attention.h"
#include "app/screen_text.h"
#include "app/views.h"
#include "base/text.h"
#include "term/term.h"

#include <string.h>

/* The words on each screen. */
static const char *
words_of(enum keymap_context context)
{
	switch (context) {
	case KEYMAP_CAUSES:
		return " One line for each reason why messages are here.\n"
			" SUSPECT   they failed in a row with others, likely not "
			"by their own fault\n"
			" SENDERS   how many different people wrote them\n"
			" RETRIED   how many of them somebody retried before\n"
			" r, x and X act on all messages of the cause under the "
			"cursor, and ask first.\n\n";
	case KEYMAP_LIST:
		return " Marks   > cursor   D may have been delivered already   "
			"~ gone from here   * tagged   + new to you   "
			"! failed again after a retry   ? suspect\n"
			" States  queued waits, deferred waits for its next try, "
			"failed was set aside by the connector, "
			"quarantined by a person, purged is in the trash\n"
			" Filter  from: to: subject: name: reason: code: class: "
			"state: id: age>2h size>1M attempts>=2 "
			"tries>=2 und>100K suspect:yes   words, -not, | or, ~re"
			"\n\n";
	case KEYMAP_MESSAGE:
		return " The first lines say why it is where it is; then what "
			"was tried. Tab and the numbers go through its parts; "
			"J and K to its neighbours in the list.\n COPY: whether "
			"the import program left its copy of the file behind.\n"
			"\n";
	case KEYMAP_UND:
		return " What IMPORT could not deliver it appends to ccmail.und, "
			"with a reason. Enter opens the entries of a reason, "
			"and an entry's message.\n\n";
	case KEYMAP_LOG:
		return " Attempts, what people did, and events, newest first. "
			"Enter opens the message, or what an action did to "
			"each of its messages.\n\n";
	case KEYMAP_WORK:
		return " What was done to many messages, newest first, and what "
			"came of those that were put back. A job goes on when "
			"its console is gone. Enter opens what was done to each "
			"message; p pauses a job or lets it go on, x stops it.\n\n";
	case KEYMAP_AGES:
		return " How old what waits is, by sender. A column counts what "
			"is younger than its title says, and older than the "
			"one before. What is young everywhere is a burst, what is "
			"old for one is that one's trouble. Enter opens the "
			"messages of a sender.\n\n";
	case KEYMAP_TEXT:
	case KEYMAP_CONNECTOR:
		break;
	}
	return "";
}

/* The site's own. */
static void
add_programs(const struct desk *desk, struct str *out)
{
	const struct settings_programs *all = &desk->settings->commands;

	for (size_t i = 0; i < all->count; i++) {
		const struct settings_program *p = &all->of[i];

		str_addf(out, "%-15s ", p->key);
		text_add_printable(out, p->name, strlen(p->name));
		str_addf(out, ": runs ");
		text_add_printable(out, p->run[0], strlen(p->run[0]));
		str_addf(out, " on the %s%s\n", p->on_message && p->on_cause ?
			"message or cause" : p->on_message ? "message" :
			"cause", p->writes ? "; not in read-only mode" : "");
	}
}

/* Those that mean something elsewhere only. */
static void
add_others(const struct desk *desk, unsigned context, struct str *out)
{
	struct str keys = STR_INIT;

	for (int i = 0; i < ACTION_COUNT; i++) {
		if (keymap_means((enum action)i, context | KEYMAP_CONNECTOR))
			continue;
		str_clear(&keys);
		keymap_keys(&desk->keys, (enum action)i, &keys);
		if (keys.len)
			str_addf(out, "%-15s %s\n", keys.data,
				action_help((enum action)i));
	}
	str_release(&keys);
}

void
do_help(struct desk *desk)
{
	struct screen *top = screens_top(&desk->screens);
	unsigned context = top->kind->context(top);
	struct str out = STR_INIT;
	int rows, width;

	term_size(&rows, &width);
	attention_lines(desk, views_of(desk)->at, (size_t)width, 0, &out);
	if (out.len)
		str_add_char(&out, '\n');
	str_add(&out, words_of((enum keymap_context)context));
	keymap_help(&desk->keys, (enum keymap_context)context, &out);
	add_programs(desk, &out);
	str_add(&out, "\n-- On other screens \n");
	add_others(desk, context, &out);
	screen_text_open(desk, "Help: / searches, q goes back", &out);
}

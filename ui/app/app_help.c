/* app_help: help, and other texts that lie over a view. See app.h. */
#include "app/app.h"
#include "base/clock.h"
#include "base/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

void
app_show_text(struct app *app, const char *title, struct str *text)
{
	app->text_over_message = app->over == OVER_MESSAGE;
	app->over = OVER_TEXT;
	snprintf(app->text_title, sizeof app->text_title, "%.79s", title);
	app->text.top = app->text.left = 0;
	pager_set(&app->text, text);
}

/* One entry of the log that leads nowhere else, in full. */
void
app_open_log_row(struct app *app, const struct history_log_row *row)
{
	struct str text = STR_INIT, words = STR_INIT;
	char at[TEXT_TIME_MAX], line[80];
	size_t used = 0;

	log_words(row, &words);
	str_addf(&text, " %s\n\n ", text_rfc3339(at, row->at));
	/* Filled, as people read. */
	for (const char *s = words.data; *s;) {
		size_t blanks = strspn(s, " "), n = strcspn(s + blanks, " ");

		if (used + blanks + n > 76 && used) {
			str_add(&text, "\n ");
			used = 0;
			s += blanks;
			blanks = 0;
		}
		str_add_bytes(&text, s, blanks + n);
		used += blanks + n;
		s += blanks + n;
	}
	str_add_char(&text, '\n');
	snprintf(line, sizeof line, "%s %" PRId64,
		row->kind == HISTORY_LOG_EVENT ? "Event" : "Action",
		row->kind == HISTORY_LOG_EVENT ? (int64_t)row->event.number :
		row->id);
	app_show_text(app, line, &text);
	str_release(&words);
}

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
		return " Marks  > cursor   * tagged   + new to you   ? suspect  "
			" ! failed again after\n        a retry   2 some "
			"recipients may have it already   ~ gone from here\n"
			" States queued waits, deferred waits for its next try, "
			"failed was set aside by\n        the connector, "
			"quarantined by a person, purged is in the trash\n"
			" Filter from: to: subject: name: reason: code: class: "
			"state: id: age>2h size>1M\n        attempts>=2 "
			"tries>=2 und>100K suspect:yes   words, -not, | or, ~re"
			"\n\n";
	case KEYMAP_MESSAGE:
		return " The first lines say why it is where it is; then what "
			"was tried. Tab and the\n numbers go through its parts; "
			"J and K to its neighbours in the list.\n COPY: whether "
			"the import program left its copy of the file behind.\n"
			"\n";
	case KEYMAP_UND:
		return " What IMPORT could not deliver it appends to ccmail.und, "
			"with a reason. Enter\n opens the entries of a reason, "
			"and an entry's message.\n\n";
	case KEYMAP_LOG:
		return " Attempts, what people did, and events, newest first. "
			"Enter opens the message,\n or what an action did to "
			"each of its messages.\n\n";
	case KEYMAP_TEXT:
	case KEYMAP_CONNECTOR:
		break;
	}
	return "";
}

void
app_help(struct app *app)
{
	enum keymap_context context = app_context(app);
	struct str out = STR_INIT;

	if (app->over == OVER_TEXT)
		return;
	str_add(&out, words_of(context));
	keymap_help(&app->keys, context, &out);
	app_show_text(app, "Help: q goes back", &out);
}

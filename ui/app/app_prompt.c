/* app_prompt: prompts: opening them, what is typed into them, and what the
 * simple ones do: filter, search and command. See app.h. */
#include "app/app.h"
#include "base/clock.h"
#include "term/term.h"
#include "base/text.h"
#include "base/xalloc.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILTER_EXAMPLES \
	"from:grewal subject:\"x\" code:1 age>2h -word"

void
app_prompt_open(struct app *app, enum app_ask ask)
{
	struct prompt *p = &app->prompt;

	if (app->ask != ASK_NONE)
		app_prompt_close(app);
	prompt_init(p);
	app->ask = ask;
	app->note[0] = '\0';
	if (ask == ASK_FILTER) {
		prompt_add_text(p, "/", app_mail(app)->filter.data, false);
		snprintf(app->question, sizeof app->question, "Filter:  "
			FILTER_EXAMPLES "   Esc: none");
	} else if (ask == ASK_SEARCH) {
		prompt_add_text(p, "/", app->search, false);
		snprintf(app->question, sizeof app->question,
			"Search; then n and N");
	} else if (ask == ASK_COMMAND) {
		prompt_add_text(p, ":", "", false);
		snprintf(app->question, sizeof app->question, "The number of "
			"a message, or an action. Tab completes, ? lists them");
	}
	/* A filter is gone on with; a reason is one more or another. */
	if (ask == ASK_FILTER)
		p->fields[0].offered = false;
	term_deaf();
	term_field(prompt_is_text(p));
}

void
app_prompt_open_line(struct app *app, enum app_ask ask)
{
	app_prompt_open(app, ask);
	prompt_add_text(&app->prompt, "Reason", app->last_reason, false);
	prompt_add_toggle(&app->prompt, "Do it? y n", false);
	term_field(true);
}

void
app_prompt_close(struct app *app)
{
	if (app->ask == ASK_NONE)
		return;
	if (app->ask == ASK_VERB || app->ask == ASK_VERB_PAGE)
		app_work_release(&app->work);
	prompt_release(&app->prompt);
	app->ask = ASK_NONE;
	term_field(false);
	app->stale = true;
}

/* ---- filter ---- */

static void
say_shown(struct app *app)
{
	char n[TEXT_NUMBER_MAX];

	snprintf(app->question, sizeof app->question,
		"Filter: %s%s shown.  " FILTER_EXAMPLES, text_exact(n,
			(uint64_t)app_list(app)->total),
		app_mail(app)->mail.partial ? "+" : "");
}

void
app_filter_again(struct app *app)
{
	struct error err = ERROR_INIT;

	if (list_reload(app_list(app), &err) < 0)
		app_fail(app, &err);
}

/* The filter is in force as it is typed; what is not an expression (yet)
 * leaves the last one in force and says why. */
static void
filter_typed(struct app *app)
{
	struct mail_view *m = app_mail(app);
	const char *text = app->prompt.fields[0].text.data;
	struct error err = ERROR_INIT;
	struct match *match = NULL;

	m->complaint[0] = '\0';
	if (text[strspn(text, " ")]) {
		match = match_compile(text, 0, clock_wall(), &err);
		if (!match) {
			snprintf(m->complaint, sizeof m->complaint, "%.119s",
				err.text);
			snprintf(app->question, sizeof app->question, "%.190s",
				err.text);
			return;
		}
	}
	match_free(m->mail.query.match);
	m->mail.query.match = match;
	str_clear(&m->filter);
	str_add(&m->filter, match ? text : "");
	app_filter_again(app);
	say_shown(app);
}

/* ---- what the simple ones do ---- */

static void
command_done(struct app *app)
{
	char *word = xstrdup(app->prompt.fields[0].text.data);
	struct error err = ERROR_INIT;
	enum action action;
	int64_t id;

	app_prompt_close(app);
	if (text_parse_int(word, 1, INT64_MAX, &id, &err) == 0) {
		app_message_open(app, id);
	} else if (*word) {
		action = keymap_parse(word, &err);
		if (action == ACTION_NONE)
			app_fail(app, &err);
		else
			app_act(app, action);
	}
	free(word);
}

/* Tab after `:`: as far as the words agree. */
static void
complete(struct app *app)
{
	struct field *field = &app->prompt.fields[0];
	struct str common = STR_INIT;
	size_t found = keymap_complete(field->text.data, app_context(app),
		&common);

	if (found && common.len > field->text.len) {
		str_clear(&field->text);
		str_add_bytes(&field->text, common.data, common.len);
		field->cursor = field->text.len;
	}
	snprintf(app->question, sizeof app->question, found == 0 ?
		"No action begins so; ? lists them" : found == 1 ?
		"Enter does it" : "%zu actions begin so", found);
	str_release(&common);
}

static void
search_done(struct app *app)
{
	snprintf(app->search, sizeof app->search, "%.127s",
		app->prompt.fields[0].text.data);
	app_prompt_close(app);
	app_act(app, ACTION_FIND_NEXT);
}

static void
done(struct app *app)
{
	switch (app->ask) {
	case ASK_FILTER:
		if (app_mail(app)->mail.partial)
			app_filter_again(app);
		app_prompt_close(app);
		break;
	case ASK_SEARCH: search_done(app); break;
	case ASK_COMMAND: command_done(app); break;
	case ASK_VERB:
	case ASK_VERB_PAGE: app_verb_done(app); break;
	case ASK_UNDO: app_undo_done(app); break;
	case ASK_CONNECTOR: app_connector_done(app); break;
	case ASK_WRITE: app_write_done(app); break;
	case ASK_NONE: break;
	}
}

/* Whether this prompt wants this key for itself. */
static bool
is_taken(struct app *app, const struct key_event *event)
{
	if (app->ask == ASK_COMMAND && event->key == KEYS_TAB) {
		complete(app);
		return true;
	}
	return false;
}

void
app_prompt_typed(struct app *app, const struct key_event *event)
{
	struct str before = STR_INIT;
	enum prompt_state state;

	if (is_taken(app, event))
		return;
	if (app->ask == ASK_FILTER)
		str_add(&before, app->prompt.fields[0].text.data);
	state = prompt_key(&app->prompt, event);
	if (app->ask == ASK_FILTER) {
		if (state == PROMPT_CANCELLED)
			str_clear(&app->prompt.fields[0].text);
		if (strcmp(before.data, app->prompt.fields[0].text.data) != 0)
			filter_typed(app);
	}
	str_release(&before);
	if (state == PROMPT_DONE)
		done(app);
	else if (state == PROMPT_CANCELLED)
		app_prompt_close(app);
	term_field(app->ask != ASK_NONE && prompt_is_text(&app->prompt));
}

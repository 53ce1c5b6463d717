/* verb_page_text: the lines of the page. See verb_page.h. */
#include "base/text.h"
#include "prompt/verb_page_private.h"
#include "base/width.h"
#include "term/wrap.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define INDENT 10
#define SHOWN 3			/* causes and people by name */
#define TITLE_COLUMNS 80

/* Parts of the page, in order. Rank 0 stays; else the highest goes first. */
enum part {
	PART_TITLE, PART_YOU, PART_BLANK, PART_WHICH, PART_ABLE, PART_CAUSE,
	PART_SIZE, PART_TWICE, PART_THEN, PART_UNDO, PART_END, PARTS
};

static const int ranks[PARTS] = {
	[PART_TITLE] = 0, [PART_YOU] = 3, [PART_BLANK] = 9, [PART_WHICH] = 0,
	[PART_ABLE] = 2, [PART_CAUSE] = 6, [PART_SIZE] = 7, [PART_TWICE] = 1,
	[PART_THEN] = 5, [PART_UNDO] = 4, [PART_END] = 8,
};

struct writer {
	const struct verb_page *page;
	const struct verb_page_world *world;
	size_t width;
	struct str parts[PARTS];
};

static struct wrap
labelled(const struct writer *w, const char *label)
{
	return (struct wrap){ label, INDENT, w->width };
}

/* ---- who asks what ---- */

static void
actor_words(const struct actor *a, struct str *out)
{
	bool as = a->euser && a->user && strcmp(a->euser, a->user) != 0;

	str_add(out, "you: ");
	text_add_printable(out, a->user ? a->user : "?",
		strlen(a->user ? a->user : "?"));
	if (as || a->tty)
		str_addf(out, " (%s%s%s%s%s)", as ? "as " : "",
			as ? a->euser : "", as && a->tty ? ", " : "",
			a->tty ? "on " : "", a->tty ? a->tty : "");
}

static void
add_title(struct writer *w)
{
	const struct verb_page *p = w->page;
	struct str *out = &w->parts[PART_TITLE], you = STR_INIT;
	size_t wide = w->width < TITLE_COLUMNS ? w->width : TITLE_COLUMNS;
	char host[64];

	str_add_char(out, ' ');
	for (const char *s = verb_word(p->verb); *s; s++)
		str_add_char(out, (char)(*s - ('a' - 'A')));
	str_addf(out, "%s %s on %s?", p->for_good ? " FOR GOOD" : "",
		w->world->title, width_cut(host, sizeof host, p->host, 14));
	actor_words(p->actor, &you);
	if (width_text(out->data) + 2 + width_text(you.data) <= wide) {
		while (width_text(out->data) + width_text(you.data) < wide)
			str_add_char(out, ' ');
		str_add_bytes(out, you.data, you.len);
	} else {
		str_add_char(&w->parts[PART_YOU], ' ');
		str_add_bytes(&w->parts[PART_YOU], you.data, you.len);
		str_add_char(&w->parts[PART_YOU], '\n');
	}
	str_add_char(out, '\n');
	str_release(&you);
}

static void
add_which(struct writer *w)
{
	const struct verb_page_world *world = w->world;
	struct str words = STR_INIT;
	char n[TEXT_NUMBER_MAX];

	str_addf(&words, "%s %s.", text_exact(n, (uint64_t)world->targets),
		world->which);
	if (world->cursor)
		str_addf(&words, " Not the one under the cursor (%" PRId64
			", untagged).", world->cursor);
	if (world->hidden)
		str_addf(&words, "\n%s of the tagged %s hidden by the filter "
			"now.", text_exact(n, (uint64_t)world->hidden),
			world->hidden == 1 ? "is" : "are");
	if (w->page->looked < world->targets)
		str_addf(&words, "\nWhat follows is said of the oldest %s.",
			text_exact(n, (uint64_t)w->page->looked));
	wrap_add(&w->parts[PART_WHICH], labelled(w, "Which"), words.data);
	str_release(&words);
}

/* ---- of them ---- */

/* " retried 5, quarantined 3, 14:18" of one person, and who. */
static void
add_person(const struct writer *w, size_t first, struct str *out)
{
	const struct verb_page *p = w->page;
	const char *by = p->changes[first].by;
	char n[TEXT_NUMBER_MAX], at[TEXT_TIME_MAX];
	int64_t latest = 0;
	const char *comma = "";

	str_addf(out, "%s ", by);
	for (size_t i = first; i < p->change_count; i++) {
		const struct verb_page_change *c = &p->changes[i];

		if (strcmp(c->by, by) != 0)
			continue;
		str_addf(out, "%s%s %s", comma, c->word, text_exact(n,
			(uint64_t)c->n));
		comma = ", ";
		if (c->at > latest)
			latest = c->at;
	}
	if (latest)
		str_addf(out, ", %s", text_time(at, latest, w->world->now));
}

static bool
is_first_of(const struct verb_page *p, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (strcmp(p->changes[k].by, p->changes[i].by) == 0)
			return false;
	return true;
}

static int64_t
changes_of(const struct verb_page *p, const char *by)
{
	int64_t n = 0;

	for (size_t i = 0; i < p->change_count; i++)
		if (strcmp(p->changes[i].by, by) == 0)
			n += p->changes[i].n;
	return n;
}

static void
add_unable(const struct writer *w, struct str *out)
{
	const struct verb_page *p = w->page;
	int64_t rest = p->other_changes;
	const char *sep = ": ";
	char n[TEXT_NUMBER_MAX];
	int people = 0;

	for (size_t i = 0; i < p->change_count; i++) {
		const struct verb_page_change *c = &p->changes[i];

		if (!*c->by) {
			str_addf(out, "%s%s %s", sep, text_exact(n,
				(uint64_t)c->n), c->word);
		} else if (!is_first_of(p, i)) {
			continue;
		} else if (people == SHOWN) {
			rest += changes_of(p, c->by);
			continue;
		} else {
			people++;
			str_add(out, sep);
			add_person(w, i, out);
		}
		sep = "; ";
	}
	if (p->missing)
		str_addf(out, "%s%s forgotten by the history", sep,
			text_exact(n, (uint64_t)p->missing));
	if (rest)
		str_addf(out, "; and %s more", text_exact(n, (uint64_t)rest));
}

static void
add_able(struct writer *w)
{
	const struct verb_page *p = w->page;
	struct str words = STR_INIT;
	char n[TEXT_NUMBER_MAX];
	int64_t unable = p->looked - p->able;

	str_addf(&words, "%s can be %s.", text_exact(n, (uint64_t)p->able),
		verb_past(p->verb));
	if (unable) {
		str_addf(&words, " %s not", text_exact(n, (uint64_t)unable));
		add_unable(w, &words);
	}
	if (p->noted)
		str_addf(&words, "\n%s %s in the importer: that happens when "
			"the attempt ends, unless it is imported.",
			text_exact(n, (uint64_t)p->noted),
			p->noted == 1 ? "is" : "are");
	wrap_add(&w->parts[PART_ABLE], labelled(w, "Of them"), words.data);
	str_release(&words);
}

static void
add_causes(struct writer *w)
{
	const struct verb_page *p = w->page;
	bool told[VERB_PAGE_KEPT] = { false };
	struct str words = STR_INIT;
	char n[TEXT_NUMBER_MAX];
	int64_t rest = p->other_causes;

	for (int k = 0; k < SHOWN && (size_t)k < p->cause_count; k++) {
		size_t most = VERB_PAGE_KEPT;

		for (size_t i = 0; i < p->cause_count; i++)
			if (!told[i] && (most == VERB_PAGE_KEPT ||
			    p->causes[i].n > p->causes[most].n))
				most = i;
		told[most] = true;
		str_addf(&words, "%s%s %s", k ? ", " : "", text_exact(n,
			(uint64_t)p->causes[most].n), p->causes[most].words);
	}
	for (size_t i = 0; i < p->cause_count; i++)
		rest += told[i] ? 0 : p->causes[i].n;
	if (rest)
		str_addf(&words, ", %s of other causes", text_exact(n,
			(uint64_t)rest));
	if (words.len)
		wrap_add(&w->parts[PART_CAUSE], labelled(w, "Cause"),
			words.data);
	str_release(&words);
}

/* ---- how much, and which ---- */

static void
example_words(const struct verb_page_example *e, const char *label,
	size_t columns, char out[200])
{
	char at[16], line[200];
	time_t t = (time_t)(e->at / 1000);
	struct tm tm;

	localtime_r(&t, &tm);
	strftime(at, sizeof at, "%a %H:%M", &tm);
	snprintf(line, sizeof line, "%-7s %-9s %6" PRId64 " %s", label, at,
		e->id, e->subject);
	width_cut(out, 200, line, columns);
}

static void
add_size(struct writer *w)
{
	const struct verb_page *p = w->page;
	struct str *out = &w->parts[PART_SIZE];
	size_t at = w->width < 60 ? 1 : 19;
	char size[TEXT_NUMBER_MAX], words[200];

	if (!p->able)
		return;
	text_size(size, (uint64_t)p->bytes);
	example_words(&p->oldest, "Oldest", w->width - at, words);
	if (at == 1)
		str_addf(out, " %-8s %s\n %s\n", "Size", size, words);
	else
		str_addf(out, " %-8s %-8s %s\n", "Size", size, words);
	if (p->newest.id == p->oldest.id)
		return;
	example_words(&p->newest, "Newest", w->width - at, words);
	str_addf(out, "%*s%s\n", (int)at, "", words);
}

static bool
puts_back(const struct verb_page *p)
{
	return p->verb == VERB_RETRY || p->verb == VERB_RELEASE;
}

static void
add_twice(struct writer *w)
{
	char n[TEXT_NUMBER_MAX];

	if (w->page->twice && puts_back(w->page))
		wrap_addf(&w->parts[PART_TWICE], labelled(w, "Twice?"),
			"%s may have reached some recipients before.   "
			"Leave them out:", text_exact(n,
				(uint64_t)w->page->twice));
}

/* ---- all ---- */

static size_t
lines_of(const struct str *s)
{
	size_t n = 0;

	for (size_t i = 0; i < s->len; i++)
		n += s->data[i] == '\n';
	return n;
}

/* Leaves out what matters least until it fits. */
static void
narrow(struct writer *w, size_t rows)
{
	size_t total = 0;

	for (int i = 0; i < PARTS; i++)
		total += lines_of(&w->parts[i]);
	while (total > rows) {
		int worst = PART_TITLE;

		for (int i = 0; i < PARTS; i++)
			if (w->parts[i].len && ranks[i] > ranks[worst] &&
			    !(i == PART_UNDO && w->page->for_good))
				worst = i;
		if (ranks[worst] == 0)
			return;
		total -= lines_of(&w->parts[worst]);
		str_clear(&w->parts[worst]);
	}
}

/* The end of the last line of the part, counted from the page's top. */
static void
find_spot(const struct writer *w, enum part part,
	struct verb_page_spot *spot)
{
	size_t before = 0;
	const struct str *s = &w->parts[part];
	const char *line = s->data;

	*spot = (struct verb_page_spot){ -1, 0 };
	if (!s->len)
		return;
	for (int i = 0; i <= (int)part; i++)
		before += lines_of(&w->parts[i]);
	for (const char *c = s->data; c[1]; c++)
		if (*c == '\n')
			line = c + 1;
	spot->row = (int)before - 1;
	spot->column = (int)strcspn(line, "\n") + 1;
}

void
verb_page_text(const struct verb_page *p, const struct verb_page_world *world,
	size_t width, size_t rows, struct str *out,
	struct verb_page_spot *leave_out)
{
	struct writer w = { .page = p, .world = world, .width = width };
	struct str then = STR_INIT;

	for (int i = 0; i < PARTS; i++)
		str_init(&w.parts[i]);
	add_title(&w);
	str_add(&w.parts[PART_BLANK], "\n");
	add_which(&w);
	add_able(&w);
	add_causes(&w);
	add_size(&w);
	add_twice(&w);
	verb_page_add_then(p, world, &then);
	wrap_add(&w.parts[PART_THEN], labelled(&w, "Then"), then.data);
	str_release(&then);
	wrap_add(&w.parts[PART_UNDO], labelled(&w, "Undo"), verb_page_undo(p));
	str_add(&w.parts[PART_END], "\n");
	narrow(&w, rows);
	find_spot(&w, PART_TWICE, leave_out);
	for (int i = 0; i < PARTS; i++) {
		str_add_bytes(out, w.parts[i].data, w.parts[i].len);
		str_release(&w.parts[i]);
	}
}

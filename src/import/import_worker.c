/* SPDX-License-Identifier: ISC */
/* import_worker: see import_worker.h for the contract. */
#include "import/import_worker.h"
#include "base/json.h"
#include "import/import_batch.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define REQUESTS_MAX IMPORT_BATCH_MAX
#define HANDED_ON_MAX 32	/* a command each: all are answered at the end */
#define INPUT_MAX (4 * (size_t)IMPORT_LINE_MAX)

/* Read by ourselves: through stdio nobody could know what was looked at. */
struct input {
	char bytes[INPUT_MAX];
	size_t at, len;		/* what is not worked on yet */
	bool ended;
	bool wrong;		/* err says why: nothing more is read */
	struct error err;
};

struct request {
	struct json_line *json;	/* the item's strings are its */
	struct import_item item;
};

struct worker {
	struct import_office office;
	const struct import_options *options;
	struct input in;
	struct request requests[REQUESTS_MAX];
	size_t count;
};

static void
spoil(struct input *in, const struct error *err)
{
	in->wrong = true;
	in->err = *err;
}

/* Takes what is there, waiting for it if `wait`. False: nothing came. */
static bool
read_some(struct input *in, bool wait)
{
	struct pollfd ready = { .fd = STDIN_FILENO, .events = POLLIN };
	struct error err;
	ssize_t n;

	memmove(in->bytes, in->bytes + in->at, in->len);
	in->at = 0;
	if (in->ended || in->len == sizeof in->bytes ||
	    (poll(&ready, 1, wait ? -1 : 0) <= 0 && !wait))
		return false;
	do
		n = read(STDIN_FILENO, in->bytes + in->len,
			sizeof in->bytes - in->len);
	while (n < 0 && errno == EINTR);
	if (n < 0) {
		error_sys(&err, errno, "read standard input");
		spoil(in, &err);
	}
	in->ended = n <= 0;
	in->len += n > 0 ? (size_t)n : 0;
	return n > 0;
}

/* The next whole line, without its end, or NULL. */
static const char *
next_line(struct input *in, size_t *len_out)
{
	const char *line = in->bytes + in->at;
	const char *end = memchr(line, '\n', in->len);
	size_t len = end ? (size_t)(end - line) : in->len;
	struct error err;

	if (len > IMPORT_LINE_MAX) {
		error_set(&err, ERROR_INVALID, "a request is longer than %d "
			"bytes", IMPORT_LINE_MAX);
		spoil(in, &err);
		return NULL;
	}
	if (!end)
		return NULL;
	in->at += len + 1;
	in->len -= len + 1;
	*len_out = len;
	return line;
}

/* What the members say; -1 with err: they do not say enough. */
static int
ask(const struct worker *w, const struct json_line *j, struct import_item *item,
	struct error *err)
{
	item->und = w->options->und;
	if (json_get_text(j, "file", &item->path) <= 0 || !*item->path)
		return error_set(err, ERROR_INVALID, "the request names no "
			"file");
	if (json_get_text(j, "key", &item->key) < 0 ||
	    json_get_text(j, "und", &item->und) < 0)
		return error_set(err, ERROR_INVALID, "the request's key or und "
			"is not a text");
	return 0;
}

/* Takes one line for a request. */
static void
take(struct worker *w, const char *line, size_t len)
{
	struct request *r = &w->requests[w->count];
	struct error err;

	*r = (struct request){ .item = IMPORT_ITEM_INIT };
	r->json = json_line_read(line, len, &err);
	if (r->json && json_get_number(r->json, "id", &r->item.id) <= 0) {
		json_line_free(r->json);
		r->json = NULL;
		error_set(&err, ERROR_INVALID, "without an id");
	}
	if (!r->json) {
		error_prefix(&err, "a request that cannot be answered");
		spoil(&w->in, &err);
		return;
	}
	if (ask(w, r->json, &r->item, &err) < 0)
		import_item_fail(&r->item, IMPORT_UNUSABLE, &err);
	w->count++;
}

/* So many may be worked on together, as far as the post office is known. */
static size_t
most(const struct worker *w)
{
	const struct postoffice *po = w->office.po;

	return po && po->deliver.count == 0 ? REQUESTS_MAX : HANDED_ON_MAX;
}

static void
take_lines(struct worker *w)
{
	const char *line;
	size_t len;

	while (w->count < most(w) && !w->in.wrong &&
	    (line = next_line(&w->in, &len)))
		take(w, line, len);
}

/* All requests that have come, at least one. False: there is none, nor will
 * be. */
static bool
gather(struct worker *w)
{
	bool more = true;

	w->count = 0;
	take_lines(w);
	while (more && w->count < most(w) && !w->in.wrong) {
		more = read_some(&w->in, w->count == 0);
		take_lines(w);
	}
	return w->count > 0;
}

static void
answer(struct import_item *item)
{
	struct json_line *j = json_line_new();
	struct str output = STR_INIT;
	int64_t range[2] = { item->und_start, item->und_end };

	import_item_add_words(item, &output);
	json_put_number(j, "id", item->id);
	json_put_number(j, "code", item->code);
	json_put_bytes(j, "output", output.data, output.len);
	if (range[0] < range[1])
		json_put_numbers(j, "und", range, 2);
	else
		json_put_null(j, "und");
	json_line_print(j, stdout);
	str_release(&output);
}

/* Those that ask for something come to one batch. */
static void
work(struct worker *w)
{
	struct import_item *batch[REQUESTS_MAX];
	size_t count = 0;

	for (size_t i = 0; i < w->count; i++)
		if (w->requests[i].item.code == IMPORT_DONE)
			batch[count++] = &w->requests[i].item;
	if (count)
		import_batch(&w->office, batch, count);
	for (size_t i = 0; i < w->count; i++) {
		answer(&w->requests[i].item);
		import_item_release(&w->requests[i].item);
		json_line_free(w->requests[i].json);
	}
}

static int
ended(const struct input *in)
{
	if (in->wrong)
		fprintf(stderr, "ccmq-import: %s\n", in->err.text);
	else if (in->len)
		fputs("ccmq-import: the input ended within a request\n",
			stderr);
	return in->wrong || in->len ? IMPORT_UNUSABLE : 0;
}

int
import_worker(const struct import_options *options)
{
	static struct worker w;		/* too large for a stack */
	struct error err;

	w.options = options;
	import_office_init(&w.office, options);
	while (gather(&w)) {
		work(&w);
		if (fflush(stdout) == 0)
			continue;
		error_sys(&err, errno, "write an answer");
		spoil(&w.in, &err);
		break;
	}
	import_office_release(&w.office);
	return ended(&w.in);
}

/* app_write: a message, or the ids of a list, to a new file. See app.h. */
#include "app/app.h"
#include "base/files.h"
#include "term/term.h"
#include "base/xalloc.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void
app_write(struct app *app)
{
	if (app->over != OVER_MESSAGE && (app->over != OVER_NONE ||
	    !app_mail(app) || app_by_cause(app))) {
		app_note(app, "Write is for lists and messages");
		return;
	}
	app_prompt_open(app, ASK_WRITE);
	prompt_add_text(&app->prompt, "File", "", true);
	snprintf(app->question, sizeof app->question, app->over == OVER_MESSAGE
		? "Write message %" PRId64 " as it is, to a new file"
		: "Write the ids of the list to a new file", app->message);
	term_field(true);
}

static int
copy_message(struct app *app, int to, struct error *err)
{
	struct history_message m;
	struct stat st;
	enum spool_dir dir;
	char buf[65536];
	ssize_t n = 0;
	int from, rc = history_message_get(app->store.history, app->message,
		&m, err);

	if (rc <= 0)
		return rc < 0 ? -1 : error_set(err, ERROR_NOT_FOUND,
			"there is no such message");
	from = store_open_message(&app->store, &m, &st, &dir, err);
	history_message_release(&m);
	if (from < 0)
		return -1;
	for (int64_t at = 0; (n = fs_read_at(from, buf, sizeof buf, at,
	    err)) > 0; at += n)
		if (write(to, buf, (size_t)n) != n) {
			n = error_sys(err, errno, "write");
			break;
		}
	close(from);
	return n < 0 ? -1 : 0;
}

static void
add_line(void *arg, int64_t id)
{
	str_addf(arg, "%" PRId64 "\n", id);
}

static int
copy_list(struct app *app, int to, struct error *err)
{
	struct str out = STR_INIT;
	int rc = mail_source.ids(&app_mail(app)->mail, NULL, NULL, add_line,
		&out, err);

	if (rc == 0 && write(to, out.data, out.len) != (ssize_t)out.len)
		rc = error_sys(err, errno, "write");
	str_release(&out);
	return rc;
}

void
app_write_done(struct app *app)
{
	char *path = xstrdup(app->prompt.fields[0].text.data);
	struct error err = ERROR_INIT;
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	int rc = fd < 0 ? error_sys(&err, errno, "make %.200s", path) :
		app->over == OVER_MESSAGE ? copy_message(app, fd, &err) :
		copy_list(app, fd, &err);

	if (fd >= 0 && close(fd) < 0 && rc == 0)
		rc = error_sys(&err, errno, "write");
	app_prompt_close(app);
	if (rc < 0)
		app_fail(app, &err);
	else
		app_note(app, "Written to %.200s", path);
	free(path);
}

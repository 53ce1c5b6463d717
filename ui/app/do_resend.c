/* SPDX-License-Identifier: ISC */
/* do_resend: the entry under the cursor of .und becomes a message again. See
 * do.h. */
#include "app/do.h"
#include "app/errand.h"
#include "app/says.h"
#include "app/views.h"
#include "base/xalloc.h"
#include "work/resend.h"

#include <inttypes.h>

struct resend_errand {
	struct errand errand;
	int64_t entry;
};

static void
tell(void *arg, const struct made_one *one)
{
	struct desk *desk = arg;

	if (one->m.id)
		desk_note(desk, says_resent, one->number, one->m.id);
	else
		desk_note(desk, says_not_resent, one->number, one->why ?
			one->why : "");
}

static int
piece(struct errand *e, struct desk *desk, struct error *err)
{
	struct resend_errand *re = (struct resend_errand *)e;
	struct resend what = {
		.und_path = desk->settings->und_path, .entries = &re->entry,
		.n = 1,
	};
	struct made_spec spec = {
		.store = &desk->store, .actor = &desk->actor,
		.min_free = desk->settings->disk_min_free_bytes,
		.result = tell, .arg = desk,
	};

	return resend_do(&what, &spec, err);
}

void
do_resend(struct desk *desk)
{
	struct resend_errand *re;
	int64_t entry = views_und_entry(desk);

	if (!entry) {
		desk_note(desk, says_no_entry);
		return;
	}
	if (!desk_may_write(desk))
		return;
	re = xcalloc(1, sizeof *re);
	re->errand = (struct errand){ .verb = "resend", .piece = piece };
	re->entry = entry;
	errand_begin(desk, &re->errand);
}

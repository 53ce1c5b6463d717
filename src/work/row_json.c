/* SPDX-License-Identifier: ISC */
/* row_json: see row_json.h for the contract. */
#include "work/row_json.h"

struct json_line *
row_message_json(const struct history_message *m)
{
	struct json_line *j = json_line_new();

	json_put_number(j, "id", m->id);
	json_put_bytes(j, "name", m->true_name, m->true_name_len);
	json_put_base64(j, "name_b64", m->true_name, m->true_name_len);
	json_put_text(j, "state", state_word(m->state));
	json_put_number(j, "size", m->size);
	json_put_time(j, "received_at", m->received_at);
	json_put_number(j, "attempts", m->attempts);
	json_put_number(j, "tries", m->tries);
	json_put_known(j, "result_code", m->code, HISTORY_NO_CODE);
	json_put_text(j, "class", m->class);
	json_put_text(j, "reason", m->reason);
	json_put_text(j, "from", m->from);
	json_put_lines(j, "to", m->to);
	json_put_text(j, "subject", m->subject);
	json_put_text(j, "date", m->date_text);
	json_put_time(j, "next_attempt_at", m->next_attempt_at);
	json_put_number(j, "und_bytes", m->und_bytes);
	json_put_bool(j, "suspect", m->suspect);
	json_put_time(j, "since", m->since);
	json_put_bool(j, "maybe_delivered", m->maybe_delivered);
	json_put_number(j, "retries", m->retries);
	json_put_text(j, "action_reason", m->action_reason);
	json_put_text(j, "action_by", m->action_by);
	json_put_text(j, "noted_verb", m->noted_verb);
	json_put_known(j, "parent", m->parent, 0);
	json_put_number(j, "parts", m->parts);
	json_put_text(j, "content_hash", m->content && *m->content ?
		m->content : NULL);
	return j;
}

struct json_line *
row_cause_json(const struct history_cause_row *row)
{
	struct json_line *j = json_line_new();

	json_put_text(j, "class", row->class);
	json_put_known(j, "code", row->code, HISTORY_NO_CODE);
	json_put_number(j, "signal", row->signal);
	json_put_text(j, "reason", row->reason);
	json_put_bool(j, "suspect", row->suspect);
	json_put_number(j, "messages", row->n);
	json_put_time(j, "first_at", row->first_at);
	json_put_time(j, "last_at", row->last_at);
	return j;
}

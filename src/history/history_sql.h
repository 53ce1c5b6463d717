/*
 * history_sql: every statement of the history, by name. The texts stand in
 * history_sql.c; values are always bound, never written into them.
 */
#ifndef CCMQ_HISTORY_SQL_H
#define CCMQ_HISTORY_SQL_H

enum sql {
	SQL_BEGIN,
	SQL_COMMIT,
	SQL_ROLLBACK,
	SQL_VERSION,
	SQL_DATA_VERSION,
	SQL_CHECKPOINT,
	SQL_UUID,
	SQL_SET_UUID,
	SQL_MESSAGE_GET,
	SQL_MESSAGE_ADD,
	SQL_MESSAGE_UPDATE,
	SQL_MESSAGE_HEADER,
	SQL_MOVE_CLEAR,
	SQL_MOVE_NEXT,
	SQL_NEXT_QUEUED,
	SQL_NEXT_DEFERRED,
	SQL_NEXT_DUE_AT,
	SQL_UNAVAILABLE_DUE,
	SQL_CAP_DUE,
	SQL_PROBE_YOUNGEST,
	SQL_PROBE_OLDEST,
	SQL_PROBE_OTHER,
	SQL_HIGHEST_ID,
	SQL_SET_HIGHEST_ID,
	SQL_COUNTS,
	SQL_TALLY_COUNT,
	SQL_TALLY_AGREES,
	SQL_TALLY_CLEAR,
	SQL_TALLY_ANEW,
	SQL_CAUSE_FIND,
	SQL_CAUSE_ADD,
	SQL_CAUSE_COUNT,
	SQL_CAUSES,
	SQL_CAUSE_LOOK,
	SQL_TESTS,
	SQL_TOOK,
	SQL_STORM,
	SQL_AGAIN,
	SQL_ATTEMPT_BEGIN,
	SQL_ATTEMPT_END,
	SQL_ATTEMPT_OPEN,
	SQL_ATTEMPTS,
	SQL_ATTEMPTS_ALL,
	SQL_ACTION_ADD,
	SQL_ACTION_END,
	SQL_ACTION_GET,
	SQL_ACTION_MARK_UNDONE,
	SQL_ACTION_UNDOABLE,
	SQL_ACTION_PENDING,
	SQL_ACTIONS,
	SQL_ITEM_PUT,
	SQL_ITEMS,
	SQL_MESSAGE_ITEMS,
	SQL_EVENT_ADD,
	SQL_EVENTS,
	SQL_EVENT_SINCE,
	SQL_EVENT_NEWEST,
	SQL_CONNECTOR_GET,
	SQL_CONNECTOR_PUT,
	SQL_STREAK_ADD,
	SQL_STREAK_HAS,
	SQL_STREAK_CLEAR,
	SQL_STREAK_SUSPECT,
	SQL_MINUTE_ADD,
	SQL_MINUTE_SUM,
	SQL_UND_ADD,
	SQL_UND_UPDATE,
	SQL_UND_REMOVE,
	SQL_UND_REMOVE_ENTRIES,
	SQL_UND_CURRENT,
	SQL_UND_HIGHEST,
	SQL_UND_NEXT,
	SQL_UND_ENTRY_ADD,
	SQL_UND_ENTRIES,
	SQL_UND_ENTRIES_MESSAGE,
	SQL_UND_ENTRY_GET,
	SQL_UND_REASONS,
	SQL_UND_BEFORE,
	SQL_UND_AFTER,
	SQL_UND_REASON_BEFORE,
	SQL_UND_REASON_AFTER,
	SQL_LOG_ATTEMPTS_BEFORE,
	SQL_LOG_ATTEMPTS_AFTER,
	SQL_LOG_ACTIONS_BEFORE,
	SQL_LOG_ACTIONS_AFTER,
	SQL_LOG_EVENTS_BEFORE,
	SQL_LOG_EVENTS_AFTER,
	SQL_ATTEMPT_GET,
	SQL_EVENT_GET,
	SQL_ACTIONS_OPEN,
	SQL_ITEMS_BEFORE,
	SQL_ITEM_GET,
	SQL_ITEMS_DROP,
	SQL_NEXT_KEPT,
	SQL_NEXT_TRASH,
	SQL_FORGET_FIND,
	SQL_FORGET_MESSAGE,
	SQL_FORGET_ATTEMPTS,
	SQL_FORGET_ITEMS,
	SQL_FORGET_EVENTS,
	SQL_FORGET_ACTIONS,
	SQL_FORGET_MINUTES,
	SQL_COUNT
};

/* Events that repeat what an attempt says; the same in index and queries. */
#define NOT_REPEATED "number NOT IN (54, 58, 59, 60, 61, 62, 63)"

extern const char *const history_sql[SQL_COUNT];

/* The schema, statement after statement: version 1, and what each later one
 * added (it fills what it makes, so that it upgrades as well). */
extern const char history_schema_1[];
extern const char history_schema_2[];

/* The columns history_read_message reads, in its order. */
#define MESSAGE_COLUMNS \
	"m.id, m.name, m.true_name, m.state, m.since, m.from_state, " \
	"m.move_from, m.move_to, m.inode, m.mtime, m.size, m.received_at, " \
	"m.from_addr, m.to_addrs, m.subject, m.date_text, m.date_at, " \
	"m.attempts, m.tries, m.rejected, m.crashed, m.unavailable, " \
	"m.retries, m.failures, m.result_code, m.signal, m.class, m.reason, " \
	"m.cause, m.imports_seen, m.next_attempt_at, m.suspect, " \
	"m.maybe_delivered, m.und_bytes, m.und_entries, m.changed_by, " \
	"m.action_reason, m.action_by, m.noted_verb, m.noted_action, " \
	"m.kept"

#endif

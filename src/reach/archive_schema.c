/* SPDX-License-Identifier: ISC */
/* archive_schema: the tables and views of the archive, and its owner's work on
 * them. Every statement can be run again. See ccmq-archive(5). */
#include "reach/archive_private.h"

#define KEY "  store uuid NOT NULL,\n  epoch bigint NOT NULL,\n" \
	"  txn bigint NOT NULL,\n"
#define PARTED(table) \
	"  PRIMARY KEY (store, epoch, id, txn, at)\n" \
	") PARTITION BY RANGE (at)", \
	"CREATE TABLE IF NOT EXISTS ccmq." table "_default PARTITION OF ccmq." \
	table " DEFAULT"

/* For a report of some hours: rows come in the order of their time. */
#define AT_INDEX(table) \
	"CREATE INDEX IF NOT EXISTS " table "_at ON ccmq." table " USING brin\n" \
	"  (at) WITH (pages_per_range = 32, autosummarize = on)"

/* The newest version of each row, of the newest epoch of its store. */
#define NEWEST(table) \
	"CREATE OR REPLACE VIEW ccmq." table "_newest AS\n" \
	"SELECT DISTINCT ON (t.store, t.id) t.*, s.host\n" \
	"FROM ccmq." table " t JOIN ccmq.store s ON s.store = t.store\n" \
	"  AND s.epoch = t.epoch AND s.newest\n" \
	"ORDER BY t.store, t.id, t.txn DESC"

/* Of each message whose newest version is not of a state in which nearly all
 * end: that version, once more. Of what came, was tried and imported all
 * versions but the last are of other states: no index on those finds the few
 * that still are. A trigger keeps it, whichever program writes. */
#define NEWEST_BUT_SETTLED(table) \
	"INSERT INTO ccmq.not_imported SELECT * FROM (SELECT DISTINCT ON\n" \
	"  (store, epoch, id) * FROM " table "\n" \
	"  ORDER BY store, epoch, id, txn DESC) n\n" \
	"  WHERE state NOT IN ('imported', 'gone')\n"
#define KEEP_NOT_IMPORTED \
	"CREATE OR REPLACE FUNCTION ccmq.keep_not_imported() RETURNS trigger\n" \
	"LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$\n" \
	"BEGIN\n" \
	"  DELETE FROM ccmq.not_imported o USING written w WHERE\n" \
	"    o.store = w.store AND o.epoch = w.epoch AND o.id = w.id AND\n" \
	"    o.txn < w.txn;\n" \
	NEWEST_BUT_SETTLED("written") "  ON CONFLICT DO NOTHING;\n" \
	"  RETURN NULL;\n" \
	"END $$"
#define MAKE_NOT_IMPORTED \
	"DO $$ BEGIN\n" \
	"  IF to_regclass('ccmq.not_imported') IS NOT NULL THEN RETURN; END IF;\n" \
	"  CREATE TABLE ccmq.not_imported (LIKE ccmq.message,\n" \
	"    PRIMARY KEY (store, epoch, id));\n" \
	"  CREATE INDEX not_imported_state ON ccmq.not_imported\n" \
	"    (state, received_at);\n" \
	"  CREATE TRIGGER keep_not_imported AFTER INSERT ON ccmq.message\n" \
	"    REFERENCING NEW TABLE AS written FOR EACH STATEMENT\n" \
	"    EXECUTE FUNCTION ccmq.keep_not_imported();\n" \
	NEWEST_BUT_SETTLED("ccmq.message") ";\n" \
	"  ANALYZE ccmq.not_imported;\n" \
	"END $$"

const char *const archive_ddl[] = {
	"DO $$ BEGIN\n"
	"  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'ccmq_writer')\n"
	"  THEN CREATE ROLE ccmq_writer; END IF;\n"
	"  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'ccmq_reader')\n"
	"  THEN CREATE ROLE ccmq_reader; END IF;\n"
	"END $$",
	"CREATE SCHEMA IF NOT EXISTS ccmq",
	"CREATE TABLE IF NOT EXISTS ccmq.version (version integer NOT NULL)",
	"CREATE TABLE IF NOT EXISTS ccmq.store (\n"
	"  store uuid NOT NULL,\n  epoch bigint NOT NULL,\n"
	"  host text NOT NULL,\n  path text NOT NULL,\n"
	"  place bigint NOT NULL,\n  seal text NOT NULL,\n"
	"  newest boolean NOT NULL,\n"
	"  was uuid,\n"		/* that store was at this place before */
	"  begun timestamptz NOT NULL DEFAULT now(),\n"
	"  copied timestamptz,\n"
	"  PRIMARY KEY (store, epoch)\n)",
	"CREATE TABLE IF NOT EXISTS ccmq.gap (\n"
	"  store uuid NOT NULL,\n  epoch bigint NOT NULL,\n"
	"  first bigint NOT NULL,\n  last bigint NOT NULL,\n"
	"  noted timestamptz NOT NULL DEFAULT now(),\n"
	"  PRIMARY KEY (store, epoch, first)\n)",
	"CREATE TABLE IF NOT EXISTS ccmq.refused (\n"
	"  store uuid NOT NULL,\n  epoch bigint NOT NULL,\n"
	"  place bigint NOT NULL,\n"	/* it came after this transaction */
	"  kind text NOT NULL,\n  why text NOT NULL,\n  line bytea NOT NULL,\n"
	"  noted timestamptz NOT NULL DEFAULT now()\n)",
	"CREATE TABLE IF NOT EXISTS ccmq.message (\n" KEY
	"  id bigint NOT NULL,\n  at timestamptz NOT NULL,\n"
	"  state text NOT NULL,\n  size bigint,\n  received_at timestamptz,\n"
	"  name text,\n  name_bytes bytea,\n  from_addr text,\n"
	"  from_bytes bytea,\n  to_addrs text,\n  to_bytes bytea,\n"
	"  subject text,\n  subject_bytes bytea,\n  date_text text,\n"
	"  date_bytes bytea,\n  attempts bigint,\n  tries bigint,\n"
	"  result_code integer,\n  signal integer,\n  class text,\n"
	"  reason text,\n  reason_bytes bytea,\n  suspect boolean,\n"
	"  maybe_delivered boolean,\n  retries bigint,\n  failures bigint,\n"
	"  failed_at timestamptz,\n  und_bytes bigint,\n  parent bigint,\n"
	"  content text,\n  control boolean,\n  key text,\n  action_by text,\n"
	"  action_reason text,\n  action_reason_bytes bytea,\n"
	PARTED("message"),
	"DROP INDEX IF EXISTS ccmq.message_from",
	/* Any part of a sender's name; without it `find` reads all rows. */
	"DO $$ BEGIN\n"
	"  CREATE EXTENSION IF NOT EXISTS pg_trgm;\n"
	"  CREATE INDEX IF NOT EXISTS message_sender ON ccmq.message\n"
	"    USING gin (from_addr gin_trgm_ops);\n"
	"EXCEPTION WHEN undefined_file OR undefined_object OR\n"
	"  feature_not_supported OR insufficient_privilege THEN\n"
	"  RAISE NOTICE 'without pg_trgm a sender is not found by an index';\n"
	"END $$",
	/* A sender that is known from its beginning: few of its trigrams are
	 * rare. And the newest first. */
	"CREATE INDEX IF NOT EXISTS message_begins ON ccmq.message\n"
	"  (lower(from_addr) text_pattern_ops)",
	"CREATE INDEX IF NOT EXISTS message_received ON ccmq.message\n"
	"  (received_at)",
	KEEP_NOT_IMPORTED, MAKE_NOT_IMPORTED,
	"CREATE TABLE IF NOT EXISTS ccmq.attempt (\n" KEY
	"  id bigint NOT NULL,\n  at timestamptz NOT NULL,\n"
	"  message bigint NOT NULL,\n  number bigint,\n  lane integer,\n"
	"  why text,\n  ended_at timestamptz,\n  took_ms bigint,\n"
	"  class text,\n  result_code integer,\n  signal integer,\n"
	"  counted boolean,\n  probe boolean,\n  copy text,\n  reason text,\n"
	"  reason_bytes bytea,\n  output text,\n  output_bytes bytea,\n"
	"  und_bytes bigint,\n  und_entries bigint,\n"
	PARTED("attempt"), AT_INDEX("attempt"),
	"CREATE TABLE IF NOT EXISTS ccmq.action (\n" KEY
	"  id bigint NOT NULL,\n  at timestamptz NOT NULL,\n"
	"  verb text NOT NULL,\n  by text,\n  reason text,\n"
	"  reason_bytes bytea,\n  tty text,\n  ssh text,\n"
	"  ended_at timestamptz,\n  total bigint,\n  done bigint,\n"
	"  skipped bigint,\n  failed bigint,\n  undo_of bigint,\n"
	"  undone_by bigint,\n  job_state text,\n  imported bigint,\n"
	"  again bigint,\n  deferred bigint,\n  acted bigint,\n"
	"  waits bigint,\n  detail text,\n  detail_bytes bytea,\n"
	PARTED("action"),
	"CREATE TABLE IF NOT EXISTS ccmq.change (\n" KEY
	"  id bigint NOT NULL,\n  at timestamptz NOT NULL,\n"
	"  message bigint NOT NULL,\n  state_from text,\n"
	"  since_from timestamptz,\n  state_to text,\n  attempt bigint,\n"
	"  action bigint,\n"
	PARTED("change"), AT_INDEX("change"),
	"CREATE TABLE IF NOT EXISTS ccmq.event (\n" KEY
	"  id bigint NOT NULL,\n  at timestamptz NOT NULL,\n"
	"  number integer NOT NULL,\n  severity text,\n  text text,\n"
	"  text_bytes bytea,\n  message bigint,\n"
	PARTED("event"),
	"CREATE TABLE IF NOT EXISTS ccmq.note (\n" KEY
	"  id bigint NOT NULL,\n  at timestamptz NOT NULL,\n  by text,\n"
	"  message bigint,\n  cause bigint,\n  mine boolean,\n"
	"  until timestamptz,\n  text text,\n  text_bytes bytea,\n"
	PARTED("note"),
	"CREATE TABLE IF NOT EXISTS ccmq.removed (\n" KEY
	"  at timestamptz NOT NULL,\n  kind text NOT NULL,\n"
	"  first bigint NOT NULL,\n  last bigint NOT NULL,\n"
	"  PRIMARY KEY (store, epoch, txn, kind, first)\n)",
	NEWEST("message"), NEWEST("attempt"), NEWEST("action"),
	"CREATE OR REPLACE VIEW ccmq.cause_by_day AS\n"
	"SELECT date_trunc('day', at) AS day, class, result_code, reason,\n"
	"  count(*) AS attempts, count(DISTINCT (store, message)) AS messages,\n"
	"  count(DISTINCT store) AS stores, min(at) AS first, max(at) AS last\n"
	"FROM ccmq.attempt_newest WHERE class <> 'imported'\n"
	"GROUP BY 1, 2, 3, 4",
	"GRANT USAGE ON SCHEMA ccmq TO ccmq_writer, ccmq_reader",
	"GRANT SELECT ON ALL TABLES IN SCHEMA ccmq TO ccmq_writer, ccmq_reader",
	"GRANT INSERT ON ALL TABLES IN SCHEMA ccmq TO ccmq_writer",
	"GRANT UPDATE ON ccmq.store TO ccmq_writer",
	"REVOKE INSERT ON ccmq.version, ccmq.not_imported FROM ccmq_writer",
	"DELETE FROM ccmq.version",
	"INSERT INTO ccmq.version VALUES (2)",
	NULL,
};

/* From three months back to two years ahead. A month of which the default
 * partition has rows stays there. */
const char archive_months[] =
	"DO $$ DECLARE kind text; month timestamptz; part text; BEGIN\n"
	"FOREACH kind IN ARRAY ARRAY['message', 'attempt', 'action', 'change',\n"
	"  'event', 'note'] LOOP FOR n IN -3..24 LOOP\n"
	"  month := date_trunc('month', now() AT TIME ZONE 'UTC') AT TIME ZONE\n"
	"    'UTC' + make_interval(months => n);\n"
	"  month := date_trunc('month', month AT TIME ZONE 'UTC') AT TIME ZONE\n"
	"    'UTC';\n"
	"  part := kind || to_char(month AT TIME ZONE 'UTC', '_YYYY_MM');\n"
	"  IF to_regclass('ccmq.' || part) IS NULL THEN BEGIN\n"
	"    EXECUTE format('CREATE TABLE ccmq.%I PARTITION OF ccmq.%I FOR '\n"
	"      'VALUES FROM (%L) TO (%L)', part, kind, month, (month AT TIME\n"
	"      ZONE 'UTC' + interval '1 month') AT TIME ZONE 'UTC');\n"
	"    EXECUTE format('GRANT SELECT ON ccmq.%I TO ccmq_reader', part);\n"
	"  EXCEPTION WHEN check_violation THEN\n"
	"    RAISE NOTICE 'the rows of % are in the default partition', part;\n"
	"  END; END IF;\n"
	"END LOOP; END LOOP; END $$";

/* Partitions whose month ended before $1, by name. */
const char archive_prune_sql[] =
	"SELECT 'DROP TABLE ccmq.' || quote_ident(c.relname)\n"
	"FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace\n"
	"WHERE n.nspname = 'ccmq' AND c.relispartition AND c.relkind = 'r'\n"
	"  AND c.relname ~ '_[0-9]{4}_[0-9]{2}$'\n"
	"  AND to_date(right(c.relname, 7), 'YYYY_MM') + interval '1 month'\n"
	"    <= $1::timestamptz AT TIME ZONE 'UTC'";

const char archive_prune_rest[] =
	"DO $$ BEGIN IF to_regclass('ccmq.not_imported') IS NOT NULL THEN\n"
	"  DELETE FROM ccmq.not_imported o WHERE NOT EXISTS (SELECT FROM\n"
	"    ccmq.message m WHERE m.store = o.store AND m.epoch = o.epoch AND\n"
	"    m.id = o.id AND m.txn = o.txn AND m.at = o.at);\n"
	"END IF; END $$";

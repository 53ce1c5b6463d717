-- The tables of version 1.
CREATE TABLE store (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  uuid TEXT NOT NULL,
  created_at INTEGER NOT NULL
);
CREATE TABLE message (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL,
  true_name BLOB NOT NULL,
  state TEXT NOT NULL,
  since INTEGER NOT NULL,
  from_state TEXT,
  move_from TEXT,
  move_to TEXT,
  inode INTEGER NOT NULL,
  mtime INTEGER NOT NULL,
  size INTEGER NOT NULL,
  received_at INTEGER NOT NULL,
  from_addr TEXT,
  to_addrs TEXT,
  subject TEXT,
  date_text TEXT,
  date_at INTEGER,
  attempts INTEGER NOT NULL DEFAULT 0,
  tries INTEGER NOT NULL DEFAULT 0,
  rejected INTEGER NOT NULL DEFAULT 0,
  crashed INTEGER NOT NULL DEFAULT 0,
  unavailable INTEGER NOT NULL DEFAULT 0,
  retries INTEGER NOT NULL DEFAULT 0,
  failures INTEGER NOT NULL DEFAULT 0,
  result_code INTEGER,
  signal INTEGER NOT NULL DEFAULT 0,
  class TEXT,
  reason TEXT,
  cause INTEGER NOT NULL DEFAULT 0,
  imports_seen INTEGER NOT NULL DEFAULT 0,
  next_attempt_at INTEGER,
  suspect INTEGER NOT NULL DEFAULT 0,
  maybe_delivered INTEGER NOT NULL DEFAULT 0,
  und_bytes INTEGER NOT NULL DEFAULT 0,
  und_entries INTEGER NOT NULL DEFAULT 0,
  changed_by INTEGER NOT NULL DEFAULT 0,
  action_reason TEXT,
  action_by TEXT,
  noted_verb TEXT,
  noted_action INTEGER NOT NULL DEFAULT 0,
  kept INTEGER NOT NULL DEFAULT 0,
  again_at INTEGER GENERATED ALWAYS AS (CASE WHEN state = 'failed'
    AND retries > 0 AND failures > 1 THEN since END) VIRTUAL
);
CREATE INDEX message_state ON message (state);
CREATE INDEX message_since ON message (state, since);
CREATE INDEX message_due ON message (next_attempt_at)
  WHERE state = 'deferred';
CREATE INDEX message_move ON message (id) WHERE move_to IS NOT NULL;
CREATE INDEX message_cause ON message (state, cause, suspect, since)
  WHERE cause <> 0 AND state IN ('failed', 'deferred');
CREATE INDEX message_kept ON message (since) WHERE kept = 1;
CREATE INDEX message_suspect ON message (id) WHERE suspect = 1;
CREATE INDEX message_again ON message (again_at)
  WHERE again_at IS NOT NULL;
CREATE TABLE cause (
  id INTEGER PRIMARY KEY,
  class TEXT NOT NULL,
  code INTEGER,
  signal INTEGER NOT NULL DEFAULT 0,
  reason TEXT
);
CREATE TABLE tally (
  state TEXT NOT NULL,
  cause INTEGER NOT NULL,
  suspect INTEGER NOT NULL,
  n INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  retried INTEGER NOT NULL,
  PRIMARY KEY (state, cause, suspect)
) WITHOUT ROWID;
CREATE TABLE attempt (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  message INTEGER NOT NULL,
  number INTEGER NOT NULL,
  lane INTEGER NOT NULL,
  why TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  ended_at INTEGER,
  took_ms INTEGER,
  class TEXT,
  code INTEGER,
  signal INTEGER NOT NULL DEFAULT 0,
  counted INTEGER NOT NULL DEFAULT 0,
  probe INTEGER NOT NULL DEFAULT 0,
  copy TEXT,
  reason TEXT,
  output BLOB,
  und_file INTEGER NOT NULL DEFAULT 0,
  und_start INTEGER NOT NULL DEFAULT 0,
  und_end INTEGER NOT NULL DEFAULT 0,
  und_entries INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX attempt_message ON attempt (message);
CREATE INDEX attempt_open ON attempt (id) WHERE ended_at IS NULL;
CREATE TABLE action (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at INTEGER NOT NULL,
  ended_at INTEGER,
  verb TEXT NOT NULL,
  reason TEXT,
  by TEXT NOT NULL,
  uid INTEGER NOT NULL,
  euid INTEGER NOT NULL,
  user TEXT,
  euser TEXT,
  tty TEXT,
  ssh TEXT,
  session TEXT NOT NULL,
  program TEXT NOT NULL,
  pid INTEGER NOT NULL,
  total INTEGER NOT NULL DEFAULT 0,
  done INTEGER NOT NULL DEFAULT 0,
  skipped INTEGER NOT NULL DEFAULT 0,
  failed INTEGER NOT NULL DEFAULT 0,
  undo_of INTEGER NOT NULL DEFAULT 0,
  undone_by INTEGER NOT NULL DEFAULT 0,
  detail TEXT
);
CREATE INDEX action_open ON action (verb, id) WHERE ended_at IS NULL;
CREATE INDEX action_session ON action (session, id);
CREATE TABLE item (
  action INTEGER NOT NULL,
  message INTEGER NOT NULL,
  result TEXT NOT NULL,
  from_state TEXT,
  to_state TEXT,
  why TEXT,
  at INTEGER NOT NULL,
  PRIMARY KEY (action, message)
) WITHOUT ROWID;
CREATE INDEX item_message ON item (message);
CREATE TABLE event (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at INTEGER NOT NULL,
  number INTEGER NOT NULL,
  severity TEXT NOT NULL,
  text TEXT NOT NULL,
  message INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE connector (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  hold INTEGER NOT NULL DEFAULT 0,
  drain INTEGER NOT NULL DEFAULT 0,
  needs_check INTEGER NOT NULL DEFAULT 0,
  hold_by TEXT,
  hold_reason TEXT,
  hold_at INTEGER,
  hold_until INTEGER,
  breaker_open INTEGER NOT NULL DEFAULT 0,
  breaker_at INTEGER,
  probe_at INTEGER,
  probe_delay_ms INTEGER NOT NULL DEFAULT 0,
  probe_youngest INTEGER NOT NULL DEFAULT 1,
  streak_kind INTEGER NOT NULL DEFAULT 0,
  streak_class TEXT,
  streak_code INTEGER,
  streak_signal INTEGER NOT NULL DEFAULT 0,
  streak_count INTEGER NOT NULL DEFAULT 0,
  streak_at INTEGER NOT NULL DEFAULT 0,
  imports INTEGER NOT NULL DEFAULT 0,
  last_import_at INTEGER,
  started_at INTEGER,
  ended_at INTEGER,
  clean_end INTEGER NOT NULL DEFAULT 1,
  disk_low INTEGER NOT NULL DEFAULT 0,
  submit_waiting INTEGER NOT NULL DEFAULT 0,
  submit_ignored INTEGER NOT NULL DEFAULT 0,
  submit_oldest_at INTEGER,
  foreign_files INTEGER NOT NULL DEFAULT 0,
  last_error TEXT,
  host TEXT,
  pid INTEGER NOT NULL DEFAULT 0,
  newest_at INTEGER NOT NULL DEFAULT 0
);
INSERT INTO connector (one) VALUES (1);
CREATE TABLE streak (message INTEGER PRIMARY KEY);
CREATE TABLE minute (
  at INTEGER PRIMARY KEY,
  arrived INTEGER NOT NULL,
  imported INTEGER NOT NULL,
  failed INTEGER NOT NULL,
  und_bytes INTEGER NOT NULL
);
CREATE TABLE und_file (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  lane INTEGER NOT NULL,
  number INTEGER NOT NULL,
  inode INTEGER NOT NULL,
  size INTEGER NOT NULL,
  opened_at INTEGER NOT NULL,
  rotated_at INTEGER,
  rotating INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE und_entry (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  file INTEGER NOT NULL,
  start INTEGER NOT NULL,
  length INTEGER NOT NULL,
  at INTEGER NOT NULL,
  message INTEGER NOT NULL,
  attempt INTEGER NOT NULL,
  reason TEXT
);
CREATE INDEX und_entry_message ON und_entry (message);
CREATE INDEX und_entry_file ON und_entry (file);
CREATE TRIGGER message_gone AFTER DELETE ON message BEGIN
  UPDATE tally SET n = n - 1, bytes = bytes - old.size,
    retried = retried - (old.retries > 0)
  WHERE state = old.state AND cause = old.cause
    AND suspect = old.suspect;
END;
CREATE TRIGGER message_added AFTER INSERT ON message BEGIN
  UPDATE tally SET n = n + 1, bytes = bytes + new.size,
    retried = retried + (new.retries > 0)
  WHERE state = new.state AND cause = new.cause
    AND suspect = new.suspect;
END;
CREATE TRIGGER message_changed AFTER UPDATE OF state, cause, suspect,
  size, retries ON message
WHEN new.state <> old.state OR new.cause <> old.cause
  OR new.suspect <> old.suspect OR new.size <> old.size
  OR (new.retries > 0) <> (old.retries > 0) BEGIN
  UPDATE tally SET n = n - 1, bytes = bytes - old.size,
    retried = retried - (old.retries > 0)
  WHERE state = old.state AND cause = old.cause
    AND suspect = old.suspect;
  UPDATE tally SET n = n + 1, bytes = bytes + new.size,
    retried = retried + (new.retries > 0)
  WHERE state = new.state AND cause = new.cause
    AND suspect = new.suspect;
END;
PRAGMA application_id = 1667460465;
PRAGMA user_version = 1;

-- The tables of version 3.
CREATE TABLE store (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  uuid TEXT NOT NULL,
  created_at INTEGER NOT NULL
, epoch INTEGER NOT NULL DEFAULT 1);
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
  key TEXT NOT NULL DEFAULT '', move_stuck INTEGER NOT NULL DEFAULT 0,
  failed_at INTEGER, late INTEGER NOT NULL DEFAULT 0, alone INTEGER NOT NULL DEFAULT 0,
  too_large INTEGER NOT NULL DEFAULT 0, rereads INTEGER NOT NULL DEFAULT 0,
  doubt INTEGER NOT NULL DEFAULT 0, put_back_by INTEGER NOT NULL DEFAULT 0,
  parent INTEGER NOT NULL DEFAULT 0, control INTEGER NOT NULL DEFAULT 0,
  parts INTEGER NOT NULL DEFAULT 0, content TEXT NOT NULL DEFAULT '',
  watched INTEGER NOT NULL DEFAULT 0, again_at INTEGER GENERATED ALWAYS AS
  (CASE WHEN state = 'failed' AND retries > 0 AND failures > 1
    THEN ifnull(failed_at, since) END) VIRTUAL, txn INTEGER NOT NULL DEFAULT 1);
CREATE INDEX message_state ON message (state);
CREATE INDEX message_since ON message (state, since);
CREATE INDEX message_kept ON message (since) WHERE kept = 1;
CREATE INDEX message_suspect ON message (id) WHERE suspect = 1;
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
, from_state TEXT, from_since INTEGER);
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
, job INTEGER NOT NULL DEFAULT 0, job_state TEXT, job_auto INTEGER NOT NULL DEFAULT 0,
  job_by TEXT, job_why TEXT, steps TEXT, step INTEGER NOT NULL DEFAULT 0,
  step_end INTEGER NOT NULL DEFAULT 0, step_bad INTEGER NOT NULL DEFAULT 0,
  rate INTEGER NOT NULL DEFAULT 0, next_at INTEGER, at_once INTEGER NOT NULL DEFAULT 0,
  console TEXT, position INTEGER NOT NULL DEFAULT 0, waits INTEGER NOT NULL DEFAULT 0,
  imported INTEGER NOT NULL DEFAULT 0, again INTEGER NOT NULL DEFAULT 0,
  deferred INTEGER NOT NULL DEFAULT 0, acted INTEGER NOT NULL DEFAULT 0, request TEXT,
  txn INTEGER NOT NULL DEFAULT 1);
CREATE INDEX action_open ON action (verb, id) WHERE ended_at IS NULL;
CREATE INDEX action_session ON action (session, id);
CREATE TABLE item (
  action INTEGER NOT NULL,
  message INTEGER NOT NULL,
  result TEXT NOT NULL,
  from_state TEXT,
  to_state TEXT,
  why TEXT,
  at INTEGER NOT NULL, outcome TEXT, outcome_code INTEGER, outcome_reason TEXT,
  outcome_at INTEGER,
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
, control_at INTEGER, control_class TEXT, control_code INTEGER, control_words TEXT,
  control_passed INTEGER NOT NULL
  DEFAULT 0, streak_mixed INTEGER NOT NULL DEFAULT 0, retention_wait_ms INTEGER NOT NULL
  DEFAULT 0, fill_below INTEGER NOT NULL DEFAULT 0, upgraded_at INTEGER);
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
, resent INTEGER NOT NULL DEFAULT 0);
CREATE INDEX und_entry_message ON und_entry (message);
CREATE INDEX und_entry_file ON und_entry (file);
CREATE TRIGGER tally_added BEFORE INSERT ON message
WHEN NOT EXISTS (SELECT 1 FROM tally WHERE state = new.state
  AND cause = new.cause AND suspect = new.suspect) BEGIN
  INSERT INTO tally VALUES (new.state, new.cause, new.suspect,
    0, 0, 0);
END;
CREATE TRIGGER tally_changed BEFORE UPDATE OF state, cause, suspect
ON message
WHEN NOT EXISTS (SELECT 1 FROM tally WHERE state = new.state
  AND cause = new.cause AND suspect = new.suspect) BEGIN
  INSERT INTO tally VALUES (new.state, new.cause, new.suspect,
    0, 0, 0);
END;
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
CREATE INDEX attempt_started ON attempt (started_at);
CREATE INDEX action_at ON action (at);
CREATE INDEX event_at ON event (at) WHERE number NOT IN (54, 58, 59, 60, 61, 62, 63);
CREATE INDEX und_entry_at ON und_entry (at, reason, length);
CREATE INDEX und_entry_reason ON und_entry (reason);
CREATE TABLE und_tally (
  reason TEXT PRIMARY KEY,
  entries INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  last_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX und_tally_last ON und_tally (last_at);
CREATE TRIGGER und_entry_added AFTER INSERT ON und_entry BEGIN
  INSERT INTO und_tally VALUES (ifnull(new.reason, ''), 1, new.length,
    new.at)
  ON CONFLICT DO UPDATE SET entries = entries + 1,
    bytes = bytes + excluded.bytes,
    last_at = max(last_at, excluded.last_at);
END;
CREATE TRIGGER und_entry_gone AFTER DELETE ON und_entry BEGIN
  UPDATE und_tally SET entries = entries - 1,
    bytes = bytes - old.length WHERE reason = ifnull(old.reason, '');
  DELETE FROM und_tally WHERE reason = ifnull(old.reason, '')
    AND entries = 0;
END;
CREATE INDEX message_parent ON message (parent) WHERE parent > 0;
CREATE INDEX message_content ON message (content) WHERE content > '';
CREATE INDEX message_no_content ON message (id)
  WHERE content = '' AND state = 'imported' AND control = 0;
CREATE TABLE attempt_tally (
  class TEXT NOT NULL,
  band INTEGER NOT NULL,
  n INTEGER NOT NULL,
  took_ms INTEGER NOT NULL,
  PRIMARY KEY (class, band)
) WITHOUT ROWID;
CREATE INDEX message_again ON message (again_at)
  WHERE again_at IS NOT NULL;
CREATE INDEX message_due ON message (next_attempt_at)
  WHERE state = 'deferred' AND move_to IS NULL AND too_large = 0;
CREATE INDEX message_turn ON message (late)
  WHERE state = 'queued' AND move_to IS NULL;
CREATE INDEX message_fresh ON message (id)
  WHERE state = 'queued' AND attempts = 0 AND move_to IS NULL;
CREATE INDEX message_large ON message (size) WHERE too_large = 1;
CREATE INDEX message_move ON message (id)
  WHERE move_to IS NOT NULL AND move_stuck = 0;
CREATE INDEX message_stuck ON message (id) WHERE move_stuck = 1;
CREATE INDEX message_cause ON message (state, cause, suspect,
    ifnull(failed_at, since))
  WHERE cause <> 0 AND state IN ('failed', 'deferred');
CREATE INDEX message_failed ON message (failed_at)
  WHERE state = 'failed';
CREATE INDEX message_watched ON message (id) WHERE watched = 1;
CREATE INDEX message_noted ON message (id) WHERE noted_action <> 0;
CREATE INDEX message_doubt ON message (id) WHERE doubt = 1;
CREATE INDEX cause_find ON cause (class, code, signal, reason);
CREATE INDEX und_file_lane ON und_file (lane, number);
CREATE INDEX attempt_rest ON attempt (started_at)
  WHERE ifnull(class, '') <> 'imported';
CREATE UNIQUE INDEX action_request ON action (request)
  WHERE request IS NOT NULL;
CREATE INDEX action_job ON action (id) WHERE job = 1
  AND job_state IN ('running', 'waiting', 'paused');
CREATE TABLE note (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at INTEGER NOT NULL,
  by TEXT NOT NULL,
  message INTEGER NOT NULL,
  cause INTEGER NOT NULL,
  mine INTEGER NOT NULL,
  until INTEGER,
  text TEXT NOT NULL
);
CREATE INDEX note_message ON note (message) WHERE message <> 0;
CREATE INDEX note_cause ON note (cause) WHERE cause <> 0;
CREATE INDEX note_at ON note (at);
CREATE TABLE change (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at INTEGER NOT NULL,
  message INTEGER NOT NULL,
  state_from TEXT NOT NULL,
  since_from INTEGER NOT NULL,
  state_to TEXT NOT NULL,
  attempt INTEGER NOT NULL,
  action INTEGER NOT NULL
);
CREATE INDEX change_message ON change (message);
CREATE INDEX change_left ON change (state_from, at);
CREATE INDEX message_txn ON message (txn);
CREATE INDEX action_txn ON action (txn);
CREATE TABLE seal (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  digest BLOB NOT NULL,
  rows BLOB NOT NULL
);
CREATE INDEX event_turn ON event (at) WHERE number IN (20003, 20004, 20005, 20006,
  20007, 20008, 20040);
CREATE INDEX action_hold ON action (at) WHERE verb IN ('hold', 'drain', 'undo');
CREATE VIEW v_message AS SELECT id, name, state, strftime('%Y-%m-%dT%H:%M:%fZ',
  since / 1000.0, 'unixepoch') AS since,
  strftime('%Y-%m-%dT%H:%M:%fZ', received_at / 1000.0, 'unixepoch') AS received_at,
  from_addr, to_addrs, subject,
  strftime('%Y-%m-%dT%H:%M:%fZ', date_at / 1000.0, 'unixepoch') AS date, size,
  attempts, tries, class, result_code,
  reason, strftime('%Y-%m-%dT%H:%M:%fZ', failed_at / 1000.0, 'unixepoch') AS failed_at,
  strftime('%Y-%m-%dT%H:%M:%fZ', next_attempt_at / 1000.0,
  'unixepoch') AS next_attempt_at, und_bytes, suspect, doubt,
  action_by, action_reason FROM message;
CREATE VIEW v_attempt AS SELECT a.id, a.message, m.name, a.number, a.why,
  strftime('%Y-%m-%dT%H:%M:%fZ', a.started_at / 1000.0, 'unixepoch') AS started_at,
  strftime('%Y-%m-%dT%H:%M:%fZ', a.ended_at / 1000.0, 'unixepoch') AS ended_at,
  a.took_ms, a.class, a.code, a.reason, a.und_end - a.und_start AS und_bytes
  FROM attempt a LEFT JOIN message m ON m.id = a.message;
CREATE VIEW v_action AS SELECT id, strftime('%Y-%m-%dT%H:%M:%fZ', at / 1000.0,
  'unixepoch') AS at, verb, by, reason,
  total, done, skipped, failed, nullif(undone_by, 0) AS undone_by
  FROM action;
CREATE VIEW v_item AS SELECT i.message, strftime('%Y-%m-%dT%H:%M:%fZ', i.at / 1000.0,
  'unixepoch') AS at, i.action,
  a.verb, a.by, a.reason, i.result, i.from_state, i.to_state, i.why,
  i.outcome, strftime('%Y-%m-%dT%H:%M:%fZ', i.outcome_at / 1000.0,
  'unixepoch') AS outcome_at
  FROM item i JOIN action a ON a.id = i.action;
CREATE VIEW v_change AS SELECT message, strftime('%Y-%m-%dT%H:%M:%fZ', at / 1000.0,
  'unixepoch') AS at, state_from,
  state_to, nullif(attempt, 0) AS attempt, nullif(action, 0) AS action
  FROM change;
CREATE VIEW v_event AS SELECT id, strftime('%Y-%m-%dT%H:%M:%fZ', at / 1000.0,
  'unixepoch') AS at, number, severity,
  text, nullif(message, 0) AS message FROM event;
CREATE VIEW v_note AS SELECT id, strftime('%Y-%m-%dT%H:%M:%fZ', at / 1000.0,
  'unixepoch') AS at, by, text,
  nullif(message, 0) AS message, nullif(cause, 0) AS cause, mine,
  strftime('%Y-%m-%dT%H:%M:%fZ', until / 1000.0, 'unixepoch') AS until FROM note;
PRAGMA application_id = 1667460465;
PRAGMA user_version = 3;

-- What views.sh puts into a new store. {10 14:02:30} is a time of the tests'
-- month, March 2026, in their zone; the 10th is a Tuesday, and it is 14:02:30.

UPDATE store SET created_at = {01 08:00:00};
UPDATE connector SET started_at = {08 02:00:00}, clean_end = 1,
	imports = 10204, last_import_at = {10 14:02:04}, host = 'hq-mail01';

INSERT INTO cause (id, class, code, signal, reason) VALUES
	(1, 'undeliverable', 5, 0, 'Not found in directory'),
	(2, 'undeliverable', 5, 0, 'Unknown Date Format'),
	(3, 'rejected', 1, 0, NULL),
	(4, 'crashed', NULL, 11, NULL),
	(5, 'unavailable', 4, 0, NULL);

CREATE TEMP TABLE sender (n INTEGER PRIMARY KEY, who TEXT, subject TEXT);
INSERT INTO sender VALUES
	(0, 'Doe, Jane at HUB', 'Minutes of Monday'),
	(1, 'reports at HUBPO2', 'Timesheet wk 10'),
	(2, 'Ops, Night at HUB', 'Re: shift list'),
	(3, 'Sorrel, Edwin at NORTH', 'Re[2]: List of parts'),
	(4, 'Quill, Mara at NORTH', 'Order 88, second half, with the drawings'),
	(5, 'Löfgren, Åsa at KUST', 'Möte på fredag'),
	(6, '営業部 at TOKYO', '三月の見積書について');
CREATE TEMP TABLE i AS WITH RECURSIVE c(n) AS
	(SELECT 0 UNION ALL SELECT n + 1 FROM c LIMIT 60) SELECT n FROM c;

-- What the views of messages have in common.
CREATE TEMP TABLE new AS SELECT * FROM message;
CREATE TEMP TRIGGER new_message AFTER INSERT ON new BEGIN
	INSERT INTO message (id, name, true_name, state, since, from_state,
		inode, mtime, size, received_at, from_addr, to_addrs, subject,
		date_text, attempts, tries, rejected, crashed, unavailable,
		retries, failures, result_code, signal, class, reason, cause,
		next_attempt_at, imports_seen)
	SELECT new.id, printf('Msg%04X.ccm', new.id * 7919 % 65536),
		CAST(printf('Msg%04X.ccm', new.id * 7919 % 65536) AS BLOB),
		new.state, new.since, new.from_state, 0, 0, 0,
		ifnull(new.received_at, new.since - 400),
		who, 'Admin at HUBPO2', subject, '3/10/26 9:12',
		ifnull(new.attempts, 0), ifnull(new.attempts, 0),
		ifnull(new.rejected, 0), ifnull(new.crashed, 0),
		ifnull(new.unavailable, 0), ifnull(new.retries, 0),
		ifnull(new.failures, 0), cause.code, ifnull(cause.signal, 0),
		cause.class, cause.reason, ifnull(cause.id, 0),
		new.next_attempt_at, 10000
	FROM sender LEFT JOIN cause ON cause.id = new.cause
	WHERE sender.n = new.id % 7;
END;

-- Failed.
INSERT INTO new (id, state, since, attempts, rejected, failures, cause)
	SELECT 1001 + n, 'failed', {09 08:12:09} + n * 5000000, 1, 1, 1, 1
	FROM i WHERE n < 19;
INSERT INTO new (id, state, since, attempts, rejected, failures, cause)
	SELECT 1021 + n, 'failed', {08 16:40:31} + n * 11000000, 1, 1, 1, 2
	FROM i WHERE n < 8;
INSERT INTO new (id, state, since, attempts, rejected, failures, cause)
	SELECT 1040 + n, 'failed', {08 21:05:00} + n * 12620000, 1, 1, 1, 3
	FROM i WHERE n < 2;
INSERT INTO new (id, state, since, received_at, attempts, rejected, retries,
	failures, cause) VALUES (1042, 'failed', {10 13:58:02},
	{10 11:02:14}, 3, 1, 2, 3, 3);
INSERT INTO new (id, state, since, attempts, crashed, failures, cause)
	SELECT 1050 + n, 'failed', {07 19:30:00} + n * 40000000, 3, 3, 1, 4
	FROM i WHERE n < 2;
UPDATE message SET maybe_delivered = 1 WHERE cause = 4 OR id = 1004;
UPDATE message SET from_addr = 'Grewal, Jeff at DEMO', subject = 'With a file',
	to_addrs = 'Admin at HUBPO2', date_text = '6/2/98 8:39',
	action_by = 'mlopez', action_reason = 'importer updated' WHERE id = 1042;

-- Set aside, thrown away, imported.
INSERT INTO new (id, state, since, from_state, attempts, rejected, cause)
	SELECT 1060 + n, 'quarantined', {09 09:12:00} + n / 2 * 80000000,
	'failed', 1, 1, 3 FROM i WHERE n < 4;
INSERT INTO new (id, state, since, from_state, attempts, rejected, cause)
	SELECT 1070 + n, 'purged', {10 10:15:40}, 'failed', 1, 1, 2
	FROM i WHERE n < 3;
INSERT INTO new (id, state, since, attempts)
	SELECT 1080 + n, 'imported', {10 14:01:04} + n * 12000, 1
	FROM i WHERE n < 6;
UPDATE message SET class = 'imported', result_code = 0
	WHERE state = 'imported';

-- Queue.
INSERT INTO new (id, state, since, received_at, attempts) VALUES
	(1100, 'importing', {10 14:02:26}, {10 13:50:00}, 1);
UPDATE message SET noted_verb = 'quarantine', noted_action = 7
	WHERE id = 1100;
INSERT INTO new (id, state, since, received_at, attempts, retries, cause)
	SELECT 1101 + n, 'queued', {10 14:01:40}, {10 08:00:00} + n * 61000,
	1, 1, 2 FROM i WHERE n < 3;
INSERT INTO new (id, state, since) SELECT 1104 + n, 'queued',
	{10 14:01:50} + n * 4000 FROM i WHERE n < 7;
INSERT INTO new (id, state, since, received_at, attempts, unavailable,
	next_attempt_at, cause) SELECT 1111 + n, 'deferred',
	{10 14:00:20} + n * 9000, {10 13:58:20}, 2, 0,
	{10 14:04:00} + n * 90000, 5 FROM i WHERE n < 2;

-- Attempts: three of 1042, one of what was imported, one that runs.
INSERT INTO attempt (id, message, number, lane, why, started_at, ended_at,
	took_ms, class, code, counted, copy, output) VALUES
	(1, 1042, 1, 1, 'arrived', {10 11:02:14}, {10 11:02:15}, 402,
	'rejected', 1, 1, 'left', 'IMPORT process ended with error: 1.'),
	(2, 1042, 2, 1, 'retry jgrewal', {10 11:20:40}, {10 11:20:41}, 398,
	'rejected', 1, 1, 'left', 'IMPORT process ended with error: 1.'),
	(3, 1042, 3, 1, 'retry mlopez', {10 13:58:01}, {10 13:58:02}, 411,
	'rejected', 1, 1, 'left', 'IMPORT process ended with error: 1.');
INSERT INTO attempt (message, number, lane, why, started_at, ended_at,
	took_ms, class, code, copy) SELECT id, 1, 1, 'arrived', since - 400,
	since, 400, 'imported', 0, 'deleted' FROM message
	WHERE state = 'imported';
INSERT INTO attempt (message, number, lane, why, started_at) VALUES
	(1100, 1, 1, 'arrived', {10 14:02:26});

-- Actions. SESSION is that of the console under test.
INSERT INTO action (id, at, ended_at, verb, reason, by, uid, euid, user,
	euser, tty, session, program, pid, total, done, skipped, failed) VALUES
	(1, {09 09:12:00}, {09 09:12:00}, 'quarantine',
	'sender asked to wait', 'jgrewal', 0, 0, 'jgrewal', 'jgrewal',
	'pts/1', 's1', 'ccmq', 1, 2, 2, 0, 0),
	(2, {10 07:25:20}, {10 07:25:20}, 'quarantine',
	'payroll, ask HR first', 'mlopez', 0, 0, 'mlopez', 'mlopez',
	'pts/2', 's2', 'ccmq', 1, 2, 2, 0, 0),
	(3, {10 10:15:40}, {10 10:15:40}, 'purge', 'duplicates of 1021',
	'jgrewal', 0, 0, 'jgrewal', 'jgrewal', 'pts/1', 's1', 'ccmq', 1, 3, 3,
	0, 0),
	(4, {10 11:20:38}, {10 11:20:38}, 'retry', NULL, 'jgrewal', 0, 0,
	'jgrewal', 'jgrewal', 'pts/1', 's1', 'ccmq', 1, 1, 1, 0, 0),
	(5, {10 13:58:00}, {10 13:58:00}, 'retry', 'importer updated',
	'mlopez', 0, 0, 'mlopez', 'mlopez', 'pts/2', 's2', 'ccmq', 1, 1, 1, 0,
	0),
	(6, {10 14:01:40}, {10 14:01:41}, 'retry',
	'date order set to d/m/y, ticket 4711', 'mlopez', 0, 0, 'mlopez',
	'mlopez', 'pts/3', 'SESSION', 'ccmq', 1, 5, 4, 1, 0),
	(7, {10 14:02:10}, {10 14:02:10}, 'quarantine', 'loops at the hub',
	'jgrewal', 0, 0, 'jgrewal', 'jgrewal', 'pts/1', 's1', 'ccmq', 1, 1, 1,
	0, 0);
INSERT INTO item (action, message, result, from_state, to_state, why, at)
	VALUES
	(1, 1060, 'done', 'failed', 'quarantined', NULL, {09 09:12:00}),
	(1, 1061, 'done', 'failed', 'quarantined', NULL, {09 09:12:00}),
	(2, 1062, 'done', 'failed', 'quarantined', NULL, {10 07:25:20}),
	(2, 1063, 'done', 'failed', 'quarantined', NULL, {10 07:25:20}),
	(3, 1070, 'done', 'failed', 'purged', NULL, {10 10:15:40}),
	(3, 1071, 'done', 'failed', 'purged', NULL, {10 10:15:40}),
	(3, 1072, 'done', 'failed', 'purged', NULL, {10 10:15:40}),
	(4, 1042, 'done', 'failed', 'queued', NULL, {10 11:20:38}),
	(5, 1042, 'done', 'failed', 'queued', NULL, {10 13:58:00}),
	(6, 1085, 'done', 'failed', 'queued', NULL, {10 14:01:40}),
	(6, 1101, 'done', 'failed', 'queued', NULL, {10 14:01:40}),
	(6, 1102, 'done', 'failed', 'queued', NULL, {10 14:01:40}),
	(6, 1103, 'done', 'failed', 'queued', NULL, {10 14:01:40}),
	(6, 1070, 'skipped', NULL, NULL, 'jgrewal purged it at 10:15',
	{10 14:01:40}),
	(7, 1100, 'noted', 'importing', 'quarantined', NULL, {10 14:02:28});
UPDATE message SET (changed_by, action_by, action_reason) = (SELECT a.id, a.by,
	a.reason FROM item JOIN action a ON a.id = item.action
	WHERE item.message = message.id AND result = 'done'
	ORDER BY a.id DESC LIMIT 1)
	WHERE state NOT IN ('failed', 'imported')
	AND id IN (SELECT message FROM item WHERE result = 'done');

INSERT INTO event (at, number, severity, text, message) VALUES
	({08 02:00:00}, 20000, 'info', 'ccmqd started', 0),
	({08 02:00:01}, 20014, 'info', 'the .und file was rotated', 0),
	({10 13:20:00}, 20005, 'warning', 'held by mlopez: office reboots', 0),
	({10 13:31:10}, 20006, 'info', 'resumed by mlopez', 0),
	({10 13:58:02}, 59, 'error', '1042: code 1, set aside', 1042);

-- A minute's sums, for the header and the growth of .und.
INSERT INTO minute SELECT {10 13:02:00} + n * 60000, 57, 55,
	(n % 20 = 3), 0 FROM i WHERE n < 60;

-- Entries of .und: views.sh writes the file and sets their places in it.
INSERT INTO und_file (id, lane, number, inode, size, opened_at)
	VALUES (1, 1, 0, 0, 0, {08 02:00:00});
INSERT INTO und_entry (file, start, length, at, message, attempt, reason)
	VALUES (1, 0, 0, {08 03:10:00}, 0, 0, NULL);
INSERT INTO und_entry (file, start, length, at, message, attempt, reason)
	SELECT 1, 0, 0, since, id, 0, reason FROM message
	WHERE cause IN (1, 2) AND state = 'failed' ORDER BY since;
INSERT INTO und_entry (file, start, length, at, message, attempt, reason)
	SELECT 1, 0, 0, ended_at, 1042, id, 'Disk error in creating message item'
	FROM attempt WHERE message = 1042;

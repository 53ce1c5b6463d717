/* SPDX-License-Identifier: ISC */
/*
 * event: the numbers of events, one closed list.
 *
 * Below 20000 the original connector's (its event log), from 20000 on our
 * own. Name, number, severity, one sentence for the manual.
 */
#ifndef CCMQ_EVENT_H
#define CCMQ_EVENT_H

#define EVENT_LIST(X) \
	X(EVENT_CANNOT_EXECUTE, 43, ERROR, \
		"the import program cannot be executed") \
	X(EVENT_MOVED_TO_BAD, 54, WARNING, \
		"a message was set aside in failed/") \
	X(EVENT_IMPORTED, 58, INFO, "a message was imported") \
	X(EVENT_NOT_COMPLETED, 59, ERROR, \
		"result code 1, or one that is not documented, or a crash") \
	X(EVENT_CODE_2, 60, ERROR, "result code 2") \
	X(EVENT_CODE_3, 61, ERROR, \
		"result code 3: post office not accessible") \
	X(EVENT_CODE_4, 62, ERROR, "result code 4: post office locked") \
	X(EVENT_CODE_5, 63, WARNING, "result code 5: undeliverable") \
	X(EVENT_DISK_LOW, 98, ERROR, \
		"insufficient disk space: nothing is taken in or imported") \
	X(EVENT_STARTED, 20000, INFO, "the connector started") \
	X(EVENT_STOPPED, 20001, INFO, "the connector ended on request") \
	X(EVENT_UNCLEAN, 20002, WARNING, \
		"the connector before this one did not end by itself") \
	X(EVENT_TRIPPED, 20003, ERROR, \
		"the breaker opened: likely the post office or the importer") \
	X(EVENT_CLOSED, 20004, INFO, "the breaker closed") \
	X(EVENT_HELD, 20005, WARNING, "the connector is held") \
	X(EVENT_RESUMED, 20006, INFO, "the connector goes on") \
	X(EVENT_DRAINING, 20007, WARNING, "the connector is draining") \
	X(EVENT_DRAINED, 20008, INFO, "the queue is empty; held") \
	X(EVENT_DISK_OK, 20009, INFO, "there is disk space again") \
	X(EVENT_LOST, 20010, ERROR, "a message's file disappeared") \
	X(EVENT_BOTH, 20011, ERROR, \
		"a message's file is in two places: see ccmq check") \
	X(EVENT_IGNORED, 20012, WARNING, \
		"something in submit/ is no message, or cannot be taken in") \
	X(EVENT_CHANGED, 20013, WARNING, \
		"a file changed while it was taken in") \
	X(EVENT_UND_ROTATED, 20014, INFO, "the .und file was rotated") \
	X(EVENT_UND_ANEW, 20015, WARNING, \
		"the .und file was replaced or cut by somebody else") \
	X(EVENT_SURVIVOR, 20016, ERROR, \
		"something that the import program left running was killed, " \
		"or still runs") \
	X(EVENT_WRITE_FAILED, 20017, ERROR, \
		"the history could not be written") \
	X(EVENT_SETTINGS, 20018, INFO, "the settings were read again") \
	X(EVENT_SETTINGS_WRONG, 20019, ERROR, \
		"the settings are wrong: the old ones stay in force") \
	X(EVENT_CLOCK, 20020, WARNING, \
		"the clock was set: retention waits a day") \
	X(EVENT_OLD_HISTORY, 20021, ERROR, \
		"ids in the directories are above any in the history") \
	X(EVENT_RETENTION, 20022, INFO, "retention removed old messages") \
	X(EVENT_REPAIRED, 20023, WARNING, "check mended a disagreement") \
	X(EVENT_TOO_LARGE, 20024, WARNING, \
		"a message is too large for the free disk space") \
	X(EVENT_TEST, 20025, INFO, "a test was asked for") \
	X(EVENT_FOREIGN, 20026, WARNING, \
		"files in import/ that are not the connector's") \
	X(EVENT_DISK_KILLED, 20027, ERROR, \
		"the import program was ended because the disk filled up") \
	X(EVENT_STORM, 20028, WARNING, \
		"many different messages are undeliverable in a row") \
	X(EVENT_STUCK_MOVE, 20029, ERROR, \
		"a message's file cannot be moved to where it belongs") \
	X(EVENT_DIR_ANEW, 20030, WARNING, \
		"a directory of the store was made anew by somebody else") \
	X(EVENT_LIE, 20031, WARNING, \
		"a file claims a size that no disk has: quarantined") \
	X(EVENT_LANE, 20032, ERROR, \
		"what an attempt left running cannot be killed: its lane " \
		"stands") \
	X(EVENT_CONTROL, 20050, INFO, "a control message passed") \
	X(EVENT_CONTROL_FAILED, 20051, ERROR, "a control message failed") \
	X(EVENT_LOOP, 20060, ERROR, \
		"a watched connector tries one file again and again") \
	X(EVENT_AWAY, 20061, WARNING, \
		"a directory of a watched connector cannot be read") \
	X(EVENT_BACK, 20062, INFO, "… is read again") \
	X(EVENT_TAKEN_OUT, 20063, INFO, \
		"a person took a file out of a watched connector") \
	X(EVENT_GIVEN_BACK, 20064, INFO, "… gave it back") \
	X(EVENT_FOLLOWER, 20070, WARNING, \
		"retention removes what a follower of the history was not told") \
	X(EVENT_HOOK, 20080, INFO, \
		"a program that ccmq watch ran has ended, and how") \
	X(EVENT_VERDICT, 20040, INFO, \
		"the verdict changed: its word, and the sentence")

enum event {
#define X(name, number, severity, sentence) name = number,
	EVENT_LIST(X)
#undef X
};

#endif

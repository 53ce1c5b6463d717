/* SPDX-License-Identifier: ISC */
/* panel_event: what each event means and what to do, a row each. See panel.h;
 * how facts get into the rows: panel_fill.h. */
#include "page/panel_fill.h"
#include "history/event.h"

#include <string.h>

#define SAID "{event_at}: {event_text}"
#define NOTHING_TO_DO "Nothing."
#define ITS_PAGE "{event_id?:{event_bare}  its page: what did the " \
	"importer print, what says the .und?\n}"
#define PRESERVED "The message is in the store, whole."
#define NO_MAIL "It is no message of the store: nothing is counted or kept of it."

static const struct {
	enum event number;
	struct panel_text text;
} rows[] = {
{ EVENT_CANNOT_EXECUTE, {
	.meaning = "The import program did not start at all: it is not there, "
		"may not be executed, or lacks a library. That is no fault of "
		"the mail.",
	.evidence = SAID, .safe = PRESERVED,
	.todo = "1  {ccmqd} --print-settings | grep program  which one is it?\n"
		"2  run it by hand as ccmqd's user, with --help\n"
		"3  c t  tests with one message",
	.dont = "purge what failed for it." } },
{ EVENT_MOVED_TO_BAD, {
	.meaning = "It was tried as often as its limits allow, and put into "
		"failed/, so that the others are not held up.",
	.evidence = SAID, .safe = "It lies in {store}/failed/, whole.",
	.todo = ITS_PAGE "r  puts it back, when something was mended\n"
		"x  sets it aside, with a reason",
	.dont = "retry it unchanged: most likely it fails again." } },
{ EVENT_IMPORTED, {
	.meaning = "The importer took it, and said so.",
	.evidence = SAID, .safe = "A copy is kept, as long as keep.imported says.",
	.todo = NOTHING_TO_DO, .dont = "import it again by hand." } },
{ EVENT_NOT_COMPLETED, {
	.meaning = "The importer gave up, crashed, or ran out of time. What it "
		"left of its copy was removed, so it cannot loop.",
	.evidence = SAID, .safe = PRESERVED,
	.todo = ITS_PAGE "r  puts it back, when something was mended",
	.dont = "retry many of that kind at once: some may have got it." } },
{ EVENT_CODE_2, {
	.meaning = "The importer said code 2, which is not documented. It is taken "
		"for a fault of the post office.",
	.evidence = SAID, .safe = "It waits and is tried again by itself.",
	.todo = "1  look at the post office\n2  c t  tests with one message",
	.dont = "purge what waits for it." } },
{ EVENT_CODE_3, {
	.meaning = "The importer cannot reach the post office, or is not set "
		"up for it.",
	.evidence = SAID, .safe = "It waits and is tried again by itself.",
	.todo = "1  Mend the post office: rights, path, password.\n"
		"2  c t  tests with one message",
	.dont = "purge what waits for it." } },
{ EVENT_CODE_4, {
	.meaning = "The post office is locked: maintenance, or a lock that "
		"was left behind.",
	.evidence = SAID, .safe = "It waits and is tried again by itself.",
	.todo = "1  is somebody at work there? A file CCPODOWN in it says so.\n"
		"2  c t  tests with one message",
	.dont = "remove locks of a post office that is in use." } },
{ EVENT_CODE_5, {
	.meaning = "The importer could read it, but not deliver it to "
		"everybody. What it could not deliver is in the .und file.",
	.evidence = SAID, .safe = PRESERVED,
	.todo = ITS_PAGE "r  puts it back, when the address, date or "
		"directory is mended",
	.dont = "retry it unchanged: the .und file grows again." } },
{ EVENT_DISK_LOW, {
	.meaning = "Too little of the disk, or of its inodes, was free: "
		"nothing was taken in, nothing started, so that what ran "
		"could be recorded.",
	.evidence = SAID, .safe = "What was dropped stays in submit/.",
	.todo = "1  du -xh --max-depth=2 {store} | sort -h | tail\n"
		"2  df -h {store}; df -i {store}",
	.dont = "remove files in queue/ or failed/ by hand." } },
{ EVENT_STARTED, {
	.meaning = "A ccmqd took the lock of this store, finished what was "
		"open, and began.",
	.evidence = SAID, .safe = "What was in hand before is tried again.",
	.todo = NOTHING_TO_DO, .dont = "start a second one beside it." } },
{ EVENT_STOPPED, {
	.meaning = "It was told to end, finished what it had in hand, and did.",
	.evidence = SAID, .safe = "Nothing was in hand.",
	.todo = "systemctl start ccmqd  when it may go on",
	.dont = "forget it: nothing is imported meanwhile." } },
{ EVENT_UNCLEAN, {
	.meaning = "The one before was killed, or the machine went down. What "
		"it had in hand may have been delivered.",
	.evidence = SAID "{bad_why?; {bad_why}}",
	.safe = "What was in hand is tried again, alone.",
	.todo = "1  journalctl -u ccmqd -n 50  what ended it?\n"
		"2  D in the lists: what may have been delivered",
	.dont = "retry what is marked D without a look." } },
{ EVENT_TRIPPED, {
	.meaning = "Several different messages in a row ended alike: likely "
		"the post office, not the mail. Since then one is tried now "
		"and then.",
	.evidence = SAID, .safe = "All others wait in queue/.",
	.todo = "1  Mend the post office.\n2  c t  tests with one message now",
	.dont = "purge or quarantine what failed in that row." } },
{ EVENT_CLOSED, {
	.meaning = "A message was imported again, so all that waited is due.",
	.evidence = SAID, .safe = "All that waited.",
	.todo = "{suspects?r  on the cause marked SUSPECT puts those back}"
		"{suspects!" NOTHING_TO_DO "}",
	.dont = "retry what waits: it is due already." } },
{ EVENT_HELD, {
	.meaning = "Somebody, or a check that is needed, holds the connector: "
		"nothing starts but a test.",
	.evidence = SAID, .safe = "All that waits, in queue/.",
	.todo = "c r  goes on, when its reason is over",
	.dont = "resume somebody else's maintenance without asking." } },
{ EVENT_RESUMED, {
	.meaning = "A hold or a drain was ended, or its time was over.",
	.evidence = SAID, .safe = "All that waited is due.",
	.todo = NOTHING_TO_DO, .dont = "hold it again without telling who did "
		"that." } },
{ EVENT_DRAINING, {
	.meaning = "Nothing more is taken in; what is queued is imported; "
		"then it holds.",
	.evidence = SAID, .safe = "What is dropped stays in submit/.",
	.todo = "wait until row 1 says held, then do the maintenance",
	.dont = "stop producers: their files wait." } },
{ EVENT_DRAINED, {
	.meaning = "The queue ran empty, as was asked; now nothing starts.",
	.evidence = SAID, .safe = "What is dropped stays in submit/.",
	.todo = "do the maintenance, then  c r",
	.dont = "forget to resume: nothing is imported meanwhile." } },
{ EVENT_DISK_OK, {
	.meaning = "There is room again, half as much again as disk.min_free: "
		"it goes on.",
	.evidence = SAID, .safe = "Everything that waited.",
	.todo = "find out what filled it, before it does so again",
	.dont = "lower disk.min_free instead." } },
{ EVENT_LOST, {
	.meaning = "The file of a message was in none of the directories: "
		"somebody, or some job, moved or removed it.",
	.evidence = SAID, .safe = "What happened to it is in its log.",
	.todo = "1  {ccmq} check\n"
		"2  put the file back where it was\n"
		"3  {ccmq} check --repair",
	.dont = "let clean-up jobs into {store}." } },
{ EVENT_BOTH, {
	.meaning = "A message's file is in two directories, so it was not "
		"moved: which one is right cannot be known.",
	.evidence = SAID, .safe = "Both are left as they are.",
	.todo = "1  {ccmq} check  names both\n"
		"2  compare them; mv one of them out of {store}\n"
		"3  {ccmq} check",
	.dont = "remove either before they were compared." } },
{ EVENT_IGNORED, {
	.meaning = "Something in submit/ is no message, or may not be opened, "
		"or has more than one name. It is left alone, and told once.",
	.evidence = SAID, .safe = "It is where it was dropped.",
	.todo = "1  ls -la {submit_dir} | head\n"
		"2  rename it to *.ccm, remove its other name, or mend its "
		"mode",
	.dont = "move it into queue/ by hand." } },
{ EVENT_CHANGED, {
	.meaning = "A file changed after it was looked at: its producer still "
		"wrote. What the importer had of it by then may have been "
		"delivered.",
	.evidence = SAID, .safe = "What it is now is in the store.",
	.todo = "1  tell the producer: write under another name, then rename\n"
		"2  {event_id?:{event_bare}  its page}{event_id!its page}",
	.dont = "let producers write into submit/*.ccm in place." } },
{ EVENT_UND_ROTATED, {
	.meaning = "The .und file was renamed and a new one begun.",
	.evidence = SAID, .safe = "Every report in it, as long as keep.und says.",
	.todo = NOTHING_TO_DO, .dont = "put a .und file into submit/." } },
{ EVENT_UND_ANEW, {
	.meaning = "Somebody else replaced or cut the .und file: which report "
		"belongs to which message is counted from here on.",
	.evidence = SAID, .safe = "What was linked before stays linked.",
	.todo = "1  who does that?\n"
		"2  {ccmq} und rotate  when it has to be smaller",
	.dont = "truncate the .und file: what is in it is lost then." } },
{ EVENT_SURVIVOR, {
	.meaning = "The import program left something running. Such is killed, "
		"so that nothing works on files of the next attempt.",
	.evidence = SAID, .safe = PRESERVED,
	.todo = "1  does the program start something in the background?\n"
		"2  ps -eo pid,ppid,stat,etime,args  where some live on",
	.dont = "let it daemonize: it is killed each time." } },
{ EVENT_WRITE_FAILED, {
	.meaning = "Something could not be written, so nothing was started; "
		"it was tried again.",
	.evidence = SAID, .safe = "What was recorded before stays.",
	.todo = "1  df -h {store}; df -i {store}; dmesg | tail\n"
		"2  ls -l {store}  whose is it, and may ccmqd write it?",
	.dont = "remove history.db-wal or history.db-shm." } },
{ EVENT_SETTINGS, {
	.meaning = "ccmqd was told to read its settings, and did. Lanes, the "
		"store and the .und path wait for the next start.",
	.evidence = SAID, .safe = "What was in hand went on.",
	.todo = "{ccmqd} --print-settings  what is in force?",
	.dont = "take it for a restart." } },
{ EVENT_SETTINGS_WRONG, {
	.meaning = "The settings cannot be used, so the old ones stay. At the "
		"next start there would be none.",
	.evidence = SAID, .safe = "It goes on with the old ones.",
	.todo = "1  mend the line that is named\n"
		"2  {ccmqd} --print-settings  until it says nothing wrong\n"
		"3  systemctl reload ccmqd",
	.dont = "restart ccmqd before that: it would not start." } },
{ EVENT_CLOCK, {
	.meaning = "The clock is an hour or more from where it was: nothing is "
		"thrown away for a day, or a wrong clock would empty the "
		"trash.",
	.evidence = SAID, .safe = "Trash, kept copies and events.",
	.todo = "timedatectl  is it right now?",
	.dont = "empty the trash by hand before it is." } },
{ EVENT_OLD_HISTORY, {
	.meaning = "The directories hold newer messages than the history "
		"knows: a backup of it was put back. Nothing starts, or ids "
		"would be used twice.",
	.evidence = SAID, .safe = "The files, in their directories.",
	.todo = "1  {ccmq} check\n2  {ccmq} check --repair  gives rows to "
		"what has none\n3  c r  goes on",
	.dont = "resume before the repair." } },
{ EVENT_RETENTION, {
	.meaning = "What was older than its setting in keep was removed.",
	.evidence = SAID, .safe = "What is younger.",
	.todo = NOTHING_TO_DO, .dont = "look for it in the trash." } },
{ EVENT_REPAIRED, {
	.meaning = "Directories and history disagreed, and check mended it, "
		"trusting the directory.",
	.evidence = SAID, .safe = PRESERVED,
	.todo = "find out who moved the file, before it happens again",
	.dont = "move files of {store} by hand." } },
{ EVENT_TOO_LARGE, {
	.meaning = "It needs more room than is free above disk.min_free. It "
		"waits; others go on.",
	.evidence = SAID, .safe = PRESERVED,
	.todo = "1  df -h {store}\n2  make room: it is due at once then",
	.dont = "lower disk.min_free for one message." } },
{ EVENT_TEST, {
	.meaning = "Somebody asked for one message to be tried now.",
	.evidence = SAID, .safe = "A hold stays a hold.",
	.todo = "its page says what came of it",
	.dont = "take one good test for all is well." } },
{ EVENT_FOREIGN, {
	.meaning = "Files in import/ are not the connector's. They are left "
		"alone; an importer may trip over them.",
	.evidence = SAID, .safe = "Nothing of these is ever imported.",
	.todo = "1  ls -la {store}/import\n{foreign_paths?2  mv "
		"{foreign_paths} /var/tmp/}",
	.dont = "put a .und file into submit/." } },
{ EVENT_DISK_KILLED, {
	.meaning = "The disk filled up while the importer ran, so it was "
		"ended. The attempt does not count.",
	.evidence = SAID, .safe = PRESERVED,
	.todo = "1  df -h {store}\n2  does the importer write that much?",
	.dont = "retry before there is room: it waits for that itself." } },
{ EVENT_STORM, {
	.meaning = "Many different messages were undeliverable in a row. The "
		"post office answers, so the breaker stays closed.",
	.evidence = SAID, .safe = "They lie in failed/, with their reasons.",
	.todo = "1  2 Failed  by cause: what do they share?\n"
		"2  c h  holds it, if it goes on",
	.dont = "retry them unchanged." } },
{ EVENT_STUCK_MOVE, {
	.meaning = "A message's state changed, but its file could not be moved "
		"to where that belongs. It is tried again, with longer and longer pauses.",
	.evidence = SAID, .safe = "The file is where it was, whole.",
	.todo = "1  {ccmq} check  names the file\n"
		"2  ls -ld {store}/*; dmesg | tail  rights, disk?\n"
		"3  {ccmq} check --repair",
	.dont = "move it by hand without a check behind it." } },
{ EVENT_DIR_ANEW, {
	.meaning = "A directory of the store is not the one that was open: "
		"somebody moved it away and made another. The new one is in "
		"use.",
	.evidence = SAID, .safe = "What is in the old one: it has another "
		"name now.",
	.todo = "1  ls -ld {store}/*  where is the old one?\n"
		"2  mv its files into the new one\n3  {ccmq} check",
	.dont = "remove the old one before it is empty." } },
{ EVENT_LIE, {
	.meaning = "A file claims a size that no disk has: it is a hole, so "
		"that sums go wrong. It was quarantined.",
	.evidence = SAID, .safe = "Sums and counts are right.",
	.todo = "1  ls -ls {store}/quarantine | sort -n | tail\n"
		"2  who dropped it?",
	.dont = "copy it: it would fill the disk." } },
{ EVENT_LANE, {
	.meaning = "What an attempt left running cannot be killed, so its lane "
		"stands: two importers at once could mix their files.",
	.evidence = SAID, .safe = "All that waits; other lanes go on.",
	.todo = "1  fuser -v {store}/lanes/*\n"
		"2  ps -eo pid,stat,wchan:20,args | grep ' D'  mend the disk or "
		"network that does not answer",
	.dont = "remove {store}/lanes/*: the process lives on." } },
{ EVENT_FOLLOWER, {
	.meaning = "A program that follows the history was away longer than "
		"archive.keep, and what it was not told of is removed now.",
	.evidence = SAID, .safe = "The messages, and what is newer.",
	.todo = "1  why does it not run?\n2  archive.keep  how long it is "
		"waited for",
	.dont = "remove its file in followers/: then nothing waits for it." } },
{ EVENT_HOOK, {
	.meaning = "A program that the settings name for a verdict was run by "
		"ccmq watch, and has ended as is said here.",
	.evidence = SAID, .safe = "No message and no verdict depends on it.",
	.todo = "1  which one is it? It is in hooks, in the settings\n"
		"2  where it failed: run it by hand, with the JSON that it "
		"gets",
	.dont = "take its failing for a fault of the mail." } },
{ EVENT_CONTROL, {
	.meaning = "A message of ccmqd's own was imported: the importer works, "
		"so what fails beside it fails for the mail's sake.",
	.evidence = SAID, .safe = NO_MAIL,
	.todo = "2 Failed  by cause: what do those that fail share?",
	.dont = "restart the importer: it is not at fault." } },
{ EVENT_CONTROL_FAILED, {
	.meaning = "A message of ccmqd's own was not imported: no mail is at "
		"fault, the importer or the post office is.",
	.evidence = SAID, .safe = NO_MAIL,
	.todo = "1  mend what its reason names\n"
		"2  {ccmq} test --control  says whether that helped\n"
		"3  c t  tests with mail, when one has passed",
	.dont = "purge or retry mail: it is not at fault." } },
{ EVENT_LOOP, {
	.meaning = "The connector that is watched tried this file at least "
		"three times, each time in vain, and it is still there: it "
		"loops.",
	.evidence = SAID, .safe = "Its file is whole, over there.",
	.todo = ITS_PAGE "a  the verdict says what to do",
	.dont = "remove it: keep it for whoever mends what it fails for." } },
{ EVENT_AWAY, {
	.meaning = "A directory of the connector that is watched cannot be "
		"read: it is gone, another file system is there, or rights are "
		"missing. What was known of its files is kept as it was.",
	.evidence = SAID, .safe = "Nothing is written there by ccmq.",
	.todo = "1  ls -ld  that directory, as ccmqd's user\n"
		"2  mount it again, or set its name right in foreign "
		"(ccmq.conf(5))",
	.dont = "take its files for imported." } },
{ EVENT_BACK, {
	.meaning = "A directory of the connector that is watched can be read "
		"again. Files that are not there any more left meanwhile.",
	.evidence = SAID, .safe = "Nothing is written there by ccmq.",
	.todo = NOTHING_TO_DO, .dont = "replay what may have been imported." } },
{ EVENT_TAKEN_OUT, {
	.meaning = "A file was taken out of the connector that is watched. It "
		"lies in {store}/quarantine/ now, and nowhere else.",
	.evidence = SAID, .safe = PRESERVED,
	.todo = ITS_PAGE "r  gives it back, when something was mended",
	.dont = "copy it back by hand as well: it would be there twice." } },
{ EVENT_GIVEN_BACK, {
	.meaning = "A file that was taken out is in the submit directory of "
		"the connector that is watched again.",
	.evidence = SAID, .safe = "It is watched as any other there.",
	.todo = NOTHING_TO_DO,
	.dont = "take it for imported before it has left." } },
{ EVENT_VERDICT, {
	.meaning = "From then on another sentence was the worst that was true: "
		"so the verdicts of a night can be read here, with beginning "
		"and end.",
	.evidence = SAID, .safe = "What is true now stands in row 2.",
	.todo = "a  what is worst now, and what to do",
	.dont = "act on one that is over." } },
};

/* A number that is not in the table: of a newer ccmqd. */
static const struct panel_text unknown = {
	.meaning = "An event that this version does not know.",
	.evidence = SAID, .safe = "What it says is all that is known here.",
	.todo = "ccmqd --version; ccmq --version  are they the same?",
	.dont = "guess.",
};

void
panel_event(const struct panel_facts *facts, const struct history_event *event,
	struct panel *out)
{
	const struct panel_text *text = &unknown;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if ((int)rows[i].number == event->number)
			text = &rows[i].text;
	panel_fill(facts, event, text, out);
}

/* SPDX-License-Identifier: ISC */
/* panel_verdict: what each verdict means and what to do, a row each. See
 * panel.h; how facts get into the rows: panel_fill.h. */
#include "page/panel_fill.h"

#define NOTHING_LOST "Nothing is lost" \
	"{waits?: {waits} {waits=waits|wait} in queue/}" \
	"{submit?{waits?,}{waits!:} {submit}{submit_more?+} in submit/}"
#define LAST_IMPORT "{import_at?last import {import_at}}" \
	"{import_at!none was ever imported}"
#define ROTATE(first, second) first "  {ccmq} und rotate\n" second \
	"  find {store}/import -name 'ccmail.und.[0-9]*'  mv these away"

static const struct panel_text rows[VERDICT_COUNT] = {
[VERDICT_REPLACED] = {
	.meaning = "history.db is not the file that ccmqd had open: somebody "
		"put a backup back, or made it anew. {replaced_running?ccmqd "
		"(pid {pid}) still writes into the old file, which has no name "
		"any more.}{replaced_running!It ended, so as not to write into "
		"a file that nobody reads.}",
	.evidence = "{store}/history.db, replaced at {replaced_at}"
		"{end_why?; `lock` says: {end_why}}",
	.safe = "The messages themselves: they lie in the directories of "
		"{store}. What happened since that backup is not in it.",
	.todo = "{replaced_running?1  systemctl stop ccmqd\n}"
		"{replaced_running!1  ls -li {store}/history.db*  is it the "
		"one that you want? Else put the right one back now.\n}"
		"2  {ccmq} check  what do directories and history disagree "
		"about?\n"
		"3  {ccmq} check --repair\n"
		"4  systemctl start ccmqd",
	.dont = "start ccmqd before the check, and do not copy history.db "
		"while anything runs: it is three files that belong together.",
},
[VERDICT_STORE] = {
	.meaning = "{needs_check?What a failed write left on disk is not "
		"known. So nothing is taken in or imported until a check has "
		"looked.}{needs_check!ccmqd cannot write down what happens, "
		"so it starts nothing. It tries again by itself.}",
	.evidence = "{error?\"{error}\"{error_at? since {error_at}}}"
		"{error!{check_why?{check_why}{held_at?, since {held_at}}}"
		"{check_why!why is not known}}",
	.safe = NOTHING_LOST ". What was recorded before stays.",
	.todo = "1  df -h {store}; df -i {store}; dmesg | tail  is the disk "
		"full, or ill?\n"
		"2  ls -l {store}  history.db* and locks: the daemon's own, "
		"0660\n"
		"{needs_check?3  {ccmq} check  what does it name?\n"
		"4  {ccmq} check --repair  mends that\n5  c r  goes on, when "
		"a check finds nothing}{needs_check!3  journalctl -u ccmqd -n 50  what failed, "
		"word by word?}",
	.dont = "remove history.db-wal or history.db-shm: what was written "
		"last is in them.{needs_check? Nor resume before the check: "
		"it is refused.}",
},
[VERDICT_DISK] = {
	.meaning = "{watches?{inodes_low?Hardly any inodes are left}"
		"{inodes_low!Less than {min_free} is free} where the connector that is watched works. What it does when "
		"that disk is full is up to it: ccmq only looks on.}"
		"{watches!{inodes_low?The file system of {store} has hardly any "
		"inodes left.}{inodes_low!Less than disk.min_free ({min_free}) "
		"{disk_under?is}{disk_under!was} free.} ccmqd takes nothing in "
		"and starts nothing, so that what runs can still be recorded. "
		"It goes on by itself{inodes_low? when there are more}"
		"{inodes_low! above {go_on_free}}.}",
	.evidence = "{free} free{low_at?, too little since {low_at}}"
		"{watches? in {their_import}; the .und file has {und}}{watches!; "
		LAST_IMPORT ". Of this store: queue/ {queue_size}, failed/ "
		"{failed_size}, imported/ {kept_size}, trash/ {trash_size}, "
		".und {und}, WAL {wal}}",
	.safe = "{watches?What lies there: ccmq removes nothing.}"
		"{watches!" NOTHING_LOST ".}",
	.todo = "{watches?1  du -xh {their_import} | sort -h | tail\n"
		"2  5 .und  says what makes the file grow, if it is that\n"
		"3  move what is no mail of theirs to another disk}"
		"{watches!1  du -xh --max-depth=2 {store} | sort -h | tail\n"
		"2  4 Trash  {trash?X there empties it, for good: {trash} "
		"{trash=message|messages}}{trash!is empty already}\n"
		ROTATE("3", "4") "}",
	.dont = "{watches?remove .ccm files there by hand: that is mail, and "
		"the connector may have one open.}{watches!remove files in "
		"queue/, failed/ or quarantine/ by hand, nor history.db-wal: "
		"that is mail, and what happened to it.}",
},
[VERDICT_STOPPED] = {
	.meaning = "No ccmqd holds {store}/lock, so nothing is taken in or "
		"imported. {stopped_at?{unclean?The last one did not end by "
		"itself{end_why?: {end_why}}.}{unclean!The last one was told "
		"to end.}}{stopped_at!None has ever run here.}",
	.evidence = "{stopped_at?last heard of at {stopped_at}}"
		"{stopped_at!`lock` names nobody}; " LAST_IMPORT,
	.safe = NOTHING_LOST ". Every verb works meanwhile.",
	.todo = "1  journalctl -u ccmqd -n 50  why did it end?\n"
		"2  systemctl start ccmqd",
	.dont = "start one by hand beside the unit, or remove {store}/lock: "
		"it is always there, held or not.",
},
[VERDICT_SILENT] = {
	.meaning = "ccmqd (pid {pid}) is there, but has not looked into "
		"submit/ for long: it is stopped, waits for the disk, or for "
		"somebody who holds the store.",
	.evidence = "{sign_at?last sign of life {sign_at}}{sign_at!no sign of "
		"life so far}{holder?; write.lock is held by {holder}}",
	.safe = NOTHING_LOST ".",
	.todo = "1  ps -o pid,stat,wchan:20,etime,args -p {pid}\n"
		"   T  it was stopped: kill -CONT {pid}\n"
		"   D  it waits for the disk: dmesg | tail\n"
		"   S  it waits{holder? for {holder}: end that}"
		"{holder!: cat /proc/{pid}/stack}\n"
		"2  systemctl restart ccmqd  when nothing else helps",
	.dont = "kill -9 it first: what it has in hand{hand_id? ({hand_id})} "
		"may be delivered twice.",
},
[VERDICT_RESTARTS] = {
	.meaning = "ccmqd ended badly {bad_ends} times since {bad_from} and "
		"was started again each time. Something kills it, or it dies of "
		"something it meets.",
	.evidence = "the newest end: {bad_why?{bad_why}}{bad_why!why is not "
		"known}",
	.safe = NOTHING_LOST ". What was in hand is tried again, alone.",
	.todo = "1  journalctl -u ccmqd -n 100\n"
		"2  dmesg | grep -i 'killed process'  signal 9 is often the "
		"kernel, out of memory\n"
		"3  coredumpctl info ccmqd  signal 6 or 11 is a fault of ours: "
		"keep the core\n"
		"4  c h  holds it while you look",
	.dont = "let it go on like that over night: each end may deliver "
		"something twice.",
},
[VERDICT_TRIPPED] = {
	.meaning = "{streak} different messages in a row were in vain "
		"({result}), none imported in between: one bad message does "
		"not do that. Most likely it is the post office, or the "
		"importer.",
	.evidence = "{result}{watches? in a connector that is watched}"
		"{trip_at? since {trip_at}}; " LAST_IMPORT
		"{probe_at?; tests again {probe_at}}",
	.safe = "{watches?Their files lie over there, whole.}{watches!"
		NOTHING_LOST ". The tests do not count against a message.}",
	.todo = "1  Mend the post office: rights, path, password, disk over "
		"there.\n"
		"{watches?2  nothing: their connector tries all of them again "
		"by itself.}"
		"{watches!2  {running?c t  tests now with one message; if it "
		"passes, the rest follows.}{running!systemctl start ccmqd  it "
		"tests with one message and goes on if that passes.}\n"
		"3  {unavailable?nothing: those that wait are then tried again "
		"by themselves.}{unavailable!r  on the cause marked SUSPECT, "
		"after that: puts these back.}}",
	.dont = "purge or quarantine what failed in that row: nothing is "
		"known to be wrong with it.",
},
[VERDICT_LOOP] = {
	.meaning = "The connector that is watched hands out {loop_name} again "
		"and again: it fails, and is left where it was. Each try "
		"appends to the .und file, until the disk is full.",
	.evidence = "{loop_tries} {loop_tries=try|tries} since {loop_since}"
		"{full_in?; disk full in {full_in}}",
	.safe = "All other mail goes on meanwhile, more slowly.",
	.todo = "1  stop that connector's service: it may have the file open\n"
		"2  x  takes that one file out{loop_path? of {loop_path}} and "
		"keeps it; start the service\n"
		"3  mend what it failed for, then r in Quarantine  gives it "
		"back{their_submit? to {their_submit}}",
	.dont = "take it out while all files fail alike: then it is the post "
		"office, and every file would follow.",
},
[VERDICT_PATH] = {
	.meaning = "A message of the connector's own, made to be sure of the "
		"way, was not imported. So it is not the mail: it is the "
		"importer or the post office.",
	.evidence = "the one of {path_at} failed{path_code?: code {path_code}}"
		"{path_words?{path_code?,}{path_code!:} {path_words}}",
	.safe = NOTHING_LOST ".",
	.todo = "1  Mend the post office: rights, path, password, disk over "
		"there.\n"
		"2  c t  sends another one now",
	.dont = "retry mail before one has passed.",
},
[VERDICT_LANE] = {
	.meaning = "{lane_unusable?The lock of lane {lane} cannot be opened, "
		"or what an import left in its directory cannot be removed, "
		"so nothing starts in it.}{lane_unusable!Something that an import left "
		"running cannot be ended, so nothing starts in lane {lane}: "
		"two importers at once could mix their files.}",
	.evidence = "{lane_unusable?the Log (6) and journalctl -u ccmqd say "
		"why}{lane_unusable!{lane_id?{lane_id}'s program}"
		"{lane_id!a process}{lane_pid? (pid {lane_pid})} holds "
		"{store}/lanes/{lane}}",
	.safe = NOTHING_LOST ". Other lanes go on.",
	.todo = "{lane_unusable?1  ls -la {store}/lanes/{lane}  the daemon's "
		"own, 0660?\n"
		"2  dmesg | tail  is the disk ill?\n"
		"3  nothing: it is tried again by itself}"
		"{lane_unusable!1  fuser -v {store}/lanes/{lane}  who holds it?\n"
		"2  {lane_pid?ps -o pid,stat,wchan:20,args -p {lane_pid}}"
		"{lane_pid!ps -o pid,stat,wchan:20,args -p PID}  D waits for "
		"a disk or a network that does not answer: mend that\n"
		"3  kill -9 {lane_pid?{lane_pid}}{lane_pid!PID}  where that "
		"says no D; ccmqd sees by itself that it has ended}",
	.dont = "remove {store}/lanes/{lane}: {lane_unusable?it is what keeps "
		"two importers apart.}{lane_unusable!the process lives on, "
		"and another one would start beside it.}",
},
[VERDICT_MOVES] = {
	.meaning = "{moves?{moves=A message has|{moves} messages have} a new "
		"state, but {moves=its file|their files} could not be moved "
		"{moves_from?from {moves_from}/ }{moves_to?to {moves_to}/}"
		"{moves_to!out of the store}. That is tried again, with longer "
		"and longer pauses.}"
		"{moves!{lost=A message has|{lost} messages have} no file any "
		"more: {lost=it was|they were} in none of the directories.}",
	.evidence = "{moves?{moves_why?\"{moves_why}\"}{moves_why!the Log "
		"(6) says why}}{moves!missed {lost_at?{lost=|newest }since "
		"{lost_at}}{lost_at!now}}",
	.safe = "{moves?Nobody touched {moves=the file: it is|the files: they "
		"are} whole, where check says.}"
		"{moves!All others. What happened to {lost=it|these} is in the "
		"Log (6).}",
	.todo = "1  {ccmq} check  names each file, and where it should be\n"
		"{moves?2  ls -ld {store}/*; dmesg | tail  rights, disk?\n3  {ccmq} check --repair  when "
		"that is mended}{moves!2  who moved or removed them? A backup, "
		"a clean-up job? Put them back.\n3  {ccmq} check --repair  "
		"when they are where they were}",
	.dont = "move files of {store} by hand without a check behind it.",
},
[VERDICT_STUCK] = {
	.meaning = "{hand_id} is in the importer longer than import.timeout "
		"({limit}) allows. It should have been ended by now.",
	.evidence = "in hand since {hand_since}{answer_at?; last answer "
		"{answer_at}}{sign_at?; last sign of life {sign_at}}",
	.safe = NOTHING_LOST ", {hand_id} is in queue/ as well.",
	.todo = "1  ps -o pid,stat,wchan:20,etime,args --ppid {pid}  what "
		"does it wait for?\n"
		"2  x  on it: set aside as soon as the attempt ends",
	.dont = "kill ccmqd for it: the attempt would not count, and some may "
		"get it twice.",
},
[VERDICT_BLOCKED] = {
	.meaning = "The importer is busy with {hand_id}{hand_more? and "
		"{hand_more} more} much longer than usual, and {due} "
		"{due=waits|wait} behind it. It is ended after {limit}.",
	.evidence = "in hand since {hand_since}{usual?; the last hundred took "
		"{usual} on average}{answer_at?; last answer {answer_at}}",
	.safe = NOTHING_LOST ".",
	.todo = "1  ps -o pid,stat,wchan:20,etime,args --ppid {pid}  does the "
		"importer work (R), or wait (S, D)?\n"
		"2  x  sets it aside when its attempt ends, and the others "
		"go on",
	.dont = "restart ccmqd for one message: it would come again.",
},
[VERDICT_WAITING] = {
	.meaning = "{vain?{vain} {vain=is|are} deferred and tried again and "
		"again since {vain_since}; nothing was imported since.}"
		"{vain!{due} {due=is|are} due since {due_since}, and nothing "
		"was imported for four scans.}{tripped? The breaker is open.}"
		"{running! No connector runs.}",
	.evidence = LAST_IMPORT "{answer_at?; last answer of "
		"the importer {answer_at}}{sign_at?; last look into submit/ "
		"{sign_at}}{hand_id?; {hand_id} in hand since {hand_since}}"
		"{error?; \"{error}\"}",
	.safe = NOTHING_LOST ".",
	.todo = "1  6 Log  what was the last that happened?\n"
		"2  {running?c t  tests with one message now; its page says "
		"what the importer answers}{running!systemctl start ccmqd}\n"
		"3  journalctl -u ccmqd -n 50",
	.dont = "retry what waits: it is tried by itself.",
},
[VERDICT_UND] = {
	.meaning = "What IMPORT cannot deliver is appended to the .und file, "
		"faster than the disk allows: {full_in?the disk is full in "
		"{full_in}}{full_in!the disk fills up}.",
	.evidence = "{und} now, +{und_hour} in the last hour; {free} free",
	.safe = "{watches?ccmq only looks on, and cuts nothing.}{watches!"
		NOTHING_LOST ". The .und file is never cut, only rotated.}",
	.todo = "1  5 .und  which reason grows? Mend that one.\n"
		"{watches?2  stop that connector's service, mv its .und file "
		"to another disk, start it}{watches!" ROTATE("2", "3") "\n"
		"4  c h  holds it, if nothing helps in time}",
	.dont = "truncate or remove the .und file: reports of mail that nobody "
		"got are in it.",
},
[VERDICT_BACKLOG] = {
	.meaning = "Messages lie in submit/ and are not taken in: there is no "
		"room, or ccmqd cannot open them, or they have more than one "
		"name.",
	.evidence = "{submit}{submit_more?+} {submit=file, {submit_age} old|files, "
		"the oldest {submit_age} old}"
		"{submit_paths?: {submit_paths}}",
	.safe = "They are where they were dropped. What was taken in goes on.",
	.todo = "1  ls -la {submit_dir} | head  owner, mode, links (the "
		"second column)?\n"
		"2  6 Log  says what is wrong with which\n"
		"3  find {submit_dir} -type f -links +1  two names: rm one\n"
		"4  chgrp, chmod g+r  what ccmqd may not read",
	.dont = "move them into queue/ by hand: nobody would know of them.",
},
[VERDICT_LEFTOVER] = {
	.meaning = "In import/ lie files that are not the connector's. They "
		"are left alone; an importer may trip over them (a leftover "
		".und stopped the original connector silently).",
	.evidence = "{store}/import/: {foreign_names}",
	.safe = NOTHING_LOST ". Nothing of these is ever imported.",
	.todo = "1  ls -la {store}/import  whose are they?\n"
		"2  mv {foreign_paths?{foreign_paths}}"
		"{foreign_paths!THESE} /var/tmp/",
	.dont = "move ccmail.und away with them, and never put a .und file "
		"into submit/: it would be imported anew.",
},
[VERDICT_HELD] = {
	.meaning = "{hold_by?{hold_by}}{hold_by!Somebody} {draining?lets the "
		"queue run empty, and then holds it}{draining!holds the "
		"connector} until {hold_until?{hold_until}}{hold_until!somebody "
		"resumes it}: {draining?nothing is taken in}{draining!nothing "
		"starts but a test}.",
	.evidence = "{hold_reason?\"{hold_reason}\"}"
		"{hold_reason!no reason was given}{held_at?, since {held_at}}",
	.safe = NOTHING_LOST ". {draining?What is in queue/ is still "
		"imported.}",
	.todo = "1  {hold_by?ask {hold_by}: is it over?}{hold_by!6 Log  who "
		"was it? Ask: is it over?}\n"
		"2  c t  tests with one message, also while held\n"
		"3  c r  goes on",
	.dont = "resume somebody else's maintenance without asking.",
},
[VERDICT_JOB] = {
	.meaning = "{job_by}'s {job_verb} paused by itself: too many of a "
		"step failed again. What it has not reached is untouched.",
	.evidence = "paused after {job_done?{job_done}}{job_done!none} of "
		"{job_total}{job_why?: {job_why}}",
	.safe = "The rest stays where it was, in the state it was in.",
	.todo = "1  8 Work  which of them failed, and for what?\n"
		"2  mend that; then p there  goes on\n"
		"3  or x there  stops it",
	.dont = "go on before the cause is known: all the others would follow.",
},
[VERDICT_STORM] = {
	.meaning = "{storm} messages failed for one reason: {storm_reason}. "
		"That is not one bad message; it is something they all met.",
	.evidence = "from {storm_from} to {storm_to}; " LAST_IMPORT,
	.safe = "They lie in failed/, with what the importer said; {waits?"
		"{waits} {waits=waits|wait} in queue/}{waits!nothing waits}.",
	.todo = "1  Enter on the cause, Enter on one: what do they share? "
		"Sender, date, address?\n"
		"2  mend it where it is made: date order, directory, gateway\n"
		"3  r  on the cause: puts them back, a few first",
	.dont = "retry all of them unchanged: each would fail again and "
		"lengthen the .und file.",
},
[VERDICT_DOUBTFUL] = {
	.meaning = "{doubtful=One message|{doubtful}{doubtful_more?+} messages} may have been "
		"delivered already: "
		"nobody saw the end of {doubtful=its|their} import"
		"{doubtful_why? ({doubtful_why})}. Nobody has decided since.",
	.evidence = "{doubtful_at?newest {doubtful_at}; }D in the lists, and in\n"
		"{ccmq} list --state failed,queued,deferred --json | grep "
		"'maybe_delivered\": *true'",
	.safe = "{doubtful=It is not lost|None of them is lost}. ccmq-import "
		"delivers a message once, however often it is tried; other "
		"programs may not.",
	.todo = "1  Enter on one, Shift-Tab  its log: how far did it get?\n"
		"2  look into a recipient's mailbox\n"
		"3  X  if everybody has it, r  if somebody has not",
	.dont = "retry many at once, unless with ccmq-import: somebody may get "
		"two.",
},
[VERDICT_BACK_AGAIN] = {
	.meaning = "{again_id} failed, was put back by a person, and failed "
		"again. {flows?Others were imported meanwhile: it is this "
		"message.}{flows!None was imported since: it may be the "
		"importer.}",
	.evidence = "failed again at {again_at}; after a retry "
		"{again_times=once|{again_times} times} so far",
	.safe = "It lies in failed/, whole, and is not tried again by itself.",
	.todo = "1  mend what it printed, or what .und says; r  tries it again\n"
		"2  w  keeps a copy for whoever mends the importer; x  sets "
		"it aside",
	.dont = "retry it unchanged: most likely it fails again.",
},
[VERDICT_WAL] = {
	.meaning = "The history's write-ahead log cannot be emptied while "
		"somebody reads an old state of it: it grows with each write.",
	.evidence = "{store}/history.db-wal is {wal}{wal_pid?; pid {wal_pid}"
		"{wal_program? ({wal_program})} reads}",
	.safe = "Nothing is lost, mail flows on. It shrinks by itself when "
		"the reader ends.",
	.todo = "1  {wal_pid?ps -o pid,user,etime,args -p {wal_pid}  whose is "
		"it?}{wal_pid!fuser -v {store}/history.db-shm  who has it open?}"
		"\n2  end it: a sqlite3 or a report that was left open\n"
		"3  df -h {store}  for how long is there room?",
	.dont = "remove history.db-wal: what was written last is in it.",
},
[VERDICT_BUSY] = {
	.meaning = "{vain?{vain} {vain=is|are} deferred and tried again and "
		"again, while others are imported: likely {vain=it|they} and "
		"not the post office. The limits end that.}"
		"{vain!More is due than the importer has got "
		"through so far: it imports {rate!less than one}{rate?{rate}} a "
		"minute.}",
	.evidence = "{vain?the oldest came {vain_since}}{vain!{due} {due=is|"
		"are} due, {due=|oldest }since {due_since}}; " LAST_IMPORT,
	.safe = NOTHING_LOST ".",
	.todo = "{vain?1  1 Queue  Enter on it: its page says what the "
		"importer answers}{vain!Nothing, as long as the queue gets "
		"shorter; else:\n"
		"1  5 .und  is it one reason, again and again?\n"
		"2  import.lanes and import.batch in the settings}",
	.dont = "retry what waits: it is tried by itself.",
},
[VERDICT_SUSPECTS] = {
	.meaning = "{suspects=One message|{suspects} messages} failed while the "
		"post office was broken. It works again: most likely nothing "
		"is wrong with {suspects=it|them}.",
	.evidence = "the breaker is closed; " LAST_IMPORT,
	.safe = "{suspects=It lies|They lie} in failed/, whole, marked ?.",
	.todo = "r  on {suspects=its|their} cause puts {suspects=it|all of "
		"them} back\n"
		"or  {ccmq} retry --match suspect:yes --reason 'it is mended'",
	.dont = "purge or quarantine {suspects=it|them}: nothing is known to "
		"be wrong with {suspects=it|them}.",
},
[VERDICT_FAILED] = {
	.meaning = "{aside?The connector quarantined {aside=a message|{aside} "
		"messages}: no disk has its size, or the file became "
		"something else while it was taken in.}{aside!{failed=One "
		"message|{failed} messages} failed, some time ago or for "
		"{failed=a reason of its|reasons of their} own.}",
	.evidence = "{aside?newest {aside_at}; }{aside!{failed_at?newest "
		"{failed_at}; }}" LAST_IMPORT,
	.safe = "In {store}/{aside?quarantine/}{aside!failed/}, whole; nothing "
		"there is tried again by itself.",
	.todo = "{aside?1  3 Quarantine  Enter: its page; r  releases, X  "
		"throws away}{aside!1  2 Failed  by cause, Enter: what did it "
		"print?\n2  r  retries what was mended\n"
		"3  x  sets aside, X throws away, with a reason}",
	.dont = "let them pile up: somebody waits for each.",
},
[VERDICT_OK] = {
	.meaning = "Nothing failed, nothing is in doubt, nothing that is due "
		"waits for long.",
	.evidence = LAST_IMPORT "; {free} free",
	.safe = NOTHING_LOST ".",
	.todo = "Nothing.",
	.dont = "leave without a look at what is new (+).",
},
};

void
panel_verdict(const struct panel_facts *facts, enum verdict_kind kind,
	struct panel *out)
{
	panel_fill(facts, NULL, &rows[kind], out);
}

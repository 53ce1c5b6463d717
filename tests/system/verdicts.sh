#!/bin/sh
# Every cause that stops mail, or leaves a doubt, is made for real; the verdict
# is its own, and never "ok". Each in a store of its own. TAP.
. "$srcdir/tests/system/lib.sh"

silent_pid= reader_pid= holder_pid=
trap 'stop KILL; end_others; umount "$work/small" 2>/dev/null; rm -rf "$work"' EXIT

end_others()
{
	for pid in $silent_pid $reader_pid $holder_pid; do
		kill -KILL "$pid" 2>/dev/null
	done
	silent_pid= reader_pid= holder_pid=
}

# fresh [LINE...]: a new store; its settings, with a program that imports.
fresh()
{
	stop KILL
	end_others
	rm -rf "$store" "$work/starts"
	"$ccmq" -s "$store" init >/dev/null
	settings "$(import_setting "${timeout:-20s}")" "$@"
	program 'exit 0'
}

word()
{
	q status --json | jq -r .verdict
}

text()
{
	q status --json | jq -r .verdict_text
}

says()
{
	[ "$(word)" = "$1" ]
}

# comes WORD: it is said, within the time that it takes.
comes()
{
	wait_for "${within:-20}" says "$1"
	is "$1" "$1" "$(word)"
	echo "#   $(text)"
}

# all_say WORD: it is among all that are true.
all_say()
{
	q status --json | jq -e ".verdicts | index(\"$1\")"
}

drops()
{
	for i in $(seq "$1" "$2"); do
		drop "M$i.ccm"
	done
}

running()
{
	wait_for 10 sh -c "'$ccmq' -c '$config' status --json | grep -q '\"pid\": *[1-9]'"
}

# The first takes a minute to come true: it waits while all others are made.
silent_store=$work/silent
"$ccmq" -s "$silent_store" init >/dev/null
"$ccmqd" -s "$silent_store" >/dev/null 2>&1 &
silent=$!
silent_says()
{
	[ "$("$ccmq" -s "$silent_store" status --json | jq -r .verdict)" = "$1" ]
}
wait_for 10 silent_says ok
ok "a store that nothing is wrong with"
kill -STOP $silent

fresh
comes stopped
start
running
drops 1 3
wait_for 10 count_is imported 3
comes ok
stop TERM
comes stopped
text | grep -q 'it was told to end'
ok "and that it was told to"
start
running
stop KILL
comes stopped
text | grep -q 'it did not end by itself'
ok "and that it was not"

for i in 1 2 3; do
	start
	running
	kill -SEGV "$daemon"
	wait "$daemon" 2>/dev/null
done
start
running
comes restarts
text | grep -q 'badly 4 times since .*: killed by signal 11$'
ok "with the signal"

# A file that was put in its place while ccmqd has the old one open.
fresh
start
running
sqlite3 "$store/history.db" ".backup '$store/new.db'"
mv "$store/new.db" "$store/history.db"
comes replaced

# What is written goes no further: as on a device that is broken.
fresh
start
running
drops 1 40
wait_for 20 count_is imported 40
prlimit --pid "$daemon" --fsize=65536
drop M50.ccm
comes store

fresh
start
running
sed -i 's/min_free = "1M"/min_free = "1T"/' "$config"
kill -HUP "$daemon"
comes disk

# Three for one reason: the post office.
fresh 'breaker: { rejected = 3; probe = "1h"; probe_cap = "1h"; };'
program 'exit 1'
start
drops 1 6
comes tripped
text | grep -q ': 3 in a row, code 1$'
ok "how many, and how they ended"
program 'exit 0'
q resume --reason "it is mended" >/dev/null
wait_for 20 count_is imported 3
comes suspects

# Its file cannot go where it belongs: there is one of that name.
fresh
program 'exit 1'
start
running
: >"$store/failed/000000000001-M1.ccm"
drop M1.ccm
comes moves
text | grep -q '^1 file cannot be moved, queue/ to failed/: a file is in'
ok "from where to where, and why"

fresh
program 'exit 1'
q hold --reason "to be looked at" >/dev/null
start
drop M1.ccm
wait_for 10 count_is queued 1
comes held
rm "$store"/queue/*
q resume --reason "it was looked at" >/dev/null
comes moves
text | grep -q '^1 message lost its file'
ok "a file that is gone"

fresh
start
running
q drain --reason "for the night" --for 1h >/dev/null
wait_for 10 says held
comes held

# In the importer for longer than it may: who should end it stands still.
timeout=2s fresh
program 'sleep 30'
start
drop M1.ccm
wait_for 10 count_is importing 1
kill -STOP "$daemon"
comes stuck
text | grep -q '^#1 in the importer since'
ok "which, as an id"
kill -CONT "$daemon"

fresh
program 'case $1 in *M1.ccm) sleep 60;; esac; exit 0'
start
drop M1.ccm
wait_for 10 count_is importing 1
drops 2 5
comes blocked
text | grep -q '^#1 in the importer for .*; 4 wait behind it$'
ok "which, and how many wait for it"

# It answers, and imports nothing.
fresh
program 'sleep 0.5; exit 5'
start
drops 1 18
comes waiting

# Deferred and tried, again and again: due for a moment each, and in vain.
fresh 'backoff: { first = "1s"; cap = "1s"; };'
program 'case $1 in *M1.ccm) exit 4;; esac; exit 0'
start
drops 1 1
comes waiting
text | grep -q '^None is imported since .*: 1 deferred, tried again'
ok "that it is tried again and again"
drops 2 2
comes busy

# It imports, but not as fast as they came.
fresh
program 'sleep 0.6; exit 0'
start
drops 1 20
comes busy

fresh
mkdir "$work/linked"
drops 1 3
mv "$store"/submit/* "$work/linked"
ln "$work"/linked/* "$store/submit"
start
comes backlog
rm -rf "$work/linked"

fresh
echo old >"$store/import/OLD.UND"
start
running
comes leftover
text | grep -q '^1 foreign file in import/: OLD.UND$'
ok "by name"

fresh
program 'exit 5'
start
drops 1 22
comes storm

# When they failed is not when somebody moved them.
wait_for 20 count_is failed 22
failed_at="SELECT group_concat(failed_at) FROM message"
before=$(sql "$failed_at")
text=$(text)
q quarantine --match state:failed --reason "to look at them" >/dev/null
q undo >/dev/null
q purge --yes --match state:failed --reason "a mistake" >/dev/null
q restore --match state:purged --reason "it was one" >/dev/null
is "restored, they failed when they failed" "$before 22" \
	"$(sql "$failed_at") $(count failed)"
is "and the sentence is the same" "$text" "$(text)"

timeout=1s fresh 'limits: { crashed = 1; };'
program 'case $1 in *M1.ccm) kill -SEGV $$;; esac; exec sleep 30'
start
drop M1.ccm
comes doubtful
text | grep -q '^The importer crashed at'
ok "and why"
drop M2.ccm
wait_for 20 sh -c "'$ccmq' -c '$config' status | grep -q '2 may have been delivered already, newest'"
ok "of several it is said of none"
q purge 2 --reason "everybody has it" >/dev/null
text | grep -q '^The importer crashed at .*: 1 may'
ok "nor of what has been decided"
q purge 1 --reason "everybody has it" >/dev/null
comes ok

# It failed, but what it printed speaks of a delivery.
fresh
program 'echo "1 message, 1 delivery"; exit 1'
start
drop M1.ccm
comes doubtful

# Killed with a message in hand; nobody has decided when it is held again.
fresh
program 'sleep 30'
start
drop M1.ccm
wait_for 10 count_is importing 1
stop KILL
q hold --reason "to be looked at" >/dev/null
start
wait_for 20 sh -c "'$ccmq' -c '$config' status | grep -q 'ccmqd was killed at .*: 1 may have been delivered already'"
ok "doubtful, for it was killed"
is "beside that it is held" "held doubtful" \
	"$(q status --json | jq -r '.verdicts | join(" ")')"

fresh
program 'case $1 in *M1.ccm) exit 1;; esac; exit 0'
start
drop M1.ccm
comes failed
q retry 1 --reason "to see it again" >/dev/null
comes back_again
text | grep -q '^#1 failed again after a retry$'
ok "which, as an id"

# A reader that holds an old state of the history, and many writes.
fresh
start
running
mkfifo "$work/pipe"
sqlite3 -readonly "$store/history.db" <"$work/pipe" >/dev/null &
reader_pid=$!
exec 8>"$work/pipe"
echo 'BEGIN; SELECT count(*) FROM message;' >&8
sleep_less()
{
	grep -q "POSIX .* READ $reader_pid " /proc/locks
}
wait_for 10 sleep_less
flock "$store/write.lock" sqlite3 "$store/history.db" \
	'CREATE TABLE filler (x); INSERT INTO filler VALUES (zeroblob(70000000));' \
	'DROP TABLE filler;' >/dev/null
comes wal
text | grep -q "^A reader (pid $reader_pid, sqlite3)"
ok "and who reads"
exec 8>&-

# A process of somebody else in a lane.
chmod 711 "$work"
if ! can_become 65534; then
	skip "a lane of another user" "needs root, and a build that others can enter"
else
	fresh
	chown -R 65534:65534 "$store"
	: >"$store/lanes/1"
	chown 65534:65534 "$store/lanes/1"
	chmod 660 "$store/lanes/1"
	flock "$store/lanes/1" sleep 60 &
	holder_pid=$!
	setpriv --reuid 65534 --regid 65534 --clear-groups \
		"$ccmqd" -c "$config" >>"$work/log" 2>&1 &
	daemon=$!
	comes lane
	text | grep -q "^What an import left (pid $holder_pid) cannot be ended"
	ok "and what it is"
fi

# A .und that would fill its disk within the day: the disk is small.
und_on_a_small_disk()
{
	stop KILL
	mkdir "$work/small"
	mount -t tmpfs -o size=64M none "$work/small" 2>/dev/null || return 1
	store=$work/small/store
	fresh
	program 'head -c 3000000 /dev/zero >>"$2"; exit 5'
	start
	drops 1 2
	comes und
	# Larger than the room there is: it waits, and that is said.
	stop KILL
	rm -rf "$store"
	fresh
	start
	running
	head -c 20000000 /dev/zero >"$work/large"
	dd if=/dev/zero of="$work/small/filler" bs=1M count=25 2>/dev/null
	{ printf 'Message:\r\nTo: Admin at DEMO\r\nContents:\r\nText item:\r\n'
	cat "$work/large"; } >"$store/submit/.large"
	mv "$store/submit/.large" "$store/submit/Large.ccm"
	comes waiting
	rm "$work/small/filler"
	wait_for 60 count_is imported 1		# what it takes is given back
	# Filled at once: nothing can be written down, and it is said.
	dd if=/dev/zero of="$work/small/filler" bs=4096 2>/dev/null
	wait_for 60 all_say disk
	ok "disk, on a full one"
	sign=$(q status --json | jq -r .last_sign_at)
	wait_for 10 sh -c "[ '$sign' != \"\$('$ccmq' -c '$config' status --json |
		jq -r .last_sign_at)\" ]"
	ok "where a turn cannot be done it still gives a sign of life"
	kill -SEGV "$daemon"
	wait "$daemon" 2>/dev/null
	daemon=
	all_say stopped && all_say disk
	ok "and that it was killed there"
	rm "$work/small/filler"
	start
	running
	q events --json | grep -q '"number": *20002'
	ok "and what is said of it comes later"
	stop TERM
	mount -o remount,ro "$work/small"
	comes store
	text | grep -q 'file system is read-only$'
	ok "why nobody can write"
	umount "$work/small"
	store=$work/store
}
und_on_a_small_disk || echo "# und: no small disk can be mounted here"

# One that only watches: what it cannot read, and what it cannot write down.
theirs=$work/theirs
mkdir "$theirs" "$theirs/submit" "$theirs/import"
fresh "foreign: { submit = \"$theirs/submit\"; import = \"$theirs/import\";
	cycle = \"1s\"; };"
start --observe
running
mv "$theirs/submit" "$theirs/away"
comes store
text | grep -q ': foreign.submit: No such file'
ok "which, and why"
mv "$theirs/away" "$theirs/submit"
comes ok
mkfifo "$work/writer"
sqlite3 "$store/history.db" <"$work/writer" >"$work/writes" &
holder_pid=$!
exec 8>"$work/writer"
echo 'BEGIN IMMEDIATE; SELECT 1;' >&8
wait_for 10 test -s "$work/writes"
: >"$theirs/submit/A.ccm"
comes store
sign=$(count last_sign_at)
wait_for 20 sign_is_not "$sign"
ok "and that it lives"
says store
ok "while it cannot write"
exec 8>&-
rm "$theirs/submit/A.ccm"
comes ok

within=70
wait_for 70 silent_says silent
ok "silent"
kill -CONT $silent
wait_for 10 silent_says ok
ok "and ok again"
kill -TERM $silent
wait $silent

finish

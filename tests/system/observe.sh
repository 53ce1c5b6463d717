#!/bin/sh
# ccmqd --observe beside the stand-in for the original connector: what loops is
# named, what does not is not, and nothing is written there. TAP.
. "$srcdir/tests/system/lib.sh"
. "$srcdir/tests/system/theirs.sh"

tried()		# NAME LEAST
{
	[ "$(q list --state all --match "name:$1" --json | jq -s \
		'map(.attempts) | max // 0')" -ge "$2" ]
}

# --- it wants to be told what to watch --------------------------------------

settings
"$ccmqd" -c "$config" --observe 2>"$work/err"
is "without foreign: it does not start" 3 $?
grep -q 'foreign.submit' "$work/err"
ok "… and says what is missing"
"$ccmqd" -c "$config" --observe --once 2>/dev/null
is "with --once it makes no sense" 2 $?

# --- one poison among 200 ----------------------------------------------------

fresh
watching
start --observe
wait_for 20 status_has '.connector == "watches"'
ok "the connector's word is watches"
put_many 1 100
put Msg4F2C.ccm bad
put_many 101 200
start_theirs
wait_for 60 verdict_is loop
ok "a loop is said"
count verdict_text | grep -Eq '^LOOP: Msg4F2C.ccm tried [0-9]+ times since [0-9]'
ok "… of the right file, since when"
first=$(q list --state all --match name:Msg4F2C --json | jq .attempts)
[ "$first" -ge 3 ]
ok "… after three tries"
wait_for 60 delivered 200
ok "the others went through"
wait_for 60 status_has '.gone == 200 and .importing == 1'
ok "each of 201 files is one message"
status_has '.queued == 0 and .submit_waiting == 0 and .failed == 0'
ok "… and nothing waits"
wait_for 20 tried Msg4F2C $((first + 2))
ok "its tries go on being counted"
id=$(q list --state importing --json | jq .id)
wait_for 20 q show "$id" --json
q show "$id" --json | jq -e '.subject == "bad" and .result_code == 1' >/dev/null
ok "what is suspected is read: its subject is known"
status_has '.und_bytes > 0 and .und_growth_per_hour > 0'
ok "the .und grows"
q und list --json | jq -se 'map(select(.message_id == '"$id"')) | length > 0' \
	>/dev/null
ok "… and its entries are that message's"
q events --json | jq -se "map(select(.number == 20060)) |
	length == 1 and .[0].message_id == $id" >/dev/null
ok "the loop is one event"
q purge --yes "$id" 2>"$work/err"
is "purge does nothing to what is only watched" 1 $?
grep -q 'another connector has it' "$work/err"
ok "… and says why"

stop TERM
is "it ends when it is told to" 0 $?
"$ccmqd" -c "$config" --once 2>"$work/err"
is "ccmqd imports nothing from a store that watches" 3 $?
before=$(q list --state importing --json | jq .attempts)
start --observe
wait_for 20 verdict_is loop
ok "after a restart the loop is known"
status_has "(.verdict_text | capture(\"tried (?<n>[0-9]+)\").n | tonumber) >= $before"
ok "… and its tries"
mv "$root/IMPORT/Msg4F2C.ccm" "$work"
wait_for 20 verdict_is ok
ok "when the file is taken out by hand all is well"

# --- directories that vanish ----------------------------------------------------

stop_theirs
put Msg0001.ccm "good again"
wait_for 20 count_is queued 1
mv "$root/SUBMIT" "$root/AWAY"
away()
{
	q events --json | grep -q '"number":20061'
}
wait_for 20 away
ok "a directory that is gone is an event"
is "… and no answer about its files" 1 "$(count queued)"
mv "$root/AWAY" "$root/SUBMIT"
back()
{
	q events --json | grep -q '"number":20062'
}
wait_for 20 back
ok "… and so is that it is back"
is "… with the file that was known" 1 "$(count queued)"

# --- all fail alike ----------------------------------------------------------------

fresh
watching
touch "$root/PO/READ-ONLY"
put_many 1 12
start --observe
wait_for 20 count_is queued 12
start_theirs
wait_for 20 verdict_is tripped
ok "all fail alike: it is the post office"
count verdict_text | grep -q 'not the mail: [0-9]* in a row, code 1'
ok "… with the code"
wait_for 20 tried Msg0001 6
status_has '.verdicts | index("loop") == null'
ok "… and no loop, however often they were tried"
rm "$root/PO/READ-ONLY"
wait_for 20 status_has '.importing == 0 and .verdict == "ok"'
ok "when it is mended all is well"

# --- the .und alone ------------------------------------------------------------

fresh
log=
watching
put NIGHTLY.CCM unknown
put Msg4F2C.ccm bad
start --observe
wait_for 20 count_is queued 2
start_theirs
wait_for 30 verdict_is loop
ok "without a log the entries tell of it"
count verdict_text | grep -q '^LOOP: Msg4F2C'
ok "… of the right file"
for night in 1 2 3 4; do
	put NIGHTLY.CCM unknown
	wait_for 20 test ! -e "$root/SUBMIT/NIGHTLY.CCM"
done
status_has '.verdict_text | startswith("LOOP: Msg4F2C")'
ok "… and a nightly report is none"

# --- nothing is written there ---------------------------------------------------

log=$root/ccmc.log
fresh
watching
put_many 1 5
start_theirs
wait_for 20 delivered 5
put Msg4F2C.ccm bad
wait_for 20 test -s "$root/IMPORT/ccmail.und"
stop_theirs
put_many 6 9
tree()
{
	(cd "$root" && find . -type f -exec cksum {} + | sort
		find . -printf '%p %i %m %u %s %T@ %C@ %A@\n' | sort)
}
tree >/dev/null		# its own reading is over
tree >"$work/before"
if command -v strace >/dev/null 2>&1; then
	strace -f -o "$work/trace" -e trace=%file "$ccmqd" -c "$config" \
		--observe >>"$work/log" 2>&1 &
	daemon=$!
else
	start --observe
fi
wait_for 30 status_has '.queued == 4 and .importing == 1'
looks=0
while [ $looks -lt 5 ]; do
	scans 1
	looks=$((looks + 1))
done
pid=$(count pid)
kill "$pid"
wait "$daemon"
daemon=
tree >"$work/after"
cmp -s "$work/before" "$work/after"
ok "no byte and no time of the tree is changed"
if [ -e "$work/trace" ]; then
	grep -F "$root" "$work/trace" | grep -Ev '"[^"]*", O_RDONLY|stat|access|inotify_add|execve' |
		grep -Ev 'openat\(.*O_RDONLY' >"$work/writes"
	[ ! -s "$work/writes" ] || sed 's/^/# /' "$work/writes"
	[ ! -s "$work/writes" ] && grep -qF "$root/SUBMIT" "$work/trace"
	ok "no call there is one that writes"
else
	skip "no call there is one that writes" "there is no strace"
fi

# The disk that theirs is on, and not the store's: full is what it stands at.
fresh
if mount -t tmpfs -o size=800k none "$root/IMPORT" 2>/dev/null; then
	trap 'stop KILL; umount "$root/IMPORT"; rm -rf "$work"' EXIT
	watching
	start --observe
	wait_for 20 verdict_is ok
	ok "that there is less than disk.min_free there is no matter"
	dd if=/dev/zero of="$root/IMPORT/filler" bs=4k 2>/dev/null
	wait_for 20 verdict_is disk
	ok "but that hardly anything is left"
	"$ccmq" -c "$config" status | grep -q 'where the watched connector works'
	ok "and where"
	stop TERM
	umount "$root/IMPORT"
else
	skip "the disk of a watched connector" "nobody may mount one here"
fi
finish

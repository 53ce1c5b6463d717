#!/bin/sh
# The store is what its names say: directories, lock files and the history are
# moved, removed and replaced beside ccmqd and beside a verb. TAP.
. "$srcdir/tests/system/lib.sh"

running()
{
	wait_for 10 status_has '.connector != "stopped"'
}

again()
{
	stop KILL
	rm -rf "$store" "$work"/old* "$work/starts"
	"$ccmq" -s "$store" init >/dev/null
	settings "$(import_setting)"
	program 'exit 0'
	start
	running
}

ended()
{
	! kill -0 "$daemon" 2>/dev/null
}

said()
{
	q events --json | grep -q "$1"
}

again
drop M1.ccm
wait_for 10 count_is imported 1
sign=$(count last_sign_at)
mv "$store/submit" "$work/old"
mkdir -m 2770 "$store/submit"
wait_for 5 sign_is_not "$sign"
drop M2.ccm
wait_for 8 count_is imported 2
ok "another submit/: what is dropped there is taken in"
said 'submit/ was made anew'
ok "and that is an event"
mkdir "$work/old2"
settings "import: { program = [ \"$work/import\", \"%f\" ]; interval = \"1h\"; };"
kill -HUP "$daemon"
wait_for 5 said 'settings were read again'
drop M3.ccm
wait_for 5 count_is imported 3
ok "by inotify, too, without a scan"

for dir in queue trash failed imported quarantine; do
	again
	q hold --reason test >/dev/null
	drop M1.ccm
	wait_for 10 count_is queued 1
	mv "$store/$dir" "$work/old-$dir"
	wait_for 10 status_has '.verdict != "ok"'
	q status --json >"$work/out" 2>&1
	drop M2.ccm
	q resume >"$work/words" 2>&1
	[ $? -ne 0 ]
	ok "$dir/ is gone: a verb does not say that it was done"
	grep -q "$dir is not there: ccmq check --repair" "$work/words"
	ok "$dir/ is gone: it says how to mend that"
	is "$dir/ is gone: no message is lost" 0 \
		"$(sql "SELECT count(*) FROM message WHERE state = 'lost'")"
	stop TERM
	"$ccmqd" -c "$config" --once >"$work/words" 2>&1
	is "$dir/ is gone: ccmqd does not start" 3 $?
	grep -q 'check --repair' "$work/words"
	ok "$dir/ is gone: and says what to do"
	if [ $dir = queue ]; then
		mv "$work/old-$dir" "$store/$dir"
	else
		q check --repair >"$work/words" 2>&1
		ok "$dir/: check --repair makes it"
	fi
	q resume >/dev/null 2>&1
	start
	wait_for 10 count_is imported 2
	ok "$dir/: and all goes on"
done

for lock in lock write.lock; do
	again
	rm "$store/$lock"
	drop M1.ccm
	wait_for 10 ended
	ok "$lock is gone: ccmqd ends"
	stop TERM
	is "$lock is gone: with 3" 3 $?
	q check --repair >"$work/words" 2>&1
	ok "$lock: check --repair makes it"
	start
	wait_for 10 count_is imported 1
	ok "$lock: and all goes on"
done

again
drop M1.ccm
wait_for 10 count_is imported 1
sqlite3 "$store/history.db" ".backup '$work/old.db'"
drop M2.ccm
wait_for 10 count_is imported 2
chmod 660 "$work/old.db"
rm -f "$store"/history.db-*
mv "$work/old.db" "$store/history.db"
drop M3.ccm
wait_for 10 ended
ok "another history.db: ccmqd ends"
is "and takes in nothing more" M3.ccm "$(ls "$store/submit")"
stop TERM
"$ccmqd" -c "$config" --once >/dev/null 2>&1
is "started again it holds, and takes in nothing" "true M3.ccm" \
	"$(count held) $(ls "$store/submit")"

# What was written since the last checkpoint is in the WAL alone.
again
drop M1.ccm
wait_for 10 count_is imported 1
rm "$store/history.db-wal"
drop M2.ccm
wait_for 10 ended
ok "the WAL was taken away: ccmqd ends"
status_has '.verdict != "ok"'
ok "and that is not well"
q check --repair >/dev/null 2>&1
q check --repair >/dev/null 2>&1
q resume >/dev/null 2>&1
start
wait_for 10 sh -c "grep -q . '$work/starts' && [ -z \"\$(ls '$store/submit')\" ]"
ok "mended, it goes on"
stop TERM
consistent

# Into the open file, as sqlite3 does it.
again
drop M1.ccm
wait_for 10 count_is imported 1
sqlite3 "$store/history.db" ".backup '$work/old.db'"
drop M2.ccm
wait_for 10 count_is imported 2
sqlite3 "$store/history.db" ".restore $work/old.db"
drop M3.ccm
wait_for 10 ended
ok "an old history restored into history.db: ccmqd ends"
stop TERM
is "no id was given twice" "" "$(sort "$work/starts" | cut -d- -f6 | uniq -d)"
q check --repair >/dev/null 2>&1
q resume >/dev/null 2>&1
start
wait_for 10 test "$(starts)" -ge 3
q status --json | jq -e '.queued == 0' >/dev/null
wait_for 10 sh -c "[ -z \"\$(ls '$store/submit')\" ]"
ok "mended, what was dropped is taken in"
is "no key was given twice" "" "$(sort "$work/starts" | uniq -d)"
# Producers have a directory of their own, elsewhere: intake.submit.
elsewhere()
{
	stop KILL
	rm -rf "$store" "$work/in"
	settings "$(import_setting)" "intake: { submit = \"$work/in\"; };"
	sed -i '/settle/d' "$config"
	program 'exit 0'
}

drop_there()
{
	echo 'Message:' >"$work/in/.new" && mv "$work/in/.new" "$work/in/$1"
}

elsewhere
q init >"$work/out"
grep -qF "into $work/in (" "$work/out"
ok "init says where to drop"
start
running
drop_there M1.ccm
wait_for 10 count_is imported 1
ok "what is dropped elsewhere is taken in from there"
mv "$work/in" "$work/old-in"
mkdir -m 2770 "$work/in"
drop_there M2.ccm
wait_for 10 count_is imported 2
ok "and where that was made anew"
rmdir "$work/in"
wait_for 10 status_has '.verdict != "ok"'
ok "it is gone, and that is said"
stop TERM
q check >"$work/out" 2>&1
is "check names it" 1 $?
grep -qF "$work/in/: is not there" "$work/out"
ok "by its path"
q check --repair >/dev/null 2>&1
[ -d "$work/in" ]
ok "and makes it"
mkdir -m 2770 "$store/submit"
"$ccmqd" -c "$config" --once >"$work/out" 2>&1
is "a submit/ in the store that nobody would look into" 3 $?
grep -qF "rmdir $store/submit" "$work/out"
ok "is refused, with the way out"

elsewhere
"$ccmq" -s "$store" init >/dev/null
mkdir "$work/in"
if unshare -m true 2>/dev/null; then
	unshare -m sh -c 'mount --bind "$1" "$2" &&
		echo Message: >"$2/M1.ccm" && exec "$3" -c "$4" --once' \
		sh "$store/submit" "$work/in" "$ccmqd" "$config" \
		>>"$work/log" 2>&1
	is "and a bind mount of it is that directory" 0 $?
	is "its message is imported" 1 "$(sql \
		"SELECT count(*) FROM message WHERE state = 'imported'")"
else
	skip "a bind mount" "needs root"
	skip "a bind mount" "needs root"
fi
finish

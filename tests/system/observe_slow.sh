#!/bin/sh
# ccmqd --observe on a mount that is slow, where a look takes longer than a cycle
# of theirs, and where nothing tells of changes: healthy mail is no loop, and a
# loop is one. TAP.
. "$srcdir/tests/system/lib.sh"
. "$srcdir/tests/system/theirs.sh"

loops()
{
	q events --json | jq -s 'map(select(.number == 20060)) | length'
}

if ! command -v strace >/dev/null 2>&1 || sanitized; then
	skip "a slow mount" "no strace"
	skip "a mount that tells of no changes" "no strace"
	finish
fi

# start_slowly INJECTION...: each such call of ccmqd comes late, or fails.
start_slowly()
{
	strace -f -qq -o /dev/null -e trace=getdents64,newfstatat,inotify_init1 \
		"$@" "$ccmqd" -c "$config" --observe >>"$work/log" 2>&1 &
	daemon=$!
}

# The tracer ends with what it traces.
stop_slowly()
{
	kill "$(count pid)"
	wait "$daemon"
	daemon=
}

# --- slow -----------------------------------------------------------------------

fresh
watching
start_slowly -P "$root/SUBMIT" -P "$root/IMPORT" \
	-e inject=getdents64,newfstatat:delay_exit=60000
wait_for 20 status_has '.connector == "watches"'
start_theirs
for round in 1 2 3; do
	put_many 1 20
	put NIGHTLY.CCM unknown
	wait_for 30 delivered $((round * 20))
done
all_gone()
{
	[ "$(count gone)" -ge 30 ] && [ "$(count importing)" = 0 ] &&
		[ "$(count queued)" = 0 ]
}
wait_for 60 all_gone
ok "on a slow mount the same names come and go"
is "… and none of them is a loop" 0 "$(loops)"
put Msg4F2C.ccm bad
wait_for 60 verdict_is loop
ok "… and one is"
is "… that one alone" 1 "$(loops)"
stop_theirs
stop_slowly

# --- nothing tells of changes ---------------------------------------------------

fresh
watching
start_slowly -e inject=inotify_init1:error=EMFILE
wait_for 20 status_has '.connector == "watches"'
put Msg0001.ccm good
wait_for 20 count_is queued 1
ok "without inotify a file is seen by the next cycle"
stop_slowly
finish

#!/bin/sh
# Beside a connector that is not ours nothing of its is ever touched: its tree is
# compared before each of its own changes, for so much of a day ($UNTOUCHED cycles
# of theirs; 5,760 are one). And what may not be read or written is said. TAP.
. "$srcdir/tests/system/lib.sh"
. "$srcdir/tests/system/theirs.sh"

# --- all the while --------------------------------------------------------------

fresh
watching
start --observe
wait_for 20 status_has '.connector == "watches"'
python3 "$srcdir/tests/system/untouched.py" "$root" "${UNTOUCHED:-150}" 0.03 \
	>"$work/day" 2>&1
ok "nobody but its connector changes anything there"
sed 's/^/# /' "$work/day"
wait_for 20 verdict_is loop
ok "… and it was looked at all the while"
status_has '.gone > 50 and .importing > 0'
ok "… file by file"
stop TERM

# --- as one who may not -----------------------------------------------------------

chmod 755 "$work"
if can_become 65534; then
	as()
	{
		setpriv --reuid 65534 --regid 65534 --clear-groups "$@"
	}
	fresh
	rm -rf "$store"

	install -d -o 65534 -g 65534 "$store"
	rmdir "$store"
	mkdir "$work/own"
	chown 65534:65534 "$work/own"
	store=$work/own/store
	watching
	chmod 755 "$root" "$root"/*
	chmod 644 "$config" "$log"
	as "$ccmq" -c "$config" init >/dev/null
	as "$ccmqd" -c "$config" --observe >>"$work/log" 2>&1 &
	daemon=$!
	put Msg4F2C.ccm bad
	start_theirs
	wait_for 60 verdict_is loop
	ok "who may only read names the loop"
	id=$(q list --state importing --json | jq -r .id)
	stop_theirs
	as "$ccmq" -c "$config" quarantine "$id" >/dev/null 2>"$work/err"
	is "… and takes nothing out" 1 $?
	grep -q 'its directory may not be written: Permission denied' \
		"$work/err"
	ok "… and that is said"
	[ -e "$root/IMPORT/Msg4F2C.ccm" ]
	ok "… it is where it was"
	chmod 600 "$root/IMPORT/Msg4F2C.ccm"
	as "$ccmq" -c "$config" quarantine "$id" >/dev/null 2>"$work/err"
	grep -q 'it may not be read: Permission denied' "$work/err"
	ok "what may not be read is said"
	chmod 700 "$root/IMPORT"
	put Msg0001.ccm good
	away()
	{
		q events --json | jq -se 'map(select(.number == 20061 and
			(.text | test("IMPORT: Permission denied")))) |
			length == 1' >/dev/null
	}
	wait_for 20 away
	ok "a directory that may not be read is an event"
	wait_for 20 count_is queued 1
	ok "… all else goes on"
	is "… and what was known of its files" 1 "$(count importing)"
	stop TERM
else
	skip "as one who may not" "only root can become another user"
fi
finish

#!/bin/sh
# A looping file taken out of a connector that is watched, and given back: in
# exactly one place, whoever is killed, and nothing of anybody is replaced. TAP.
. "$srcdir/tests/system/lib.sh"
. "$srcdir/tests/system/theirs.sh"
name=Msg4F2C.ccm

# The id of that file, in submit or in import; "": there is none. Another one may
# have left and not be missed yet.
watched()
{
	q list --state importing,queued --match "name:$name" --json |
		jq -r .id | tail -n 1
}

is_watched()
{
	[ -n "$(watched)" ]
}

is_unwatched()
{
	[ -z "$(watched)" ]
}

# Where it is, of all places where it may be; each is named once.
places()
{
	for file in "$root"/SUBMIT/* "$root"/SUBMIT/.ccmq-* "$root"/IMPORT/* \
			"$root"/IMPORT/.ccmq-* "$store"/quarantine/* \
			"$store"/quarantine/.ccmq-*; do
		[ ! -f "$file" ] || ! cmp -s "$file" "$work/whole" ||
			echo "${file#"$work"/}"
	done | sed "s/[0-9]\{12\}-/ID-/" | tr '\n' ' '
}

is_in()
{
	[ "$(places)" = "$1 " ]
}
quarantine=store/quarantine/ID-$name

# --- out and back --------------------------------------------------------------

fresh
watching
start --observe
put "$name" bad
touch -d '2 hours ago' "$root/SUBMIT/$name"
cp -p "$root/SUBMIT/$name" "$work/whole"
start_theirs
wait_for 60 verdict_is loop
id=$(watched)
q quarantine "$id" --dry-run >/dev/null
is "a dry run only says so" "theirs/IMPORT/$name " "$(places)"
q quarantine "$id" --reason "ticket 1" >"$work/out"
is "a looping file is taken out" 0 $?
is "… whole, and nowhere else" "$quarantine " "$(places)"
wait_for 20 status_has '.verdict != "loop" and .quarantined == 1'
ok "the loop's verdict ends"
put Msg0001.ccm good
wait_for 20 delivered 1
ok "their connector goes on"
q list --state quarantined --match 'state:quarantined' --json |
	jq -e '.maybe_delivered == true' >/dev/null
ok "it may have been delivered"
q show "$id" --json | jq -e '.action_reason == "ticket 1"' >/dev/null
ok "who took it out and why is known"
q undo 2>/dev/null
is "that is not undone: release gives it back" "$quarantine " "$(places)"

stop_theirs
put "$name" "another one of that name"
q release "$id" >/dev/null 2>"$work/err"
is "a name in submit is never replaced" 1 $?
grep -q 'nothing is replaced' "$work/err"
ok "… and that is said"
grep -q 'another one' "$root/SUBMIT/$name"
ok "… the other file is whole"
is "… and ours where it was" "$quarantine " "$(places)"
rm "$root/SUBMIT/$name"
wait_for 60 is_unwatched		# the other one is known to be gone
q release "$id" >/dev/null
is "it is given back" 0 $?
is "… whole, and nowhere else" "theirs/SUBMIT/$name " "$(places)"
wait_for 60 is_watched
ok "… and watched again"
is "… since this moment, whenever it was written" false \
	"$(q status --json | jq '.verdict == "backlog"')"

# --- who has it open -------------------------------------------------------------

sleep 300 <"$root/SUBMIT/$name" &
reader=$!
id=$(watched)
q quarantine "$id" >/dev/null 2>"$work/err"
is "a file that somebody has open stays" 1 $?
grep -q "process $reader has it open" "$work/err"
ok "… and who that is is said"
q quarantine "$id" --yes >/dev/null
is "… unless that is wanted" "$quarantine " "$(places)"
kill "$reader"
wait "$reader" 2>/dev/null

# --- another file under its name in that moment -----------------------------------

q release "$id" >/dev/null
wait_for 20 is_watched
id=$(watched)
if command -v strace >/dev/null 2>&1 && ! sanitized; then
	strace -qq -o /dev/null -e trace=renameat2 \
		-e inject=renameat2:delay_enter=3000000:when=1 \
		"$ccmq" -c "$config" quarantine "$id" >"$work/out" \
		2>"$work/err" &
	verb=$!
	noted()
	{
		[ "$(sql "SELECT count(*) FROM message WHERE noted_action <> 0")" \
			= 1 ]
	}
	wait_for 20 noted
	printf 'Message:\r\nSubject: newer\r\n' >"$work/newer"
	cp "$work/newer" "$root/.new" && mv "$root/.new" "$root/SUBMIT/$name"
	wait "$verb"
	is "another file came under its name: it is not taken" 1 $?
	sed 's/^/# /' "$work/err"
	cmp -s "$work/newer" "$root/SUBMIT/$name"
	ok "… it is left, whole"
	is "… and nowhere else" "$name" "$(ls -A "$root/SUBMIT" "$root/IMPORT" \
		"$store/quarantine" | grep 'ccm$')"
	wait_for 20 status_has '.queued == 1 and .quarantined == 0'
	ok "… and watched"
else
	skip "another file under its name" "no strace"
fi

# --- killed at each call ------------------------------------------------------------

# one_place: after a kill, when ccmqd has looked.
one_place()
{
	wait_for 20 none_noted
	scans 1
	words=$(places)
	case $words in
	"$quarantine " | "theirs/SUBMIT/$name " | "theirs/IMPORT/$name ") ;;
	*)
		echo "# after $1 call $2: \"$words\""
		return 1
		;;
	esac
}

none_noted()
{
	[ "$(sql "SELECT count(*) FROM message WHERE noted_action <> 0")" = 0 ]
}

ready_to_take()
{
	is_in "theirs/SUBMIT/$name" && is_watched
}

# kill_each VERB: the verb under strace, killed at its first, second … call;
# what was done is put back before the next.
kill_each()
{
	calls=renameat2,unlinkat,fsync
	k=1
	while [ $k -le 60 ]; do
		if [ "$1" = quarantine ]; then
			ready_to_take || q release "$(sql "SELECT id FROM
				message WHERE state = 'quarantined'")" \
				>/dev/null
			wait_for 20 ready_to_take || return 1
			target=$(watched)
		else
			is_in "$quarantine" || {
				wait_for 20 is_watched
				q quarantine "$(watched)" >/dev/null
			}
			is_in "$quarantine" || return 1
			target=$(sql "SELECT id FROM message
				WHERE state = 'quarantined'")
		fi
		strace -qq -o /dev/null -e trace=$calls \
			-e inject=$calls:signal=KILL:when=$k \
			"$ccmq" -c "$config" "$1" "$target" >/dev/null 2>&1
		status=$?
		one_place "$1" $k || return 1
		[ $status -ne 0 ] || break
		k=$((k + 1))
	done
	[ $k -gt 3 ] && [ $k -le 60 ]
}

if command -v strace >/dev/null 2>&1 && ! sanitized; then
	cp -p "$work/whole" "$root/.new"
	mv "$root/.new" "$root/SUBMIT/$name"
	kill_each quarantine
	ok "quarantine, killed at each call: in one place"
	kill_each release
	ok "release, killed at each call: in one place"
else
	skip "killed at each call" "no strace"
fi

# --- from another file system ----------------------------------------------------

elsewhere=
[ ! -d /dev/shm ] || elsewhere=$(mktemp -d /dev/shm/ccmq-XXXXXX 2>/dev/null)
if [ -n "$elsewhere" ] && [ "$(stat -c %d "$elsewhere")" != \
		"$(stat -c %d "$work")" ]; then
	fresh
	rm -rf "$root"
	mkdir "$elsewhere/theirs"
	ln -s "$elsewhere/theirs" "$root"
	mkdir "$root/SUBMIT" "$root/IMPORT" "$root/BAD" "$root/PO"
	: >"$root/ccmc.log"
	watching
	cp -p "$work/whole" "$root/SUBMIT/$name"
	start --observe
	wait_for 20 is_watched
	id=$(watched)
	q quarantine "$id" >/dev/null
	is "from another file system: taken out" "$quarantine " "$(places)"
	q release "$id" >/dev/null
	is "… and given back" "theirs/SUBMIT/$name " "$(places)"
	if command -v strace >/dev/null 2>&1 && ! sanitized; then
		wait_for 20 is_watched
		kill_each quarantine
		ok "… killed at each call: in one place"
		kill_each release
		ok "… as on the way back"
	fi
	stop TERM
else
	skip "from another file system" "there is no other"
fi
[ -z "$elsewhere" ] || rm -rf "$elsewhere"
finish

#!/bin/sh
# Values that nobody would write: sizes that no disk has, names that leave the
# store, descriptors that are not for the program, files of dead consoles. TAP.
. "$srcdir/tests/system/lib.sh"

settings "$(import_setting)"
program 'ls -l /proc/$$/fd >"'"$work"'/fds" 2>&1; exit 0'

# Two whose sizes overflow a sum, where a file can be so large.
huge=
if mkdir "$work/mem" && mount -t tmpfs -o size=16M none "$work/mem" 2>/dev/null; then
	trap 'stop KILL; umount -l "$work/mem"; rm -rf "$work"' EXIT
	rmdir "$store" 2>/dev/null || rm -rf "$store"
	store=$work/mem/store
	"$ccmq" -s "$store" init >/dev/null
	settings "$(import_setting)"
	huge=1
	for i in 1 2; do
		truncate -s 9223372036854775807 "$store/submit/.huge" &&
			mv "$store/submit/.huge" "$store/submit/Huge$i.ccm"
	done
fi
if [ -n "$huge" ] && [ -e "$store/submit/Huge2.ccm" ]; then
	start
	wait_for 10 count_is quarantined 2
	ok "sizes that no disk has: quarantined"
	is "that is never well" failed "$(count verdict)"
	q release 1 2 --reason test >/dev/null
	wait_for 20 status_has '.queued + .importing == 0'
	q list --state all >/dev/null && q status >/dev/null
	ok "released all the same: every sum is one"
	drop Plain.ccm
	wait_for 10 listed --match name:Plain --state imported
	ok "and others go on"
	stop TERM
	q check >"$work/words" 2>&1
	! grep -qi overflow "$work/words"
	ok "check can be used"
else
	for i in 1 2 3 4 5; do
		n=$((n + 1))
		echo "ok $n - # SKIP no file can be so large here"
	done
fi

# Names in the history are names.
stop TERM
store=$work/store
rm -rf "$store"
"$ccmq" -s "$store" init >/dev/null
settings "$(import_setting)" 'limits: { rejected = 1; };'
program 'exit 1'
echo precious >"$work/precious.ccm"
for i in 1 2 3 4; do drop "M$i.ccm"; done
"$ccmqd" -c "$config" --once >/dev/null 2>&1
sqlite3 "$store/history.db" "UPDATE message SET
	name = '/../../../precious.ccm' WHERE id = 1;
	UPDATE message SET name = '../../../../precious.ccm' WHERE id = 2;
	UPDATE message SET name = '-x.ccm' WHERE id = 3;
	UPDATE message SET name = '' WHERE id = 4"
for dir in queue failed quarantine trash; do	# … as the group may make them
	mkdir "$store/$dir/000000000001-" "$store/$dir/000000000002-.."
done
for verb in show retry quarantine purge release restore; do
	for id in 1 2 3 4; do
		case $verb in
		show) q show $id --raw >"$work/out" 2>/dev/null;;
		*) q $verb $id --yes --reason test >/dev/null 2>&1;;
		esac
		! grep -q precious "$work/out" || echo "$verb $id" >>"$work/left"
	done
	"$ccmqd" -c "$config" --once >/dev/null 2>&1
done
is "no name leads out of the store" "precious " \
	"$(cat "$work/precious.ccm") $(cat "$work/left" 2>/dev/null)"
q check >"$work/words" 2>&1
is "check names them" 1 $?

# What ccmqd's parent has open is not the program's.
rm -rf "$store"
"$ccmq" -s "$store" init >/dev/null
settings "$(import_setting)"
program 'for fd in /proc/$$/fd/*; do echo "${fd##*/} $(readlink $fd)"; done >"'"$work"'/fds"; exit 0'
drop M1.ccm
"$ccmqd" -c "$config" --once >/dev/null 2>&1 7<"$work/precious.ccm" 9>"$work/foreign"
! grep -q 'precious\|foreign\|history.db\|write.lock' "$work/fds"
ok "the program has no descriptor of ccmqd or of its parent"

# A console that was killed leaves no file for ever.
if command -v script >/dev/null; then
	echo "Somebody 1" >"$store/consoles/999999"
	touch -d '1 minute ago' "$store/consoles/999999"
	mkfifo "$work/keys"
	TERM=xterm script -qec "exec $ccmq -c $config" /dev/null \
		<"$work/keys" >/dev/null 2>&1 &
	console=$!
	exec 8>"$work/keys"
	wait_for 10 test ! -e "$store/consoles/999999"
	ok "a file of a console that is no more goes"
	wait_for 10 sh -c "ls '$store/consoles' | grep -q ."
	ok "and one that is there has its own"
	kill "$(pgrep -P "$console")"
	wait "$console"
	exec 8>&-
else
	for i in 1 2; do
		n=$((n + 1))
		echo "ok $n - # SKIP there is no script(1)"
	done
fi
finish

#!/bin/sh
# From a connector that is watched to one of ours (ccmq init --adopt): none is
# lost, none delivered twice, and nothing is done before it is said. TAP.
. "$srcdir/tests/system/lib.sh"
. "$srcdir/tests/system/theirs.sh"
po=$work/po
own=$work/own.conf
theirs_config=$config

adopt()
{
	"$ccmq" -c "$theirs_config" init --adopt "$own" "$@" >"$work/out" \
		2>"$work/err"
}

# What was delivered, by theirs and by ours: a subject a line.
both()
{
	{
		cut -f 2 "$root/delivered"
		grep -rh '^Subject: ' "$po/mail" | sed 's/^Subject: //'
	} 2>/dev/null | tr -d '\r' | sort
}

# fresh_both [CYCLE]
fresh_both()
{
	config=$theirs_config
	fresh
	rm -rf "$po" "$own"
	mkdir "$po"
	cp "$srcdir/data/demo/postoffice.conf" "$po"
	watching "import: { program = [ \"$builddir/ccmq-import\", \"--worker\",
		\"/NDEMO\", \"/D$po\", \"/ITEMSIZE\", \"/PARTIAL\", \"/BATCH\" ];
		interval = \"1s\"; };"
}

# --- as long as theirs works, nothing ------------------------------------------

fresh_both
start --observe
put Msg4F2C.ccm bad
start_theirs
wait_for 60 verdict_is loop
adopt
is "beside ccmqd --observe it does nothing" 1 $?
grep -q 'end ccmqd --observe first' "$work/err"
ok "… and says why"
stop TERM
adopt
is "while their connector works it does nothing" 1 $?
grep -q 'it still works' "$work/err"
ok "… and says why"
[ ! -e "$own" ] && [ -e "$root/IMPORT/Msg4F2C.ccm" ]
ok "… all is where it was"

# --- 500 that wait, one that loops, and what was in hand ------------------------

start --observe
echo junk >"$root/BAD/Msg0BAD.ccm"
put_many 1 40
wait_for 60 delivered 20
stop_theirs
put_many 41 540
at_least()
{
	[ "$(count queued)" -ge 500 ]
}
wait_for 60 at_least
ok "500 wait"
waited=$(q list --match name:Msg0540 --json | jq -r .id)
stop TERM
if command -v strace >/dev/null 2>&1; then
	strace -f -qq -s 20 -o "$work/trace" -e trace=write,renameat2,openat \
		"$ccmq" -c "$theirs_config" init --adopt "$own" >"$work/out" \
		2>"$work/err"
else
	adopt
fi
is "it is done" 0 $?
sed 's/^/# /' "$work/out" "$work/err"
# first PATTERN: the number of the first call that is like that.
first()
{
	grep -n -e "$1" "$work/trace" | head -n 1 | cut -d : -f 1
}
# before WORD PATTERN
before()
{
	[ "$(first "write(1, \"$1 ")" -lt "$(first "$2")" ]
}
if [ -e "$work/trace" ]; then
	before settings 'openat(.*own.conf.new'
	ok "the settings are written after that was said"
	before take 'renameat2(.*\.ccmq-'
	ok "files are taken after that was said"
	before queue 'renameat2([0-9]*, "[0-9]*-Msg.*"[0-9]*-Msg'
	ok "they are queued after that was said"
else
	skip "what is done is said before" "there is no strace"
fi
is "no message is left over there" "" "$(ls "$root/SUBMIT" &&
	ls "$root/IMPORT" | grep ccm$)"
is "what is in their bad directory is still there" Msg0BAD.ccm "$(ls \
	"$root/BAD")"
! grep -q '^foreign' "$own" && grep -q "submit = \"$root/SUBMIT\"" "$own"
ok "the settings are of a connector of ours on their submit directory"

config=$own
q check 2>&1 | grep -q "chmod g+s $root/SUBMIT"
ok "check says what their directory lacks"
chmod g+s "$root/SUBMIT"
is "… and nothing else" "" "$(q check 2>&1)"
start
wait_for 20 status_has '.connector == "running"'
ok "ours starts"
wait_for 60 status_has '.queued == 0 and .importing == 0 and .imported >= 500'
ok "ours delivers what waited"
# What was handed over: an operator looks what their post office got.
q list --state quarantined --json | jq -r '"\(.id) \(.name)"' |
while read -r id name; do
	[ "$name" = Msg4F2C.ccm ] || cut -f 1 "$root/delivered" |
		grep -qxF "$name" || q release "$id" >/dev/null
done
complete()
{
	[ "$(both | sort -u | wc -l)" -eq 540 ]
}
wait_for 30 complete
ok "none is lost"
is "none is there twice" "" "$(both | uniq -d)"
is "the one that looped is set aside, and may have been delivered" true \
	"$(q list --state quarantined --match name:Msg4F2C --json |
	jq -r .maybe_delivered)"
q show "$waited" --json | jq -e '.state == "imported"' >/dev/null
ok "each under the id that it had when it was watched"
put Msg9999.ccm "good 9999"
later()
{
	both | grep -qx 'good 9999'
}
wait_for 30 later
ok "what is dropped afterwards is taken in"
stop TERM
is "check has nothing to say afterwards" "" "$(q check 2>&1)"
printf 'Message:\r\nSubject: good 1\r\n' >"$work/saved.ccm"
q replay "$work/saved.ccm" >/dev/null 2>"$work/err"
grep -q 'by a connector that was watched, the bytes are not known' "$work/err"
ok "what theirs delivered is not known by its bytes, which a replay says"

# --- theirs is on another file system ---------------------------------------------

elsewhere=
[ ! -d /dev/shm ] || elsewhere=$(mktemp -d /dev/shm/ccmq-XXXXXX 2>/dev/null)
if [ -n "$elsewhere" ] && [ "$(stat -c %d "$elsewhere")" != \
		"$(stat -c %d "$work")" ]; then
	fresh_both
	rm -rf "$root"
	mkdir "$elsewhere/theirs"
	ln -s "$elsewhere/theirs" "$root"
	mkdir "$root/SUBMIT" "$root/IMPORT" "$root/BAD" "$root/PO"
	put_many 1 3
	adopt
	is "from another file system" 0 $?
	grep -q 'producers have to drop into the store' "$work/out" &&
		! grep -q 'submit = ' "$own" && [ -d "$store/submit" ]
	ok "… producers have to go with it, which is said"
	config=$own
	put Msg0004.ccm "good 4"
	mv "$root/SUBMIT/Msg0004.ccm" "$store/submit"
	"$ccmqd" -c "$own" --once 2>/dev/null
	is "… all is delivered" 4 "$(count imported)"
else
	skip "from another file system" "there is no other"
fi
[ -z "$elsewhere" ] || rm -rf "$elsewhere"

# --- on a disk that takes longer than their cycle -------------------------------------

if command -v strace >/dev/null 2>&1; then
	fresh_both
	put Msg4F2C.ccm bad
	start_theirs
	strace -qq -o /dev/null -e trace=fsync,fdatasync \
		-e inject=fsync,fdatasync:delay_exit=300000 \
		"$ccmq" -c "$theirs_config" init --adopt "$own" \
		>"$work/out" 2>"$work/err"
	is "on a slow disk it looks as often" 1 $?
	grep -q 'it still works' "$work/err"
	ok "… and sees that theirs works"
	stop_theirs
else
	skip "on a slow disk it looks as often" "no strace"
fi

# --- killed, and the same again ------------------------------------------------------

if command -v strace >/dev/null 2>&1 && ! sanitized; then
	fresh_both
	sed 's/300ms/100ms/' "$config" >"$config.new"
	mv "$config.new" "$config"
	lost= ended= half=0
	for k in 1 3 5 7 9 11 13 15 17 19 21 23 25 27 29; do
		put_many 1 3
		put Msg4F2C.ccm bad
		mv "$root/SUBMIT/Msg4F2C.ccm" "$root/IMPORT"
		strace -qq -o /dev/null -e trace=renameat2,unlinkat,fsync \
			-e inject=renameat2,unlinkat,fsync:signal=KILL:when=$k \
			"$ccmq" -c "$theirs_config" init --adopt "$own" \
			>/dev/null 2>&1
		[ $? -ne 0 ] || { ended=yes; break; }
		[ ! -e "$own" ] || half=$((half + 1))
		[ ! -d "$store/submit" ] || adopt || lost="$lost $k: $(cat "$work/err")"
		states=$("$ccmq" -c "$own" list --state all --json | jq -r .state | sort |
			uniq -c | tr -s ' \n' ' ')
		[ "$states" = " 1 quarantined 3 queued " ] ||
			lost="$lost $k:$states"
		rm -rf "$store" "$own"
		"$ccmq" -s "$store" init >/dev/null
	done
	is "killed at a call and begun again: each once" "" "$lost"
	# How many calls the look makes depends on how fast the machine is.
	[ -n "$ended" ] && [ $half -gt 3 ]
	ok "… at all of them ($half behind the look)"
else
	skip "killed, and the same again" "no strace"
fi
finish

#!/bin/sh
# A file is a message when it is whole: slow writers, renames, links, --once.
# What is imported is what its producer meant. TAP.
. "$srcdir/tests/system/lib.sh"

settle=2s settings "$(import_setting)"
program 'mkdir -p "'"$work"'/got"; cp "$1" "'"$work"'/got/${1##*/}"'

text()
{
	printf 'Message:\r\nFrom: Ops, Night at DEMO\r\nTo: Admin at DEMO\r\nSubject: %s\r\nContents:\r\nText item:\r\n' "$1"
}

# whole NAME LINES: what the program got has so many bytes as was meant.
whole()
{
	wait_for 15 test -e "$work/got/$1"
	cmp -s "$work/got/$1" "$2"
	ok "$1: $3"
}

start
wait_for 10 status_has '.connector == "running"'

# A producer that stands for longer than intake.settle, in the middle.
mkfifo "$work/go"
{
	text Slow
	read -r x <"$work/go"
	echo more
} >"$store/submit/Slow.ccm" &
slow=$!
wait_for 5 status_has '.submit_waiting == 1'
touch "$work/begun"
wait_for 10 sh -c "[ \$(( \$(date +%s) - \$(stat -c %Y '$work/begun') )) -ge 4 ]"
scans 2
is "who is still writing is not taken in" 1 "$(ls "$store/submit" | wc -l | tr -d ' ')"
echo >"$work/go"
wait "$slow"
{ text Slow; echo more; } >"$work/want"
whole Slow.ccm "$work/want" "whole, once it is closed"

text Renamed >"$store/submit/.r"
mv "$store/submit/.r" "$store/submit/Renamed.ccm"
text Renamed >"$work/want"
whole Renamed.ccm "$work/want" "by rename"

text Linked >"$store/submit/l.new"
ln "$store/submit/l.new" "$store/submit/Linked.ccm"
rm "$store/submit/l.new"
text Linked >"$work/want"
whole Linked.ccm "$work/want" "by link and unlink"

# cut off and written anew, in place
text First >"$store/submit/Twice.ccm"
text Second >"$store/submit/Twice.ccm" 2>/dev/null
wait_for 15 sh -c "cat '$work'/got/Twice.ccm* | grep -q 'First\|Second'"
ok "one that is written twice is imported"
stop TERM

# --once waits for what its scan saw.
text Before >"$store/submit/Before.ccm"
"$ccmqd" -c "$config" --once >>"$work/log" 2>&1
is "--once: all imported" 0 $?
text Before >"$work/want"
whole Before.ccm "$work/want" "--once waits until it has settled"
is "--once leaves nothing" "" "$(ls "$store/submit")"

# What it cannot take in, it says.
echo x >"$store/submit/Hard.ccm"
ln "$store/submit/Hard.ccm" "$store/submit/Hard2.ccm"
"$ccmqd" -c "$config" --once >"$work/words" 2>&1
is "--once: two links of one file are not imported" 1 $?
grep -q '2 in submit/ could not be taken in' "$work/words"
ok "and it says so"
rm "$store/submit/Hard"*

# A file that grows while its attempt runs: never imported half.
settle=0s settings "$(import_setting)"
program 'n=$(cat "'"$work"'/n" 2>/dev/null || echo 0); n=$((n + 1))
echo $n >"'"$work"'/n"
for f in "'"$store"'"/queue/*-Grows.ccm; do
	[ $n -gt 2 ] || echo more >>"$f"
done
cp "$1" "'"$work"'/got/${1##*/}"'
drop Grows.ccm
start
wait_for 15 status_has '.queued + .deferred + .importing + .submit_waiting == 0'
id=$(q list --state all --match name:Grows --json | jq -r .id)
is "a file that changes in two attempts is imported by the third" imported \
	"$(q show "$id" --json | jq -r .state)"
is "each time under another key" 3 \
	"$(grep -e "-$id-" "$work/starts" | sort -u | wc -l | tr -d ' ')"
is "and what was imported last has all of it" 2 \
	"$(grep -c more "$work/got/Grows.ccm")"
program 'for f in "'"$store"'"/queue/*-Always.ccm; do echo more >>"$f"; done'
drop Always.ccm
wait_for 15 count_is quarantined 1
ok "one that changes in each is quarantined"
stop TERM
consistent
finish

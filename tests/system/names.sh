#!/bin/sh
# Names and kinds of what is dropped: each handled, none followed, none
# printed raw. TAP.
. "$srcdir/tests/system/lib.sh"

settings "$(import_setting)"
program 'exit 1'
esc=$(printf '\033')
long=$(printf '%0251d' 0 | tr 0 L)
drop "$(printf 'a\nb').ccm"
drop "${esc}]0;x${esc}[2J.ccm"
drop "$(printf '\377\376').ccm"
drop "-rf.ccm"
drop "a..ccm"
drop "$long.ccm"
drop "UPPER.CCM"
: >"$store/submit/empty.ccm"
truncate -s 4G "$store/submit/sparse.ccm"
echo x >"$work/target"
ln -s "$work/target" "$store/submit/link.ccm"
echo x >"$store/submit/hard.ccm"
ln "$store/submit/hard.ccm" "$store/submit/hard2.ccm"
mkfifo "$store/submit/fifo.ccm"
mkdir "$store/submit/dir.ccm"
echo x >"$store/submit/.hidden.ccm"
echo x >"$store/submit/other.txt"
start
wait_for 20 count_is failed 9
ok "nine are messages (one of 0 bytes, one of 4 GB)"
sleep_for_scan=$(q status --json | jq -r .last_sign_at)
wait_for 5 sign_is_not "$sleep_for_scan"
is "the rest is left alone" \
	".hidden.ccm dir.ccm fifo.ccm hard.ccm hard2.ccm link.ccm other.txt" \
	"$(ls -A "$store/submit" | sort | tr '\n' ' ' | sed 's/ $//')"
is "messages that cannot be taken in wait, the rest is ignored" "2 5" \
	"$(count submit_waiting) $(count submit_ignored)"
q events --json | jq -r 'select(.number == 20012).text' | grep -q 'link.ccm.*symbolic link'
ok "a link is reported"
for command in 'list --state all' 'events' 'history' 'show 1' 'show 2' 'show 3'; do
	q $command | LC_ALL=C tr -d '\n\t\040-\176' | LC_ALL=C grep -q '[[:cntrl:]]'
	[ $? -ne 0 ]
	ok "ccmq $command prints no control characters"
done
is "every line of JSON is JSON" 9 \
	"$(q list --state failed --json | jq -c .id | wc -l | tr -d ' ')"
q list --state all --json | jq -r .name_b64 | while read -r b; do
	echo "$b" | base64 -d; echo /
done >"$work/names"
grep -aq "^$(printf '\377\376').ccm/" "$work/names" &&
	grep -aq "]0;x$esc\[2J.ccm/" "$work/names"
ok "name_b64 is exact"
ls "$store/failed" | LC_ALL=C grep -qv '^[0-9]\{12\}-[A-Za-z0-9._][A-Za-z0-9._-]*\.ccm$'
[ $? -ne 0 ]
ok "names in the store are reduced"
is "none is over 64 bytes before its .ccm" 81 \
	"$(ls "$store/failed" | awk '{ if (length > m) m = length } END { print m }')"
# Whoever renames it and writes on has not dropped it yet. (The kernel tells
# that of files of our own user.)
program 'cp "$1" "'"$work"'/copy"'
exec 8>"$store/submit/.held"
printf 'Message:\r\nFrom: Ops at DEMO\r\n' >&8
mv "$store/submit/.held" "$store/submit/Held.ccm"
drop Behind.ccm
wait_for 10 count_is imported 1
scans 1
is "renamed and still written: it waits" "3 9 1" "$(count submit_waiting) $(
	count failed) $(count imported)"
printf 'To: Admin at DEMO\r\nContents:\r\nText item:\r\nend\r\n' >&8
exec 8>&-
wait_for 10 count_is imported 2
ok "closed, it is taken in"
is "and whole" end "$(tail -n 1 "$work/copy" | tr -d '\r')"
stop TERM
consistent
finish

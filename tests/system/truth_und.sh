#!/bin/sh
# A message has the report that its attempt wrote, whatever else happens to the
# .und file: bytes from before, cut off in place, rotation while mail keeps
# coming, a rotation on request. TAP.
. "$srcdir/tests/system/lib.sh"

und=$store/import/ccmail.und

report()
{
	printf 'Message:\r\nFrom: Ops at DEMO\r\nTo: %s at DEMO\r\nSubject: %s\r\nContents:\r\nText item:\r\n%s\r\n' \
		"$1" "$1" "${2:-text}"
}

# of ID: what its report says
of()
{
	q show "$1" --und 2>/dev/null
}

again()
{
	stop KILL
	rm -rf "$store" "$work/starts"
	"$ccmq" -s "$store" init >/dev/null
	settings "$(import_setting)" 'breaker: { rejected = 1000; };' \
		'limits: { rejected = 1; };' "$@"
}

# each one's report names it, once
program 'name=${1##*/}
printf "Message:\r\nFrom: x at DEMO\r\nTo: y at DEMO\r\nSubject: %s\r\nContents:\r\nText item:\r\n%s\r\n" "$name" "$name" >>"$2"
exit 5'
again
q hold --reason test >/dev/null
report Before >"$und"
chmod 660 "$und"
drop M1.ccm
start
wait_for 10 count_is queued 1
report Before2 >>"$und"
q resume >/dev/null
wait_for 10 count_is failed 1
of 1 | grep -q M1.ccm
ok "a message has its report"
! of 1 | grep -q Before
ok "and not what stood there before"

for how in cut moved removed; do
	q hold --reason test >/dev/null
	id=$(($(count failed) + 1))
	case $how in
	cut) : >"$und";;
	moved) mv "$und" "$und.away"; report Other >"$und"; chmod 660 "$und";;
	removed) rm "$und";;
	esac
	drop "M$id.ccm"
	q resume >/dev/null
	wait_for 10 count_is failed "$id"
	of "$id" | grep -q "M$id.ccm"
	ok "$how in place: it has its own"
	! of "$id" | grep -q "Other\|M1.ccm"
	ok "$how in place: and nobody else's"
done
is "each of these is an event" 3 "$(q events --json |
	jq -r 'select(.text | test("it is counted anew")) .number' | wc -l |
	tr -d ' ')"

# Under load it is rotated when it is due, and a request is done when it is.
again 'und: { path = "%d/ccmail.und"; rotate_size = "4K"; };'
program 'name=${1##*/}
printf "Message:\r\nSubject: %s\r\nContents:\r\nText item:\r\n%0300d\r\n" "$name" 0 >>"$2"
exit 5'
start
for i in $(seq 60); do drop "M$i.ccm"; done
wait_for 30 count_is failed 60
stop TERM
largest=$(ls -l "$store/import"/ccmail.und* | awk '$5 > m { m = $5 } END { print m }')
[ "$largest" -le 5120 ]
ok "rotated while mail keeps coming: the largest has $largest bytes"
wrong=0
for i in $(seq 60); do
	name=$(q show "$i" --json | jq -r .name)
	[ "$(of "$i" | grep -c "Subject: $name")" = 1 ] || wrong=$((wrong + 1))
done
is "each has its own report after it" 0 $wrong
start
wait_for 10 status_has '.connector == "running"'
program 'sleep 2; printf "Message:\r\nSubject: late\r\nContents:\r\nText item:\r\nx\r\n" >>"$2"; exit 5'
drop Late.ccm
wait_for 10 count_is importing 1
before=$(ls "$store/import" | grep -c 'ccmail.und\.')
q und rotate >/dev/null 2>&1 &
asked=$!
wait_for 10 count_is failed 61
wait "$asked"
is "a request is done when the file is rotated" $((before + 1)) \
	"$(ls "$store/import" | grep -c 'ccmail.und\.')"
of 61 | grep -q late
ok "and the one that ran has its report"
stop TERM
consistent
# Each byte that an attempt appended is of an entry of its, also what ends one
# whose length is counted.
cp "$srcdir/data/samples/mixed.ccm" "$work/reports"
program 'cat "'"$work"'/reports" >>"$2"; printf "\r\n" >>"$2"; exit 5'
again
start
drop M1.ccm
drop M2.ccm
wait_for 10 count_is failed 2
is "no byte of them is nobody's" "$(($(wc -c <"$und")))" \
	"$(sql 'SELECT sum(length) FROM und_entry')"
is "and each is counted" 10 "$(sql 'SELECT count(*) FROM und_entry')"
finish

#!/bin/sh
# The incident of Q223772: a program that appends to the .und file, exits 1 and
# leaves the file. It is started once a message, and never again. TAP.
. "$srcdir/tests/system/lib.sh"

settings "$(import_setting)"
program 'printf "Message:\nFrom: x at DEMO\n***  Disk error in creating message item  ***\nContents:\nText item:\nlost\n" >>"$2"
echo "IMPORT process ended with error: 1."
exit 1'
mkdir "$work/kept"
for i in 1 2 3 4 5; do
	drop "Msg$i.ccm"
	cp "$store/submit/Msg$i.ccm" "$work/kept/"
done
start
wait_for 15 count_is failed 5
ok "all five are set aside"
# Several cycles more: the original would have gone on.
wait_for 4 sh -c '[ "$(wc -l <"$0/none" 2>/dev/null)" = 1 ]' "$work"
is "started exactly five times" 5 "$(starts)"
stop TERM
is "it ends in order" 0 $?
start
wait_for 5 sh -c "$ccmq -c $config status --json | grep -q '\"running\"'"
drop Another.ccm
wait_for 10 count_is failed 6
is "a new connector starts none of the five again" 6 "$(starts)"
stop TERM
is "no copy is left in import/" 0 "$(find "$store/import" -name '*.ccm' | wc -l | tr -d ' ')"
whole=0
for i in 1 2 3 4 5; do
	cmp -s "$work/kept/Msg$i.ccm" "$store"/failed/*-Msg$i.ccm &&
		whole=$((whole + 1))
done
is "all five are whole in failed/" 5 $whole
is "each has its .und entry" "1 1 1 1 1 1" \
	"$(q und list --json | jq -r .message_id | sort | uniq -c | awk '{printf "%s%s", s, $1; s = " "}')"
q show 1 --und | grep -q "Disk error in creating"
ok "show --und prints what it left"
is "event 59 stands once for each" 6 \
	"$(q events --json | jq -r 'select(.number == 59) | .message_id' | wc -l | tr -d ' ')"
is "the reason is the .und's" "Disk error in creating message item" \
	"$(q show 1 --json | jq -r .reason)"
consistent
finish

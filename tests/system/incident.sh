#!/bin/sh
# The incident of Q223772: a program that appends to the .und file, exits 1 and
# leaves the file. It is started once a message, and never again, however often
# the connector looks (SCANS; each second). TAP.
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
# The original would have gone on.
scans "${SCANS:-4}"
ok "it goes on looking (${SCANS:-4} times)"
is "started exactly five times" 5 "$(starts)"
is "each once" 5 "$(sort -u "$work/starts" | wc -l | tr -d ' ')"
is "five attempts are written down" 5 "$(sql 'SELECT count(*) FROM attempt')"
is "no copy is left in import/" 0 "$(find "$store/import" -name '*.ccm' | wc -l | tr -d ' ')"
is "event 59 stands five times" 5 \
	"$(q events --json | jq -r 'select(.number == 59) | .message_id' | sort -u | wc -l | tr -d ' ')"
is "and not once more" 5 "$(sql 'SELECT count(*) FROM event WHERE number = 59')"
is "five .und entries, one for each message" "1:1 2:1 3:1 4:1 5:1" \
	"$(q und list --json | jq -r .message_id | sort | uniq -c | awk '{printf "%s%s:%s", s, $2, $1; s = " "}')"
is "all its bytes are linked" "$(wc -c <"$store/import/ccmail.und" | tr -d ' ')" \
	"$(sql 'SELECT sum(und_end - und_start) FROM attempt')"
whole=0
for i in 1 2 3 4 5; do
	cmp -s "$work/kept/Msg$i.ccm" "$store"/failed/*-Msg$i.ccm &&
		whole=$((whole + 1))
done
is "all five are whole in failed/" 5 $whole
q show 1 --und | grep -q "Disk error in creating"
ok "show --und prints what it left"
is "the reason is the .und's" "Disk error in creating message item" \
	"$(q show 1 --json | jq -r .reason)"
stop TERM
is "it ends in order" 0 $?
start
drop Another.ccm
wait_for 10 count_is failed 6
is "a new connector starts none of the five again" 6 "$(starts)"
stop TERM
consistent
finish

#!/bin/sh
# Once: repeated attempts, moved and deleted mail, several imports at a time,
# the hand-off to a mail system.

. "${srcdir:-.}/tests/import/tap.sh"

attempt() {		# ID: of the message in $work/m.ccm
	cp "$work/m.ccm" "$work/in.ccm"
	CCMQ_ID=$1 run_import /NDEMO /PARTIAL
}

new_post_office
ccm one 'Admin at DEMO' 'Administrator at HUB' 'Doe, Jane at DEMO' >"$work/m.ccm"

attempt u-1
attempt u-1
same "repeated: code" "$code" 0
same "repeated: one copy, and one for two names" \
	"$(mails admin)$(mails jane.doe)" 11
mv "$po/mail/admin/new/u-1.1" "$po/mail/admin/cur/u-1.1:2,RS"
rm "$po/mail/jane.doe/new/u-1.1"
attempt u-1
same "moved and deleted: nothing comes back" \
	"$(mails admin)$(mails jane.doe)" 10
attempt u-2
same "an equal report is another message" "$(mails admin)" 2
check "and has another Message-ID" test "$(cat "$po"/mail/admin/*/* |
	grep -ic '^Message-ID: <u-[12].1@ccmq.demo.example>')" = 2

# Without an id the content is the key.
cp "$work/m.ccm" "$work/in.ccm"
run_import /NDEMO
cp "$work/m.ccm" "$work/in.ccm"
run_import /NDEMO
same "without an id: once" "$(mails admin)" 3

# Who is added to the directory later gets it by the retry, the others do not.
ccm late 'Admin at DEMO' 'Late, Al at DEMO' >"$work/m.ccm"
attempt u-3
same "unknown user: code" "$code" 5
sed -i 's/^users = (/users = ( { name = "Late, Al"; },/' "$po/postoffice.conf"
attempt u-3
same "known now: code" "$code" 0
same "known now: only the new one" "$(mails admin)$(mails al.late)" 41

# Several messages of one file are several.
{ ccm a 'Admin at DEMO'; ccm a 'Admin at DEMO'; } >"$work/m.ccm"
attempt u-4
attempt u-4
same "two in a file" "$(mails admin)" 6

# Side by side
new_post_office
pids=
for i in 1 2 3 4 5 6 7 8; do
	ccm "par $i" 'Admin at DEMO' "Nobody $i at DEMO" >"$work/p$i.ccm"
	CCMQ_ID=p-$i "$import" "/D$po" "/@$work/p$i.ccm" /PARTIAL \
		"--und=$work/ccmail.und" >"$work/p$i.out" 2>&1 &
	pids="$pids $!"
done
codes=
for pid in $pids; do
	wait "$pid"
	codes="$codes$?"
done
same "side by side: codes" "$codes" 55555555
same "side by side: mails" "$(mails admin)" 8
same "side by side: entries" "$(grep -c '^Subject: par' "$work/ccmail.und")" 8

# The hand-off: message on standard input, recipients as arguments, no shell.
new_post_office
cat >"$work/mta" <<-'END'
	#!/bin/sh
	here=$(dirname "$0")
	n=$(($(cat "$here/runs" 2>/dev/null || echo 0) + 1))
	echo "$n" >"$here/runs"
	printf '%s\n' "$@" >"$here/args.$n"
	cat >"$here/stdin.$n"
	exit "$(cat "$here/answer" 2>/dev/null || echo 0)"
END
chmod +x "$work/mta"
cat >>"$po/postoffice.conf" <<-END
	deliver = [ "$work/mta", "-i", "two words", "\$(touch $work/shell)" ];
END
sed -i 's/^domains = (/domains = ( { name = "FAR"; domain = "far.example"; },/' \
	"$po/postoffice.conf"
ccm mta 'Smith, Al at FAR' 'b@c.example at internet' 'Admin at DEMO' \
	'-oQ/tmp@c.example at internet' 'Nobody at DEMO' 'X at NOWHERE' \
	'b@c.example at internet' >"$work/m.ccm"
attempt m-1
same "hand-off: code" "$code" 5
same "hand-off: arguments" "$(cat "$work/args.1")" "-i
two words
\$(touch $work/shell)
al.smith@far.example
b@c.example"
check "hand-off: no shell" test ! -e "$work/shell"
same "hand-off: the same mail as in the Maildir" "$(cat "$work/stdin.1")" \
	"$(cat "$po/mail/admin/new/m-1.1")"
same "hand-off: the others are unknown" \
	"$(grep -c '^\*\*\*  Not found' "$work/ccmail.und")" 3
attempt m-1
check "hand-off: not again" test ! -e "$work/args.2"

ccm mta2 'Smith, Al at FAR' 'Admin at DEMO' >"$work/m.ccm"
echo 75 >"$work/answer"
attempt m-2
same "hand-off: not now is code 2" "$code" 2
check "hand-off: not now leaves the file" test -f "$work/in.ccm"
same "hand-off: not now, the Maildir has it" "$(mails admin)" 2
echo 0 >"$work/answer"
attempt m-2
same "hand-off: later" "$code$(mails admin)" 02
echo 67 >"$work/answer"
attempt m-3
same "hand-off: no such user is code 5" "$code" 5
check "hand-off: no such user, reason" grep -q 'Smith, Al at FAR: Not found' \
	"$work/err"
echo 65 >"$work/answer"
attempt m-4
check "hand-off: refused, reason" grep -q \
	'Smith, Al at FAR: Refused by the mail system' "$work/err"

tap_end

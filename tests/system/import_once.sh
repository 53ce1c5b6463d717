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
	# While we run, what is under way stands there.
	cat "$here/po/handing" >"$here/handing.$n"
	case "$*" in *unheard@*) exit 67 ;; esac
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
same "hand-off: noted meanwhile" "$(cat "$work/handing.1")" "m-1.1
al.smith@far.example
b@c.example
."
check "hand-off: not noted afterwards" test ! -e "$po/handing"
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
# What mail systems say when their own world is broken (msmtp, Postfix).
for status in 64 68 69 70 71 78; do
	echo $status >"$work/answer"
	attempt m-2-$status
	same "hand-off: $status is the environment's" "$code" 2
	check "hand-off: $status leaves the file" test -f "$work/in.ccm"
done
echo 67 >"$work/answer"
attempt m-3
same "hand-off: no such user is code 5" "$code" 5
check "hand-off: no such user, reason" grep -q 'Smith, Al at FAR: Not found' \
	"$work/err"
echo 65 >"$work/answer"
attempt m-4
check "hand-off: refused, reason" grep -q \
	'Smith, Al at FAR: Refused by the mail system' "$work/err"
same "hand-off: refused, nothing is noted" "$(ls "$po/handing" 2>&1 |
	grep -c 'No such')" 1

# A file of several, of which the last has to wait: what was appended for the
# second (too long to be kept in memory) is taken back, and the first is not
# delivered again.
new_mixed() {
	ccm mix1 'Admin at DEMO'
	ccm mix2 'Nobody at DEMO'
	yes 'a long text' | head -n 150000
	ccm mix3 'c@c.example at internet'
}
new_mixed >"$work/m.ccm"
: >"$work/ccmail.und"
before=$(mails admin)
echo 75 >"$work/answer"
attempt m-8
same "several, one waits: code" "$code" 2
same "several, one waits: the .und is as it was" \
	"$(wc -c <"$work/ccmail.und" | tr -d ' ')" 0
echo 0 >"$work/answer"
attempt m-8
same "several, waited: code" "$code" 5
same "several, waited: one entry, one mail, one hand-off" \
	"$(grep -c '^Message:' "$work/ccmail.und")$(($(mails admin) - before))$(
	cat "$po"/delivered/* | grep -c '^m-8.3 c@c.example$')" 111

# One whom the mail system does not know does not keep it from the others.
echo 0 >"$work/answer"
ccm mta3 'a@c.example at internet' 'unheard@c.example at internet' \
	'z@c.example at internet' >"$work/m.ccm"
: >"$work/ccmail.und"
attempt m-5
same "hand-off: one of three unknown: code" "$code" 5
same "hand-off: the two others have it" "$(grep -l -x 'a@c.example' \
	"$work"/args.* | wc -l | tr -d ' ')$(cat "$po"/delivered/* |
	grep -c '^m-5.1 [az]@c.example$')" 22
same "hand-off: the reason is under the one" "$(tr -d '\r' \
	<"$work/ccmail.und" | grep -A1 '^To: ' | grep -B1 '^\*\*\*')" \
	"To: unheard@c.example at internet
***  Not found in directory  ***"

# Without /PARTIAL all have it or nobody.
whole() {		# ID
	cp "$work/m.ccm" "$work/in.ccm"
	rm -f "$work"/args.* "$work/runs"
	: >"$work/ccmail.und"
	CCMQ_ID=$1 run_import /NDEMO
}
before=$(mails admin)
ccm all 'Admin at DEMO' 'a@c.example at internet' 'b@c.example at internet' \
	>"$work/m.ccm"
echo 67 >"$work/answer"
whole w-1
same "all or none, refused: code, mails, commands" \
	"$code$(($(mails admin) - before))$(cat "$work/runs")" 501
same "all or none, refused: by whom it was nobody knows" "$(grep -c \
	'^\*\*\*  Refused by the mail system' "$work/ccmail.und")" 2
echo 75 >"$work/answer"
whole w-1
same "all or none, not now: code, mails" \
	"$code$(($(mails admin) - before))" 20
echo 0 >"$work/answer"
mv "$po/mail/admin/new" "$po/mail/admin/away"
: >"$po/mail/admin/new"
whole w-1
same "all or none, no Maildir: code, commands" \
	"$code$(ls "$work"/args.* 2>/dev/null | wc -l | tr -d ' ')" 30
rm "$po/mail/admin/new"
mv "$po/mail/admin/away" "$po/mail/admin/new"
whole w-1
same "all or none, all: code, mails, commands" \
	"$code$(($(mails admin) - before))$(cat "$work/runs")" 011
whole w-1
same "all or none, again: code, mails, commands" \
	"$code$(($(mails admin) - before))$(ls "$work"/args.* 2>/dev/null |
	wc -l | tr -d ' ')" 010
{
	printf 'Message:\r\nFrom: A\r\nTo: Admin at DEMO\r\n'
	for i in $(seq 501); do printf 'To: u%d@c.example at internet\r\n' $i; done
	printf 'Subject: all\r\nContents:\r\nText item:\r\nx\r\n'
} >"$work/m.ccm"
whole w-2
same "all or none, too many for a command: code, mails, commands" \
	"$code$(($(mails admin) - before))$(ls "$work"/args.* 2>/dev/null |
	wc -l | tr -d ' ')" 510
check "all or none, too many for a command: reason" grep -q \
	'^\*\*\*  Too many recipients elsewhere' "$work/ccmail.und"
attempt w-2
same "and with /PARTIAL" "$code$(($(mails admin) - before))$(cat \
	"$work/runs")" 022

# Names that make one address are not one person.
printf '0\n' >"$work/answer"
iconv -f utf-8 -t cp866 >"$work/m.ccm" <<-'END'
	Message:
	From: Grewal, Jeff at HUB
	To: Иванов, Пётр at FAR
	To: Петров, Иван at FAR
	To: Smith, Al at FAR
	To: Smith. Al at FAR
	To: Smith.Al at FAR
	To: SMITH.AL at FAR
	Subject: whom
	Contents:
	Text item:
	body
END
sed -i 's/^code_page = .*/code_page = "cp866";/' "$po/postoffice.conf"
: >"$work/ccmail.und"
attempt m-9
same "names without an address of their own: code" "$code" 5
same "names without an address of their own: reasons" "$(grep -c \
	'^\*\*\*  Name makes no address of its own' "$work/ccmail.und")" 5
same "and those who have one get it" "$(cat "$po"/delivered/* |
	grep '^m-9.1 ')" "m-9.1 al.smith@far.example"
sed -i 's/^code_page = .*/code_page = 437;/' "$po/postoffice.conf"

# A NUL in the books hides nothing that stands behind it.
ccm nul 'Admin at DEMO' >"$work/m.ccm"
attempt n-1
book=$(grep -l '^n-1.1 ' "$po"/delivered/*)
{ printf 'x\0y\n\0\0\0'; cat "$book"; } >"$work/book"
cp "$work/book" "$book"
mv "$po/mail/admin/new/n-1.1" "$po/mail/admin/cur/n-1.1:2,S"
before=$(mails admin)
attempt n-1
attempt n-1
same "a NUL in delivered: not again" "$code$(($(mails admin) - before))" 00

# A crash while the mail system had it: what nobody can know is said.
ccm mta4 'a@c.example at internet' 'b@c.example at internet' >"$work/m.ccm"
printf 'm-6.1\na@c.example\n.\n' >"$po/handing"
attempt m-6
same "hand-off in doubt: again" "$code$(cat "$po"/delivered/* |
	grep -c '^m-6.1 a@c.example b@c.example$')" 01
same "hand-off in doubt: said of the one" "$(grep -c \
	'handed over again' "$work/err")$(grep -c \
	'a@c.example: handed over again' "$work/err")" 11
check "hand-off in doubt: and recorded" grep -q \
	'^m-6.1 begun a@c.example$' "$po"/delivered/*
attempt m-6
same "hand-off in doubt: once more, nothing" "$code$(grep -c 'handed' \
	"$work/err")" 00
# One that was torn had not begun.
printf 'm-7.1\na@c.example\n' >"$po/handing"
ccm mta5 'a@c.example at internet' >"$work/m.ccm"
attempt m-7
same "hand-off, a torn note: nothing is said" "$code$(grep -c 'handed' \
	"$work/err")" 00

tap_end

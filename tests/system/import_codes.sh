#!/bin/sh
# ccmq-import as a program: its command line, result codes, console lines, and
# what becomes of the source, the mailboxes and the .und file.

. "${srcdir:-.}/tests/import/tap.sh"

ended() {		# NAME CODE: the code, the last line, words on stderr
	same "$1: code" "$code" "$2"
	same "$1: last line" "$(tail -n 1 "$work/out")" \
		"IMPORT process ended with error: $2."
	check "$1: says why" test -s "$work/err"
}

left() {
	check "$1: the file is left" test -f "$work/in.ccm"
}

gone() {
	check "$1: the file is deleted" test ! -e "$work/in.ccm"
}

new_post_office

# 0
ccm hello 'Doe, Jane at DEMO' 'admin' '#Notices at HUB' >"$work/in.ccm"
run_import /NDEMO /PARTIAL /BATCH
same "imported: code" "$code" 0
gone "imported"
same "imported: each has it" "$(mails jane.doe)$(mails admin)$(mails notices)" \
	111
check "imported: no .und" test ! -e "$work/ccmail.und"

# Any spelling.
ccm spelling 'Admin at DEMO' >"$work/in.ccm"
timeout 20 "$import" --post-office=hub --directory "$po" \
	--file="$work/in.ccm" --und "$work/ccmail.und" --partial --batch \
	--item-size --files-macbinary >"$work/out" 2>&1
same "long options: code" $? 0
ccm spelling2 'Admin at DEMO' >"$work/in.ccm"
timeout 20 "$import" /ndemo /psecret "/d$po" "/@$work/in.ccm" /itemsize \
	/batch /files/macbin2 >"$work/out" 2>&1
same "small letters: code" $? 0
same "both are there" "$(mails admin)" 3

# 1
printf 'nothing like it\r\n' >"$work/in.ccm"
run_import /NDEMO /PARTIAL
ended "not a message" 1
left "not a message"
{ ccm first 'Admin at DEMO'; printf 'Message:\r\nFrom: x\r\n'; } >"$work/in.ccm"
run_import /NDEMO /PARTIAL
ended "second is torn" 1
same "nothing of it is delivered" "$(mails admin)" 3
: >"$work/in.ccm"
run_import /NDEMO
ended "empty" 1

# 3
ccm hello 'Admin at DEMO' >"$work/in.ccm"
run_import /NOTHER
ended "another post office" 3
left "another post office"
rm "$work/in.ccm"
run_import /NDEMO
ended "no file" 3
ln -s "$po/postoffice.conf" "$work/in.ccm"
run_import /NDEMO
ended "a link" 3
rm "$work/in.ccm"
mkfifo "$work/in.ccm"
run_import /NDEMO
ended "a pipe" 3
rm "$work/in.ccm"
for args in "" "/NDEMO" "/D$po" "/X" "--partia" "--partial=1" "file.ccm" \
	"/D$po /D$po /@x" "/D$po /@x /FILES/HEX /FILES/MACBIN2" "/D /@x"; do
	# shellcheck disable=SC2086
	timeout 20 "$import" $args >"$work/out" 2>"$work/err"
	code=$?
	ended "command line '$(echo "$args" | sed "s,$work,...,g")'" 3
done
ccm hello 'Admin at DEMO' >"$work/in.ccm"
echo 'nmae = "X";' >>"$po/postoffice.conf"
run_import /NDEMO
ended "settings" 3
check "settings: where and what" grep -q \
	'postoffice.conf:.*unknown setting "nmae" (did you mean "name"?)' \
	"$work/err"
new_post_office
CCMQ_ID=a/../b run_import /NDEMO
ended "CCMQ_ID that is none" 3
left "CCMQ_ID that is none"

# Whoever may change the post office chooses what is started.
chmod o+w "$po/postoffice.conf"
run_import /NDEMO
ended "settings that others can change" 3
check "settings that others can change: by name" grep -q \
	"$po/postoffice.conf can be changed by everybody" "$work/err"
chmod o-w "$po/postoffice.conf"
chmod o+w "$po"
run_import /NDEMO
ended "a directory that others can change" 3
chmod o-w "$po"
printf '#!/bin/sh\n' >"$work/mta"
chmod 777 "$work/mta"
echo "deliver = [ \"$work/mta\" ];" >>"$po/postoffice.conf"
run_import /NDEMO
ended "a command that others can change" 3
check "a command that others can change: by name" grep -q \
	"deliver: $work/mta can be changed by everybody" "$work/err"
new_post_office
mkdir "$work/queue"
: >"$work/history.db"
run_import /NDEMO
ended "in a store" 3
check "in a store: says so" grep -q 'lies in a store' "$work/err"
left "in a store"
rm -r "$work/queue" "$work/history.db"
CCMQ_ID=6f1f2e6a-0000-4000-8000-000000000001-1042-0123456789abcdef \
	run_import /NDEMO
same "a key of ccmqd" "$code" 0
check "a key of ccmqd is the name" test -f \
	"$po/mail/admin/new/6f1f2e6a-0000-4000-8000-000000000001-1042-0123456789abcdef.1"
new_post_office
ccm hello 'Admin at DEMO' >"$work/in.ccm"

# 4
touch "$po/CCPODOWN"
run_import /NDEMO
ended "CCPODOWN" 4
left "CCPODOWN"
rm "$po/CCPODOWN"
(
	flock 9
	run_import /NDEMO
	echo "$code" >"$work/code"
) 9>"$po/postoffice.lock"
same "locked: code" "$(cat "$work/code")" 4
left "locked"

# 5
ccm part 'Admin at DEMO' 'Nobody, Al at DEMO' 'x@y.example at internet' \
	>"$work/in.ccm"
cp "$work/in.ccm" "$work/part.ccm"
run_import /NDEMO /PARTIAL
ended "partly known" 5
gone "partly known"
same "partly known: delivered" "$(mails admin)" 1
same "partly known: reasons" "$(grep -c '^\*\*\*  Not found in directory  \*\*\*' \
	"$work/ccmail.und")" 2
same "partly known: under the headers" "$(tr -d '\r' <"$work/ccmail.und" |
	sed -n '/Nobody/{n;p;}')" "***  Not found in directory  ***"
cp "$work/part.ccm" "$work/in.ccm"
new_post_office
run_import /NDEMO
ended "not partial" 5
same "not partial: nobody has it" "$(mails admin)" 0

ccm dated 'Admin at DEMO' | sed 's,6/2/98,31/2/98,' >"$work/in.ccm"
run_import /NDEMO /PARTIAL
ended "date" 5
same "date: nobody has it" "$(mails admin)" 0
check "date: reason" grep -q '^\*\*\*  Unknown Date Format  \*\*\*' \
	"$work/ccmail.und"
printf 'Message:\r\nFrom: A\r\nSubject: nobody\r\nContents:\r\nText item:\r\nx\r\n' \
	>"$work/in.ccm"
run_import /NDEMO /PARTIAL
ended "no recipient" 5
same "no recipient: under the subject" "$(tr -d '\r' <"$work/ccmail.und" |
	sed -n '/Subject: nobody/{n;p;}')" "***  No recipient  ***"

# More recipients than can be read: whom it leaves out nobody knows.
{
	printf 'Message:\r\nFrom: A at DEMO\r\nSubject: full\r\n'
	yes 'To: Admin at DEMO' | head -n 9000 | sed 's/$/\r/'
	printf 'Contents:\r\nText item:\r\nx\r\n'
} >"$work/in.ccm"
before=$(mails admin)
run_import /NDEMO /PARTIAL
ended "too many recipients" 1
left "too many recipients"
same "too many recipients: nobody has it" "$(($(mails admin) - before))" 0

# What a crash tore off in the .und file does not swallow the next entry.
printf 'Message:\r\nFrom: torn' >"$work/ccmail.und"
cp "$work/part.ccm" "$work/in.ccm"
run_import /NDEMO /PARTIAL
same "torn .und: code" "$code" 5
same "torn .und: a line of its own" "$(grep -c '^Message:' \
	"$work/ccmail.und")" 2

# Code 3 takes its .und entries back: a directory where a Maildir should be.
new_post_office
mkdir "$po/mail"
: >"$po/mail/admin"
{ ccm u 'Nobody at DEMO'; ccm v 'Admin at DEMO'; } >"$work/in.ccm"
run_import /NDEMO /PARTIAL
ended "no Maildir" 3
check "no Maildir: the .und is as it was" test ! -s "$work/ccmail.und"
rm "$po/mail/admin"
run_import /NDEMO /PARTIAL
ended "no Maildir, mended" 5
same "no Maildir, mended: delivered" "$(mails admin)" 1

# Help and version
check "help" "$import" --help
check "version" "$import" --version

# The password is not to be seen in the process list.
ccm hello 'Admin at DEMO' >"$work/in.ccm"
(
	flock 9
	"$import" "/D$po" "/@$work/in.ccm" /Phush >"$work/out" 2>&1 &
	for i in 1 2 3 4 5 6 7 8 9 10; do
		tr '\0' ' ' <"/proc/$!/cmdline" >"$work/cmdline" 2>/dev/null
		grep -q /Pxxxx "$work/cmdline" && break
		sleep 0.1
	done
) 9>"$po/postoffice.lock"
wait
check "password wiped" grep -q /Pxxxx "$work/cmdline"

tap_end

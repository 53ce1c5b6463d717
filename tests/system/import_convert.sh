#!/bin/sh
# ccmq convert: its three forms, archives into a Maildir and an mbox, its exit
# statuses.

. "${srcdir:-.}/tests/import/tap.sh"
samples=$srcdir/data/samples
[ ! -x "$builddir/ccmq" ] || convert="$builddir/ccmq convert"

run() {			# arguments: status in $code, output in out and err
	# shellcheck disable=SC2086
	timeout 60 $convert "$@" >"$work/out" 2>"$work/err"
	code=$?
}

run "$samples/counted.ccm"
same "eml: status" "$code" 0
check "eml: a mail" grep -q '^Message-I[dD]: <.*-counted.ccm.1@ccmq' "$work/out"
cp "$work/out" "$work/first"
# shellcheck disable=SC2086
$convert - <"$samples/counted.ccm" | sed 's/--\.1@/-counted.ccm.1@/' >"$work/out"
check "eml: from standard input the same" cmp "$work/first" "$work/out"
run --to text "$samples/counted.ccm" "$samples/attachment.ccm"
same "text: status" "$code" 0
check "text: attachments are named" grep -q '^\[file item: ' "$work/out"
run --to text "$srcdir/tests/import/samples/injection.ccm"
same "text: nothing for a terminal to obey" \
	"$(tr -d '\n\t\040-\176\200-\377' <"$work/out" | wc -c | tr -d ' ')" 0
run --to defects "$samples/counted.ccm"
same "defects: none" "$code$(wc -c <"$work/out" | tr -d ' ')" 00
run --to defects "$samples/count-item.ccm"
same "defects: status" "$code" 1
check "defects: file and offset" grep -q 'count-item.ccm:[0-9]*: message 1' \
	"$work/out"
run --json "$samples/two-messages.ccm"
same "json: an object a message" "$(grep -c '^{"file":.*}$' "$work/out")" 2
run "$samples/two-messages.ccm"
same "eml of two: the first, and a word" "$code$(grep -c mbox "$work/err")" 11
run "$samples/no-message.ccm" "$work/not-there.ccm"
same "neither is a message: status" "$code" 1
same "neither is a message: each is named" "$(wc -l <"$work/err" |
	tr -d ' ')" 2
for args in "" "--to pdf x" "--frob x" "--maildir a --mbox b x" \
	"--mbox b --to text x" "--date-order xyz x"; do
	# shellcheck disable=SC2086
	run $args
	same "usage: '$args'" "$code" 2
done
run --code-page nonsense "$samples/counted.ccm"
same "unknown code page" "$code" 3
run --post-office "$work" "$samples/counted.ccm"
same "no post office" "$code" 3
new_post_office
run --post-office "$po" "$samples/counted.ccm"
check "domains of a post office" grep -q '@demo.example' "$work/out"

# Archives: a tree with a file that is none, a link and something else.
mkdir -p "$work/tree/a/b"
cp "$samples/counted.ccm" "$samples/two-messages.ccm" "$work/tree/a/"
cp "$samples/attachment.ccm" "$work/tree/a/b/UPPER.CCM"
cp "$samples/no-message.ccm" "$work/tree/"
cp "$samples/counted.ccm" "$work/tree/other.txt"
chmod -R u+w "$work/tree"
ln -s / "$work/tree/loop"
run --maildir "$work/md" "$work/tree"
same "Maildir: status" "$code" 1
same "Maildir: mails" "$(find "$work/md/cur" -type f | wc -l | tr -d ' ')" 4
check "Maildir: what is none is named" grep -q no-message "$work/err"
for f in "$work"/md/cur/*UPPER*; do
	mv "$f" "${f%:2,S}:2,FRS"
done
run --json --maildir "$work/md" "$work/tree"
same "Maildir: again, nothing new" "$(find "$work/md" -type f | wc -l |
	tr -d ' ')" 4
check "Maildir: the report says so" grep -q '"converted":0,"existed":4' \
	"$work/out"
run --quiet --mbox "$work/mbox" "$work/tree" \
	"$srcdir/tests/import/samples/long_lines.ccm"
same "mbox: quiet" "$(wc -c <"$work/out" | tr -d ' ')" 0
same "mbox: mails" "$(grep -c '^From MAILER-DAEMON' "$work/mbox")" 5
check "mbox: From is quoted" grep -q '^>From here on' "$work/mbox"
run --mbox "$work/mbox" "$work/tree"
same "mbox: not twice" "$code" 3
if python3 -c 'import mailbox' 2>/dev/null; then
	same "mbox: Python reads it" "$(python3 -c '
import mailbox, sys
box = mailbox.mbox(sys.argv[1])
print(len(box), sum(m.is_multipart() for m in box))' "$work/mbox")" "5 2"
else
	skip "mbox: Python reads it" "no python"
fi
same "nothing is left behind" "$(find "$work" -name '*.part' | wc -l |
	tr -d ' ')" 0

tap_end

#!/bin/sh
# ccmq convert: its three forms, archives into a Maildir and an mbox, its exit
# statuses.

. "${srcdir:-.}/tests/import/tap.sh"
samples=$srcdir/data/samples

run() {			# arguments: status in $code, output in out and err
	# shellcheck disable=SC2086
	timeout 60 "$convert" "$@" >"$work/out" 2>"$work/err"
	code=$?
}

run "$samples/counted.ccm"
same "eml: status" "$code" 0
check "eml: a mail" grep -q '^Message-I[dD]: <.*-counted.ccm.1@ccmq' "$work/out"
cp "$work/out" "$work/first"
# shellcheck disable=SC2086
"$convert" - <"$samples/counted.ccm" | sed 's/--\.1@/-counted.ccm.1@/' >"$work/out"
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
	"--mbox b --to text x" "--date-order xyz x" "--json --to text x" \
	"--json --json x" "--maildir a --maildir b x" "--to eml --to text x"; do
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

# Dates: of the message on the mail and in the mbox, of the file without one.
sed 's,6/2/98 8:39,1/2/03 4:05,' "$samples/counted.ccm" >"$work/dated.ccm"
printf 'Message:\r\nFrom: A\r\nTo: B\r\nContents:\r\nText item:\r\nx\r\n' \
	>"$work/undated.ccm"
touch -d '1999-09-09 09:09:09 UTC' "$work/dated.ccm" "$work/undated.ccm"
run --quiet --maildir "$work/md2" "$work/dated.ccm" "$work/undated.ccm"
same "Maildir: a mail is as old as its message" \
	"$(date -u -r "$work"/md2/cur/*-dated* +%FT%T)" 2003-01-02T04:05:00
same "Maildir: or as its file" \
	"$(date -u -r "$work"/md2/cur/*undated* +%FT%T)" 1999-09-09T09:09:09
run --quiet --mbox - "$work/dated.ccm" "$work/undated.ccm"
same "mbox: the same" "$(sed -n 's/^From MAILER-DAEMON //p' "$work/out")" \
	"Thu Jan  2 04:05:00 2003
Thu Sep  9 09:09:09 1999"

# Trees are read in the order of names, by every form that prints them all.
mkdir -p "$work/t2/b" "$work/t2/a" "$work/empty"
for f in b/2 a/10 b/1 a/9; do
	cp "$samples/count-item.ccm" "$work/t2/$f.ccm"
done
run --to defects "$work/t2"
same "defects of a tree, in order" "$code$(sed -n \
	"s,^$work/t2/\(.*\)\.ccm:[0-9]*:.*,\1,p" "$work/out" | uniq |
	tr '\n' ' ')" "1a/10 a/9 b/1 b/2 "
run --json "$work/t2"
same "json of a tree" "$code$(grep -c '"verdict":"repaired"' "$work/out")" 04
run "$work/t2"
same "eml of a tree: the first, and a word" \
	"$code$(grep -c 'is not the first message' "$work/err")" 13
run --maildir "$work/md3" "$work/empty"
same "a tree without one" "$code$(grep -c 'holds no .ccm file' \
	"$work/err")" 11
mkfifo "$work/t2/pipe.ccm"
run --quiet --maildir "$work/md3" "$work/t2/pipe.ccm"
same "a pipe that is named" "$code$(grep -c 'is not a file' "$work/err")" 11
run --quiet --maildir "$work/md3" "$work/t2"
same "a pipe below a tree is passed over" "$code$(find "$work/md3/cur" \
	-type f | wc -l | tr -d ' ')" 04
# Root may read all, but not without these two capabilities.
limited=
[ "$(id -u)" -ne 0 ] ||
	limited="setpriv --bounding-set=-dac_override,-dac_read_search"
chmod 0 "$work/t2/a" "$work/t2/b/1.ccm"
if $limited true 2>/dev/null && ! $limited ls "$work/t2/a" >/dev/null 2>&1
then
	# shellcheck disable=SC2086
	$limited "$convert" --json --maildir "$work/md3" "$work/t2" \
		>"$work/out" 2>"$work/err"
	code=$?
	same "what may not be read is named, the rest goes on" \
		"$code$(grep -c 'Permission denied' "$work/err")$(grep -c \
		'"unreadable":2' "$work/out")" 121
else
	skip "what may not be read is named" "no way to be forbidden to"
fi
chmod 700 "$work/t2/a"

# Interrupted while it waits for more, and run again.
cp "$samples/plain.ccm" "$work/many"
n=1
while [ $n -lt 1000 ]; do
	cat "$work/many" "$work/many" >"$work/many2"
	mv "$work/many2" "$work/many"
	n=$((n * 2))
done
mv "$work/many" "$work/many.ccm"
mkfifo "$work/more"
interrupt() {		# HOW_MANY (a command that says it) arguments
	how_many=$1
	shift
	exec 8<>"$work/more"
	# shellcheck disable=SC2086
	"$convert" --json "$@" "$work/many.ccm" - <"$work/more" >"$work/out" \
		2>"$work/err" &
	pid=$!
	until [ "$(eval "$how_many" 2>/dev/null)" = $n ]; do
		kill -0 $pid 2>/dev/null || break
		sleep 0.05
	done
	kill $pid
	wait $pid
	code=$?
	exec 8>&-
}
# shellcheck disable=SC2016
interrupt 'find "$work/md4" -type f | wc -l | tr -d " "' --maildir "$work/md4"
same "interrupted: status, and said" \
	"$code$(grep -c '"interrupted":true' "$work/out")" 11
same "interrupted: what was begun has its name" \
	"$(find "$work/md4/cur" -type f | wc -l | tr -d ' ')" $n
run --json --maildir "$work/md4" "$work/many.ccm" "$work/dated.ccm"
check "interrupted: goes on" grep -q "\"converted\":1,\"existed\":$n," \
	"$work/out"
# shellcheck disable=SC2016
interrupt 'cat "$work"/mbox4.*.part | grep -c "^From MAILER"' \
	--mbox "$work/mbox4"
same "interrupted mbox: said, and none there" "$code$(grep -c \
	'"interrupted":true' "$work/out")$(find "$work" -name 'mbox4*' |
	wc -l | tr -d ' ')" 110
check "the report has the kinds of defects" grep -q '"defects":{}' "$work/out"
same "nothing is left behind" "$(find "$work" -name '*.part' | wc -l |
	tr -d ' ')" 0

# What lies beside the mbox is somebody's.
echo mine >"$work/mine"
echo mine >"$work/box.part"
ln -s "$work/mine" "$work/box2.part"
run --quiet --mbox "$work/box" "$samples/counted.ccm"
same "mbox: a file beside it stays" "$code$(cat "$work/box.part")" 0mine
run --quiet --mbox "$work/box2" "$samples/counted.ccm"
same "mbox: so does a link, and where it leads" \
	"$code$(cat "$work/box2.part")$(readlink "$work/box2.part" | wc -l |
	tr -d ' ')" 0mine1
run --quiet --mbox "$work/no/such/box" "$samples/counted.ccm"
same "mbox: no directory" "$code" 3

# Two names are two mails, however alike; one file named twice is one.
mkdir "$work/alike"
long=$(printf 'x%.0s' 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 \
	8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3)
for f in "x y" x_y "$long-1" "$long-2" a..b .; do
	cp "$samples/counted.ccm" "$work/alike/$f.ccm"
done
mv "$work/alike/..ccm" "$work/alike/c.ccm"
run --quiet --maildir "$work/md5" "$work/alike"
same "Maildir: alike names are mails of their own" \
	"$code$(find "$work/md5/cur" -type f | wc -l | tr -d ' ')" 06
same "Message-IDs are valid" "$(cat "$work"/md5/cur/* | grep -i '^Message-I' |
	grep -cE '\.\.|<\.|\.@')" 0
run --quiet --mbox - "$work/alike/c.ccm" "$work/alike"
same "mbox: a file that is named twice is one mail" \
	"$code$(grep -c '^From MAILER' "$work/out")" 06

# Two runs into one Maildir: each mail once, and whole.
mkdir "$work/twice"
i=0
while [ $i -lt 300 ]; do
	sed "s/Counted/Number $i of many/" "$samples/plain.ccm" \
		>"$work/twice/$i.ccm"
	i=$((i + 1))
done
# shellcheck disable=SC2086
"$convert" --json --maildir "$work/md6" "$work/twice" >"$work/out1" &
# shellcheck disable=SC2086
"$convert" --json --maildir "$work/md6" "$work/twice" >"$work/out2"
code=$?
wait $!
same "two at once: both end well" "$?$code" 00
# shellcheck disable=SC2086
"$convert" --quiet --maildir "$work/md7" "$work/twice"
same "two at once: each mail is there, and whole" \
	"$(cd "$work/md6/cur" && find . -type f | sort | xargs cat | cksum)" \
	"$(cd "$work/md7/cur" && find . -type f | sort | xargs cat | cksum)"
same "two at once: counted once" "$(cat "$work/out1" "$work/out2" |
	sed 's/.*"converted":\([0-9]*\),.*/\1/' | awk '{ n += $1 } END { print n }')" \
	300
same "two at once: nothing is left in tmp" "$(find "$work/md6/tmp" -type f |
	wc -l | tr -d ' ')" 0

# What stands there and cannot be said is a defect wherever one looks.
run "$samples/bad-date.ccm"
same "a date that cannot be read: status, and said" \
	"$code$(grep -c 'message 1: a date that cannot be read' "$work/err")" 11
run --json "$samples/bad-date.ccm"
same "a date that cannot be read: JSON" \
	"$code$(grep -c '"kind":"a date that cannot be read"' "$work/out")" 11
run --json --maildir "$work/md8" "$samples/bad-date.ccm" "$samples/counted.ccm"
same "a date that cannot be read: report" \
	"$code$(grep -c '"replaced":1,.*"a date that cannot be read":1' \
	"$work/out")" 11
run --to defects --date-order dmy "$samples/dmy.ccm"
same "a date of the order that was said" "$code" 0
run --to text --code-page 1252 "$samples/cp1252.ccm"
same "a byte that means nothing: status, and said" \
	"$code$(grep -c 'message 1: bytes that mean nothing' "$work/err")" 11

# A file system like NFS, which knows no rename that replaces nothing.
nfs="strace -f -qq -o /dev/null -e trace=renameat2
	-e inject=renameat2:error=EINVAL"
# shellcheck disable=SC2086
if $nfs "$convert" --help >/dev/null 2>&1; then	# not with LeakSanitizer
	for args in "--maildir $work/md9" "--mbox $work/box9"; do
		# shellcheck disable=SC2086
		$nfs "$convert" --quiet $args "$samples/counted.ccm"
		same "no renameat2: ${args%% *}" "$?" 0
	done
	same "no renameat2: both are there" "$(find "$work/md9/cur" \
		"$work/box9" -type f | wc -l | tr -d ' ')" 2
	same "no renameat2: and nothing else" "$(find "$work/md9/tmp" "$work" \
		-maxdepth 1 -name '*.part' -newer "$work/md9" -o -name \
		'ccmq-convert*' | wc -l | tr -d ' ')" 0
else
	skip "no renameat2" "no strace, or it is not wanted"
fi

# What a terminal sees: no bytes of a name, and the characters that it has.
mkdir "$work/evil"
cp "$samples/count-item.ccm" "$work/evil/$(printf 'a\033[2Jb').ccm"
cp "$samples/nothing.ccm" "$work/evil/$(printf 'c\033[2Jd').ccm"
for form in eml text defects; do
	run --to $form "$work/evil"
	same "--to $form: a name that a terminal would obey" "$(cat "$work/out" \
		"$work/err" | tr -dc '\033' | wc -c | tr -d ' ')" 0
done
if [ "$(LC_ALL=C.UTF-8 locale charmap 2>/dev/null)" = UTF-8 ]; then
	# shellcheck disable=SC2086
	same "text in the locale: UTF-8" "$(LC_ALL=C.UTF-8 "$convert" --to text \
		"$samples/boxes.ccm" | grep -c 'Grüße aus Köln')" 1
	# shellcheck disable=SC2086
	same "text in the locale: ASCII" "$(LC_ALL=C "$convert" --to text \
		"$samples/boxes.ccm" | grep -c 'Gr??e aus K?ln')" 1
fi
run --to text --code-page 437 "$samples/cp1252.ccm"
same "each byte of 437 means something" "$code" 0

# ccmq runs the program that lies beside it.
mkdir "$work/alone"
install -m 755 "$builddir/ccmq" "$work/alone/"
"$work/alone/ccmq" convert --version >"$work/out" 2>"$work/err"
same "alone: status" $? 3
check "alone: what is missing, and where" grep -q "ccmq-convert in the same folder" \
	"$work/err"
install -m 755 "$builddir/ccmq-convert" "$work/alone/"
check "together" "$work/alone/ccmq" convert --version

tap_end

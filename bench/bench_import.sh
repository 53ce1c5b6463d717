#!/bin/sh
# How fast messages are read, beside counting their lines as `wc -l` does, and
# how fast they become mail: ccmq-import once a message, as the connector starts
# it, beside a program that does nothing and a worker; into a Maildir with 100,000 mails
# beside an empty one; an archive by ccmq convert, once small files and once one
# of COUNT times 100 messages; one message of SIZE bytes (1 GB) with time and
# peak memory.
#
# usage: bench_import.sh [COUNT]	in the build directory

set -u
count=${1:-500}
size=${SIZE:-1073741824}
here=$(cd "$(dirname "$0")/.." && pwd)
build=$(pwd)
work=$build/bench_import.tmp.$$
po=$work/po
TZ=UTC
export TZ
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/in" "$po"
cp "$here/data/demo/postoffice.conf" "$po/"

now() {
	date +%s%N
}

rate() {		# NAME COUNT START
	echo "$1: $(($2 * 1000000000 / ($(now) - $3)))/s"
}

# FILE BYTES: the file over and over, until it has so many.
double() {
	while [ "$(wc -c <"$1")" -lt "$2" ]; do
		cat "$1" "$1" >"$1.new" && mv "$1.new" "$1"
	done
}

text() {		# LINES
	yes 'The quick brown fox jumps over the lazy dog, as it has always done.' |
		head -n "$1" | sed 's/$/\r/'
}

headers() {
	printf 'From: Grewal, Jeff at DEMO\r\nDate: 6/2/98 8:39\r\n'
	printf 'To: Admin at DEMO\r\nSubject: for the bench\r\nContents:\r\n'
}

# A plain text of 2 KB; the same counted; with an attachment of 100 KB.
make_files() {
	{
		printf 'Message:\r\n'
		headers
		printf 'Text item:\r\n'
		text 29
	} >"$work/plain.ccm"
	text 29 >"$work/body"
	for n in 0 100000; do
		{
			printf 'Text item:\r\n%-12d\r\n' "$(wc -c <"$work/body")"
			cat "$work/body"
			[ $n = 0 ] || printf 'File item: a.bin\r\n%-12d\r\n' $n
			head -c $n /dev/urandom
		} >"$work/items"
		items=$(wc -c <"$work/items")
		{
			printf 'Message:\r\n%-12d\r\n' \
				$(($(headers | wc -c) + 14 + items))
			headers
			printf '%-12d\r\n' "$items"
			cat "$work/items"
		} >"$work/counted-$n.ccm"
	done
}

make_files
cp "$work/plain.ccm" "$work/many.ccm"
for file in plain counted-0 counted-100000; do
	double "$work/$file.ccm" 40000000
done
(cd "$work" && "$build/bench/bench_message" plain.ccm counted-0.ccm \
	counted-100000.ccm)

fill() {
	i=0
	while [ $i -lt "$count" ]; do
		cp "$here/data/samples/counted.ccm" "$work/in/m$i.ccm"
		i=$((i + 1))
	done
}

import_all() {		# PREFIX of the ids
	i=0
	while [ $i -lt "$count" ]; do
		CCMQ_ID=$1-$i "$build/ccmq-import" "/D$po" \
			"/@$work/in/m$i.ccm" "--und=$work/und" \
			>>"$work/out" 2>&1 || tail -n 1 "$work/out"
		i=$((i + 1))
	done
}

requests() {		# PREFIX of the keys
	i=0
	while [ $i -lt "$count" ]; do
		echo "{\"id\":$i,\"key\":\"$1-$i\",\"file\":\"$work/in/m$i.ccm\"}"
		i=$((i + 1))
	done
}

start=$(now)
i=0
while [ $i -lt "$count" ]; do
	/bin/true
	i=$((i + 1))
done
rate "starting /bin/true" "$count" "$start"

fill
start=$(now)
import_all a
rate "ccmq-import, a program each" "$count" "$start"

fill
requests w >"$work/requests"
start=$(now)
"$build/ccmq-import" --worker "/D$po" "--und=$work/und" <"$work/requests" \
	>"$work/answers"
rate "ccmq-import --worker, 64 together" "$(grep -c '"code":0' \
	"$work/answers")" "$start"

mkdir -p "$po/mail/admin/cur"
(cd "$po/mail/admin/cur" && seq -f 'x%.0f:2,S' 100000 | xargs touch)
fill
start=$(now)
import_all b
rate "the same, 100,000 mails in the Maildir" "$count" "$start"

fill
start=$(now)
"$build/ccmq" convert --quiet --maildir "$work/md" "$work/in"
rate "ccmq convert --maildir, a file each" "$count" "$start"

double "$work/many.ccm" $(($(wc -c <"$work/many.ccm") * count * 100))
messages=$(grep -c '^Message:' "$work/many.ccm")
start=$(now)
"$build/ccmq" convert --quiet --maildir "$work/md2" "$work/many.ccm"
rate "ccmq convert --maildir, one file of $messages" "$messages" "$start"
rm -rf "$work/md2"
start=$(now)
"$build/ccmq" convert --quiet --mbox "$work/mbox" "$work/many.ccm"
rate "ccmq convert --mbox, the same" "$messages" "$start"
rm -f "$work/mbox"

{
	printf 'Message:\r\nFrom: Admin at DEMO\r\nTo: Admin at DEMO\r\n'
	printf 'Subject: big\r\nContents:\r\n%-12s\r\n' $((size + 34))
	printf 'File item: big.bin\r\n%-12s\r\n' "$size"
	head -c "$size" /dev/zero
} >"$work/big.ccm"
start=$(now)
CCMQ_ID=big /usr/bin/env python3 - "$build/ccmq-import" "/D$po" \
	"/@$work/big.ccm" "--und=$work/und" <<'END'
import resource, subprocess, sys
code = subprocess.run(sys.argv[1:]).returncode
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
print("one big message: code %d, peak memory %d KB" % (code, peak))
END
echo "one message of $size bytes: $((($(now) - start) / 1000000)) ms"

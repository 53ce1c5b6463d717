#!/bin/sh
# Compares what the reader makes of each sample with
# tests/message/expected/NAME.expected; with --accept it writes them anew. And
# sees that each defect there is has a sample.
dump=${builddir:-build}/tests/message/dump
top=${srcdir:-.}
out=$(mktemp) || exit 1
trap 'rm -f "$out"' EXIT

# Too large for a sample: floods of tests/unit/mail/test_message_limits.c.
too_large='more headers than 8,192
headers over 163,840 bytes
more items than 4,096
more messages in the file than 65,536'

n=0 status=0
set_options() {
	case $1 in
	hex | *-not-hex | not-hex) echo --hex ;;
	dmy | ymd) echo --$1 ;;
	cp1252) echo --page=1252 ;;
	esac
}

# "a defect" or "a defect: more words about it"
has_sample() {
	cat "$top"/tests/message/expected/*.expected |
		grep '^  defect ' | cut -d' ' -f5- |
		awk -v words="$1" 'index($0, words) == 1 { found = 1 }
			END { exit !found }'
}

for sample in "$top"/data/samples/*.ccm "$top"/tests/import/samples/*.ccm; do
	name=$(basename "$sample" .ccm)
	n=$((n + 1))
	expected=$top/tests/message/expected/$name.expected
	if ! "$dump" $(set_options "$name") "$sample" >"$out"; then
		echo "not ok $n - $name"
		status=1
	elif [ "$1" = --accept ]; then
		cp "$out" "$expected"
	elif diff -u "$expected" "$out" >"$out.diff" 2>&1; then
		echo "ok $n - $name"
	else
		sed 's/^/# /' "$out.diff"
		echo "not ok $n - $name"
		status=1
	fi
	rm -f "$out.diff"
done
[ "$1" != --accept ] || exit $status

"$dump" --defects >"$out"
while read -r words; do
	n=$((n + 1))
	if has_sample "$words"; then
		echo "ok $n - sample of: $words"
	elif printf '%s\n' "$too_large" | grep -qxF "$words"; then
		echo "ok $n - too large for a sample: $words"
	else
		echo "not ok $n - no sample of: $words"
		status=1
	fi
done <"$out"
echo "1..$n"
exit $status

#!/bin/sh
# Compares what the reader makes of each sample with
# tests/message/NAME.expected; with --accept it writes them anew.
dump=${builddir:-build}/tests/message/dump
top=${srcdir:-.}
out=$(mktemp) || exit 1
trap 'rm -f "$out"' EXIT

n=0 status=0
set_options() {
	case $1 in
	hex) echo --hex ;;
	reason) echo --und ;;
	esac
}
if [ "$1" != --accept ]; then
	echo "1..$(ls "$top"/data/samples/*.ccm | wc -l)"
fi
for sample in "$top"/data/samples/*.ccm; do
	name=$(basename "$sample" .ccm)
	n=$((n + 1))
	expected=$top/tests/message/$name.expected
	if ! "$dump" $(set_options "$name") "$sample" >"$out"; then
		echo "not ok $n - $name"
		status=1
	elif [ "$1" = --accept ]; then
		cp "$out" "$expected"
	elif diff -u "$expected" "$out" | sed 's/^/# /' | grep .; then
		echo "not ok $n - $name"
		status=1
	else
		echo "ok $n - $name"
	fi
done
exit $status

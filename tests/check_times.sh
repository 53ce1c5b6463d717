#!/bin/sh
# `make check-times`: how long each test of the last `make check` took, the
# slowest first: from the birth of its log to the end of its .trs file. With
# tests side by side this is time that passed, not work that was done.
cd "$builddir" || exit 1
find tests -name '*.trs' | while read -r trs; do
	log=${trs%.trs}.log
	[ -e "$log" ] || continue
	echo "$(stat -c %.W "$log") $(stat -c %.Y "$trs")" \
		"$(grep -c '^:test-result:' "$trs") ${trs%.trs}"
done | awk '$1 > 0 {
	printf "%8.1f s %5d  %s\n", $2 - $1, $3, $4
	sum += $2 - $1
	if (!begin || $1 < begin) begin = $1
	if ($2 > end) end = $2
	cases += $3
}
END { printf "%8.1f s %5d  all, one after the other; %.0f s passed\n", sum,
	cases, end - begin }' | sort -rn

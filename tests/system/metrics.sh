#!/bin/sh
# ccmq metrics: what Prometheus is told, against `ccmq status`, and by
# promtool, where it is there. TAP.
. "$srcdir/tests/system/lib.sh"

# value NAME: of a line of $work/metrics.
value()
{
	awk -v name="$1" '$1 == name { print $2 }' "$work/metrics"
}

take()
{
	q metrics >"$work/metrics"
	q status --json >"$work/status"
}

# equal: each state, and the rest that both tell.
equal()
{
	for state in queued importing deferred imported failed quarantined \
	    purged lost; do
		[ "$(value "ccmq_messages{state=\"$state\"}")" = \
			"$(jq -r ".$state" "$work/status")" ] ||
			{ echo "# $state"; return 1; }
	done
	[ "$(value ccmq_und_bytes)" = "$(jq -r .und_bytes "$work/status")" ] &&
	[ "$(value ccmq_held)" = "$(jq -r \
		'if .held then 1 else 0 end' "$work/status")" ] &&
	[ "$(value ccmq_breaker_open)" = "$(jq -r \
		'if .breaker == "open" then 1 else 0 end' "$work/status")" ] &&
	[ "$(grep '^ccmq_verdict{.* 1$' "$work/metrics" |
		sed 's/.*"\(.*\)".*/\1/' | sort)" = \
		"$(jq -r '.verdicts[]' "$work/status" | sort)" ]
}

valid()
{
	promtool check metrics <"$work/metrics" >"$work/out" 2>&1 &&
		[ ! -s "$work/out" ] || sed 's/^/# /' "$work/out"
	[ ! -s "$work/out" ]
}

settings "$(import_setting)"
take
equal
ok "an empty store: as the status says"
program 'grep -q bad "$1" && exit 1; grep -q odd "$1" && {
	echo "Message:" >>"$2"; exit 5; }; exit 0'
for i in 1 2 3; do
	drop "m$i.ccm"
done
drop bad.ccm bad
drop odd.ccm odd
"$ccmqd" -c "$config" --once >>"$work/log" 2>&1
take
equal
ok "after some mail: as the status says"
is "attempts are counted by class" "3 1 1 0" "$(for class in imported rejected \
	undeliverable crashed; do value "ccmq_attempts_total{class=\"$class\"}"
	done | tr '\n' ' ' | sed 's/ $//')"
is "as is what failed" 1 "$(value \
	'ccmq_messages_by_class{state="failed",class="rejected"}')"
is "the histogram holds all of them" "5 5" "$(value \
	'ccmq_import_seconds_bucket{le="+Inf"}') $(value \
	ccmq_import_seconds_count)"
is "its buckets rise" "" "$(sed -n \
	's/^ccmq_import_seconds_bucket.* //p' "$work/metrics" | awk \
	'$1 < last { print } { last = $1 }')"
start
wait_for 30 status_has '.connector == "running"'
q hold --reason metrics >/dev/null
take
equal
ok "held: as the status says"
is "up" 1 "$(value ccmq_up)"
stop KILL
take
is "killed: stopped is true, and not up" "1 0" \
	"$(value 'ccmq_verdict{word="stopped"}') $(value ccmq_up)"
is "no age, no time that is not known" "" "$(grep -E \
	'_age|ccmq_hold_until_timestamp_seconds ' "$work/metrics" |
	grep -v '^#')"
if command -v promtool >/dev/null; then
	valid
	ok "promtool has nothing to say"
else
	skip "promtool has nothing to say" "there is none"
fi

# --- the file -------------------------------------------------------------------

q metrics --write 2>"$work/err"
is "--write wants metrics.file" 2 $?
settings "$(import_setting)" "metrics: { file = \"$work/ccmq.prom\"; };"
q metrics --write
ok "--write"
grep -q '^ccmq_messages{state="queued"}' "$work/ccmq.prom"
ok "writes them"
# Never half a file: who has it open keeps the one it opened.
exec 3<"$work/ccmq.prom"
cp "$work/ccmq.prom" "$work/before"
drop another.ccm
q metrics --write --json >"$work/out"
cmp -s "$work/before" - <&3
ok "a reader keeps the whole file that it opened"
is "nothing lies beside it" ccmq.prom "$(cd "$work" && ls ccmq.prom*)"
is "anybody may read it" 644 "$(stat -c %a "$work/ccmq.prom")"
settings "$(import_setting)" \
	"metrics: { file = \"$work/none/ccmq.prom\"; };"
q metrics --write 2>"$work/err"
is "where it cannot be written that is said" 3 $?
grep -q "none/ccmq.prom" "$work/err"
ok "with the name"
ln -s "$work/elsewhere" "$work/link"
settings "$(import_setting)" "metrics: { file = \"$work/link\"; };"
q metrics --write 2>"$work/err"
is "what is no file is not replaced" "3 1" \
	"$? $([ -L "$work/link" ] && grep -c 'link is no file' "$work/err")"
finish

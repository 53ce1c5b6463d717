#!/bin/sh
# A verb on many is a job, and its command waits for it: what it prints and how
# it ends is what it always was; the line is lost at a batch, and the job ends by
# itself, or stops behind the batch in hand (console.on_lost), with no connector
# to help: each message was acted on, none twice. Ctrl-C stops it. TAP.
#
# MANY: messages (2,100); EVERY=1: the line is lost at each of their batches.
. "$srcdir/tests/system/lib.sh"

many=${MANY:-2100} EVERY=${EVERY:-}
settings "$(import_setting)"
"$builddir/bench/bench_fill" failed "$store" "$many"

# --- what it prints, how it ends -------------------------------------------------
# One is done already, and one is not there: a list of two says what of them?
q purge 7 --reason first >/dev/null
fate()
{
	jq -cS 'select(.result != "done") | del(.at)' "$@"
}
printf '7\n999999\n' | q quarantine - --reason 'a short one' --json \
	2>/dev/null | fate >"$work/short"
seq 1100 | sed 's/^9$/999999/' | q quarantine - --reason 'a long one' --json \
	>"$work/out" 2>"$work/said"
is "not all of it could be done: exit 1" 1 $?
is "a line for each, rising, in the members of one" "1100 sorted 1" \
	"$(wc -l <"$work/out" | tr -d ' ') $(jq .id "$work/out" |
		sort -nc && echo sorted) $(jq -c keys "$work/out" |
		sort -u | wc -l | tr -d ' ')"
is "what was done" "1098 done quarantined false" \
	"$(jq -r 'select(.result == "done") | "\(.result) \(.state) \(.dry_run)"' \
		"$work/out" | sort | uniq -c | sed 's/^ *//')"
is "what was not, why, and who was first, as in a short one" \
	"$(cat "$work/short")" "$(fate "$work/out")"
is "they are named for people, too" 2 \
	"$(grep -c '^ccmq quarantine: #[0-9]* ' "$work/said")"
seq 1100 | q restore - --reason 'a long one' >/dev/null 2>&1
q undo >"$work/out" 2>&1
q release --match state:quarantined --reason back >"$work/out" 2>&1
is "all of it done: exit 0" 0 $?
is "and one line that says so" "ccmq release: 1098 done, 0 skipped, 0 failed" \
	"$(cat "$work/out")"
q undo >"$work/out"
is "an undo of many, too" "1098 of 1098 messages taken back" \
	"$(sed 's/.*: //' "$work/out")"
is "both were jobs" "2 2" "$(sql "SELECT count(*) || ' ' || sum(job_state =
	'done') FROM action WHERE total = 1098")"

# --- its end ----------------------------------------------------------------------
over()
{
	[ "$(sql "SELECT job_state IN ('done', 'stopped') FROM action
		WHERE id = $1")" = 1 ]
}

no_holder()
{
	[ -z "$(ls "$store/jobs")" ]
}

# While nobody can write: SIGNAL, when so many batches are done.
cut_at()	# ACTION BATCHES SIGNAL
{
	flock "$store/write.lock" sh -c '
		done=$(sqlite3 -readonly "$1/history.db" "SELECT done FROM
			action WHERE id = $2 AND job AND done >= $3 * 1000")
		[ -n "$done" ] || exit
		[ $4 != INT ] || kill -STOP $(pgrep -f "$7")
		kill -$4 "$5" && echo "$done" >"$6/cut"
		while [ $4 != INT ] && [ $4 != CONT ] &&
		    grep -q "^State:.*[^Z] (" /proc/$5/status 2>/dev/null; do :; done' \
		sh "$store" "$1" "$2" "$3" $beginner "$work" "$(holder $1)"
}

# A verb on all, whose command gets SIGNAL at a batch. With INT its holder stands
# still until the command has told the job to stop. 1: it was too quick for us.
cut()	# VERB FROM SIGNAL BATCHES
{
	id=$(($(sql 'SELECT ifnull(max(id), 0) FROM action') + 1))
	rm -f "$work/cut"
	env --default-signal=INT,HUP "$ccmq" -c "$config" "$1" --match "state:$2" \
		--yes --reason 'a long one' >"$work/out" 2>&1 &
	beginner=$!
	until cut_at $id "$4" "$3" || over $id || ! kill -0 $beginner; do
		:
	done 2>/dev/null
	wait $beginner
	ended=$?
	[ "$3" != INT ] || pkill -CONT -f "$(holder $id)"
	wait_for 60 over $id && wait_for 20 no_holder
	total=$(sql "SELECT total FROM action WHERE id = $id")
	reached=$(cat "$work/cut" 2>/dev/null || echo "$total")
	[ "$reached" -lt "$total" ]
}

lose()
{
	tries=20
	until cut "$@" || [ $((tries -= 1)) = 0 ]; do
		case $1 in
		release) q quarantine --match state:queued --yes --reason x ;;
		*) q release --match state:quarantined --yes --reason x ;;
		esac 2>/dev/null
	done
	[ $tries -gt 0 ]
	ok "$1, $3 after $4 batches: it ends by itself"
}

# It went to its end without its command.
whole()
{
	is "each was acted on once, and the results say so" \
		"$total $total $total 0 0 done" \
		"$(sql "SELECT count(*) || ' ' || count(DISTINCT message) FROM
			change WHERE action = $id") $(q job $id --json |
		head -n 1 | jq -r '"\(.done) \(.skipped) \(.failed) \(.state)"')"
}

# It stopped where it was; what was not reached is as it was.
part()	# FROM WHY
{
	is "nothing was done after the batch in hand" \
		"$reached $reached $((total - reached)) stopped $2" \
		"$(sql "SELECT count(DISTINCT message) FROM change WHERE
			action = $id") $(q job $id --json | head -n 1 |
		jq -r '"\(.done) \(.skipped) \(.state) \(.state_why)"')"
	is "and the rest is where it was" "$((total - reached))" "$(sql "SELECT
		count(*) FROM item i JOIN message m ON m.id = i.message
		WHERE i.action = $id AND i.result = 'skipped'
		AND m.state = '$1'")"
	q release --match state:quarantined --yes --reason back 2>/dev/null
	q quarantine --match state:queued --yes --reason back 2>/dev/null
}

last=$((EVERY ? (many - 1) / 1000 : 1))
q quarantine --match state:queued,failed --yes --reason 'to begin with' \
	2>/dev/null
for batch in $(seq 0 $last); do
	[ "$EVERY" ] || [ "$batch" = 1 ] || continue
	lose release quarantined HUP "$batch"
	whole
	lose quarantine queued KILL "$batch"
	whole
done
lose release quarantined INT 1
part quarantined interrupted
is "Ctrl-C: exit 1" 1 $ended
grep -q "^ccmq release: job $id is stopped by .*: interrupted\$" "$work/out" &&
	grep -q "$reached done, .*, the rest not reached" "$work/out"
ok "and it says how far it came"
settings "$(import_setting)" 'console: { on_lost = "stop"; };'
for batch in $(seq 0 $last); do
	for signal in HUP KILL; do
		[ "$EVERY" ] || case $batch$signal in 0KILL|1HUP) continue; esac
		lose release quarantined $signal "$batch"
		part quarantined 'the line was lost'
	done
done
rm -f "$store"/consoles/*
lose release quarantined CONT 1
whole
is "who stays is not lost, and leaves nothing" "0 0" \
	"$ended $(ls "$store/consoles" | wc -l | tr -d ' ')"

# Its holder is gone, and nobody else is there: the command does it.
kill_holder()
{
	pid=$(pgrep -f "$(holder $1)") && kill -KILL "$pid"
}
id=$(($(sql 'SELECT max(id) FROM action') + 1))
q quarantine --match state:queued --yes --reason 'a long one' \
	>"$work/out" 2>&1 &
beginner=$!
wait_for 60 kill_holder $id
wait $beginner
is "its holder killed: the command goes on itself" 0 $?
total=$(sql "SELECT total FROM action WHERE id = $id")
whole
consistent
finish

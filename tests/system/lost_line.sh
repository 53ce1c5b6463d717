#!/bin/sh
# The line is lost, at each batch of a job on 5,000 messages: who began it gets a
# HUP, or is killed. The job ends by itself, with no connector to help: each
# message was acted on, none twice. TAP.
. "$srcdir/tests/system/lib.sh"

many=5000
settings "$(import_setting)"
"$builddir/bench/bench_fill" failed "$store" $many

# reached ACTION N: so many are done.
reached()
{
	[ "$(sql "SELECT done >= $2 FROM action WHERE id = $1")" = 1 ]
}

over()
{
	[ "$(sql "SELECT job_state FROM action WHERE id = $1")" = done ]
}

no_holder()
{
	[ -z "$(ls "$store/jobs")" ]
}

# One job, whose beginner gets SIGNAL when so many are done.
lose()	# VERB FROM SIGNAL N
{
	id=$(($(sql 'SELECT ifnull(max(id), 0) FROM action') + 1))
	q "$1" --match "state:$2" --wait --reason 'a long one' >/dev/null 2>&1 &
	beginner=$!
	wait_for 60 reached $id "$4"
	kill -"$3" $beginner 2>/dev/null
	wait $beginner 2>/dev/null
	wait_for 60 over $id
	ok "$1, $3 after $4: it ends by itself"
	is "each was acted on once" "$many $many" "$(sql "SELECT count(*) || ' ' ||
		count(DISTINCT message) FROM change WHERE action = $id")"
	is "and the results say so" "$many 0 0" "$(q job $id --json | head -n 1 |
		jq -r '"\(.done) \(.skipped) \(.failed)"')"
	wait_for 20 no_holder
}

lose quarantine failed HUP 1
for after in 500 1500 2500 3500 4500; do
	lose release quarantined KILL $after
	lose quarantine queued HUP $((after + 500))
done
consistent
finish

#!/bin/sh
# Jobs: steps that stop by themselves, outcomes that are told, orders, a holder
# that dies. TAP.
. "$srcdir/tests/system/lib.sh"

# Fails what holds BAD, unless mended; and what holds WORSE, always.
program 'grep -q WORSE "$1" && exit 1
grep -q BAD "$1" && ! [ -e "'"$work"'/mended" ] && exit 1
exit 0'
settings "$(import_setting)" 'breaker: { rejected = 1000; };'

# fail_all N TEXT: so many fail for it.
fail_all()
{
	for i in $(seq "$1"); do
		drop "m$i.ccm" "$2"
	done
	wait_for 40 count_is failed $((${3:-0} + $1))
}

job_is()	# ID FILTER
{
	q job "$1" --json | head -n 1 | jq -e "$2" >/dev/null
}

start
fail_all 40 BAD

# --- steps ---------------------------------------------------------------------
id=$(q retry --match state:failed --steps 1,5,25 --reason "date order set" --json | jq .job)
wait_for 30 job_is "$id" '.state == "paused"'
ok "steps: the cause is not mended, so it stops by itself"
is "after the first one" "1 1 39" \
	"$(q job "$id" --json | head -n 1 | jq -r '"\(.done) \(.failed_again) \(.to_come)"')"
q job "$id" | grep -q "after 1 of 40: 1 failed again, code 1"
ok "and says what happened"
status_has '.verdict == "job"'
ok "so does the verdict"
is "what was not put back stays where it is" 40 "$(count failed)"
touch "$work/mended"
q job "$id" go-on >/dev/null
wait_for 60 job_is "$id" '.state == "done"'
ok "mended: go-on brings it to its end"
is "39 are imported, each told" "39 1 0" \
	"$(q job "$id" --json | head -n 1 | jq -r '"\(.imported) \(.failed_again) \(.to_come)"')"
is "each was tried once more, and no more" 41 \
	"$(sql "SELECT count(*) FROM attempt WHERE why LIKE 'retry%'" | awk '{ print $1 + 1 }')"
q retry --match state:failed --reason rest >/dev/null
wait_for 30 count_is failed 0

# --- one in ten of a later step -------------------------------------------------
mixed()	# WORSE-OF-25
{
	rm -f "$work/mended"
	for i in $(seq 56); do
		text=BAD
		[ "$i" -le 6 ] || [ $((i % 25)) -ge "$1" ] || text="BAD WORSE"
		drop "x$i.ccm" "$text"
	done
	wait_for 40 count_is failed 56
	touch "$work/mended"
	q retry --match state:failed --steps 1,5,25 --reason mixed --json | jq .job
}

id=$(mixed 2)
wait_for 60 job_is "$id" '.state == "done"'
ok "2 of 25 failed again: it goes on"
is "and names them" "$(q job "$id" --json | jq -r 'select(.outcome == "failed again") | .id' | wc -l | tr -d ' ')" \
	"$(q job "$id" --json | head -n 1 | jq .failed_again)"
q purge --match state:failed --reason clean --yes >/dev/null

id=$(mixed 5)
wait_for 60 job_is "$id" '.state == "paused"'
ok "5 of 25 failed again: it stops"
job_is "$id" '.done == 31'
ok "after that step"
q undo >/dev/null 2>"$work/err"
is "an undo of what is not over" 1 $?
grep -q "job $id is paused: stop it first" "$work/err"
ok "… says what is to be done first"
q job "$id" stop --reason enough >/dev/null
job_is "$id" '.state == "stopped" and .to_come == 0'
ok "stop ends it"
is "the rest stayed where it was" 25 \
	"$(sql "SELECT count(*) FROM item WHERE action = $id AND why LIKE 'job stopped%'")"
q purge --match state:failed --reason clean --yes >/dev/null

# --- outcomes of a plain verb -----------------------------------------------------
rm -f "$work/mended"
for i in $(seq 50); do
	[ "$i" -le 30 ] && drop "o$i.ccm" "BAD WORSE" || drop "o$i.ccm" BAD
done
wait_for 40 count_is failed 50
touch "$work/mended"
q retry --match state:failed --reason fifty >/dev/null
id=$(q jobs --json | head -n 1 | jq .id)
wait_for 60 job_is "$id" '.to_come == 0'
is "of 50 20 are imported and 30 failed again" "20 30 0 0" \
	"$(q job "$id" --json | head -n 1 | jq -r '"\(.imported) \(.failed_again) \(.deferred) \(.to_come)"')"
for what in jobs "job $id"; do
	q $what | grep -q "retry of 50: 20 imported, 30 failed again (code 1)"
	ok "in one sentence: $what"
done
q history | grep -q 'retry .*: 50 of 50; 20 imported, 30 failed again (code 1) "fifty"'
ok "history has it, too"
is "in JSON, that of jobs and of history" "20 30 0
20 30 0" "$({ q jobs --json | head -n 1
	q history --json | jq -c 'select(.verb == "retry" and .kind == "action")' |
		head -n 1
	} | jq -r '"\(.imported) \(.failed_again) \(.to_come)"')"
is "each was told when its attempt ended, the last within a second" "50 0 1" \
	"$(sql "SELECT count(*), sum(abs(i.outcome_at - t.ended_at) > 1000),
		max(i.outcome_at) - max(t.ended_at) <= 1000 FROM item i
		JOIN attempt t ON t.id = (SELECT max(id) FROM attempt
		WHERE message = i.message) WHERE i.action = $id" | tr '|' ' ')"

# --- undo: of what was not tried yet ------------------------------------------------
q hold --reason "a look at ten" >/dev/null
q retry --match state:failed --reason "ten of them" >/dev/null
id=$(q jobs --json | head -n 1 | jq .id)
for i in 1 2 3; do
	q test >/dev/null 2>&1
done
tried=$(q job "$id" --json | head -n 1 | jq '.imported + .failed_again')
says=$(q undo "$id" --dry-run | tail -n 1)
is "a dry run says how many can be taken back" \
	"$((30 - tried)) of 30 messages would be taken back" "${says##*: }"
says=$(q undo "$id" 2>/dev/null)
is "and so many are" "$((30 - tried)) of 30 messages taken back" "${says##*: }"
is "each is where it was" "$((30 - tried))" "$(sql "SELECT count(*) FROM message
	m JOIN item i ON i.message = m.id WHERE i.action = $id AND
	m.state = 'failed' AND m.changed_by = (SELECT undone_by FROM action
	WHERE id = $id)")"
q resume >/dev/null
q quarantine --match state:failed --reason "looked at" >/dev/null
is "what somebody acts on since is told" 30 \
	"$(q job "$id" --json | head -n 1 | jq .acted_on)"

# --- the holder dies -----------------------------------------------------------------
q release --match state:quarantined --rate 600/m --reason slowly >/dev/null
id=$(q jobs --json | head -n 1 | jq .id)
wait_for 30 job_is "$id" '.done >= 3'
pkill -KILL -f "$(holder $id)"
wait_for 60 job_is "$id" '.state == "done" and .to_come == 0'
ok "a killed holder: ccmqd goes on with it"
is "each was put back once" "30 30" \
	"$(sql "SELECT count(*) || ' ' || count(DISTINCT message) FROM attempt WHERE started_at >= (SELECT at FROM action WHERE id = $id) AND why LIKE 'retry%'")"

# --- rate, pause ------------------------------------------------------------------------
q retry --match state:failed --rate 120/m --reason rate --json >/dev/null
id=$(q jobs --json | head -n 1 | jq .id)
wait_for 20 job_is "$id" '.done >= 4'
q job "$id" pause --reason "a look" >/dev/null
job_is "$id" '.state == "paused" and .state_by != null and .state_why == "a look"'
ok "a person pauses it"
at=$(q job "$id" --json | head -n 1 | jq .done)
scans 2
is "then nothing more is put back" "$at" "$(q job "$id" --json | head -n 1 | jq .done)"
took=$(sql "SELECT max(i.at) - min(i.at) FROM item i WHERE i.action = $id AND i.result = 'done'")
[ "$took" -ge $(((at - 1) * 400)) ]
ok "120 a minute are no more than that"
q hold --reason "a while" >/dev/null
q job "$id" go-on >/dev/null
wait_for 10 job_is "$id" '.state == "paused" and .state_by == null'
ok "a hold pauses it"
q resume >/dev/null
wait_for 60 job_is "$id" '.done > '"$at"
ok "and its end lets it go on"
q job "$id" stop >/dev/null
is "an order to what is over" 1 "$(q job "$id" stop >/dev/null 2>&1; echo $?)"
q retry --match state:failed --steps 1,0 --reason x >/dev/null 2>&1
is "steps that are none" 2 $?
stop TERM
consistent
no_lock()
{
	[ -z "$(ls "$store/jobs")" ]
}
wait_for 60 no_lock
ok "no lock of a job that is over is left"
finish

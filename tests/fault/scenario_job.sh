#!/bin/sh
# The holder of a job on three messages, ended at any call, or one of its calls
# fails. Then another one goes on, and none is put back twice, or forgotten; what
# came of each is told. The holder that counts finds no ccmqd: it puts back and
# waits; or, WHO=ccmqd, it is ccmqd, which imports them, too.
. "${0%/*}/scenario_lib.sh"

job() {			# FILTER: of the job's row
	q job "$(cat "$out/job")" --json | head -n 1 | grep -q "$1"
}

: "${WHO:=ccmq}"
under=$WHO

hold_it() {
	"$top/ccmq" -c "$out/ccmq.conf" job "$(cat "$out/job")" hold \
		>>"$out/said" 2>&1 &
	echo $! >"$out/pid"
}

# While a disk stays full ccmqd waits for room, and there is no more to see.
looks=400
case ${CCMQ_FAULT_MODE:-} in
*+stick*|*+dead*) looks=100 ;;
esac

until_so() {		# COMMAND...: or its process is gone; 1: neither
	for i in $(seq $looks); do
		! "$@" || return 0
		state_of "$(cat "$out/pid")"
		case $state in
		Z|gone)	return 0 ;;
		esac
		sleep 0.02
	done
	return 1
}

no_holder() {
	[ -z "$(ls "$store/jobs")" ]
}

# Only the first ccmq counts: what looks comes after it.
has_holder() {
	! no_holder
}

# Paused: a check is needed, after an fsync that failed.
is_back() {
	job '"state": *"\(waiting\|done\|paused\)"'
}

is_done() {
	job '"state": *"done"' && job '"to_come": *0'
}

# A row of each kind of lie that a holder could tell. Where a call was made to
# fail, one may not be done, as it could not be moved, and one put off.
lies() {
	sqlite3 -readonly "$store/history.db" "
		SELECT 'put back twice: #' || message FROM change
			WHERE action = $1 GROUP BY message HAVING count(*) > 1;
		SELECT 'tried again too often: #' || message FROM attempt
			WHERE ifnull(class, '') <> 'interrupted'
			GROUP BY message HAVING count(*) > 2;
		SELECT 'item #' || message || ' ' || result || ' ' ||
			ifnull(outcome, 'no outcome') FROM item
			WHERE action = $1 AND NOT ((result = 'done' AND
			ifnull(outcome, '') = 'imported') OR ($2 AND
			result = 'done' AND outcome = 'deferred') OR ($2 AND
			result = 'failed' AND outcome IS NULL AND
			why LIKE '%cannot be moved%'));
		SELECT 'the row counts ' || done || ' done, ' || failed ||
			' not, ' || imported || ' imported, ' || waits ||
			' to come' FROM action WHERE id = $1 AND
			(done + failed <> 3 OR imported + deferred <> done OR
			(failed + deferred > 0 AND NOT $2) OR
			waits <> 0 OR again + acted <> 0)"
}

case $1 in
options)
	echo "--only $WHO --timeout 300 --fresh"
	;;
prepare)
	make_store reject && drop 1 3 && { once; [ $? = 1 ]; } || exit 1
	# A job that nobody holds: its first holder leaves when a person pauses.
	q hold --reason sweep &&
		q retry --reason sweep --steps 3 1 2 3 --json >"$out/begun" ||
		exit 1
	sed 's/.*"job": *\([0-9]*\).*/\1/' "$out/begun" >"$out/job"
	q job "$(cat "$out/job")" pause || exit 1
	for i in $(seq 400); do
		! no_holder || break
		sleep 0.02
	done
	no_holder && q resume || exit 1
	sqlite3 "$store/history.db" "UPDATE action SET job_state = 'running',
		job_by = NULL, job_why = NULL WHERE job = 1"
	settings ok
	;;
run)
	if [ "$WHO" = ccmqd ]; then
		"$top/ccmqd" -c "$out/ccmq.conf" >>"$out/said" 2>&1 &
		echo $! >"$out/pid"
		until_so is_done
	else
		hold_it
		until_so has_holder
		until_so is_back
	fi
	kill -TERM "$(cat "$out/pid")" 2>/dev/null
	wait "$(cat "$out/pid")"
	exit $?
	;;
check)
	looks=400 failing=0
	case ${CCMQ_FAULT_MODE:-} in
	fail*|short*)			# what it could not move; a hold
		failing=1
		before=$(starts)
		start_anew
		judge_hold "$before"
		silent_check
		;;
	esac
	hold_it
	until_so is_back || bad "the second holder does not go on"
	start_anew
	until_so is_done || bad "the job does not end"
	lied=$(lies "$(cat "$out/job")" $failing)
	[ -z "$lied" ] || bad "$lied"
	until_so no_holder || bad "the lock of a job that is over is left"
	silent_check
	if [ $failing = 1 ]; then
		judge_after_failure imported
	else
		judge imported
	fi
	;;
esac
exit 0

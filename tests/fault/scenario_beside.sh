#!/bin/sh
# A verb of ccmq, named by VERB, ended at any call while ccmqd runs on. Then no
# move stays open, nothing waits that is due, and nothing is lost; the verdict
# is never "ok" while something due does not move.
. "${0%/*}/scenario_lib.sh"
verb=${VERB:-retry}

act() {
	case $verb in
	purge)	q purge --yes --reason sweep 1 2 3 ;;
	undo)	q undo ;;
	hold)	q hold --reason sweep ;;
	resume)	q resume --reason sweep ;;
	rotate)	q und rotate ;;
	*)	q $verb --reason sweep 1 2 3 ;;
	esac
}

calm() {		# every move done, and nothing due waits
	"$judge" moves "$store" >"$out/moves" &&
		q status --json >"$out/status" || return 1
	grep -qE '"(held|queued)": *(true|[1-9])' "$out/status" || return 0
	# Held, queued mail waits with a reason.
	grep -q '"held": *true' "$out/status"
}

settle() {
	for i in $(seq 100); do
		! calm || return 0
		[ ! -f "$out/status" ] || ! grep -qE '"oldest_queued_age_s": *([5-9]|[0-9]{2})' \
			"$out/status" || ! grep -q '"verdict": *"ok"' \
			"$out/status" || bad "ok, and something due stands"
		sleep 0.05
	done
	cat "$out/moves" "$out/status"
	bad "it does not move"
}

end_daemon() {
	kill -TERM "$(cat "$out/pid")"
	for i in $(seq 200); do
		state_of "$(cat "$out/pid")"
		case $state in
		Z|gone)	return 0 ;;
		esac
		sleep 0.02
	done
	bad "ccmqd did not end"
}

runs() {
	q status --json | grep -q '"pid": *[1-9]'
}

case $1 in
options)
	echo "--only ccmq --timeout 300 --fresh"
	;;
prepare)
	make_store reject && drop 1 3 && { once; [ $? = 1 ]; } || exit 1
	case $verb in
	release)	q quarantine --reason sweep 1 2 3 || exit 1 ;;
	restore|undo)	q purge --yes --reason sweep 1 2 3 || exit 1 ;;
	resume)		q hold --reason sweep || exit 1 ;;
	esac
	;;
run)
	"$top/ccmqd" -c "$out/ccmq.conf" >"$out/daemon" 2>&1 &
	echo $! >"$out/pid"
	# Only the verb counts: what looks here is no ccmq.
	for i in $(seq 200); do
		! grep -q ccmqd "$store/lock" || break
		sleep 0.01
	done
	run act
	;;
check)
	# When it counts, sweep has ended all before.
	if [ "$CCMQ_FAULT_MODE" = count ]; then
		start_anew
		exit
	fi
	state_of "$(cat "$out/pid")"
	[ "$state" = S ] || [ "$state" = R ] || [ "$state" = D ] ||
		bad "ccmqd ended: $(cat "$out/daemon")"
	settle
	case $CCMQ_FAULT_MODE-$CCMQ_FAULT_HIT-$CCMQ_FAULT_STATUS in
	fail*-1-*|short*-1-*) judge_end 0 ;;
	*-0-[!0]*) bad "ended with $CCMQ_FAULT_STATUS" ;;
	esac
	end_daemon
	silent_check
	case $CCMQ_FAULT_STATUS-$verb in
	0-purge)	judge purged ;;
	0-quarantine)	judge quarantined ;;
	*)		judge ;;
	esac
	;;
esac

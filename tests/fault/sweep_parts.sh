# For sweep_batch.sh and sweep_long.sh, which source it: the parts `batch`,
# `beside`, `names` and `job` of PART, each `sample`th point; with `everything` in
# every mode, else only kills and power.

kills=kill-before,kill-after,power
fails=
if [ -n "$everything" ]; then
	kills=$kills,kill-mid,power-after,power-mid
	fails=fail-EIO,fail-EIO+dead,fail-ENOSPC,fail-ENOSPC+stick
	fails=$fails,fail-EACCES,short
fi

# Begins at another point each time, or a sample would see the same calls.
sampled() {		# NAME SCENARIO OPTIONS...
	try "$@" --step "$sample" --from $((count % sample + 1))
}

# From that point of it on.
sampled_from() {	# WORDS NAME SCENARIO OPTIONS...
	words=$1 title=$2
	shift 2
	from=$(point "$words" "$@")
	try "$title" "$@" --step "$sample" --from "${from:-1}"
}

# A copy that was used becomes the next one; and 128 open moves.
part_batch_many() {
	export BATCH MANY
	BATCH=1 MANY=12
	reaches "copies that are used again" 1 "rename store/import/m" \
		none batch
	sampled_from "rename store/import/m" "a copy used again" batch \
		--modes "$kills"
	BATCH=160 MANY=160
	reaches "moves that are open" 128 "rename store/queue/" \
		"fdatasync store/history.db-wal" batch
	sampled_from "rename store/queue/" "many open moves" batch \
		--modes "$kills"
	unset BATCH MANY
}

part_batch() {
	WORKER=import
	export WORKER WHO POISON CUTS
	POISON=0 CUTS= WHO=ccmqd
	sampled "ccmqd with a worker" batch --modes "$kills"
	[ -z "$fails" ] || try "… and calls that fail" batch --modes "$fails"
	WHO=worker
	sampled "the worker itself" batch --modes "$kills"
	[ -z "$fails" ] || try "… and calls that fail" batch --modes "$fails"
	# It is large: each mail gets an fsync of its own.
	export LARGE=1000
	sampled "the worker itself, with large mail" batch --modes "$kills"
	unset LARGE
	WORKER=stub WHO=ccmqd
	for POISON in 1 2 3 4 5 6 7 8; do
		[ -n "$everything" ] || case $POISON in
		1|4|8)	;;
		*)	continue ;;
		esac
		sampled "a poison at place $POISON" batch --modes "$kills"
		[ -z "$fails" ] || [ $POISON != 4 ] ||
			try "… and calls that fail" batch --modes "$fails"
	done
	POISON=0 WORKER=import
	part_batch_many
	WORKER=stub
	# While all eight are in hand, then with one alone.
	for CUTS in "130 130" "150 120" "110 140"; do
		sampled "the power is lost three times, at $CUTS and" batch \
			--modes power
	done
	unset WORKER WHO POISON CUTS
}

part_beside() {
	for VERB in retry quarantine release purge restore undo hold resume \
		rotate; do
		export VERB
		[ -n "$everything" ] || case $VERB in
		retry|purge|undo) ;;
		*)	continue ;;
		esac
		sampled "$VERB beside ccmqd" beside \
			--modes term,kill-before,kill-after
	done
}

part_names() {
	for NAME in submit queue trash history; do
		export NAME
		sampled "$NAME replaced" names --modes stop
	done
}

part_job() {
	for WHO in ccmq ccmqd; do
		export WHO
		[ -n "$everything" ] || [ $WHO = ccmq ] || sample=120
		sampled "a job's holder, $WHO" job --modes "$kills"
		[ -z "$fails" ] || try "… and calls that fail" job \
			--modes "$fails"
	done
	WHO=ccmq
	at=$(point "rename store/failed" job)
	try "a move of a job that cannot be made" job --modes fail-EIO \
		--from "$at" --to "$at"
	unset WHO
}

for part in $PART; do
	case $part in
	batch|beside|names|job) part_"$part" ;;
	esac
done

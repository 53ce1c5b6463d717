#!/bin/sh
# While ccmqd imports somebody replaces a name of the store, named by NAME:
# submit (moved away, made anew), trash (removed), queue (moved away, made anew,
# the files put back later), history (an older one in its place). Nothing is
# written where nobody looks; mended as the programs say, nothing is lost. For
# sweep --modes stop.
. "${0%/*}/scenario_lib.sh"
name=${NAME:-submit}

replace() {
	case $name in
	submit|queue)
		mv "$store/$name" "$store/$name.old" &&
			mkdir -m 2770 "$store/$name"
		;;
	trash)	rmdir "$store/trash" ;;
	history)
		rm -f "$store/history.db-wal" "$store/history.db-shm"
		mv "$out/history.db" "$store/history.db"
		;;
	esac
	touch "$out/replaced"
}

# What was moved away with the directory comes back with it.
put_back() {
	[ -d "$store/$name.old" ] || return 0
	for f in "$store/$name.old"/*; do
		[ ! -f "$f" ] || mv "$f" "$store/$name/"
	done
	rm -rf "$store/$name.old"
}

# Waits for the end of ccmqd; where it stops, somebody comes in between.
attend() {
	while state_of "$1"; do
		case $state in
		T)	replace
			kill -CONT "$1"
			break
			;;
		Z|gone)	break ;;
		esac
		sleep 0.01
	done
	wait "$1"
}

mend() {
	put_back
	once >"$out/anew" 2>&1
	q check --repair >"$out/mended" 2>&1 || q check --repair \
		>"$out/mended" 2>&1 || bad "repair: $(cat "$out/mended")"
	q resume >/dev/null 2>&1
	# What may have been delivered waits for a person; what was imported is
	# not put back.
	q release --reason sweep --match 'state:quarantined -class:imported' \
		>/dev/null 2>&1
	once >"$out/anew" 2>&1
}

case $1 in
options)
	echo "--only ccmqd --timeout 300 --modes stop"
	;;
prepare)
	make_store ok && drop 1 1 && once && drop 2 4 || exit 1
	case $name in
	submit|queue)	touch "$out/came-back" ;;
	history)
		cp -p "$store/history.db" "$out/history.db"
		touch "$out/restored" "$out/rebuilt"
		;;
	esac
	;;
run)
	"$top/ccmqd" -c "$out/ccmq.conf" --once >"$out/said" 2>&1 &
	attend $!
	;;
check)
	case $CCMQ_FAULT_STATUS in
	0|1|3)	;;
	*)	bad "ended with $CCMQ_FAULT_STATUS: $(cat "$out/said")" ;;
	esac
	mend
	silent_check
	case $name in
	queue)	judge imported,quarantined ;;
	*)	judge imported ;;
	esac
	;;
esac

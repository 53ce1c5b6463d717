#!/bin/sh
# incidents.sh: the incidents of the demo on a store that looks the same every
# time, with a connector on it (stage.c), and the console in the same place at
# the same time (elsewhere.c), for incidents.keys.
#
#	plain		this build can be taken elsewhere (views.sh)
#	tell NAME	makes it
#	console		the console on it
#	mend, later	outside; three minutes pass
#	hold		by somebody else
#	is WORDS SQL	its answer is WORDS
#	end		of the connector
#	real, real_console, real_mend, real_end NAME
#			as ./quickstart makes it, at this time and place
set -eu

at=1773147750
# Where its name is as long each time, and can be said otherwise in pictures.
place=$(cat "$WORK/place" 2>/dev/null || true)

# With the program's own disk full, where that is what happened.
elsewhere()
{
	export ELSEWHERE_AT=$at ELSEWHERE_USER=mlopez ELSEWHERE_FREE=4400000000
	export ELSEWHERE_FULL="$WORK/full"
	export ELSEWHERE_CLOCK="$WORK/clock"
	export TZ=CET-1 LD_PRELOAD=elsewhere.so
	export LD_LIBRARY_PATH="$builddir/tests/screen"
}

# What a test left that failed, too.
clear()
{
	[ ! -e "$WORK/stage.pid" ] || kill -KILL "$(cat "$WORK/stage.pid")" || :
	rm -f "$WORK/stage.pid" "$WORK/told" "$WORK/full"
	[ -z "$place" ] || rm -rf "$place" "$place.conf" "$place.linked"
}

tell()
{
	clear
	place=$(mktemp -d /tmp/c.XXXXXX)
	rmdir "$place"
	printf %s "$place" >"$WORK/place"
	echo $at >"$WORK/clock"
	[ "$1" != disk ] || : >"$WORK/full"
	(
		elsewhere
		export ELSEWHERE_PID=4711
		exec "$builddir/tests/screen/stage" "$1" "$place"
	) >"$WORK/told" 2>"$WORK/log" </dev/null &
	echo $! >"$WORK/stage.pid"
	tries=400
	until grep -qs told "$WORK/told"; do
		tries=$((tries - 1))
		[ $tries -gt 0 ] && kill -0 "$(cat "$WORK/stage.pid")" || {
			tail -n 3 "$WORK/log"
			exit 1
		}
		sleep 0.05
	done
	# How long it has become depends on what was written together.
	stat -c %s "$place/history.db-wal" |
		awk '{ printf "WAL %.1fM", $1 / 1048576 }' >"$WORK/wal"
}

real()
{
	here=$(cd "$srcdir" && pwd) base=$WORK
	build=$(cd "$builddir" && pwd)
	. "$here/data/demo/demo.sh"
	. "$here/data/demo/incident.sh"
	incident_place "$2"
	case $1 in
	real) incident_make "$2" ;;
	real_console) ask ;;
	real_mend) incident_mend "$2" ;;
	real_end) stop_ccmqd && stop_theirs ;;
	esac
}

case $1 in
real*)
	set +eu
	real "$@"
	;;
plain)
	! grep -q __asan_init "$builddir/ccmq" &&
		[ -x "$builddir/tests/screen/stage" ] &&
		[ -e "$builddir/tests/screen/elsewhere.so" ]
	;;
tell)
	tell "$2"
	;;
console)
	unset SSH_CONNECTION
	elsewhere
	exec "$builddir/ccmq" -c "$place.conf"
	;;
mend)
	rm -f "$WORK/full"
	kill -USR1 "$(cat "$WORK/stage.pid")"
	;;
hold)
	elsewhere
	exec "$builddir/ccmq" -c "$place.conf" hold --reason maintenance
	;;
later)
	echo $((at + 180)) >"$WORK/clock.new"
	mv "$WORK/clock.new" "$WORK/clock"
	kill -USR2 "$(cat "$WORK/stage.pid")"
	;;
is)
	[ "$(sqlite3 -readonly -cmd '.timeout 5000' "$place/history.db" \
		"$3")" = "$2" ]
	;;
end)
	clear
	;;
*)
	echo "incidents.sh: no such word: $1"
	exit 1
	;;
esac

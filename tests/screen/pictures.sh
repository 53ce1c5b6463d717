#!/bin/sh
# pictures.sh DIRECTORY: makes the pictures of README.md anew.
#
# They are of the real console on incidents of the demo, which a producer has
# dropped mail into for two minutes. What would differ from one time to the
# next is set: the host, the user, and the time, by a zone in which it is two
# o'clock when this begins. The store's path is so long that what is shown of
# it says nothing of where this runs.
here=$srcdir build=$builddir out=$1
. "$here/data/demo/demo.sh"
. "$here/data/demo/incident.sh"

work=$builddir/tests/pictures
base=$work/var/home/mlopez/.local/state/ccmq
mkdir "$work" && mkdir -p "$base" || exit 1
trap 'end; rm -rf "$work"' EXIT
trap 'exit 1' INT TERM
mkdir -p "$out" && out=$(cd "$out" && pwd) || exit 1

end()
{
	for place in "$base"/incidents/*; do
		incident_place "${place##*/}"
		stop_ccmqd KILL
	done
}

# zone SECONDS: in which these are 14:00.
zone()
{
	east=$(((14 * 3600 - $1 % 86400) / 60))
	[ $east -ge -720 ] || east=$((east + 1440))
	sign=- minutes=$east
	[ $east -ge 0 ] || sign=+ minutes=$((-east))
	printf 'CET%s%d:%02d' $sign $((minutes / 60)) $((minutes % 60))
}

# later SECONDS: at so many after the beginning.
later()
{
	left=$((begin + $1 - $(date +%s)))
	[ $left -le 0 ] || sleep $left
}

# shoot NAME INCIDENT COLUMNS ROWS KEY TEXT [KEY TEXT]...: presses the keys,
# waiting for the text after each.
shoot()
{
	file=$out/$1.svg
	incident_place "$2"
	size="$3 $4"
	shift 4
	{
		echo "size $size"
		echo "env LD_PRELOAD=elsewhere.so"
		echo "env LD_LIBRARY_PATH=$build/tests/screen"
		echo "run ccmq -c $conf -s store"
		echo "wait Queue"
		while [ $# -ge 2 ]; do
			printf 'quiet\nkey %s\nwait %s\n' "$1" "$2"
			shift 2
		done
		printf 'quiet\nsvg %s\n' "$file"
	} >"$place/script"
	(cd "$place" && ELSEWHERE_USER=mlopez "$build/tests/screen/shoot" \
		<script) || failed=1
}

failed=0
begin=$(($(date +%s) / 60 * 60 + 60))
export TZ=$(zone $begin)
echo "The pictures take two to three minutes."
later 0
for name in access loop storm; do
	(LD_PRELOAD=elsewhere.so LD_LIBRARY_PATH=$build/tests/screen \
		ELSEWHERE_USER=jgrewal \
		incident_make $name && start_producer) >/dev/null 2>&1 || exit 1
done
later 125
shoot failed-80x24 access 80 24 a MESSAGES
shoot failed-132x50 access 132 50 a MESSAGES
shoot list-132x50 access 132 50 2 CAUSE = SUBJECT
shoot message-80x24 loop 80 24 a Attempts
shoot retry-80x24 storm 80 24 a CAUSE r RETRY
shoot und-80x24 storm 80 24 5 REASON
exit $failed

#!/bin/sh
# pictures.sh DIRECTORY: makes the pictures of README.md anew.
#
# They are of the real console on incidents of the demo, which mail has been
# dropped into for two minutes. What would differ from one time to the
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
	stop_producer
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

# begins INCIDENT COLUMNS ROWS: a script of keys, the console on that incident.
begins()
{
	incident_place "$1"
	printf '#!/bin/sh\ncd "%s" && exec "%s" -c "%s" -s store\n' "$place" \
		"$build/ccmq" "$conf" >"$place/console"
	chmod +x "$place/console"
	cat <<END
test $1
env TZ=$TZ
env ELSEWHERE_USER=mlopez
env LD_LIBRARY_PATH=$build/tests/screen
env LD_PRELOAD=elsewhere.so
size $2 $3
run $place/console
wait Queue
END
}

# shoot: the pictures of the script in standard input.
shoot()
{
	cat >"$work/script"
	"$build/tests/screen/screen" "$work/script" >"$work/said" || {
		cat "$work/said"
		failed=1
	}
}

# picture NAME INCIDENT COLUMNS ROWS [KEY TEXT]...: presses the keys, waiting
# for the text after each.
picture()
{
	name=$1
	shift
	{
		begins "$1" "$2" "$3"
		shift 3
		while [ $# -ge 2 ]; do
			printf 'quiet\nkey %s\nwait %s\n' "$1" "$2"
			shift 2
		done
		printf 'quiet\nsvg %s\n' "$out/$name.svg"
	} | shoot
}

# page NAME INCIDENT COLUMNS ROWS MATCH: of the newest failed message for which
# that holds.
page()
{
	incident_place "$2"
	id=$("$build/ccmq" -c "$conf" list --state failed --match "$5" --json |
		sed -n '$s/.*"id": *\([0-9]*\).*/\1/p')
	{
		begins "$2" "$3" "$4"
		printf 'quiet\nkey :\nwait An action\nsend %s\\r\n' "$id"
		printf 'wait Attempts\nquiet\nsvg %s\n' "$out/$1.svg"
	} | shoot
}

# One incident, from the first screen to the last, in one sitting.
solve()
{
	{
		begins access 100 30
		cat <<END
wait TRIPPED
quiet
svg $out/solved-1.svg
shell rm -f "$store-po/READ-ONLY"
key c t
hears TEST
key y
wait suspects can go back now
quiet
svg $out/solved-2.svg
key a
wait SUSPECT
key r
hears RETRY 10
send permissions of the post office mended, ticket 4711
quiet
svg $out/solved-3.svg
send \r
key y
wait 10 imported
wait Nothing urgent
quiet
svg $out/solved-4.svg
key 6
wait [6 Log
quiet
svg $out/solved-5.svg
END
	} | shoot
}

failed=0
begin=$(($(date +%s) / 60 * 60 + 60))
export TZ=$(zone $begin)
echo "The pictures take two to three minutes."
later 0
# Good mail alone comes to the one that is solved.
for which in access:true loop:start_producer storm:start_producer; do
	(LD_PRELOAD=elsewhere.so LD_LIBRARY_PATH=$build/tests/screen \
		ELSEWHERE_USER=jgrewal incident_make "${which%:*}" &&
		"${which#*:}") >/dev/null 2>&1 || exit 1
done
later 90
incident_place access
good 41 84
later 125
picture failed-80x24 access 80 24 a MESSAGES
picture list-132x50 access 132 50 2 CAUSE = SUBJECT
page message-80x24 loop 80 24 'attempts>=2 reason:"Disk error"'
picture und-132x50 storm 132 50 5 REASON
solve
exit $failed

# How much processor time ccmqd takes while it waits. Sourced, after lib.sh.

pid=

# used: its processor time so far, in ticks.
used()
{
	awk '{ sub(/.*\) /, ""); print $12 + $13 }' "/proc/$daemon/stat"
}

# idles WHAT: under 3 % of a processor (a scan, looks, and what a busy machine
# adds to them; one that spins uses all of it).
idles()
{
	before=$(used)
	sleep 2
	ticks=$(($(used) - before))
	[ $ticks -le $((2 * $(getconf CLK_TCK) * 3 / 100)) ]
	ok "$1: $ticks ticks"
}

running()
{
	wait_for 10 status_has '.connector != "stopped"'
}

# again [LINE...]: from the beginning.
again()
{
	stop KILL
	[ -z "$pid" ] || kill -KILL "$pid" 2>/dev/null
	pid=
	rm -rf "$store" "$work/starts"
	"$ccmq" -s "$store" init >/dev/null
	settings "$(import_setting "${timeout:-60s}")" "$@"
	program "${body:-exit 0}"
	start
	running
}

has_started()
{
	[ "$(starts)" -ge "$1" ]
}

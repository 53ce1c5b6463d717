#!/bin/bash
# ccmq-tour(7), followed to the letter: each command is taken out of the page and
# run, and each line that the page shows comes out of it; "..." in one stands
# for anything. TAP.

work=$(mktemp -d "$builddir/tests/system-XXXXXX") || exit 1
export HOME=$work
unset XDG_STATE_HOME CCMQ_CONFIG
trap '[ -z "$pid" ] || kill -9 "$pid" 2>/dev/null; rm -rf "$work"' EXIT
n=0 bad=0 pid=

ok()	# STATUS WHAT
{
	n=$((n + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $n - $2"
		return
	fi
	sed 's/^/# /' "$work/said" | tail -n 20
	echo "not ok $n - $2"
	bad=1
}

# The source tree may be elsewhere than build/ below it, and it may be
# read-only: ./quickstart is what it does, with the programs of this build.
incident()
{
	here=$srcdir build=$builddir base=$HOME/.local/state/ccmq
	. "$srcdir/data/demo/demo.sh"
	. "$srcdir/data/demo/incident.sh"
	# Who follows the page is quicker than the connector's own tests; a
	# busy machine is not.
	eval "$(declare -f write_settings | sed '1s/write/plain/')"
	write_settings()
	{
		plain_settings
		echo 'breaker: { probe = "1h"; probe_cap = "1h"; };'
	}
	mkdir -p "$base"
	"incident_$1" access
}

run()	# COMMAND
{
	case $1 in
	"./quickstart --incident access") (incident make) >"$work/said" 2>&1 ;;
	"./quickstart --mend access") (incident mend) >"$work/said" 2>&1 ;;
	'PATH=$PWD/build:$PATH') PATH=$builddir:$PATH ;;
	*) eval "$1" >"$work/said" 2>&1 ;;
	esac
}

shown()	# LINE: it came out
{
	local line pattern=${1//\\/\\\\}

	pattern=${pattern//\*/\\*}
	pattern=${pattern//\[/\\[}
	pattern=${pattern//\?/\\?}
	pattern=${pattern//.../*}
	while IFS= read -r line; do
		[[ $line == $pattern ]] && return
	done <"$work/said"
	return 1
}

# settle COMMAND LINE...: "some seconds later" comes sooner here.
again()
{
	local tries=100
	until run "$1" && shown "$2"; do
		tries=$((tries - 1))
		[ $tries -gt 0 ] || return 1
		sleep 0.1
	done
}

command=
while IFS= read -r line <&3; do
	case $line in
	'$ '*)
		command=${line#??}
		[ "$command" = "ccmq test" ] &&
			pid=$(ccmq status --json | jq -r .pid)
		run "$command" 3<&-
		ok $? "$command"
		;;
	*)
		shown "$line" || again "$command" "$line"
		ok $? "  $line"
		;;
	esac
done 3< <(awk '/^\.Bd -literal/ { on = 1; next } /^\.Ed/ { on = 0 } on' \
	"$srcdir/data/ccmq-tour.7" | sed 's/\\e/\\/g; s/\\&//g')
echo "1..$n"
exit $bad

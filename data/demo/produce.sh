#!/bin/sh
# produce.sh STORE PID [good]: the producer of the demo. Drops a message each two
# seconds, most of them good, some not, each for another cause; none that is not
# beside an incident, which is one thing and comes to its end.
#
# It ends with the process PID, and bounds what it makes: after $most messages
# it rests, and mail that was delivered an hour ago is taken out of the
# Maildirs again. What the store itself keeps is bounded by its settings.
store=$1 only=${3:-}
most=10000
here=$(cd "$(dirname "$0")/../.." && pwd -P) || exit 1
. "$here/data/demo/demo.sh"

# The Nth of the words after it, and over again.
nth()
{
	shift $(($1 % ($# - 1) + 1))
	printf '%s' "$1"
}

good()
{
	mail "$1" "$(nth $n 'Budget for Q3' 'Re: shift list' 'Minutes' \
		'Timesheet wk 23' 'FW: List of parts' 'Lunch on Friday' \
		'Re: Re: printer on 2nd floor' 'Backup tapes' 'Price list')" \
		"From: $(nth $((n / 2)) 'Grewal, Jeff at HUB' \
			'Doe, Jane at HUBPO2' 'Ops, Night at HUB' \
			'Lopez, Maria at HUB')" \
		"To: $(nth $((n / 3)) 'Admin at HUBPO2' 'Lopez, Maria at HUB' \
			'Grewal, Jeff at HUB' 'Doe, Jane at HUB')"
}

bad()
{
	case $(($2 % 4)) in
	0) mail "$1" "Are you still there" "To: Former, Fred at HUB" ;;
	1) mail "$1" "Holiday plan" "Date: 31/12/98 8:39" ;;
	2) mail "$1" "Old form" "Demo: crash" ;;
	3) mail "$1" "Half a message" "Contents:" ;;
	esac
}

# Four soon, to be seen; then so rarely that no cause comes twenty times an
# hour, which would be a storm.
is_bad()
{
	[ -z "$only" ] || return 1
	[ $(($1 % 50)) -eq 0 ] || { [ $1 -lt 24 ] && [ $(($1 % 6)) -eq 0 ]; }
}

n=0 first=$(($(date +%s) / 2))
while [ $n -lt $most ] && kill -0 "$2" 2>/dev/null; do
	n=$((n + 1))
	name=$(printf 'Msg%04X.ccm' $(((first + n) % 65536)))
	if is_bad $n; then
		bad "$name" $((n < 24 ? n / 6 : n / 50))
	else
		good "$name"
	fi || exit 1
	[ $((n % 300)) -ne 0 ] || find "$store-po/mail" -type f -mmin +60 \
		-path '*/new/*' -exec rm -f {} +
	sleep 2
done

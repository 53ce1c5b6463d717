#!/bin/sh
# Notes and hands: what one writes the other one sees; what somebody has in hand
# asks once more; it ends by itself.
. "$srcdir/tests/system/lib.sh"

settings "$(import_setting)"
program 'case $(cat "$1") in *bad*) echo "Reason: Bad thing" >>"$2"; exit 5 ;;
	*worse*) exit 4242 ;; esac; exit 1'
for name in a b c; do drop $name.ccm bad; done
drop d.ccm other
"$ccmqd" -c "$config" --once >/dev/null 2>&1
count_is failed 4
ok "four have failed"

is "noted on a message" "noted on #1" "$(q note 1 'ask the sender')"
q note '#1' 'he says: send again' >/dev/null
q note store 'night shift: look at NORTH' >/dev/null
is "the newest stands in the list" "he says: send again" \
	"$(q list --state failed --json | jq -r 'select(.id == 1).note')"
is "and not at the others" null \
	"$(q list --state failed --json | jq -r 'select(.id == 2).note')"
is "both are shown, the newest first" "he says: send again
ask the sender" "$(q note 1 --json | jq -r .note)"
is "all of them" 3 "$(q note --json | wc -l | tr -d ' ')"
is "show has them" 2 "$(q show 1 | grep -c '^Note ')"
q note 'cause:code:1' 'on a cause' >"$work/out"
ok "a cause by an expression"
is "and all that have it" "on a cause" \
	"$(q list --state failed --json | jq -r 'select(.id == 4).note')"
q show 4 | grep -q '^Of cause .*on a cause$'
ok "show says that it is of the cause"
q note 'cause:id>0' x >"$work/out" 2>&1
is "one that is several" 2 $?
grep -q 'more than one cause matches' "$work/out"
ok "which are named"
q note 'cause:code:77' x >/dev/null 2>&1
is "and one that is none" 1 $?
q note 4711 x >/dev/null 2>&1
is "no such message" 1 $?
q note 1 '' >/dev/null 2>&1
is "an empty note" 2 $?
q --read-only note 1 x >/dev/null 2>&1
is "not in read-only mode" 3 $?

q mine 2 --for 1h >"$work/out"
grep -q '^#2 is yours until' "$work/out"
ok "taken in hand"
me=$(q list --state failed --json | jq -r 'select(.id == 2).mine_by')
[ -n "$me" ] && [ "$me" != null ]
ok "it stands in the list, with a name"
is "one's own verb does not ask" 0 \
	"$(q retry 2 </dev/null >/dev/null 2>&1; echo $?)"
"$ccmqd" -c "$config" --once >/dev/null 2>&1

not_in_hand()
{
	q list --state failed --json |
		jq -es 'map(select(.id == 1))[0].mine_by == null' >/dev/null
}

q status | grep -q 'failed again after a retry.* has it)$'
ok "the verdict names who has it"

# What somebody else wrote.
hand()	# MESSAGE CAUSE UNTIL-SECONDS
{
	sqlite3 "$store/history.db" "INSERT INTO note (at, by, message, cause,
		mine, until, text) VALUES (strftime('%s') * 1000 - 60000, 'mlopez',
		$1, $2, 1, (strftime('%s') + $3) * 1000, '')"
}
hand 3 0 3600
setsid "$ccmq" -c "$config" quarantine 3 </dev/null >"$work/out" 2>&1
is "somebody else's asks, and there is no terminal" 1 $?
grep -q '#3 is in hand: mlopez has it until .*, since .*give --yes' "$work/out"
ok "who and since when are named"
is "nothing was done" failed "$(q show 3 --json | jq -r .state)"
q quarantine 3 --yes >/dev/null
is "a yes" quarantined "$(q show 3 --json | jq -r .state)"
q release 3 --yes >/dev/null
echo y | script -qec "'$ccmq' -c '$config' quarantine 3" /dev/null >"$work/out" 2>&1
q show 3 --json | jq -e '.state == "quarantined"' >/dev/null
ok "on a terminal it asks"
hand 1 0 1
wait_for 10 not_in_hand
ok "it ends by itself"
hand 0 "$(sql 'SELECT cause FROM message WHERE id = 4')" 3600
is "a cause in hand is its messages'" mlopez \
	"$(q list --state failed --json | jq -r 'select(.id == 4).mine_by')"
q mine "cause:code:1" 2>"$work/out" >/dev/null
grep -q 'mlopez had it' "$work/out"
ok "taken over, and said"
q mine 'cause:code:1' >"$work/out"
grep -q 'not yours any more' "$work/out"
ok "again: not any more"
is "nobody has it then" null \
	"$(q list --state failed --json | jq -r 'select(.id == 4).mine_by')"
q mine 1 --for 8d >/dev/null 2>&1
is "a week at most" 2 $?
q mine store >/dev/null 2>&1
is "not a whole store" 2 $?
consistent
finish

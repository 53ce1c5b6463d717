#!/bin/sh
# Any past time: an incident is played, and at each of its sixty moments what
# status, list, jobs and note say is kept; later --at says the same, in what the
# history tells.
. "$srcdir/tests/system/lib.sh"

settings "$(import_setting)" 'limits: { crashed = 2; };' \
	'breaker: { unavailable = 2; probe = "1s"; probe_cap = "1s"; };' \
	'backoff: { first = "1s"; cap = "1s"; };'

status_members='{held, breaker, hold_reason, hold_until, und_bytes, queued,
	importing, deferred, failed, quarantined, purged, imported, lost}'
job_members='{id, verb, by, total, done, skipped, failed, imported,
	failed_again, deferred, acted_on, to_come}'
list_members='{id, name, size, state, result_code, class, reason, suspect}'

# look FILE: what is now; twice the same, or it is no moment.
look()
{
	date -u +%Y-%m-%dT%H:%M:%S.%3NZ >"$1.at"
	q status --json | jq -cS "$status_members" >"$1.status"
	q list --state all --json | jq -cS "$list_members" >"$1.list"
	q jobs --json | jq -cS "$job_members" >"$1.jobs"
	q note --json | jq -cS . >"$1.notes"
}

# The same parts of two moments, or of one and what is said of it.
same()
{
	for part in status list jobs notes; do
		cmp -s "$1.$part" "$2.$part" || return 1
	done
}

moments=0
keep()
{
	moments=$((moments + 1))
	this=$work/moment$moments
	tries=0
	while look "$this" && look "$work/again" &&
	    ! same "$this" "$work/again"; do
		tries=$((tries + 1))
		[ $tries -lt 40 ] || break
	done
	# Between the two looks nothing changed: then is the moment.
	mv "$work/again.at" "$this.at"
	echo "$1" >"$this.what"
	sleep 0.05
}

keep 'an empty store'
program 'case $(cat "$1") in
	*bad*) echo "Bad thing $CCMQ_ID" >>"$2"; exit 5 ;;
	*slow*) while [ ! -e '"$work"'/go ]; do sleep 0.05; done ;;
	*crash*) kill -9 $$ ;;
	*down*) [ -e '"$work"'/up ] || exit 2 ;;
	esac; exit 0'
drop one.ccm
drop bad.ccm bad
drop two.ccm
start
wait_for 20 count_is imported 2 && wait_for 20 count_is failed 1
ok "some are imported, one fails"
poor=$(q list --state failed --json | jq .id)
keep 'after the first three'
drop slow.ccm slow
wait_for 20 count_is importing 1
keep 'one in the importer'
drop behind.ccm
wait_for 20 count_is queued 1
keep 'and one behind it'
touch "$work/go"
wait_for 20 count_is imported 4
drop crash.ccm crash
wait_for 20 count_is failed 2
keep 'one that crashes'
q retry "$poor" --reason 'once more' >/dev/null
wait_for 20 listed --match "id:$poor attempts>=2 state:failed"
keep 'retried, failed again'
q hold --reason 'the hold of a test' --for 1h >/dev/null
keep 'held'
drop held.ccm
wait_for 20 count_is queued 1
keep 'held, with one queued'
q quarantine "$poor" >/dev/null
keep 'one in quarantine'
q purge "$poor" --yes >/dev/null
keep 'one in the trash'
q restore "$poor" >/dev/null
keep 'and taken out'
q resume >/dev/null
wait_for 20 count_is imported 5
keep 'goes on'
q hold --reason 'another' >/dev/null
q resume >/dev/null
q drain --reason 'a drain' >/dev/null
wait_for 20 status_has .held
keep 'drained'
q resume >/dev/null
drop down1.ccm down
drop down2.ccm down
wait_for 20 status_has '.breaker == "open"'
q hold --reason 'that it stands still' >/dev/null
wait_for 20 count_is importing 0
keep 'tripped and held'
touch "$work/up"
q resume >/dev/null
wait_for 20 status_has '.breaker == "closed"' && wait_for 20 count_is imported 7
keep 'closed again'
q und rotate >/dev/null
wait_for 20 status_has '.und_bytes == 0'
keep 'the .und rotated'
drop bad2.ccm bad
wait_for 20 count_is failed 2
keep 'another one in it'

# arrive NAME [TEXT]: dropped and taken in. One that is still on its way has the
# time of its look, and is seen only after it.
arrive()
{
	drop "$@"
	wait_for 20 listed --state all --match "name:$1"
}

# An operator's hour: each minute something is done, and the rest goes on. With
# what was before, a moment for each minute.
minute()
{
	case $(($1 % 14)) in
	0)	arrive "good$1.ccm" ;;
	1)	arrive "bad$1.ccm" bad ;;
	2)	q note store "minute $1" >/dev/null ;;
	3)	q retry --match state:failed --reason "minute $1" >/dev/null ;;
	4)	q quarantine "$(newest failed)" >/dev/null ;;
	5)	arrive "crash$1.ccm" crash ;;
	6)	q mine "$(newest quarantined)" >/dev/null ;;
	7)	q release "$(newest quarantined)" >/dev/null ;;
	8)	q hold --reason "minute $1" >/dev/null; arrive "held$1.ccm" ;;
	9)	q purge "$(newest failed)" --yes >/dev/null ;;
	10)	q resume >/dev/null ;;
	11)	q restore "$(newest purged)" >/dev/null ;;
	12)	q retry --match state:failed --steps 1,2 --reason "minute $1" >/dev/null
		wait_for 20 job_state paused ;;
	13)	q job "$(newest_job)" stop --reason "minute $1" >/dev/null
		q undo >/dev/null 2>&1 ;;
	esac
}

newest_job()
{
	q jobs --json | head -n 1 | jq .id
}

job_state()
{
	q jobs --json | head -n 1 | jq -e ".state == \"$1\"" >/dev/null
}

# Nothing of it is to come: but for what is held.
is_quiet()
{
	status_has '.importing + .deferred == 0 and (.held or .queued == 0)'
}

newest()
{
	q list --state "$1" --json | tail -n 1 | jq .id
}

for m in $(seq 42 83); do
	minute "$m"
	wait_for 60 is_quiet
	keep "minute $m: $((m % 14))"
done
stop TERM
keep 'stopped'

# What is to be read of that hour, by hand from the above: but for what was wrong
# when, as ccmqd looks for that once a minute, and an hour takes two here.
me=$(q history --json | jq -r 'select(.verb == "drain").by')
report()
{
	q report "$@" | sed -E "/^(## )?What was wrong/,/^(## )?What failed/{
			/What failed/!d; }
		s/[0-9]{4}-[0-9-]*T[0-9:.]*Z/WHEN/g
		s/[0-9]{2}:[0-9]{2}(:[0-9]{2})?/HH:MM/g
		s/\\b[A-Z][a-z]{2} HH:MM/HH:MM/g
		s/(^|[* ] )(HH:MM )?$me/\\1\\2ME/; s/by $me/by ME/"
}
report >"$work/text"
diff "$srcdir/tests/system/time.report" "$work/text" | sed 's/^/# /'
cmp -s "$srcdir/tests/system/time.report" "$work/text"
ok "the report of that hour says what one by hand says"
renderer=$(command -v cmark || command -v pandoc)
if [ "$renderer" ]; then
	report --format markdown | $renderer | sed -E 's/<[^>]*>//g; /^$/d
		s/&quot;/"/g; s/&gt;/>/g; s/&lt;/</g; s/&amp;/\&/g' >"$work/rendered"
	sed 's/^ *//; /^$/d' "$work/text" >"$work/plain"
	diff "$work/plain" "$work/rendered" | sed 's/^/# /'
	cmp -s "$work/plain" "$work/rendered"
	ok "… and so its Markdown, rendered by $renderer"
else
	skip "… and so its Markdown, rendered" "there is no cmark or pandoc"
fi
is "… and its JSON" "$(grep -c ' ME: ' "$srcdir/tests/system/time.report") $(
	grep -c ' ME on ' "$srcdir/tests/system/time.report") 22 22 13 31 18 13" \
	"$(q report --json | jq -r '"\(.actions | length) \(.notes | length) " +
		(.flow[0] | "\(.arrived) \(.put_back) \(.imported) \(.failed)") +
		" " + ([.failures[].count] | map(tostring) | join(" "))')"

# The breaker trips while what failed stands there: it is suspect from then on,
# until it is tried again.
settings "$(import_setting)" 'limits: { crashed = 1; };' \
	'breaker: { rejected = 2; probe = "10m"; };'
q resume >/dev/null 2>&1
drop sus1.ccm crash
start
wait_for 20 listed --match 'name:sus1* state:failed'
keep 'one failed, not suspect yet'
drop sus2.ccm crash
wait_for 20 status_has '.breaker == "open"'
wait_for 20 listed --match 'name:sus1* state:failed suspect:yes'
keep 'two suspects'
q quarantine "$(newest failed)" >/dev/null
keep 'one of them in quarantine'
q hold --reason 'the end' >/dev/null
q retry --match 'name:sus1*' --reason 'mended' >/dev/null
keep 'the other put back'
stop TERM
is "suspects there were" true "$(grep -h '"suspect":true' "$work"/moment*.list |
	grep -q sus && echo true)"

q purge "$poor" --yes >/dev/null; q purge "$poor" --yes >/dev/null
q retry --match 'state:failed' --reason 'all' >/dev/null

i=0
while [ $i -lt $moments ]; do
	i=$((i + 1))
	this=$work/moment$i
	at=$(cat "$this.at")
	q status --at "$at" --json | jq -cS "$status_members" >"$work/status"
	q list --at "$at" --state all --json | jq -cS "$list_members" >"$work/list"
	diff "$this.status" "$work/status" | sed 's/^/# /'
	cmp -s "$this.status" "$work/status"
	ok "status as it was: $(cat "$this.what")"
	diff "$this.list" "$work/list" | sed 's/^/# /'
	cmp -s "$this.list" "$work/list"
	ok "list as it was: $(cat "$this.what")"
	q jobs --at "$at" --json | jq -cS "$job_members" >"$work/jobs"
	diff "$this.jobs" "$work/jobs" | sed 's/^/# /'
	cmp -s "$this.jobs" "$work/jobs"
	ok "jobs as they were: $(cat "$this.what")"
	q note --at "$at" --json | jq -cS . | cmp -s - "$this.notes"
	ok "and notes"
done

at=$(cat "$work/moment4.at")
is "the states asked for" "slow.ccm importing
behind.ccm queued" \
	"$(q list --at "$at" --json | jq -r '"\(.name) \(.state)"')"
is "one page, then the next" "1 2 3 4 5" \
	"$(q list --at "$at" --state all --json | jq -r .id | tr '\n' ' ' | sed 's/ $//')"
is "a limit" 2 "$(q list --at "$at" --state all --limit 2 --json | wc -l | tr -d ' ')"
is "one that runs then has not ended" "importing null null" \
	"$(q show 4 --at "$at" --json |
		jq -r '"\(.state) \(.attempt_rows[0].ended_at) \(.result_code)"')"
is "what was done later is not told" "1 0" \
	"$(q show "$poor" --at "$at" --json |
		jq -r '"\(.attempts) \(.actions | length)"')"
q show 7 --at "$at" >"$work/out" 2>&1
is "one that came later" "ccmq show: there was no message #7 then" \
	"$(cat "$work/out")"
is "the members are the same" "$(q status --json | jq -c keys)" \
	"$(q status --at "$at" --json | jq -c keys)"
is "what is not known is null" null \
	"$(q status --at "$at" --json | jq -c .disk_free)"
is "and of a message" null \
	"$(q list --at "$at" --json | jq -c .tries | sort -u)"
q status --at "$at" | grep -q '^AS IT WAS AT [0-9:]*$'
ok "text says of when it is"
q list --at 2h --match x >/dev/null 2>&1
is "a match looks at now" 2 $?
q status --at 2999-01-01 >/dev/null 2>&1
is "no time to come" 2 $?
q status --at -1h --json >/dev/null
ok "an hour ago"
consistent
finish

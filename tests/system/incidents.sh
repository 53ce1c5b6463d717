#!/bin/sh
# The incidents of the demo: each leads to its verdict, and after its remedy,
# outside of ccmq and inside, to where it should. All at once. TAP.
. "$srcdir/tests/system/lib.sh"
here=$srcdir build=$builddir base=$work
. "$srcdir/data/demo/demo.sh"
. "$srcdir/data/demo/incident.sh"

trap 'stop_all; rm -rf "$work"' EXIT

stop_all()
{
	for name in $(incidents | cut -d '|' -f 1); do
		incident_place "$name"
		[ ! -e "$conf" ] || stop_ccmqd KILL
		stop_theirs
	done
}

# NAME: the verdict it has to come to.
verdict_of()
{
	case $1 in
	loop) echo back_again ;;
	foreign-loop) echo loop ;;
	access | locked) echo tripped ;;
	head) echo blocked ;;
	crash | duplicates) echo doubtful ;;
	*) echo "$1" ;;
	esac
}

# NAME: what it says.
words_of()
{
	case $1 in
	loop) echo '^#[0-9]+ failed again after a retry, for the 2nd time' ;;
	access) echo 'not the mail: [0-9]+ in a row, code 1$' ;;
	locked) echo 'not the mail: [0-9]+ in a row, code 4$' ;;
	backlog) echo '^14 files in submit/ not taken in, oldest [0-9]+ s$' ;;
	leftover) echo '^2 foreign files in import/: .*OLD.UND' ;;
	storm) echo '^[0-9]+ failed .* for one reason: Unknown Date Format$' ;;
	head) echo '^#21 in the importer for .*; 20 wait behind it$' ;;
	crash) echo '^The importer crashed at .*: 2 may have been delivered' ;;
	duplicates) echo '^2 may have been delivered already, newest [0-9:]+$' ;;
	disk) echo '^Disk .* free, under .*: nothing is taken in or imported$' ;;
	foreign-loop) echo '^LOOP: Msg4F2C.ccm tried [0-9]+ times since ' ;;
	esac
}

verdict()
{
	ask status --json | jq -r .verdict
}

severity()
{
	ask status --json | jq -r .severity
}

nobody_must_look()
{
	[ "$(severity)" = ok ]
}

# By state: "40 failed 12", for those that are asked for.
counts()
{
	ask status --json | jq -r "[.$(echo "$*" | sed 's/ /, ./g')] | join(\" \")"
}

# copies SUBJECT: how many were delivered.
copies()
{
	grep -rlF "Subject: $1" "$store-po/mail" | wc -l | tr -d ' '
}

# NAME_remedy: what there is to be seen, and what is done inside of ccmq after
# mend_NAME.
loop_remedy()
{
	is "its attempts are counted over its retries" "3 1 2" "$(ask list \
		--match name:Msg4F2C --state failed --json |
		jq -r '"\(.attempts) \(.tries) \(.retries)"')"
	ask retry --match name:Msg4F2C --reason "mended" >/dev/null 2>&1
	until_true has imported 24
	ok "it is imported"
}

# One that the connector made meanwhile is as good.
a_test_passes()
{
	ask test >/dev/null 2>&1 || [ "$(counts breaker)" = closed ]
}

access_remedy()
{
	# Seven failed before; a test may be under way, or have passed.
	is "the ten are suspect, and no more failed" "10 17" "$(ask list --json \
		--state failed --match suspect:yes | wc -l | tr -d ' ') $(counts failed)"
	is "the reason is what the importer said, not its code again" \
		"Cannot write to post office DEMO: access denied" \
		"$(ask show 21 --json | jq -r .reason)"
	until_true a_test_passes
	ok "a test passes"
	until_true has imported 43
	ok "what waited is imported"
	ask retry --match suspect:yes --reason "mended" >/dev/null 2>&1
	until_true has imported 53
	ok "so are the suspects"
}

locked_remedy()
{
	is "three waited, none is failed for it" "3 7" \
		"$(counts deferred failed)"
	ask test >/dev/null 2>&1
	ok "a test passes"
	until_true has imported 25
	ok "all are imported"
}

# event NUMBER: the first text of it.
event()
{
	ask events --json | jq -r "select(.number == $1) | .text" | sort |
		head -n 1
}

backlog_remedy()
{
	is "an event says why" "submit/Msg1001.ccm has 2 links: left alone" \
		"$(event 20012)"
	until_true has imported 27
	ok "all are imported"
}

leftover_remedy()
{
	event 20026 | grep -q '^import/[A-Z0-9]*\.[A-Za-z]* and 1 more: not'
	ok "an event names one of them"
	is "they are not lost" 2 "$(ls -d "$place"/*.UND "$place"/*.tmp |
		wc -l | tr -d ' ')"
}

storm_remedy()
{
	ask retry --match 'reason:date subject:timesheet' --reason "mended" \
		>/dev/null 2>&1
	until_true has imported 45
	ok "all are imported"
}

head_remedy()
{
	# Its time may be over by now, on a busy machine.
	is "while it was in the importer nothing else was" 0 "$(sql "SELECT count(*)
		FROM attempt a, attempt h WHERE h.message = 21 AND h.number = 1
		AND a.message <> 21 AND a.started_at > h.started_at
		AND a.started_at < ifnull(h.ended_at, a.started_at + 1)")"
	ask quarantine 21 --reason "hangs" >/dev/null 2>&1
	until_true has imported 33
	ok "the others are imported"
	is "it is set aside" 1 "$(counts quarantined)"
}

crash_remedy()
{
	is "two were tried three times each" "3 3" "$(ask list --json \
		--state failed --match class:crashed | jq -r .attempts |
		tr '\n' ' ' | sed 's/ $//')"
	until_true has imported 33
	ok "the others are imported"
	ask retry --match class:crashed --reason "mended" >/dev/null 2>&1
	until_true has imported 35
	ok "so are the two"
}

duplicates_remedy()
{
	is "three may have been delivered" "true true true" "$(ask list \
		--json --state failed --match subject:invoice |
		jq -r .maybe_delivered | tr '\n' ' ' | sed 's/ $//')"
	ask retry --match class:crashed\|class:interrupted --reason "mended" \
		>/dev/null 2>&1
	until_true has imported 15
	ok "two are imported"
	is "nobody has two" "1 1 1" "$(copies "Invoice 4711") $(copies \
		"Invoice 4712") $(copies "Invoice 4713")"
}

disk_remedy()
{
	until_true has imported 23
	ok "all are imported"
}

# What is taken out before it is mended.
foreign_loop_take_out()
{
	is "of 201 one is still there" "1 200" "$(counts importing gone)"
	stop_theirs
	ask quarantine --match name:Msg4F2C --reason "loops" >/dev/null 2>&1
	start_theirs
	until_true says ok
	is "it is taken out, and the loop has ended" "ok 1" \
		"$(verdict) $(counts quarantined)"
}

was_delivered()
{
	[ "$(wc -l <"$theirs/delivered")" -ge "$1" ]
}

foreign_loop_remedy()
{
	ask release --match name:Msg4F2C --reason "mended" >/dev/null 2>&1
	until_true was_delivered 201
	ok "it is given back, and goes through"
	is "each was delivered once" "201 201" "$(wc -l <"$theirs/delivered" |
		tr -d ' ') $(cut -f 2 "$theirs/delivered" | sort -u |
		wc -l | tr -d ' ')"
}

try()
{
	n=0 bad=0
	incident_make "$1" 2>"$work/$1.log"
	ok "it comes about"
	is "its verdict, at once" "$(verdict_of "$1")" "$(verdict)"
	words=$(ask status --json | jq -r .verdict_text)
	echo "$words" | grep -qE "$(words_of "$1")" || echo "# $words"
	echo "$words" | grep -qE "$(words_of "$1")"
	ok "in words: with what, how many, since when"
	end=failed
	if [ "$1" = foreign-loop ]; then
		foreign_loop_take_out
		end=ok
	fi
	incident_mend "$1" 2>>"$work/$1.log"
	"$(function_of "$1")_remedy"
	until_true nobody_must_look
	is "nobody must look afterwards" "ok $end" "$(severity) $(verdict)"
	stop_ccmqd
	stop_theirs
	is "check has nothing to say" "" "$(ask check 2>&1)"
}

# What comes in beside an incident, without its pauses, is no incident of its own.
beside()
{
	mkdir "$work/beside" "$work/quick" && echo '#!/bin/sh' \
		>"$work/quick/sleep" && chmod 755 "$work/quick/sleep"
	PATH=$work/quick:$PATH drop_into=$work/beside sh \
		"$here/data/demo/produce.sh" "$work/none" $$ good >/dev/null 2>&1 &
	until_true many_came
	kill $!
	grep -lE '^(Demo:|Date: 31/|To: Former)' "$work"/beside/*.ccm |
		wc -l | tr -d ' '
}

many_came()
{
	[ "$(ls "$work/beside" | wc -l)" -ge 60 ]
}

for name in $(incidents | cut -d '|' -f 1); do
	(try "$name") >"$work/$name.tap" &
done
wait
for name in $(incidents | cut -d '|' -f 1); do
	while read -r line; do
		case $line in
		ok* | "not ok"*)
			n=$((n + 1))
			echo "${line%%ok*}ok $n - $name: ${line#*- }"
			;;
		*) echo "$line" ;;
		esac
	done <"$work/$name.tap"
	if grep -q '^not ok' "$work/$name.tap"; then
		bad=1
		tail -n 6 "$work/$name.log" | sed 's/^/# /'
	fi
done
is "only good mail comes in beside an incident" 0 "$(beside)"
echo "1..$n"
exit $bad

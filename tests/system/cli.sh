#!/bin/sh
# The command line: what each command answers, its exit status, its JSON, and
# that the connector does as it is told. TAP.
. "$srcdir/tests/system/lib.sh"

# status_is WANTED COMMAND...: the exit status; output in $work/out, err
status_is()
{
	wanted=$1
	shift
	q "$@" >"$work/out" 2>"$work/err"
	is "ccmq $*: exit status" "$wanted" $?
}

# has_members MEMBER...: $work/out is JSON with all of them in every line
has_members()
{
	names=$(printf '"%s",' "$@")
	jq -es "length > 0 and all(.[]; . as \$o |
		all(${names%,}; . as \$k | \$o | has(\$k)))" \
		<"$work/out" >/dev/null
	ok "every member that is promised"
}

state_is()
{
	[ "$(q show "$1" --json | jq -r .state)" = "$2" ]
}

settings "$(import_setting)" 'breaker: { rejected = 1000; };'
program 'case $1 in *bad*) echo "no good"; exit 1;; esac; exit 0'
for i in 1 2 3 4; do drop "bad$i.ccm"; done
"$ccmqd" -c "$config" --once >>"$work/log" 2>&1
is "--once ends with 1 when something failed" 1 $?

status_is 3 init
status_is 0 status --json
has_members store host pid connector held breaker hold_reason hold_until \
	verdict verdict_text queued importing deferred failed quarantined \
	purged imported lost submit_waiting submit_ignored last_import_at \
	last_sign_at und_bytes und_growth_per_hour disk_free wal_bytes \
	oldest_queued_age_s
status_is 0 list --state failed --json
message="id name name_b64 state size received_at attempts result_code class \
	reason from to subject date next_attempt_at und_bytes suspect"
has_members $message
status_is 0 show 1 --json
has_members $message attempt_rows tries action_reason
status_is 0 events --json
has_members at number severity text message_id
for command in 'history' 'history 1' 'und status' 'und list' 'check'; do
	status_is 0 $command --json
	jq -es . <"$work/out" >/dev/null
	ok "its output is JSON"
done
q show 1 --raw | cmp -s - "$store"/failed/*1-bad1.ccm
ok "show --raw is the file"

# Wrong use: 2. What is not there: 1.
status_is 2 nonsense
status_is 2 retry
status_is 2 retry 0x1
status_is 2 retry --match ''
status_is 2 list --match 'nokey:1'
status_is 2 und show
status_is 1 show 999
status_is 1 retry 999
grep -q 999 "$work/err"
ok "it names what was not done"

# Verbs, dry runs, undo.
status_is 0 quarantine --dry-run 1
is "a dry run says what would be" "1 would be done (is failed)" \
	"$(cat "$work/out")"
state_is 1 failed
ok "a dry run changes nothing"
status_is 2 list --state gone
grep -q 'quarantined, purged' "$work/err"
ok "a wrong state names those that are"
status_is 2 statsu
grep -q 'did you mean status' "$work/err"
ok "a command that is nearly one is told which"
status_is 2 nonsense
! grep -q 'did you mean' "$work/err"
ok "and no other"
q list --state failed | grep -q 'failed  *\(just now\|[0-9]*[ms] ago\) '
ok "a list says since when in words"
status_is 0 quarantine 1 --reason "to be looked at" --json
has_members id verb result why state by at
state_is 1 quarantined
ok "it is quarantined"
is "with the reason" "to be looked at" \
	"$(q show 1 --json | jq -r .action_reason)"
actions=$(sql 'SELECT count(*) FROM action')
status_is 0 quarantine 1 --json
is "quarantined again: unchanged" "unchanged quarantined" \
	"$(jq -r '"\(.result) \(.state)"' <"$work/out")"
is "and there is no action of which nothing came" "$actions" \
	"$(sql 'SELECT count(*) FROM action')"
status_is 0 undo
state_is 1 failed
ok "undo of quarantine"
status_is 0 quarantine 1
status_is 0 release 1
state_is 1 queued
ok "released"
printf '2\nx\n' | "$ccmq" -c "$config" purge - >/dev/null 2>&1
is "a wrong line of ids is wrong use" 2 $?
state_is 2 failed
ok "and the one before it was not acted on"
printf 'n\n' | script -qec "'$ccmq' -c '$config' purge 2 3" /dev/null \
	>"$work/out" 2>&1
grep -q 'Purge 2 messages? \[y/N\]' "$work/out" && state_is 2 failed
ok "a purge of two asks on a terminal"
setsid -w "$ccmq" -c "$config" purge 2 3 >/dev/null 2>&1 </dev/null
is "without a terminal a purge of two needs --yes" 1 $?
status_is 0 purge 2 3 --yes
state_is 3 purged
ok "purged"
status_is 0 undo
state_is 3 failed
ok "undo of purge"
status_is 0 retry 3
status_is 0 undo
state_is 3 failed
ok "undo of retry"
status_is 0 purge 4
status_is 0 restore 4
state_is 4 failed
ok "restored to what it was"
status_is 0 purge 4
printf 'n\n' | script -qec "'$ccmq' -c '$config' purge 3 4" /dev/null \
	>"$work/out" 2>&1
grep -q 'Purge 2 messages, 1 of them out of the trash, for good?' "$work/out"
ok "a purge says what would be gone for good"
status_is 0 purge 4 --yes
state_is 4 removed
ok "a second purge is for good"
status_is 1 restore 4
status_is 3 --read-only retry 1
status_is 3 test

# The connector does as it is told.
status_is 0 hold --reason "maintenance" --for 2s
is "held" "true maintenance" \
	"$(q status --json | jq -r '"\(.held) \(.hold_reason)"')"
q status | grep -q '^Held  *by .* until .*: maintenance$'
ok "a status says so in words, also while no connector runs"
start
drop good1.ccm
wait_for 8 status_has '.imported == 1'
ok "the hold ends by itself"
q events --json | jq -r 'select(.number == 20006).text' | grep -q 'time of the hold'
ok "and it is said so"
"$ccmqd" -c "$config" >/dev/null 2>>"$work/log"
is "a second ccmqd ends with 3" 3 $?
status_is 0 hold --reason "the same" --until 2030-01-01
status_is 0 hold --reason "the same" --until 2030-01-01 --json
is "held again for that reason and until then: unchanged" unchanged \
	"$(jq -r .result <"$work/out")"
status_is 0 hold --reason "the same" --until 2030-01-02 --json
is "another end is a change" done "$(jq -r .result <"$work/out")"
status_is 0 hold --reason "another" --until 2030-01-02 --json
is "another reason is a change" done "$(jq -r .result <"$work/out")"
status_is 0 undo
is "undo of hold" false "$(q status --json | jq -r .held)"
status_is 0 hold
drop good2.ccm
wait_for 5 count_is queued 1
status_is 0 test --json
is "a test imports one message though held" "done 1" \
	"$(jq -r .result <"$work/out") $(q status --json | jq -r 'if .held then 1 else 0 end')"
status_is 1 test
status_is 0 resume
status_is 0 resume --json
is "resumed again: unchanged" unchanged "$(jq -r .result <"$work/out")"
status_is 0 drain --reason "the end of the day"
wait_for 5 status_has '.connector == "held"'
ok "a drained connector is held"
status_is 0 resume

# What is asked of a message that is being imported waits for its end.
program 'case $1 in *slow*) sleep 2; exit 1;; esac; exit 0'
drop slow.ccm
wait_for 5 count_is importing 1
id=$(q list --match state:importing --json | jq -r .id)
status_is 0 quarantine "$id" --reason "noted in time" --json
is "it is noted" noted "$(jq -r .result <"$work/out")"
status_is 1 purge "$id"
grep -q quarantine "$work/err"
ok "a second is refused, naming the first"
wait_for 5 state_is "$id" quarantined
ok "it happens when the attempt ends"
is "with its reason" "noted in time" \
	"$(q show "$id" --json | jq -r .action_reason)"
status_is 1 undo
state_is "$id" quarantined
ok "what was noted and has happened is not taken back: it says so"
status_is 0 release "$id"
wait_for 5 count_is importing 1
status_is 0 quarantine "$id"
status_is 0 undo
wait_for 5 state_is "$id" failed
ok "undo of what is noted: it does not happen"

# SIGHUP, SIGTERM once and twice.
program 'case $1 in *long*) sleep 2;; esac; exit 7'
settings "$(import_setting)" 'limits: { crashed = 1; };'
kill -HUP "$daemon"
wait_for 5 grep -q 'settings were read again' "$work/log"
ok "the settings are read again"
drop code7.ccm
wait_for 5 listed --match 'state:failed name:code7 class:crashed'
ok "and hold"
drop long1.ccm
wait_for 5 count_is importing 1
stop TERM
is "SIGTERM: it ends with 0" 0 $?
is "the attempt was finished" 0 "$(count importing)"
settings "$(import_setting)" 'nonsense = 1;'
status_is 3 status
grep -q "$config:[0-9]*: " "$work/err"
ok "wrong settings are named with file and line"
settings "$(import_setting)"
"$ccmqd" --no-such-option >/dev/null 2>&1
is "ccmqd: wrong use" 2 $?

status_is 0 und rotate

# Damage, found and mended.
q release --match state:quarantined >/dev/null 2>&1
status_is 0 check
mv "$store"/failed/*2-bad2.ccm "$store/quarantine/"
status_is 1 check
status_is 0 check --repair --json
state_is 2 quarantined
ok "check --repair trusts the directory"
rm -f "$store"/failed/*3-bad3.ccm
status_is 0 check --repair
state_is 3 lost
ok "a file that was deleted: lost"
sqlite3 "$store/history.db" 'DELETE FROM message WHERE id = 2'
status_is 1 check
status_is 0 check --repair
status_is 0 check
state_is 2 quarantined
ok "a row that was deleted is made anew"
before=$(find "$store/queue" "$store/failed" "$store/quarantine" \
	"$store/trash" "$store/imported" -type f | wc -l)
rm -f "$store"/history.db*
status_is 3 list
status_is 0 check --rebuild
is "a rebuild finds them all" "$before" \
	"$(sql 'SELECT count(*) FROM message')"
is "and ends in hold" true "$(q status --json | jq -r .held)"
status_is 0 check
status_is 0 resume

# Retention.
program 'exit 0'
settings "$(import_setting)" 'keep: { imported = "1s"; trash = "1s"; };'
q purge --yes --match 'state:failed|state:quarantined' >/dev/null 2>&1
"$ccmqd" -c "$config" --once >>"$work/log" 2>&1
retired()
{
	"$ccmqd" -c "$config" --once
	[ -z "$(find "$store/imported" "$store/trash" -name '*.ccm')" ]
}
wait_for 5 retired
ok "what is past its time is gone"
consistent
finish

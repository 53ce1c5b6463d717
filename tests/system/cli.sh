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
status_is 0 --print-features --json
has_members version console
is "as for people" "$(jq 'if .console then "yes" else "no" end' -r <"$work/out")" \
	"$("$ccmq" --print-features | sed -n 's/^console  *//p')"
program 'case $1 in *bad*) echo "no good"; exit 1;; esac; exit 0'
for i in 1 2 3 4; do drop "bad$i.ccm"; done
"$ccmqd" -c "$config" --once >>"$work/log" 2>&1
is "--once ends with 1 when something failed" 1 $?

status_is 3 init
status_is 0 status --json
has_members store host pid connector held breaker hold_reason hold_until \
	verdict verdict_text severity queued importing deferred failed quarantined \
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
is "a dry run says what would be" \
	"dry run: #1 would be quarantined (is failed)" "$(cat "$work/out")"
status_is 1 quarantine --dry-run 1 999
! cat "$work/out" "$work/err" | grep -v 'dry run'
ok "and says in every line that it is one"
status_is 0 quarantine --dry-run 1 --json
is "in JSON, too" "true root failed" "$(jq -r '"\(.dry_run) \(
	if .by then "root" else "nobody" end) \(.state)"' <"$work/out")"
state_is 1 failed
ok "a dry run changes nothing"
status_is 2 list --state none
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
printf 'n\n' | script -qec "'$ccmq' -c '$config' purge 2 3 --reason junk" /dev/null \
	>"$work/out" 2>&1
grep -q 'Purge 2 messages? \[y/N\]' "$work/out" && state_is 2 failed
ok "a purge of two asks on a terminal"
setsid -w "$ccmq" -c "$config" purge 2 3 --reason junk >/dev/null 2>&1 \
	</dev/null
is "without a terminal a purge of two needs --yes" 1 $?
status_is 2 purge 2 3 --yes
grep -q -- --reason "$work/err" && state_is 2 failed
ok "two want a reason, which is named"
status_is 2 purge --match name:bad* --yes
state_is 2 failed
ok "what is matched as well"
status_is 0 purge 2 3 --yes --reason junk
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
printf 'n\n' | script -qec "'$ccmq' -c '$config' purge 3 4 --reason junk" /dev/null \
	>"$work/out" 2>&1
grep -q 'Purge 2 messages, 1 of them out of the trash, for good?' "$work/out"
ok "a purge says what would be gone for good"
status_is 0 purge --match name:bad4.ccm --yes
grep -q 'no message matches' "$work/err"
ok "what is purged is not meant by a match that does not name it"
status_is 0 purge --match 'name:nothing | state:purged' --dry-run
is "a dry run says what would be gone for good" \
	"dry run: #4 would be gone for good (is purged)" "$(cat "$work/out")"
status_is 0 purge --match 'state:purged name:bad4*' --dry-run --json
is "in JSON, too" true "$(jq -r .for_good <"$work/out")"
status_is 0 purge --match 'state:purged name:bad4*' --yes
state_is 4 removed
ok "a second purge is for good"
status_is 1 restore 4
status_is 3 --read-only retry 1
status_is 3 retry 1 --read-only
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
q drain --reason "before the move" >/dev/null
q resume >/dev/null
q undo --reason "too early" >/dev/null
is "undo of resume: the drain it was, for its reason" "2 before the move" \
	"$(sql "SELECT (SELECT count(*) FROM event WHERE text LIKE
	'drain by %: before the move') || ' ' || hold_reason FROM connector")"
q resume >/dev/null
status_is 2 hold
grep -q -- --reason "$work/err"
ok "a hold wants a reason, which is named"
status_is 2 drain --reason ''
status_is 0 hold --reason "for a look"
status_is 0 undo --dry-run --json
is "undo of a hold, in JSON" "null undo done true hold" "$(jq -r \
	'"\(.id) \(.verb) \(.result) \(.dry_run) \(.of)"' <"$work/out")"
status_is 0 undo --json
has_members id verb result why state by at
status_is 0 hold --reason "for a look"
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
program 'case $1 in *slow*) while [ ! -e '"'$work/go'"' ]; do sleep 0.05; done
	exit 1;; esac; exit 0'
drop slow.ccm
wait_for 5 count_is importing 1
id=$(q list --match state:importing --json | jq -r .id)
status_is 0 quarantine "$id" --reason "noted in time" --json
is "it is noted" noted "$(jq -r .result <"$work/out")"
status_is 1 purge "$id"
grep -q quarantine "$work/err"
ok "a second is refused, naming the first"
: >"$work/go"
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
chmod 666 "$config"
kill -HUP "$daemon"
wait_for 5 grep -q 'old settings stay in force.*changed by everybody' "$work/log"
ok "but not from a file that everybody can change"
chmod 644 "$config"
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
status_is 0 und rotate --json
has_members id verb result why state by at

# Options: once, and not beside one that excludes them; those of all commands
# before and after the name.
for wrong in 'list --match a --match b' 'retry 1 --reason a --reason b' \
	'hold --reason a --for 1h --until 2030-01-01' 'show 1 --raw --und' \
	'check --repair --rebuild' 'init --upgrade --if-missing' \
	'history 1 2' 'undo 1 2' 'retry - -' 'retry 1 --match a' \
	'events --follow --follow' 'status --json --json' \
	'--read-only status --read-only' 'list --limit 1 --limit 2'; do
	status_is 2 $wrong
done
"$ccmq" status -s "$store" --json | jq -e .store >/dev/null
ok "-s after the command"
"$ccmq" --json list --state all -c "$config" | jq -e .id >/dev/null
ok "--json before it, -c after it"
is "-s twice is wrong use, wherever it stands" "2" "$("$ccmq" -s "$store" \
	status -s "$store" >/dev/null 2>&1; echo $?)"
status_is 2 list --sate failed
grep -q 'did you mean --state?' "$work/err"
ok "an option that is nearly one is told which"

# What a store is made of, made once; never in read-only mode.
"$ccmq" -s "$work/new" --read-only init >/dev/null 2>&1
is "init in read-only mode" "3 none" "$? $(ls "$work/new" 2>/dev/null ||
	echo none)"
"$ccmq" -s "$work/new" init --if-missing --json >"$work/out"
has_members id verb result why state by at store version
is "a store was made" "done $work/new" \
	"$(jq -r '"\(.result) \(.store)"' <"$work/out")"
"$ccmq" -s "$work/new" init --if-missing --json >"$work/out"
is "init --if-missing again: unchanged, with 0" "0 unchanged" \
	"$? $(jq -r .result <"$work/out")"
"$ccmq" -s "$work/new" init --upgrade --json >"$work/out"
is "init --upgrade of the current version: unchanged, with 0" "0 unchanged" \
	"$? $(jq -r .result <"$work/out")"

# Bytes: JSON is ASCII and says them all; text is in the locale's characters.
name=$(printf 'b\303\274\177\302\233\342\200\256\303.ccm')
drop "$name" "$(printf 'a\000b\377')"
program 'printf "1 delivery\n\n" >>"$2"; exit 1'
"$ccmqd" -c "$config" --once >>"$work/log" 2>&1
id=$(q list --match 'name:b*' --state all --json | jq -s '.[-1].id')
for command in "list --state all" "show $id" "show $id --raw" \
	"show $id --und" 'und show 1' 'history' 'events' 'status'; do
	q $command --json >"$work/out"
	! LC_ALL=C grep -q '[^ -~]' "$work/out" &&
		jq -es 'length > 0' <"$work/out" >/dev/null
	ok "$command --json is printable ASCII"
done
q show "$id" --raw >"$work/raw"
q show "$id" --raw --json | jq -r .base64 | base64 -d | cmp -s - "$work/raw"
ok "show --raw --json has every byte"
q show "$id" --json | jq -r .name_b64 | base64 -d >"$work/out"
is "name_b64 is the name" "$name" "$(cat "$work/out")"
LC_ALL=C "$ccmq" -c "$config" show "$id" >"$work/out"
! LC_ALL=C grep -q '[^ -~]' "$work/out" && grep -q '^File  *b?' "$work/out"
ok "text without the locale's characters has ? for them"
LC_ALL=C.UTF-8 "$ccmq" -c "$config" show "$id" | grep -q '^File  *bü'
ok "and has them where the locale has"
settings "$(import_setting)" 'advice: { stopped = "call \"4711\""; };'
q status | grep -A1 '^!! No connector' | grep -q '^   call "4711"$'
ok "a status shows the site's own line below its verdict"
is "and in JSON" 'call "4711"' "$(q status --json | jq -r .advice)"
settings "$(import_setting)" 'mail: { code_page = "850"; };'
drop "$(printf 'r\233d.ccm')"
"$ccmqd" -c "$config" --once >>"$work/log" 2>&1
is "a subject is read in the code page of the settings" "rød.ccm" \
	"$(q list --match subject:r?d.ccm --state all --json | jq -r .subject)"
settings "$(import_setting)"
status_is 1 history 888888
grep -q 'no message #888888' "$work/err"
ok "history of no message says so"
q list --state all --json | jq -es 'map(.id) | . == sort' >/dev/null
ok "list --state all goes by id"
status_is 0 history 1 --limit 1 --json
is "history of one has a limit" "1" \
	"$(jq '.attempt_rows | length' <"$work/out")"

# While no connector runs, submit/ counts what would be taken in.
before=$(count submit_waiting)
drop waits.ccm
ln -s waits.ccm "$store/submit/link.ccm"
mkdir "$store/submit/dir.ccm"
mkfifo "$store/submit/fifo.ccm"
drop two.ccm
ln "$store/submit/two.ccm" "$store/submit/two"
is "a link, a directory, a FIFO and a file of two names do not wait" \
	"$((before + 1)) 5" "$(q status --json |
	jq -r '"\(.submit_waiting) \(.submit_ignored)"')"
rm -r "$store"/submit/*
(cd "$store/submit" && seq -f 'n%05g.ccm' 10002 | xargs touch)
is "ten thousand are counted, then it is more" "true" \
	"$(q status --json | jq -r .submit_more)"
q status | grep -q '^Submit  *10,000+ waiting'
ok "and the status says so"
(cd "$store/submit" && seq -f 'n%05g.ccm' 10002 | xargs rm)

# Damage, found and mended.
q release --match state:quarantined --reason back >/dev/null 2>&1
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
q purge --yes --match 'state:failed|state:quarantined' --reason x >/dev/null 2>&1
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

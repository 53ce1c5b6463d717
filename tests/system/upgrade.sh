#!/bin/sh
# A history of version 1 is brought up to date by ccmq init --upgrade, and by
# ccmqd at its start, and holds what it held. TAP.
. "$srcdir/tests/system/lib.sh"

# The history as version 1 had it.
make_old()
{
	sqlite3 "$store/history.db" "
		DROP INDEX attempt_started; DROP INDEX action_at;
		DROP INDEX event_at; DROP INDEX und_entry_at;
		DROP INDEX und_entry_reason;
		DROP TRIGGER und_entry_added; DROP TRIGGER und_entry_gone;
		DROP TABLE und_tally;
		DROP TRIGGER tally_added; DROP TRIGGER tally_changed;
		PRAGMA user_version = 1;"
}

settings "$(import_setting)"
program 'printf "Message:\nFrom: x at DEMO\n***  Disk error in creating message item  ***\nContents:\nText item:\nlost\n" >>"$2"
exit 1'
drop one.ccm
drop two.ccm
"$ccmqd" -c "$config" --once >>"$work/log" 2>&1
is "a store with two failures" 2 "$(count failed)"
schema=$(sql "SELECT group_concat(name, ' ') FROM (SELECT name FROM sqlite_schema ORDER BY name)")
tally=$(sql "SELECT * FROM und_tally")

make_old
q retry 1 --reason old 2>&1 | grep -q "init --upgrade"
ok "a verb refuses the old history, and says what helps"
q init --upgrade >/dev/null
ok "init --upgrade"
is "the schema is that of a new one" "$schema" \
	"$(sql "SELECT group_concat(name, ' ') FROM (SELECT name FROM sqlite_schema ORDER BY name)")"
is "the .und file is counted by reason" "$tally" "$(sql "SELECT * FROM und_tally")"
q init --upgrade >/dev/null
ok "a second time there is nothing to do"
q retry 1 --reason new >/dev/null
ok "verbs work again"

make_old
"$ccmqd" -c "$config" --once >>"$work/log" 2>&1
is "ccmqd does it by itself" 2 "$(sql 'PRAGMA user_version')"
is "and goes on with its work" 2 "$(count failed)"
q check >/dev/null
ok "check finds nothing"
finish

#!/bin/sh
# A history of version 1 is brought up to date by ccmq init --upgrade, and by
# ccmqd at its start, and holds what it held. TAP.
. "$srcdir/tests/system/lib.sh"

# make_old VERSION: the history as that version had it, with what is in it.
make_old()
{
	old=$work/old.db
	rm -f "$old"
	sqlite3 "$old" <"$srcdir/tests/system/history-$1.sql" &&
	for table in store message cause attempt action item event connector \
			minute und_file und_entry; do
		columns=$(sqlite3 "$old" \
			"SELECT group_concat(name) FROM pragma_table_info('$table')")
		sqlite3 "$old" "ATTACH '$store/history.db' AS new;
			DELETE FROM main.$table;
			INSERT INTO main.$table ($columns)
			SELECT $columns FROM new.$table" || return
	done
	rm -f "$store"/history.db*
	mv "$old" "$store/history.db"
	sqlite3 "$store/history.db" 'PRAGMA journal_mode = WAL' >/dev/null
	chmod 660 "$store"/history.db*
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

for version in 1 2; do
	make_old $version
	q retry 1 --reason old 2>&1 | grep -q "init --upgrade"
	ok "version $version: a verb refuses it, and says what helps"
	q init --upgrade >/dev/null
	ok "version $version: init --upgrade"
	is "version $version: the schema is that of a new one" "$schema" \
		"$(sql "SELECT group_concat(name, ' ') FROM (SELECT name FROM sqlite_schema ORDER BY name)")"
	is "version $version: the .und file is counted by reason" "$tally" \
		"$(sql "SELECT * FROM und_tally")"
	is "version $version: what was delivered keeps its key" 0 \
		"$(sql "SELECT count(*) FROM message WHERE key <> ''")"
	q init --upgrade >/dev/null
	ok "version $version: a second time there is nothing to do"
	q retry $version --reason new >/dev/null
	ok "version $version: verbs work again"
	q verify >/dev/null
	ok "version $version: it is sealed from the upgrade on"
done

make_old 1
"$ccmqd" -c "$config" --once >>"$work/log" 2>&1
is "ccmqd does it by itself" 3 "$(sql 'PRAGMA user_version')"
is "and goes on with its work" 2 "$(count failed)"
q check >/dev/null
ok "check finds nothing"
finish

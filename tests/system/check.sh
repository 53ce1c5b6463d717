#!/bin/sh
# check, --repair and --rebuild: every disagreement of store and history is
# named with id, directory and file, and mended so that nothing is lost. TAP.
. "$srcdir/tests/system/lib.sh"

settings "$(import_setting)"
program 'exit 5'

# make N: a store with N failed messages, nobody running.
make_store()
{
	rm -rf "$store"
	"$ccmq" -s "$store" init >/dev/null
	for i in $(seq 1 "$1"); do
		drop "m$i.ccm"
	done
	"$ccmqd" -c "$config" --once >>"$work/log" 2>&1
}

# file DIR ID: the file of a message there.
file()
{
	printf '%s/%s/%012d-m%s.ccm' "$store" "$1" "$2" "$2"
}

# found WHAT KIND ID DIR FILE [COUNT]: check says so, in JSON and in text, and
# nothing else.
found()
{
	q check --json >"$work/json" 2>"$work/err"
	is "$1: check" "$2 $3 $4 $5" "$(jq -r '"\(.kind) \(.id) " +
		"\(.directory) \(.file)"' "$work/json" | head -n 1)"
	is "$1: and nothing else" "${6:-1}" "$(wc -l <"$work/json" | tr -d ' ')"
	q check 2>&1 | grep -qF "#$3 $4/$5: "
	ok "$1: the text names all three"
}

# repaired WHAT: --repair mends it, and says so; then there is nothing.
repaired()
{
	q check --repair --json >"$work/json" 2>"$work/err"
	is "$1: --repair" "0 true" "$? $(jq -r .mended "$work/json" |
		sort -u | tr '\n' ' ' | sed 's/ $//')"
	said=$(q check 2>&1)
	is "$1: then nothing" "" "$said"
	is "$1: the history is sound" ok "$(sql 'PRAGMA integrity_check')"
}

state()
{
	sql "SELECT state FROM message WHERE id = $1"
}

make_store 3
rm "$(file failed 1)"
found "no file" no_file 1 failed 000000000001-m1.ccm
repaired "no file"
is "no file: lost" lost "$(state 1)"

make_store 3
mv "$(file failed 2)" "$(file quarantine 2)"
found "another directory" wrong_directory 2 quarantine 000000000002-m2.ccm
repaired "another directory"
is "another directory: trusted" quarantined "$(state 2)"

make_store 3
sqlite3 "$store/history.db" 'DELETE FROM message WHERE id = 3'
found "no row" no_row 3 failed 000000000003-m3.ccm
key=$(sql 'SELECT uuid FROM store')
repaired "no row"
is "no row: a message, perhaps delivered, of a key of its own" "failed 1 1 16" \
	"$(sql "SELECT state, maybe_delivered, doubt, length(key)
		FROM message WHERE id = 3" | tr '|' ' ')"

make_store 3
cp -p "$(file failed 2)" "$(file trash 2)"
found "two files" two_files 2 trash 000000000002-m2.ccm
repaired "two files"
is "two files: the second is a message in quarantine" "failed quarantined" \
	"$(state 2) $(state "$(sql 'SELECT max(id) FROM message')")"

make_store 3
echo other >"$store/failed/000000000002-other.ccm"
found "another name" wrong_name 2 failed 000000000002-other.ccm
repaired "another name"
is "another name: a message of its own, in quarantine" "3 other.ccm" \
	"$(sql "SELECT count(*) FROM message WHERE state = 'failed'") $(sql \
	"SELECT name FROM message WHERE state = 'quarantined'")"

make_store 3
mv "$(file failed 2)" "$store/trash/000000000002-new.ccm"
found "renamed" wrong_name 2 trash 000000000002-new.ccm 2
repaired "renamed"
is "renamed: it is the message's" "purged new.ccm 3" "$(sql "SELECT state, name
	FROM message WHERE id = 2" | tr '|' ' ') $(sql \
	'SELECT count(*) FROM message')"

make_store 3
sqlite3 "$store/history.db" \
	"UPDATE message SET name = '../../evil.ccm' WHERE id = 2"
q check --json >"$work/json"
is "a name with a slash: found" "bad_name no_file wrong_name" "$(jq -r .kind \
	"$work/json" | sort | tr '\n' ' ' | sed 's/ $//')"
repaired "a name with a slash"
is "a name with a slash: the file's" "failed m2.ccm" \
	"$(sql 'SELECT state, name FROM message WHERE id = 2' | tr '|' ' ')"

make_store 3
sqlite3 "$store/history.db" "UPDATE message SET move_from = 'failed',
	move_to = 'queue', move_stuck = 1, state = 'queued' WHERE id = 2"
cp -p "$(file failed 2)" "$(file queue 2)"
q check --json >"$work/json"
is "a move with a file at both ends: found" "stuck two_files" "$(jq -r .kind \
	"$work/json" | sort | tr '\n' ' ' | sed 's/ $//')"
grep -q '"stuck".*000000000002-m2.ccm' "$work/json"
ok "a stuck move is named with its file"

make_store 3
sqlite3 "$store/history.db" "UPDATE message SET move_from = 'failed',
	move_to = 'queue', move_stuck = 1, state = 'queued' WHERE id = 2"
q check --repair >/dev/null
is "a stuck move whose reason is gone: --repair" "0 " "$? $(q check 2>&1)"
[ -f "$(file queue 2)" ]
ok "a stuck move whose reason is gone: moved"

make_store 3
touch "$store/failed/what.txt" "$store/queue/0000000000002-m2.ccm"
q check --json >"$work/json"
is "files that are no messages" "foreign foreign" "$(jq -r .kind \
	"$work/json" | tr '\n' ' ' | sed 's/ $//')"
q check --repair >"$work/out" 2>&1
is "they stay, and are said" "1 2" "$? $(grep -c 'no message of this store' \
	"$work/out")"

# One that cannot be read is named, the others are mended.
make_store 3
sqlite3 "$store/history.db" 'DELETE FROM message'
ln "$(file failed 2)" "$work/second"
q check --repair --json >"$work/json" 2>&1
is "a file that cannot be read" "1 true false true" "$? $(jq -r .mended \
	"$work/json" | tr '\n' ' ' | sed 's/ $//')"
jq -r 'select(.id == 2).text' "$work/json" | grep -q 'm2.ccm.*2 links'
ok "a file that cannot be read: named, with why"

# Sizes of which two overflow a sum, of one cause and of two.
make_store 3
sqlite3 "$store/history.db" 'UPDATE message SET suspect = id = 1;
	UPDATE message SET size = 9223372036854775807 WHERE id < 3'
q status >/dev/null
ok "status bears sizes that are lies"
q check --json >"$work/json"
is "sizes that are lies: found" 2 "$(grep -c '"size"' "$work/json")"
repaired "sizes that are lies"
sqlite3 "$store/history.db" 'DELETE FROM message'
for i in 1 2; do
	rm "$(file failed $i)"
	truncate -s 9223372036854775807 "$(file failed $i)" 2>/dev/null ||
		truncate -s 8796093022207K "$(file failed $i)" 2>/dev/null ||
		truncate -s 4P "$(file failed $i)" 2>/dev/null ||
		truncate -s 15T "$(file failed $i)"
done
repaired "huge sparse files"
is "huge sparse files: no size above 1 PB" 1 \
	"$(sql 'SELECT max(size) <= 1125899906842624 FROM message')"

# Two files of an id that no row knows; an id that nothing comes after.
make_store 3
sqlite3 "$store/history.db" "DELETE FROM message; UPDATE sqlite_sequence
	SET seq = 1 WHERE name = 'message'"
cp -p "$(file failed 2)" "$(file queue 2)"
cp -p "$(file failed 2)" "$store/imported/000000000002-b.ccm"
repaired "ids of an old history, twice"
is "ids of an old history, twice: five messages" 5 \
	"$(sql 'SELECT count(*) FROM message')"
is "what is in imported/ stays that" "imported" "$(state 2)"
echo x >"$store/failed/9223372036854775807-x.ccm"
is "an id that nothing can come after is no id" foreign \
	"$(q check --json | jq -r .kind)"
rm "$store/failed/9223372036854775807-x.ccm"

# What the history calls imported.
make_store 1
sqlite3 "$store/history.db" "UPDATE message SET state = 'imported', kept = 0"
mv "$(file failed 1)" "$(file queue 1)"
repaired "imported, but in queue/"
is "imported, but in queue/: quarantined" "quarantined 1" \
	"$(state 1) $(ls "$store/quarantine" | wc -l | tr -d ' ')"

# Progress does not go to standard output.
make_store 3
q check --json >"$work/json"
is "nothing to find, nothing on standard output" "" "$(cat "$work/json")"

# Directories and lock files.
for name in trash queue submit lock write.lock; do
	make_store 2
	rm -rf "${store:?}/$name"
	q check >"$work/out" 2>&1
	is "no $name: check" 1 $?
	grep -q "^$name/*: is not there" "$work/out"
	ok "no $name: named"
	q check --repair >"$work/out" 2>&1
	is "no $name: --repair" 0 $?
	is "no $name: its mode" "$(case $name in *lock) echo 660 ;;
		*) echo 2770 ;; esac)" "$(stat -c %a "$store/$name")"
	said=$(q check 2>&1)
	is "no $name: then nothing" "" "$said"
	drop "after.ccm"
	"$ccmqd" -c "$config" --once >>"$work/log" 2>&1
	is "no $name: the next id is a new one" "3 1" \
		"$(sql 'SELECT count(*), max(id) > 2 FROM message' |
			tr '|' ' ')"
done
mkdir "$work/empty"
"$ccmq" -s "$work/empty" check --repair >"$work/out" 2>&1
is "an empty directory is not made a store" "3 " "$? $(ls "$work/empty")"

# A rebuild: everything is there, the old history is kept, its name told.
make_store 5
mv "$(file failed 1)" "$(file trash 1)"
mv "$(file failed 2)" "$(file queue 2)"
old=$(sql 'SELECT uuid FROM store')
q check --rebuild --json >"$work/json"
is "rebuild" "0 5 0 true" \
	"$? $(jq -r '"\(.messages) \(.left) \(.held)"' "$work/json")"
is "the old history is kept under the name that is told" "$old" \
	"$(sqlite3 -readonly "$store/$(jq -r .aside "$work/json")" \
		'SELECT uuid FROM store')"
[ "$old" != "$(sql 'SELECT uuid FROM store')" ]
ok "the uuid is new"
is "each is where it lies" "purged queued failed failed failed" \
	"$(sql 'SELECT state FROM message ORDER BY id' | tr '\n' ' ' |
		sed 's/ $//')"
q check >"$work/out" 2>&1
is "check says nothing, and the hold stays" "0  true" \
	"$? $(cat "$work/out") $(q status --json | jq -r .held)"
drop new.ccm
count=$(starts)
"$ccmqd" -c "$config" --once >>"$work/log" 2>&1
is "held: nothing starts" "$count" "$(starts)"
q resume >/dev/null
"$ccmqd" -c "$config" --once >>"$work/log" 2>&1
is "resumed: with a new id" "6 1" \
	"$(sql 'SELECT count(*), max(id) > 5 FROM message' | tr '|' ' ')"
rm -f "$store"/history.db*
q check --rebuild >"$work/out"
is "without an old one" 0 $?

# Killed in the middle: held, and the next one goes on.
make_store 5
q check --rebuild >/dev/null
uuid=$(sql 'SELECT uuid FROM store')
sqlite3 "$store/history.db" "DELETE FROM message WHERE id > 2;
	UPDATE connector SET needs_check = 1"
count=$(starts)
"$ccmqd" -c "$config" --once >>"$work/log" 2>&1
is "cut off: nothing starts" "$count" "$(starts)"
q resume >/dev/null 2>&1
is "cut off: a person cannot resume it" 1 $?
q check --rebuild >"$work/out"
is "cut off: the next one goes on" "0 $uuid 5" "$? $(sql \
	'SELECT uuid FROM store') $(sql 'SELECT count(*) FROM message')"

# While ccmqd imports and fails, and operators move hundreds at a time, nothing
# is said that is not so.
rm -rf "$store"
"$ccmq" -s "$store" init >/dev/null
settings "$(import_setting)" 'breaker: { rejected = 1000; };'
program 'case $CCMQ_ID in *[02468ace]) exit 5 ;; esac'
start
wait_for 10 sign_is_not null
for i in $(seq 1 250); do
	drop "b$i.ccm"
done
wait_for 20 sh -c "[ \$(ls $store/queue | wc -l) -gt 200 ]"
while [ ! -e "$work/enough" ]; do
	q quarantine --reason test --match state:queued
	q release --reason test --match state:quarantined
	q retry --reason test --match state:failed
done >/dev/null 2>&1 &
operator=$!
said=
for i in $(seq 1 60); do
	said=$said$(q check 2>&1)
done
: >"$work/enough"
wait $operator
is "beside a busy ccmqd: check says nothing that is not so" "" "$said"
finish

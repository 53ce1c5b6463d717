#!/bin/sh
# ccmq watch: hooks run when a verdict begins and ends, whatever they do: one
# hangs, floods, dies, is missing, forks. Each word stands for itself, a killed
# ccmqd is told, a hook's own action is not, and mail never waits. TAP.
. "$srcdir/tests/system/lib.sh"

watch=
trap 'unwatch; stop KILL; rm -rf "$work"' EXIT

watch()
{
	"$ccmq" -c "$config" watch >>"$work/watch.log" 2>&1 &
	watch=$!
}

unwatch()
{
	[ -n "$watch" ] || return 0
	kill "$watch" 2>/dev/null
	wait "$watch" 2>/dev/null
	set -- $?
	watch=
	return $1
}

# hook NAME BODY: a program that notes each start, with its word and what it got.
hook()
{
	printf '#!/bin/sh\nread -r json; printf "%%s %%s\\n" "$1" "$json" >>"%s/%s.told"\n%s\n' \
		"$work" "$1" "$2" >"$work/$1.new"
	chmod 755 "$work/$1.new"
	mv "$work/$1.new" "$work/$1"
}

# on WORDS NAME [MORE]: a hook in the settings.
on()
{
	words=$(echo "$1" | sed 's/[a-z_]*/"&"/g; s/ /, /g')
	printf '{ on = [ %s ]; run = [ "%s/%s", "%%word" ]; %s }' "$words" \
		"$work" "$2" "$3"
}

# told NAME WORD: what it was told of that word, "begins ends …".
told()
{
	[ -f "$work/$1.told" ] || return 0
	sed -n "s/^$2 //p" "$work/$1.told" | jq -r .what | tr '\n' ' '
}

told_is()
{
	[ "$(told "$1" "$2")" = "$3" ]
}

ended()
{
	grep -q "$1" "$work/watch.log" ||
		q events --json | jq -r 'select(.number == 20080).text' |
			grep -q "$1"
}

imported()
{
	[ "$(count imported)" -ge "$1" ]
}

# --- what it says -------------------------------------------------------------

program 'exit 0'
settings "$(import_setting)"
q watch >"$work/out" 2>&1
is "with nothing to do it says so" 2 $?
settings "$(import_setting)" 'hooks: ( { on = [ "triped" ]; run = [ "x" ]; } );'
q watch >"$work/out" 2>&1
is "a word that is none is refused" 3 $?
grep -q 'there is no verdict "triped"; did you mean "tripped"?' "$work/out"
ok "with the nearest one"
settings "$(import_setting)" 'hooks: ( { on = [ "held" ]; } );'
q watch 2>&1 | grep -q 'hooks: a member has no "run"'
ok "a hook without a program is refused"

# --- whatever they do ---------------------------------------------------------

hook good ''
hook hangs 'sleep 1000'
hook floods 'yes'
hook dies 'kill -9 $$'
# Four of them, each a session of its own, begun by the one before.
cat >"$work/nest" <<'END'
#!/bin/sh
[ "$1" -gt 0 ] || { echo $$ >"$0.new"; mv "$0.new" "$0.stray"; exec sleep 1234567; }
setsid "$0" $(($1 - 1)) &
wait
END
chmod 755 "$work/nest"
hook forks 'setsid "$(dirname "$0")/nest" 3 &
	until [ -e "$(dirname "$0")/nest.stray" ]; do :; done'
# What belongs to one that runs, though its parent has ended.
printf '#!/bin/sh\nuntil [ -e "%s/go" ]; do sleep 0.1; done\n: >"%s/kept"\n' \
	"$work" "$work" >"$work/child"
chmod 755 "$work/child"
hook keeps 'cd "$(dirname "$0")"
	sh -c "./child >/dev/null & : >keeps.began"
	until [ -e kept ]; do sleep 0.1; done'
hook own '"'"$ccmq"'" -c "'"$config"'" hold --reason "by a hook"'
settings "$(import_setting)" "hooks: ( $(on 'held stopped failed' good \
		'at_most = "100/1s";'),
	$(on 'held' hangs 'limit = "1s"; at_most = "100/1s";'),
	$(on 'held' floods 'limit = "1s"; at_most = "100/1s";'),
	$(on 'held' dies 'at_most = "100/1s";'),
	$(on 'held' missing 'at_most = "100/1s";'),
	$(on 'failed' keeps 'at_most = "100/1s"; limit = "1m";'),
	$(on 'held' forks 'at_most = "100/1s";') );" \
	"metrics: { file = \"$work/ccmq.prom\"; };"
start
wait_for 30 status_has '.connector == "running"'
watch
sign()
{
	grep -q 'ccmq_up 1' "$work/ccmq.prom"
}
wait_for 30 sign
ok "it writes metrics.file"
program 'exit 5'
drop keeps.ccm
wait_for 30 test -e "$work/keeps.began"
q hold --reason '$(touch pwned)' >/dev/null 2>&1
wait_for 30 told_is good held 'begins '
ok "a verdict begins"
is "the word is on the command line, all else is JSON" "held begins look true" \
	"$(sed -n 's/^held //p' "$work/good.told" |
		jq -r '"\(.word) \(.what) \(.severity) \(.text | contains("pwned"))"')"
for name in floods dies forks; do
	wait_for 30 told_is $name held 'begins '
	ok "the one that $name was run for it"
done
wait_for 30 ended 'hangs, for held that begins: its time was over'
ok "one that hangs is ended after its time"
wait_for 30 ended 'floods, for held that begins: its time was over: y'
ok "one that floods, too"
wait_for 30 ended 'dies, for held that begins: signal 9'
ok "one that dies is an event"
wait_for 30 ended 'missing, for held that begins: No such file'
ok "so is one that is missing"
wait_for 30 ended 'forks, for held that begins: exit status 0'
no_stray()
{
	! kill -0 "$(cat "$work/nest.stray")"
}
wait_for 30 no_stray
ok "nothing of one that forks lives on"
: >"$work/go"
wait_for 30 ended 'keeps, for failed that begins: exit status 0'
ok "but what belongs to one that still runs"
q resume >/dev/null 2>&1
wait_for 60 told_is good held 'begins ends '
ok "and ends"
wait_for 60 told_is hangs held 'begins ends '
ok "each is told both"
stop KILL
wait_for 30 told_is good stopped 'begins '
ok "a killed ccmqd is told"
unwatch
is "told to end it ends" 0 $?
is "no byte of a reason was run" "" "$(ls . "$work" | grep pwned)"

# --- how often ----------------------------------------------------------------

rm -f "$work"/*.told
hook each ''
settings "$(import_setting)" "hooks: ( $(on 'held stopped' good \
		'at_most = "1/1h";'),
	$(on 'held' each 'at_most = "100/1s";') );"
watch
wait_for 30 told_is good stopped 'begins '
all=
for round in 1 2 3; do
	q hold --reason again >/dev/null 2>&1
	wait_for 30 told_is each held "${all}begins "
	q resume >/dev/null 2>&1
	all="${all}begins ends "
	wait_for 30 told_is each held "$all"
done
is "another one is told all" "$all" "$(told each held)"
is "so often for a word, and no more" "begins " "$(told good held)"
is "and for another word as often" "begins " "$(told good stopped)"
unwatch
rm -f "$work"/*.told
settings "$(import_setting)" "hooks: ( $(on 'held' good \
	'at_most = "1/3s";') );"
watch
q hold --reason again >/dev/null 2>&1
wait_for 30 told_is good held 'begins '
q resume >/dev/null 2>&1
wait_for 30 told_is good held 'begins ends '
ok "when the time is over the newest state follows"
unwatch

# --- a hook's own action --------------------------------------------------------

rm -f "$work"/*.told
settings "$(import_setting)" "hooks: ( $(on 'stopped' own 'at_most = "1/1h";'),
	$(on 'stopped held' good 'at_most = "100/1s";') );"
watch
wait_for 30 ended 'own, for stopped that begins: exit status 0'
ok "a hook may act"
is "it is told apart" "ccmq watch" \
	"$(q history --json | jq -r 'select(.verb == "hold").by' | head -n 1 |
		cut -d' ' -f1,2)"
# The look that sees it run sees that it is held.
start
wait_for 30 told_is good stopped 'begins ends '
is "no hook is run for what it did" "" "$(told good held)"
q resume >/dev/null 2>&1
q hold --reason "a person's" >/dev/null 2>&1
wait_for 30 told_is good held 'begins '
ok "but for what a person does"
q resume >/dev/null 2>&1
wait_for 30 told_is good held 'begins ends '
unwatch
stop TERM

# --- a storm, and then it trips ---------------------------------------------------

rm -f "$work"/*.told
settings "$(import_setting)" "hooks: ( $(on 'storm tripped' good \
	'at_most = "1/1h";') );" \
	'breaker: { rejected = 1000; unavailable = 3; };'
program 'exit 5'
i=0
while [ $i -lt 25 ]; do
	drop "m$i.ccm"
	i=$((i + 1))
done
start
watch
wait_for 60 told_is good storm 'begins '
ok "a storm is told"
program 'exit 3'
for i in 1 2 3 4; do
	drop "t$i.ccm"
done
wait_for 60 told_is good tripped 'begins '
ok "and does not swallow that it tripped"
unwatch
stop TERM

# --- mail goes on ------------------------------------------------------------------

# One more pass over the same mail, beside a hook that hangs: as many transactions.
transactions()
{
	before=$(sql 'SELECT max(id) FROM seal')
	drop "$1.ccm"
	"$ccmqd" -c "$config" --once >>"$work/log" 2>&1
	echo $(($(sql 'SELECT max(id) FROM seal') - before))
}
program 'exit 0'
q resume >/dev/null 2>&1
"$ccmqd" -c "$config" --once >>"$work/log" 2>&1
rm -f "$work"/*.told
settings "$(import_setting)" \
	"hooks: ( $(on 'stopped failed storm' hangs 'limit = "1h";') );"
transactions warm >/dev/null
alone=$(transactions alone)
watch
wait_for 30 told_is hangs stopped 'begins '
is "mail costs the same beside a hook that hangs" "$alone" \
	"$(transactions beside)"
unwatch
consistent
finish

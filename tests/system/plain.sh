#!/bin/bash
# ccmq --plain: the incident `access`, understood and resolved by text alone, as
# plain.transcript has it: what is typed there ("> ...") is typed, what is waited
# for ("~ ...") is waited for, what is done elsewhere ("! ...") is done, and all
# else is compared, but for numbers. PLAIN_UPDATE=FILE writes it anew. TAP.
. "$srcdir/tests/system/lib.sh" || exit 1
if ! "$ccmq" --print-features | grep -q '^console *yes'; then
	echo "1..0 # SKIP a build without the console"
	exit 0
fi

# The post office cannot be written: code 1 for every message (Q168670).
program '[ ! -e "'"$work"'/read-only" ] || {
	echo "Cannot write to post office HUB: access denied"; exit 1; }'
settings "$(import_setting)" 'breaker: { rejected = 3; probe = "1h"; probe_cap = "1h"; };'
touch "$work/read-only"
start
for i in 1 2 3 4 5; do drop Msg$i.ccm; done
wait_for 120 status_has '.verdict == "tripped"'
ok "the incident is there"

mend_access()
{
	rm "$work/read-only"
}

mkfifo "$work/typed"
"$ccmq" -c "$config" --plain <"$work/typed" >"$work/said" 2>&1 &
console=$!
exec 8>"$work/typed"
rm "$work/typed"

# What was said, as it is compared: without news, which come when they come.
told()
{
	grep -vE '^([0-9:]{5}|[A-Z][a-z]{2} +[0-9:]{5}) {2}' "$work/said" |
		sed -E "s,$store,STORE,g; s,on [^ ]*\. help,on HOST. help,; s,by [a-z0-9-]+( |$),by WHO\1,; s/[0-9][0-9,.:]*/N/g; s/(Mon|Tue|Wed|Thu|Fri|Sat|Sun) N/N/; s/ +/ /g"
}
# Nothing runs any more that was typed: the answer to a word of its own is there.
answered()
{
	grep -q "there is no command \"$1\"" "$work/said"
}
typed=0
type_line()
{
	typed=$((typed + 1))
	printf '%s\n' "$1" "end$typed" >&8
	wait_for 120 answered "end$typed"
}
news()
{
	grep -E '^[0-9:]{5} ' "$work/said" | grep -q -- "$1"
}

while read -r kind text; do
	case $kind in
	'>')	type_line "$text" || bad=1 ;;
	'~')	wait_for 120 news "$text"
		ok "it says: $text" ;;
	'!')	$text
		ok "$text" ;;
	esac
done <"$srcdir/tests/system/plain.transcript"
printf 'q\n' >&8
exec 8>&-
wait "$console"
ok "q leaves"

told | grep -v '^ccmq: there is no command "end' >"$work/got"
[ -z "${PLAIN_UPDATE-}" ] || cp "$work/got" "$PLAIN_UPDATE"
grep -v '^[>~!#] ' "$srcdir/tests/system/plain.transcript" >"$work/wanted"
# By words: where a line ends depends on how long times are.
for file in wanted got; do
	tr -s ' \n' '\n\n' <"$work/$file" >"$work/$file.words"
done
diff "$work/wanted" "$work/got" | sed 's/^/# /'
cmp -s "$work/wanted.words" "$work/got.words"
ok "all it said is as in the transcript"
! grep -q "$(printf '[\033\r]')" "$work/said"
ok "no line is changed after it was printed"
wait_for 120 status_has '.severity == "ok" and .imported == 5'
ok "and all is imported"

# --- the programs of the site -----------------------------------------------------

cat >"$work/ticket" <<END
#!/bin/sh
cat >"$work/read"
printf 'ticket \\033[31mof\\nhq'
exit 3
END
cat >"$work/sleeps" <<END
#!/bin/sh
echo begun
sleep 1000 &
echo \$! >"$work/child"
wait
END
# It has ended before more than a piece of what it printed was read.
cat >"$work/quick" <<'END'
#!/bin/sh
kill -STOP $PPID
yes 'last words' | head -n 2000
(sleep 0.3; kill -CONT $PPID) >/dev/null 2>&1 &
END
chmod 755 "$work/ticket" "$work/sleeps" "$work/quick"
cat >>"$config" <<END
commands: ( { key = "F6"; name = "open ticket"; run = [ "$work/ticket" ];
	where = "message cause"; }, { key = "F7"; name = "mend it"; writes = true;
	run = [ "$work/ticket" ]; where = "cause"; },
	{ key = "F8"; name = "list all"; run = [ "$work/sleeps" ];
	where = "message"; }, { key = "F9"; name = "be quick";
	run = [ "$work/quick" ]; where = "message"; } );
END
program 'exit 5'
drop fails.ccm
wait_for 120 status_has '.failed == 1'
plain()
{
	printf '%s\n' "$@" | "$ccmq" -c "$config" --plain $options >"$work/said" 2>&1
}
says()
{
	grep -qxF -- "$2" "$work/said"
	ok "$1"
	[ $status -eq 0 ] || sed 's,^,# ,' "$work/said"
}
options=
plain 'open ticket 6'
says "a program of the site's is run by its name" 'ticket \x1b[31mof'
says "how it ended is said" '-- exit status 3'
is "it read the message" "message 6 failed" \
	"$(jq -r '[.kind, .message.id, .message.state] | map(tostring) | join(" ")' "$work/read")"
rm "$work/read"
plain ':f6 cause:code:5'
is "by its key, a cause" "cause 5 1 $store" \
	"$(jq -r '[.kind, .cause.code, .cause.messages, .store] | map(tostring) | join(" ")' "$work/read")"
rm "$work/read"
plain 'F9 6'
says "one that ended before it was looked at" 'last words'
plain F6 'F7 6' 'F6 store' 'F6 7' 'list all'
says "it wants to know on what" 'open ticket: on what? An id, or cause:EXPR'
says "one for causes takes no message" 'mend it: it is for causes'
says "nor the store" 'open ticket: it is for messages and causes'
says "what is not there is said" "open ticket: there is no message #7"
! grep -q begun "$work/said" && [ ! -e "$work/read" ]
ok "a word of ccmq means what it meant, and nothing was run"
options=--read-only
plain 'F7 cause:code:5' help
says "one that writes is not run in read-only mode" \
	'mend it: not in read-only mode: --read-only'
says "help names them" "open ticket ID or cause:EXPR, or F6: runs $work/ticket"
[ ! -e "$work/read" ]
ok "it was not run"
options=
"$ccmq" -c "$config" --plain >"$work/said" 2>&1 <<END &
F8 6
END
console=$!
wait_for 60 test -s "$work/child"
kill -INT $console
wait $console
says "INT ends it" '-- ended by you'
gone()
{
	! kill -0 "$(cat "$work/child")" 2>/dev/null
}
wait_for 60 gone
ok "and what it began"
finish

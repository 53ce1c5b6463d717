#!/bin/bash
# ccmq hosts and find, with a stand-in for ssh: each failure has its sentence,
# one that hangs delays nobody, a change is seen at once, and what hosts are
# called runs nothing. The real ssh: hosts_sshd.sh. TAP.
. "$srcdir/tests/system/lib.sh" || exit 1

# Host NAME is what the file NAME in $work/hosts does.
mkdir "$work/bin" "$work/hosts"
cat >"$work/bin/ssh" <<'END'
#!/bin/sh
printf '%s\n' "$*" >>"$work/ssh.log"
while [ "$1" != -- ]; do shift; done
name=$2
shift 2
echo $$ >"$work/pid.$name"
exec sh "$work/hosts/$name" "$@"
END
chmod +x "$work/bin/ssh"
export work config ccmq PATH="$work/bin:$PATH"

host()	# NAME, its script on standard input
{
	cat >"$work/hosts/$1"
	hosts="$hosts${hosts:+, }{ name = \"$1\"; }"
}
told()	# NAME WHAT: of what hosts --json said
{
	jq -r "select(.host == \"$1\") | .$2" "$work/told"
}

program 'case $(cat "$1") in *good*) exit 0 ;; esac; exit 5'
settings "$(import_setting)"
start
drop a.ccm
wait_for 20 status_has '.failed == 1'
drop b.ccm good
wait_for 20 status_has '.failed == 1 and .imported == 1'

here='exec "$ccmq" -c "$config" "${2:-serve}"'
host good <<<"$here"
host 'new$(touch${IFS}ran)' <<<"$here"
host hangs <<<'sleep 600 & echo $! >"$work/child"; wait'
host key <<<'echo "Host key verification failed." >&2; exit 255'
host refuses <<<'echo "u@h: Permission denied (publickey)." >&2; exit 255'
host noccmq <<<'echo "sh: 1: ccmq: not found" >&2; exit 127'
host prints <<END
echo "Welcome to prints, {\\"id\\":1}"
printf 'you have mail: '
$here
END
host newer <<<'echo "{\"ccmq_serve\":2,\"version\":\"9\"}"; exec sleep 600'
host floods <<<'yes | head -c 3000000; exec sleep 600'
host old <<'END'
[ "$2" = serve ] || exec "$ccmq" -c "$config" status --json
echo 'ccmq: there is no command "serve"; did you mean release?' >&2
exit 2
END
host dies <<<'exit 7'
# Its line is lost when it has told one of two; the second time it tells both.
message='{"id":"find","message":{"id":%d,"state":"failed","received_at":"2000-01-01T00:00:00.000Z"}}\n'
host torn <<END
echo '{"ccmq_serve":1,"version":"1"}'; echo '{"status":{"connector":"running","verdict":"failed","severity":"ok"}}'
read -r asked
printf '$message' 1
[ -e "\$work/torn" ] || { : >"\$work/torn"; exit 1; }
printf '$message' 2; echo '{"id":"find","end":true}'
exec sleep 600
END
host lies <<END
echo '{"ccmq_serve":1,"version":"1"}'; echo '{"status":{"connector":"running","verdict":"failed","severity":"ok"}}'
read -r asked
while printf '$message' 3; do :; done
END

settings "$(import_setting)" "hosts: ( $hosts );"
cd "$work" || exit 1
# Who is slow to begin is asked again: a command waits for ten seconds.
for try in 1 2 3 4 5 6; do
	q hosts --json >"$work/told" 2>"$work/err" 9>&-
	[ "$(wc -l <"$work/err")" -gt 7 ] || break
done
is "each has its row" 13 "$(wc -l <"$work/told")"
is "those that cannot be asked are named" 7 "$(wc -l <"$work/err")"
for row in 'key|its key is not known here: log in once with ssh, and compare it' \
    'refuses|refused: this account may not log in there without a password' \
    'noccmq|there is no ccmq there (sh: 1: ccmq: not found)' \
    'newer|speaks protocol 2, which is newer than this ccmq: upgrade here' \
    'dies|no ccmq spoke: it ended with status 7' \
    'old|its ccmq is too old for verbs: it is asked each 15 s' \
    'prints|what its shell prints at login (43 bytes) is passed over' \
    'good|null' 'hangs|null'; do
	is "${row%%|*}" "${row#*|}" "$(told "${row%%|*}" why)"
done
for name in good prints old 'new$(touch${IFS}ran)'; do
	is "$name is known" "failed 1" \
		"$(told "$name" verdict) $(told "$name" failed)"
done
is "who is too old has no verbs" "true false" \
	"$(told good writes) $(told old writes)"
is "the worst are first, who is well last" "null null failed failed" \
	"$(jq -r .verdict "$work/told" | sed -n '1p;7p;8p;$p' | xargs)"
[ ! -e ran ]
ok "names run nothing"
grep -vxE -- '-T -o BatchMode=yes -o ConnectTimeout=5 -o ServerAliveInterval=15 -o ServerAliveCountMax=2 -- [^ ]* ccmq (serve|status --json)' \
	"$work/ssh.log" >"$work/other"
is "the command line is one of two" 0 "$(wc -l <"$work/other")"

# find asks all of them, and names who did not answer.
for try in 1 2 3 4 5 6; do
	q find --json 'state:failed|state:imported' >"$work/found" 2>"$work/err"
	[ "$(grep -vcE '"host": *"(torn|lies)"' "$work/found")" -lt 6 ] ||
		break
done
of()	# HOST: the ids of what it told
{
	jq -r "select(.host == \"$1\") | .id" "$work/found" | xargs
}
is "one that is lost in between tells each once" "1 2" "$(of torn)"
grep -q '^ccmq find: lies: tells more than it was asked for' "$work/err"
ok "one that tells for ever is not heard for ever"
is "of what it told no more is kept" 1000 "$(of lies | wc -w)"
jq -c 'select(.host != "torn" and .host != "lies")' "$work/found" >"$work/honest"
mv "$work/honest" "$work/found"
is "find: of three hosts two messages each, by time" "1 1 1 2 2 2" \
	"$(jq .id "$work/found" | xargs)"
is "each with its host" "good new\$(touch\${IFS}ran) prints" \
	"$(jq -r .host "$work/found" | head -n 3 | sort | xargs -d '\n')"
grep -q '^ccmq find: hangs: ' "$work/err" && grep -q '^ccmq find: old: ' "$work/err"
ok "and who did not answer"
no_child() { ! kill -0 "$(cat "$work/child")" 2>/dev/null; }
wait_for 20 no_child
ok "what an ssh began ends with it"
q find --limit 10001 x >/dev/null 2>&1
is "more than a host tells is not asked for" 2 $?

# A change is told as it comes.
: >"$work/told"
"$ccmq" -c "$config" hosts --follow --json >>"$work/told" 2>/dev/null &
follower=$!
followed() { jq -es "any(.[]; $1)" "$work/told" >/dev/null 2>&1; }
wait_for 20 followed '.host == "good" and .failed == 1'
drop c.ccm
wait_for 20 followed '.host == "good" and .failed == 2'
ok "a row is told when it changes"
# The line is lost, and comes again.
kill "$(cat "$work/pid.good")"
wait_for 20 followed '.state == "down" and .why == "ended by signal 15"'
ok "one that is lost says so"
: >"$work/told"
wait_for 30 followed '.state == "live"'
ok "and comes again"
kill "$follower"
wait "$follower" 2>/dev/null
finish

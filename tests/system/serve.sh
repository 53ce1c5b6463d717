#!/bin/bash
# ccmq serve: the hello, a status at each change, answers; and a verb that is
# asked for again does nothing twice. TAP.
. "$srcdir/tests/system/lib.sh" || exit 1

program 'case $(cat "$1") in *good*) exit 0 ;; esac; exit 5'
settings "$(import_setting)"

# One that is spoken with: ask LINE; what it says goes to $work/said.
serve()
{
	mkfifo "$work/asked"
	q "$@" serve <"$work/asked" >"$work/said" 2>"$work/serve.err" &
	serving=$!
	exec 8>"$work/asked"
	rm "$work/asked"
}

ask()
{
	printf '%s\n' "$1" >&8
}

# said FILTER: a line of which that is true.
said()
{
	jq -es "any(.[]; $1)" "$work/said" >/dev/null 2>&1
}

# answered ID
answered()
{
	said ".id == \"$1\" and (.end or .error)"
}

leave()
{
	exec 8>&-
	wait "$serving"
}

# results ID: what came of each message.
results()
{
	jq -r "select(.id == \"$1\" and .result) | .result |
		\"\(.id) \(.result)\"" "$work/said" | sort -u | tr '\n' ' '
}

start 8>&-
for name in a b c; do drop $name.ccm; done
drop d.ccm good
wait_for 20 status_has '.failed == 3 and .imported == 1'
serve
wait_for 20 said .status
jq -es '.[0].ccmq_serve == 1 and .[0].writes and
	(.[0].features | index("retry")) and .[1].status.failed == 3' \
	"$work/said" >/dev/null
ok "it says hello, then how things are"

ask '{"id":"typed","ask":"find","match":5}'
wait_for 20 answered typed
said '.id == "typed" and .error == "match is a text"'
ok "what is of another type is not as if it were not there"
drop e.ccm
wait_for 20 said '.status.failed == 4'
ok "a change is told"
stop KILL
wait_for 20 said '.status.connector == "stopped"'
ok "the end of ccmqd is told, which writes nothing"

ask '{"id":"1","ask":"causes"}'
wait_for 20 answered 1
wait_for 20 said '.cause.messages == 4 and .cause.code == 5'
ok "causes"
ask '{"id":"2","ask":"ids","class":"undeliverable","code":5,"signal":0}'
wait_for 20 answered 2
wait_for 20 said '.ids == [1, 2, 3, 5]'
ok "the ids of one"
ask '{"id":"3","ask":"find","match":"subject:good|name:d*"}'
wait_for 20 answered 3
wait_for 20 said '.id == "3" and .message.id == 4'
ok "find, whatever its state"
ask '{"id":"4","ask":"list","state":"failed","limit":2}'
wait_for 20 answered 4
is "the newest first, no more than were asked for" "5 3" "$(jq -r \
	'select(.id == "4" and .message) | .message.id' "$work/said" | xargs)"

retry='{"id":"0123456789abcdef","ask":"retry","ids":[1,2],"seen":"failed","reason":"$(touch '$work/ran')"}'
ask "$retry"
wait_for 20 answered 0123456789abcdef
is "a retry" "1 done 2 done " "$(results 0123456789abcdef)"
wait_for 20 said '.status.queued == 2'
ok "and how things are after it, at once"
start 8>&-
wait_for 20 status_has '.failed == 4 and .queued == 0'
leave
: >"$work/said"
serve
ask "$retry"
wait_for 20 answered 0123456789abcdef
is "asked for again, it says the same" "1 done 2 done " \
	"$(results 0123456789abcdef)"
is "and nothing was done again" "1 2 2" "$(q history --json |
	jq -s '[.[] | select(.verb == "retry")] | length, .[0].total, .[0].done' |
	xargs)"
[ ! -e "$work/ran" ]
ok "a reason is no command"

ask '{"id":"0123456789abcdff","ask":"retry","ids":[4,3],"seen":"failed","reason":"x"}'
ask '{"id":"0123456789abcdfe","ask":"retry","ids":[3],"seen":"failed"}'
ask '{"id":"short","ask":"retry","ids":[3],"seen":"failed","reason":"x"}'
ask '{"id":"0123456789abcdfd","ask":"purge","ids":[3],"seen":"failed","reason":"x"}'
ask '{"id":"0123456789abcdfc","ask":"retry","ids":[3],"seen":"nowhere","reason":"x"}'
ask '{"id":"5","ask":"list","match":"nokey:x"}'
ask 'not JSON'
head -c 300000 /dev/zero | tr '\0' x >&8
ask ''
ask '{"id":"6","ask":"causes"}'
wait_for 20 answered 6
is "what is asked wrongly is refused" 7 \
	"$(jq -r 'select(.error) | .error' "$work/said" | wc -l)"

q mine 3 --for 1h >/dev/null	# this person's own does not stand in the way
ask '{"id":"0123456789abcdfb","ask":"quarantine","ids":[3,4],"seen":"failed","reason":"x"}'
wait_for 20 answered 0123456789abcdfb
is "each only in the state that was seen" "3 done 4 skipped " \
	"$(results 0123456789abcdfb)"
leave
ok "it ends with its input"

: >"$work/said"
serve --read-only
ask '{"id":"0123456789abcdfa","ask":"retry","ids":[5],"seen":"failed","reason":"x"}'
wait_for 20 answered 0123456789abcdfa
wait_for 20 said '.ccmq_serve and .writes == false' &&
	wait_for 20 said '.id == "0123456789abcdfa" and .error == "read-only mode"'
ok "in read-only mode it does nothing"
leave
finish

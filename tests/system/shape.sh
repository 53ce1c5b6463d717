#!/bin/sh
# shape: how old what waits is, by sender, recipient and cause.
. "$srcdir/tests/system/lib.sh"

settings "$(import_setting)"
program 'exit 2'
for i in 1 2 3 4 5 6; do drop m$i.ccm; done
start
wait_for 20 status_has '.breaker == "open"'
q hold --reason 'that it stands still' >/dev/null
wait_for 20 count_is importing 0
stop TERM

# Ages: 0, 7, 30 min, a day; the senders and recipients are made up here.
sqlite3 "$store/history.db" "
	UPDATE message SET to_addrs = 'A' || char(10) || 'B' WHERE id <= 2;
	UPDATE message SET to_addrs = 'B' WHERE id > 2;
	UPDATE message SET from_addr = iif(id <= 4, 'Mara', 'Edwin');
	UPDATE message SET received_at = received_at - 7 * 60000 WHERE id = 2;
	UPDATE message SET received_at = received_at - 30 * 60000 WHERE id = 3;
	UPDATE message SET received_at = received_at - 1440 * 60000 WHERE id = 4;
	UPDATE message SET from_addr = NULL WHERE id = 6;"

bands()	# NAME ARG...: its numbers
{
	name=$1
	shift
	q shape --json "$@" | jq -c "select(.name == \"$name\") | [.count] + .bands"
}
is "all" '[6,3,1,0,1,0,0,0,0,0,1]' "$(bands TOTAL)"
is "by sender" '[4,1,1,0,1,0,0,0,0,0,1]' "$(bands Mara)"
is "one that is not known" '[1,1,0,0,0,0,0,0,0,0,0]' "$(bands '')"
is "most first" "TOTAL Mara" \
	"$(q shape --json | jq -r .name | head -n 2 | tr '\n' ' ' | sed 's/ $//')"
is "by recipient, for each" '[6,3,1,0,1,0,0,0,0,0,1]' \
	"$(bands B --by recipient)"
is "of several" '[2,1,1,0,0,0,0,0,0,0,0]' "$(bands A --by recipient)"
is "the causes add up" 6 "$(q shape --by cause --json |
	jq -s 'map(select(.kind == "cause").count) | add')"
q shape --by cause | grep -q '^code 2 '
ok "a cause in words"
q shape --by cause | grep -q '^not failed yet'
ok "and what has none"
is "a limit" 2 "$(q shape --limit 1 --json | wc -l | tr -d ' ')"
is "80 columns and a little" 1 \
	"$(q shape | awk 'length > 92 { n++ } END { print n == 0 }')"
q shape --by colour >/dev/null 2>&1
is "by what it does not know" 2 $?
q quarantine --match 'id>0 state:queued,deferred' --reason x >/dev/null
is "what does not wait is not in it" '[0,0,0,0,0,0,0,0,0,0,0]' "$(bands TOTAL)"
finish

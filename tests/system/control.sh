#!/bin/sh
# The control message: is it the importer, or the mail? TAP.
. "$srcdir/tests/system/lib.sh"

# Control messages are answered by $work/control (a code), mail by $work/mail.
program 'code=$(cat "'"$work"'/mail")
grep -q "ccmq control message" "$1" && code=$(cat "'"$work"'/control")
exit $code'
control='control: { to = "ccmq control at DEMO"; };'
config_with()
{
	settings "$(import_setting)" "$control" \
		'breaker: { unavailable = 3; probe = "1s"; probe_cap = "1s"; };' \
		'backoff: { first = "1h"; cap = "1h"; };' "$@"
}
answers()	# MAIL CONTROL
{
	echo "$1" >"$work/mail"
	echo "$2" >"$work/control"
}

config_with
answers 0 0
start
wait_for 20 status_has '.connector == "running"'
q test --control >"$work/out"
is "it passes: exit 0" 0 $?
grep -q "control message, imported" "$work/out"
ok "and says so"
answers 0 3
is "it fails: exit 1" 1 "$(q test --control >/dev/null 2>&1; echo $?)"
status_has '.verdict == "path"'
ok "that is a verdict"
answers 0 0
q test --control >/dev/null
status_has '.verdict == "ok"'
ok "until one passes"
is "it is in no queue, list or count" "0 0 0 0" \
	"$(q status --json | jq -r '"\(.queued) \(.importing) \(.failed) \(.imported)"')"
is "nor in the rates" 0 "$(sql 'SELECT ifnull(sum(imported + failed + arrived), 0) FROM minute')"

# The importer is fine and one message is poison: it is the mail, not the path.
answers 1 0
drop poison.ccm
wait_for 20 count_is failed 1
answers 0 0
q test --control >/dev/null
is "beside a poison it passes" 0 $?
status_has '.verdict == "failed" and (.verdicts | index("path") == null)'
ok "so it is the mail"
q purge --match state:failed --yes >/dev/null

# Tripped, the importer broken for everything: probes spare real mail.
answers 2 2
for i in 1 2 3 4 5; do
	drop "m$i.ccm"
done
tripped()
{
	status_has '.breaker == "open"'
}
wait_for 20 tripped
before=$(sql "SELECT count(*) FROM attempt WHERE why <> 'control'")
probes()
{
	[ "$(sql "SELECT count(*) FROM attempt WHERE why = 'control' AND probe
		AND class IS NOT NULL")" -ge "$1" ]
}
wait_for 30 probes 1
status_has '.verdicts | index("path") != null'
ok "tripped: the first probe, a control message, tells"
wait_for 30 probes 3
ok "and they are the probes"
is "no real message was used" "$before" \
	"$(sql "SELECT count(*) FROM attempt WHERE why <> 'control'")"
status_has '.verdicts | index("tripped") != null and index("path") != null'
ok "both verdicts hold"

# Control messages pass, mail does not: the breaker stays open.
answers 2 0
real_probes()
{
	[ "$(sql "SELECT count(*) FROM attempt WHERE why = 'probe'")" -ge 2 ]
}
wait_for 40 real_probes
ok "when it passes a real message is the next probe"
tripped
ok "and as long as that fails the breaker stays open"
is "no innocent failed" 0 "$(count failed)"

# The importer is fine again.
answers 0 0
wait_for 40 count_is imported 5
ok "a real import closes it, and all goes on"
stop TERM

# control.every: a quiet store tells by itself.
control='control: { to = "ccmq control at DEMO"; every = "1s"; };'
config_with
answers 0 4
start
path()
{
	status_has '.verdict == "path"'
}
wait_for 20 path
ok "control.every: the failure is seen before any mail comes"
stop TERM

# Forged ones are ordinary mail.
control=
config_with
answers 0 0
printf 'Message:\r\nFrom: x at DEMO\r\nTo: Admin at DEMO\r\nSubject: ccmq control message\r\nContents:\r\nText item:\r\nx\r\n' \
	>"$store/submit/.new" && mv "$store/submit/.new" "$store/submit/control.ccm"
start
wait_for 20 status_has '.connector == "running"'
wait_for 20 count_is imported 6
ok "what looks like one in submit/ is ordinary mail"
is "without control.to it says so" 1 "$(q test --control >"$work/out" 2>&1; echo $?)"
grep -q "control.to" "$work/out"
ok "by the setting's name"
stop TERM
consistent

# With ccmq-import: what is thrown away passes, and no Maildir can be written.
rm -rf "$store"
"$ccmq" -s "$store" init >/dev/null
po=$work/po
mkdir "$po"
echo 'name = "DEMO"; domain = "demo.example"; users = ( { name = "Admin"; },
	{ name = "ccmq control"; discard = true; } );' >"$po/postoffice.conf"
settings "import: { program = [ \"$builddir/ccmq-import\", \"--worker\", \"/NDEMO\",
	\"/D$po\", \"/ITEMSIZE\", \"/PARTIAL\", \"/BATCH\" ]; interval = \"1s\"; };" \
	'control: { to = "ccmq control at DEMO"; };' \
	'breaker: { unavailable = 3; probe = "1s"; probe_cap = "1s"; };' \
	'backoff: { first = "1h"; cap = "1h"; };'
start
drop first.ccm
wait_for 20 count_is imported 1
new=$po/mail/admin/new
mv "$new" "$new.aside" && : >"$new"
for i in 1 2 3 4 5; do
	drop "m$i.ccm"
done
wait_for 40 real_probes
ok "no Maildir can be written: real messages are tried, too"
is "though each control message passes" imported \
	"$(sql "SELECT DISTINCT class FROM attempt WHERE why = 'control'")"
status_has '.breaker == "open" and .failed == 0 and .deferred == 5 and
	.verdict == "tripped" and (.verdict_text | contains("code 3"))'
ok "the breaker stays open and says why; no innocent fails"
q list --state deferred --json | jq -es 'all(.[].reason;
	contains("mail/admin/new is not a directory"))' >/dev/null
ok "each of them tells what it met"
rm "$new" && mv "$new.aside" "$new"
wait_for 40 count_is imported 6
ok "mended: all of it comes through"
stop TERM
is "in no mailbox but theirs" 6 "$(find "$po/mail" -type f | wc -l | tr -d ' ')"
if grep -rq 'ccmq control message' "$po/mail"; then false; fi
ok "a control message is in none"
consistent
finish

#!/bin/bash
# A soak, for `make check-long`: mail comes in for SOAK_MINUTES (30) while ccmqd
# is killed and ended again and again, two operators use random verbs, some of
# them killed, a console stands open, the disk is full for a while, and once an
# old history is put back. At the end every message that came is imported,
# failed, quarantined, purged, removed or waits, and what is in the Maildir
# agrees with that. SOAK_SEED: of the choices; SOAK_KEEP: the store is left. TAP.
. "$srcdir/tests/system/lib.sh"

minutes=${SOAK_MINUTES:-30}
RANDOM=${SOAK_SEED:-1}
po=$work/po
trap 'end_all; [ -n "$SOAK_KEEP" ] || rm -rf "$work"' EXIT

soak_settings()	# MIN_FREE
{
	{
		printf 'store = "%s";\n' "$store"
		printf 'disk: { min_free = "%s"; };\n' "$1"
		printf 'intake: { settle = "0s"; };\n'
		printf 'limits: { crashed = 20; };\n'	# each kill counts
		printf 'import: { program = [ "%s/ccmq-import", "--worker",
			"/NHUB", "/D%s", "/PARTIAL" ]; interval = "1s"; };\n' \
			"$builddir" "$po"
	} >"$config.new"
	mv "$config.new" "$config"
}

over()
{
	[ -e "$work/over" ]
}

# The pause in which the history is put back: who works says that he rests.
rest()	# WHO
{
	[ -e "$work/pause" ] || return 0
	: >"$work/rests.$1"
	while [ -e "$work/pause" ]; do
		sleep 0.05
	done
	rm -f "$work/rests.$1"
}

nap()	# MS: about so long
{
	sleep "$(printf '0.%03d' $((RANDOM % $1 + 1)))"
}

# --- who takes part --------------------------------------------------------

# Every ninth is for nobody; half of them come by rename.
producer()
{
	local i n=0 to file
	while ! over; do
		rest producer
		for i in 1 2 3 4 5 6; do
			n=$((n + 1))
			to='Admin at HUB'
			[ $((n % 9)) -ne 0 ] || to='Nobody at HUB'
			file=$store/submit/m$n.ccm
			printf 'Message:\r\nFrom: Ops, Night at HUB\r\nTo: %s\r\nSubject: number %d\r\nContents:\r\nText item:\r\nbody\r\n' \
				"$to" $n >"$store/submit/.m$n"
			mv "$store/submit/.m$n" "$file"
		done
		echo $n >"$work/in"
		nap 400
	done
}

# ccmqd, killed or ended after a while, and started anew at once.
keeper()
{
	local code signal
	while ! over; do
		rest keeper
		"$ccmqd" -c "$config" >>"$work/log" 2>&1 &
		echo $! >"$work/pid"
		signal=KILL
		[ $((RANDOM % 3)) -ne 0 ] || signal=TERM
		for i in $(seq $((RANDOM % 60 + 10))); do
			over || [ -e "$work/pause" ] && break
			kill -0 $! 2>/dev/null || { signal=0; break; }
			sleep 0.1
		done
		kill -$signal $! 2>/dev/null
		{ wait $!; } 2>/dev/null
		code=$?
		echo "$signal $code" >>"$work/ends"
	done
	: >"$work/pid"
}

verb()
{
	local id=$((RANDOM % ($(cat "$work/in" 2>/dev/null || echo 0) + 1) + 1))
	case $((RANDOM % 10)) in
	0)	q retry --reason soak --match state:failed ;;
	1)	q quarantine --reason soak $id $((id + 1)) ;;
	2)	q release --reason soak --match state:quarantined ;;
	3)	q purge --yes --reason soak $id $((id + 2)) ;;
	4)	q restore --reason soak --match state:purged ;;
	5)	q undo ;;
	6)	q hold --reason soak --for 2s ;;
	7)	q resume --reason soak ;;
	8)	q purge --yes --reason soak $id ;;
	9)	q retry --reason soak --rate 600/m --match state:failed ;;
	esac
}
export -f verb q
export ccmq config work

operator()	# NAME
{
	RANDOM=$2
	while ! over; do
		rest "$1"
		if [ $((RANDOM % 4)) -eq 0 ]; then
			timeout -s KILL "0.0$((RANDOM % 40 + 10))" bash -c \
				"RANDOM=$RANDOM; verb"
		else
			verb
		fi >>"$work/said.$1" 2>&1
		echo $? >>"$work/verbs"
		nap 900
	done
}

# Views, a search and back; what would change something it does not press.
console()
{
	local keys='jkjkG g1234567' i
	while ! over; do
		rest console
		for i in $(seq $((RANDOM % 80 + 20))); do
			over || [ -e "$work/pause" ] && break
			printf '%s' "${keys:RANDOM % ${#keys}:1}"
			sleep 0.1
		done | { cat; printf qqqqq; sleep 0.5; } |
			TERM=xterm timeout -k 5 30 script -qec \
			"'$ccmq' -c '$config'" /dev/null >"$work/screen" 2>&1
		echo $? >>"$work/consoles"
		sleep 0.2
	done
}

# "All well" while mail stands is a lie.
watcher()
{
	while ! over; do
		rest watcher
		q status --json >"$work/status" 2>/dev/null &&
			jq -e '.verdict == "ok" and .queued > 0 and
			    .oldest_queued_age_s > 30' "$work/status" \
			>/dev/null && cat "$work/status" >>"$work/lies"
		sleep 1
	done
}

# --- what happens once or now and then ------------------------------------

tell_daemon()
{
	kill -HUP "$(cat "$work/pid")" 2>/dev/null
}

fill_disk()
{
	soak_settings 1T
	tell_daemon
	sleep 8
	soak_settings 1M
	tell_daemon
}

mails()	# lines "NUMBER" of what is in the Maildir
{
	cat "$po"/mail/admin/new/* "$po"/mail/admin/cur/* 2>/dev/null |
		sed -n 's/^Subject: number \([0-9]*\).*/\1/p' | sort -n
}

all_rest()
{
	for who in producer keeper one two console watcher; do
		[ -e "$work/rests.$who" ] || return 1
	done
}

# As ccmq-backup(7) says, beside holders of jobs, who live on without a terminal.
# The old history does not know what was removed since, nor what was imported.
put_back()
{
	: >"$work/pause"
	wait_for 90 all_rest || return 1
	sqlite3 -readonly "$store/history.db" "SELECT CAST(true_name AS TEXT)
		FROM message WHERE state = 'removed'" >"$work/removed"
	mails >"$work/delivered"
	mkdir -p "$work/old"
	mv "$store"/history.db* "$work/old/"
	install -m 660 "$work/backup.db" "$store/history.db"
	"$ccmqd" -c "$config" --once >>"$work/log" 2>&1
	mend
	rm "$work/pause"
}

mend()
{
	q check --repair >"$work/mended" 2>&1 ||
		q check --repair >"$work/mended" 2>&1
	q resume --reason soak >/dev/null 2>&1
	q check >"$work/found" 2>&1
}

kill_one()
{
	[ -z "$1" ] || kill -"$2" "$1" 2>/dev/null
}

end_all()
{
	: >"$work/over"
	rm -f "$work/pause"
	wait
	kill_one "$(cat "$work/pid" 2>/dev/null)" KILL
	stop KILL
}

# --- the soak --------------------------------------------------------------

mkdir "$po"
echo 'name = "HUB"; users = ( { name = "Admin"; } );' >"$po/postoffice.conf"
soak_settings 1M
: >"$work/lies"
command -v script >/dev/null || {
	echo "1..0 # SKIP no script(1) for the console"
	exit 77
}
producer & keeper & operator one 11 & operator two 12 & console & watcher &
seconds=$((minutes * 60))
began=$SECONDS
restored=failed
filled=0
while [ $((SECONDS - began)) -lt $seconds ]; do
	at=$((SECONDS - began))
	if [ ! -e "$work/backup.db" ] && [ $at -ge $((seconds / 4)) ]; then
		sqlite3 "$store/history.db" ".backup '$work/backup.db'"
		chmod 0660 "$work/backup.db"
	fi
	if [ $restored = failed ] && [ $at -ge $((seconds / 2)) ]; then
		put_back && restored=done
		[ $restored = done ] || break
		cp "$work/found" "$work/found.restored"
	fi
	if [ $at -ge $(((filled + 1) * seconds / 6)) ]; then
		filled=$((filled + 1))
		fill_disk
	fi
	sleep 1
done
: >"$work/over"
rm -f "$work/pause"
wait
is "an old history was put back" done "$restored"
is "and mended: a check then found nothing" "" "$(cat "$work/found.restored")"

# --- the reckoning ----------------------------------------------------------

mend
is "at the end a check finds nothing" "" "$(cat "$work/found")"
start
q retry --reason soak --match state:deferred >/dev/null 2>&1
nothing_waits()
{
	q status --json | jq -e '.queued + .importing == 0' >/dev/null
}
wait_for 120 nothing_waits
ok "the connector comes to an end"
none_open()
{
	[ "$(sql 'SELECT count(*) FROM message WHERE move_to IS NOT NULL')" = 0 ]
}
wait_for 10 none_open
ok "no move is open"
stop TERM
is "and it ends in order" 0 $?
touch "$work/removed" "$work/delivered"
sql "SELECT CAST(true_name AS TEXT) || ' ' || state || ' ' || (SELECT
	count(*) FROM attempt WHERE message = message.id AND class =
	'interrupted') || ' ' || maybe_delivered FROM message" >"$work/rows"
in=$(cat "$work/in")
awk '{ print $1 }' "$work/rows" | sort >"$work/names"
is "no message has two rows" "" "$(uniq -d "$work/names")"
seq "$in" | sed 's/.*/m&.ccm/' | sort >"$work/came"
forgotten=$(sort "$work/removed" | comm -23 - "$work/names" | wc -l)
sort -u "$work/names" "$work/removed" >"$work/known"
is "in = imported + failed + quarantined + purged + removed + waiting" "$in" \
	$(($(wc -l <"$work/rows") + forgotten))
is "and they are those that came" "" \
	"$(comm -3 "$work/came" "$work/known" | head)"
is "none is lost" 0 "$(grep -c ' lost ' "$work/rows")"

# What was imported is in the Maildir, once; twice only what was delivered
# before the old history was put back, and then it says so (D); the rest not,
# unless an attempt at it was interrupted, or it was delivered before.
mails >"$work/mails"
awk -v mails="$work/mails" -v before="$work/delivered" '
	BEGIN {
		while ((getline n <mails) > 0) has[n]++
		while ((getline n <before) > 0) old[n]++
	}
	{
		n = substr($1, 2) + 0
		nobody = n % 9 == 0
		if ($2 == "imported" && has[n] < 1)
			print $1, "imported, and not delivered"
		if (has[n] > 1 + (old[n] > 0))
			print $1, $2, "delivered", has[n], "times"
		if (has[n] > 1 && !$4)
			print $1, $2, "delivered twice, and does not say so"
		if ($2 != "imported" && has[n] && !old[n] && !$3)
			print $1, $2, "and delivered"
		if (nobody && $2 == "imported")
			print $1, "for nobody, imported"
	}' "$work/rows" >"$work/disagree"
is "what was delivered agrees" "" "$(head "$work/disagree")"
is "it never said ok while mail stood" "" "$(head -n 1 "$work/lies")"
# 129: told to read the settings before its main had begun.
is "no ccmqd ended by itself" "" "$(grep '^0 ' "$work/ends" |
	grep -v ' 129$' | sort | uniq -c)"
[ "$(sql 'SELECT count(*) FROM event WHERE number = 98')" -gt 0 ]
ok "the disk was full for a while"
grep '^ccmqd: ' "$work/log" | grep -v ': event \|held by' | sed 's/[0-9][0-9]*$//' |
	sort | uniq -c | sort -rn | head -n 8 | sed 's/^/# /'
awk '{ n[$2]++ } END { for (s in n) printf "%s %d  ", s, n[s]; print "" }' \
	"$work/rows" | sed "s/^/# in $in: /"
echo "# mails $(wc -l <"$work/mails") of $(uniq "$work/mails" | wc -l), ends of ccmqd $(wc -l <"$work/ends"), $(
	)verbs $(wc -l <"$work/verbs"), killed $(grep -c 137 "$work/verbs"), $(
	)consoles $(wc -l <"$work/consoles"), disk full $filled times"
finish

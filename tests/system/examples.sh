#!/bin/bash
# Every example of the manuals is taken out of them and run: each display and
# each line of its own, so that one that nobody runs is a failure. Those of
# ccmq-tour(7) and ccmq-backup(7) are run by tour.sh and backup.sh, the workers
# of ccmqd(8) by worker.sh, the questions of ccmq-archive(5) by archive.sh. TAP.
. "$srcdir/tests/system/lib.sh"

# What a machine has and a test has not.
export PATH=$builddir:$PATH CCMQ_CONFIG=$config HOME=$work
less()
{
	cat
}
journalctl()
{
	cat "$work/log"
}
ssh()	# … -- HOST COMMAND: here
{
	while [ "$1" != -- ]; do shift; done
	shift 2
	"$@"
}
export -f less journalctl ssh
export work

# A store in which each of the examples means something.
program 'case $(cat "$1") in
*date*) printf "Message:\nFrom: x at DEMO\n***  Unknown Date Format  ***\nContents:\n" >>"$2"; exit 5 ;;
*bad*) exit 1 ;;
esac; exit 0'
settings "$(import_setting)"
drop Msg4F2C.ccm date
drop two.ccm bad
drop large.ccm "bad $(head -c 200000 /dev/zero | tr '\0' x)"
drop four.ccm
"$ccmqd" -c "$config" --once >>"$work/log" 2>&1
id=$(q list --state failed --match name:Msg4F2C --json | jq .id)
mkdir -p "$work/here/archive/1998" "$work/here/po" "$work/Maildir" "$work/blocks"
printf 'Message:\r\nFrom: Admin at HUB\r\nTo: jgrewal at HUB\r\nContents:\r\nText item:\r\nx\r\n' \
	>"$work/mail.ccm"
cp "$srcdir/data/samples/items.ccm" "$work/here/archive"
cp "$srcdir/data/samples/two-messages.ccm" "$work/here/archive/1998"
chmod -R u+w "$work/here"
ln -s "$store/history.db" "$work/here/history.db"
cd "$work/here" || exit 1

# blocks PAGE: its displays and single lines, a file each, as a reader sees them.
blocks()
{
	rm -f "$work"/blocks/*
	awk -v to="$work/blocks/" '
		function begin() { n++; file = to sprintf("%02d", n) }
		/^\.Bd/ { begin(); on = 1; next }
		/^\.Ed/ { on = 0; close(file); next }
		/^\.Dl / { begin(); sub(/^\.Dl /, ""); print >file; close(file) }
		on { print >file }' "$1"
	[ ! -e "$work/blocks/01" ] || sed -i -e 's/\\e/\\/g; s/\\&//g
		s/\\(dq/"/g; s/\\\*(Lt/</g; s/\\\*(Gt/>/g' "$work"/blocks/*
}

# Commands: each of them ends well.
run()	# FILE
{
	cp "$work/mail.ccm" Msg4F2C.ccm		# another may have imported it
	sed -e "s/\\b1042\\b/$id/g; s,/var/lib/ccmq-po,po,g" \
		-e "s,/var/lib/ccmq,'$store',g" \
		-e '1s/.*ccmq status.*alarm/alarm() { :; }; &/' "$1" >"$work/run"
	bash -eo pipefail "$work/run" >"$work/out" 2>"$work/err" </dev/null || {
		sed 's/^/# /' "$work/err"
		false
	}
}

# The console: q leaves it.
on_terminal()	# FILE
{
	sed "s,/var/lib/ccmq,'$store'," "$1" >"$work/run"
	echo q | TERM=unknown script -qec "sh '$work/run'" /dev/null \
		>"$work/out" 2>&1 && grep -q 'ccmq' "$work/out"
}

expression()	# FILE: together, and word by word
{
	q list --state all --match "$(cat "$1")" >/dev/null 2>&1 || return
	for word in $(cat "$1"); do
		q list --state all --match "$word" >/dev/null 2>&1 || return
	done
}

settings_file()	# FILE: what it says is what is printed
{
	ccmqd -c "$1" --print-settings >"$work/out" &&
		grep -q '4711' "$work/out" && grep -q '"850"' "$work/out"
}

# A part of them, beside the rest: it is understood, and printed.
settings_part()	# FILE
{
	cat "$config" "$1" >"$work/part.conf"
	ccmqd -c "$work/part.conf" --print-settings >"$work/out" &&
		grep -q "^$(head -n 1 "$1" | cut -d: -f1)" "$work/out"
}

# It is used by the other examples, too; mail goes nowhere.
post_office()	# FILE
{
	sed 's,/usr/sbin/sendmail,/bin/true,' "$1" >po/postoffice.conf
	cp "$work/mail.ccm" try.ccm
	ccmq-import /NHUB /Dpo /@try.ccm /PARTIAL /BATCH >/dev/null &&
		[ -n "$(find po/mail/jeff.grewal -type f)" ]
}

members()	# of the objects on standard input
{
	jq -c keys_unsorted
}

# What a worker is asked has the members that the manual shows, in that order.
request()	# FILE
{
	[ "$(members <"$1")" = "$(members <"$work/asked")" ]
}

# Its answer is understood.
answer()	# FILE
{
	said=$(q show "$(jq .id "$work/asked")" --json)
	[ "$(members <"$1")" = "$(members <"$work/example")" ] &&
		[ "$(jq .code "$1")" = "$(jq .result_code <<<"$said")" ] &&
		grep -qF "$(jq -r .output "$work/example")" <<<"$said"
}

# One that keeps what it is asked, and answers what ccmqd(8) shows.
ask_worker()
{
	blocks "$srcdir/data/ccmqd.8.in"
	cat >"$work/worker" <<-END
	#!/bin/sh
	while read -r line; do
		printf '%s\n' "\$line" >"$work/asked"
		jq -c --argjson ask "\$line" '.id = \$ask.id' "$work/example"
	done
	END
	chmod +x "$work/worker"
	cp "$(grep -l '^{.*"code"' "$work"/blocks/*)" "$work/example"
	settings "import: { program = [ \"$work/worker\" ]; };"
	drop asked.ccm
	ccmqd -c "$config" --once >>"$work/log" 2>&1
	settings "$(import_setting)"
}

# What is asked of another host is answered …
ask_host()	# FILE
{
	q serve <"$1" >"$work/answers" &&
		grep -q '"end":true' "$work/answers"
}

# … with the members that the manual shows.
host_answer()	# FILE
{
	[ "$(jq -c '.cause // {} | keys' "$1" | sort -u)" = \
		"$(grep '^{"id"' "$work/answers" |
		jq -c '.cause // {} | keys' | sort -u)" ]
}

by_kind()	# FILE
{
	case $(head -n 1 "$1") in
	'import json'* | 'while read'*) grep -q '^\.\\" worker' "$page" ;;
	'ccmq '* | 'ccmqd '* | 'ccmq-import '* | 'sqlite3 '* | 'journalctl '* | \
	'cp '* | 'ssh '*) run "$1" ;;
	'TERM='*) on_terminal "$1" ;;
	'state:'*) expression "$1" ;;
	'store = '*) settings_file "$1" ;;
	'hooks: '* | 'commands: '*) settings_part "$1" ;;
	'name = '*) post_office "$1" ;;
	'{"id"'*'"ask"'*) ask_host "$1" ;;
	'{"id"'*'"cause"'*) host_answer "$1" ;;
	'{"id"'*'"key"'*) request "$1" ;;
	'{"id"'*) answer "$1" ;;
	*) echo "# nobody runs it"; false ;;
	esac
}

ask_worker
blocks "$srcdir/data/ccmq-postoffice.5"
post_office "$work/blocks/01"
ok "a post office, as the manual shows one"
ran=0
for page in "$srcdir"/data/*.[1578]*; do
	case $page in
	*/ccmq-tour.7 | */ccmq-backup.7 | */ccmq-archive.*) continue ;;
	esac
	blocks "$page"
	for block in "$work"/blocks/*; do
		[ -e "$block" ] || continue
		what="${page##*/}: $(head -n 1 "$block" | cut -c 1-60)"
		by_kind "$block"
		ok "$what"
		ran=$((ran + 1))
	done
done
[ $ran -ge 20 ]
ok "there were examples to run"

# As programs that show tables do: read only, in WAL, beside ccmqd.
start
wait_for 15 status_has '.connector == "running"'
python3 - "$store/history.db" <<'END' >"$work/out" 2>&1
import sqlite3, sys
db = sqlite3.connect("file:" + sys.argv[1] + "?mode=ro", uri=True)
views = db.execute("SELECT name FROM sqlite_schema WHERE type = 'view'")
for (view,) in views.fetchall():
    rows = db.execute("SELECT * FROM " + view)
    print(view, *(column[0] for column in rows.description))
    rows.fetchall()
    print("  " + str(db.execute("SELECT count(*) FROM " + view).fetchone()[0]))
try:
    db.execute("UPDATE message SET name = ''")
except sqlite3.OperationalError:
    sys.exit(0)
sys.exit("it was written")
END
ok "the views answer a reader that may not write, beside ccmqd"
grep -v '^ ' "$work/out" >"$work/views"
while read -r view columns; do
	sed -n "/^\.It Ic $view\$/,/^\.[IE]/{/^\./d;p}" \
		"$srcdir/data/ccmq-history.5" | tr '\n' ' ' |
		sed 's/:.*//; s/ *$//' >"$work/told"
	is "$view is in ccmq-history(5) with its columns" "$columns" \
		"$(cat "$work/told")"
done <"$work/views"
is "there are seven of them" 7 "$(wc -l <"$work/views" | tr -d ' ')"
is "a time is text" "$(sql 'SELECT received_at FROM message WHERE id = 1')" \
	"$(sql "SELECT CAST(round((julianday(received_at) - 2440587.5)
		* 86400000) AS INTEGER) FROM v_message WHERE id = 1")"
finish

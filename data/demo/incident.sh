# incident.sh: what operators of the original met, made to happen in seconds
# in a store of its own. Sourced by quickstart and by the test, after demo.sh.
#
# An incident is a row of the table and two functions: make_NAME brings it
# about with real programs, mend_NAME does what the operator would do outside
# of ccmq. What is done inside, in the console or by ccmq's commands, is the
# last column.

# name|what happened|then do
incidents()
{
	cat <<'END'
loop|Q223772: one message fails, is retried, and fails again|retry it, or quarantine it
access|Q168670: code 1 for every message, the post office cannot be written|test (c t), then retry the suspects
locked|Q179072: code 4, the post office is locked for maintenance|test (c t)
backlog|Q202178: submit/ grows, because files in it cannot be taken in|nothing: it goes on by itself
leftover|Q212788: foreign files lie in import/|nothing: it goes on by itself
storm|Q180641: many fail for one reason, an unknown date format|retry the cause
head|Q234350: the importer hangs on one message, all others wait|quarantine it: that is noted, and done when its time is over
crash|Q176375: the importer dies of two messages|retry them, or quarantine them
duplicates|Q184524: two may have been delivered already, a third to one of its two|show each, then retry it, or purge it
disk|Q178758: too little disk is free|nothing: it goes on by itself
foreign-loop|Q223772 as it was in 1999: a connector that is not ours, watched, loops|take the file out (x) before it is mended, and give it back (r in 3) after
END
}

# incident_field NAME N: nothing if there is no such incident.
incident_field()
{
	incidents | awk -F '|' -v name="$1" -v n="$2" '$1 == name { print $n }'
}

# In $base/incidents/NAME, made anew each time.
incident_place()
{
	place=$base/incidents/$1
	store=$place/store conf=$place/ccmq.conf log=$place/ccmqd.log
	theirs=$place/theirs drop_into=
	[ ! -d "$theirs" ] || drop_into=$theirs/SUBMIT
}

incident_make()
{
	incident_place "$1"
	if [ -e "$store/history.db" ]; then
		stop_ccmqd KILL
	fi
	stop_theirs
	rm -rf "$place" && mkdir -p "$place" || return 1
	settings_more= settings_timeout= settings_interval= ccmqd_options=
	settings_wrong=yes
	"make_$(function_of "$1")"
}

incident_mend()
{
	incident_place "$1"
	"mend_$(function_of "$1")"
}

# A name as part of a function's.
function_of()
{
	echo "$1" | tr - _
}

# --- what several need -----------------------------------------------------

# has COUNTER LEAST: of the status.
has()
{
	n=$(ask status --json | sed -n 's/.*"'"$1"'": *\([0-9]*\).*/\1/p')
	[ "${n:-0}" -ge "$2" ]
}

says()
{
	ask status --json | grep -q "\"verdict\": *\"$1\""
}

# good FROM TO: as many good messages.
good()
{
	for i in $(seq "$1" "$2"); do
		mail "$(printf 'Msg%04X.ccm' $((i + 4096)))" "Report $i"
	done
}

# A store in which mail flows: 13 are imported, 7 failed for one reason or
# another.
healthy()
{
	make_store && start_ccmqd && drop_samples "$place/dropped" \
		attachment.ccm bad-date.ccm board.ccm boxes.ccm brackets.ccm \
		counted.ccm cut-headers.ccm forwarded.ccm half-known.ccm \
		hex.ccm items.ccm long-subject.ccm macbinary.ccm \
		no-contents.ccm no-from.ccm plain.ccm published.ccm \
		recipients.ccm two-messages.ccm unknown-recipient.ccm &&
		until_true has imported 13 && until_true has failed 7
}

# The settings again, for a ccmqd that runs.
reread()
{
	write_settings >"$conf.new" && mv "$conf.new" "$conf" &&
		kill -HUP "$(ccmqd_pid)"
}

mend_importer()
{
	touch "$store-po/MENDED"
}

# --- the incidents ---------------------------------------------------------

make_loop()
{
	healthy && mail Msg4F2C.ccm "Budget for Q3" "Demo: loop" \
		"From: Grewal, Jeff at HUB" && until_true has failed 8 &&
		retry_loop "once more" && good 1 5 &&
		until_true has imported 18 && retry_loop "disk checked" &&
		good 6 10 && until_true has imported 23
}

retry_loop()
{
	ask retry --match name:Msg4F2C --reason "$1" >>"$log" 2>&1 &&
		until_true has failed 8
}

mend_loop()
{
	mend_importer
}

make_access()
{
	healthy && touch "$store-po/READ-ONLY" && good 1 40 &&
		until_true says tripped
}

mend_access()
{
	rm -f "$store-po/READ-ONLY"
}

make_locked()
{
	healthy && touch "$store-po/CCPODOWN" && good 1 12 &&
		until_true says tripped
}

mend_locked()
{
	rm -f "$store-po/CCPODOWN"
}

# Something has linked each file under a second name; the connector leaves
# alone what it is not the only one to have.
make_backlog()
{
	settings_interval=1s drop_into=$place/linked
	mkdir "$drop_into" && good 1 14
	drop_into=
	healthy && ln "$place"/linked/* "$store/submit" &&
		until_true says backlog
}

mend_backlog()
{
	rm -f "$place"/linked/*
}

make_leftover()
{
	make_store && echo "Message:" >"$store/import/OLD.UND" &&
		: >"$store/import/CC0A11F2.tmp" && healthy &&
		until_true says leftover
}

mend_leftover()
{
	mv "$store/import/OLD.UND" "$store/import/CC0A11F2.tmp" "$place"
}

# What no order of dates mends is set aside: retried as the oldest, it would
# stop the retry of all at its first step.
make_storm()
{
	healthy && ask quarantine --match reason:date --reason "no such day" \
		>>"$log" 2>&1 && for i in $(seq 1 32); do
		mail "$(printf 'Msg%04X.ccm' "$i")" "Timesheet wk $i" \
			"Date: $((i % 15 + 13))/11/98 8:39" || return 1
	done && until_true says storm && until_true has failed 38
}

# The dates are those of a post office that has another language.
mend_storm()
{
	sed 's/date_order = "mdy"/date_order = "dmy"/' \
		"$store-po/postoffice.conf" >"$store-po/new" &&
		mv "$store-po/new" "$store-po/postoffice.conf"
}

make_head()
{
	settings_timeout=30s drop_into=$place/ready
	mkdir "$drop_into" && good 1 20
	drop_into=
	healthy && mail Msg0001.ccm "[All] Minutes of the meeting" \
		"Demo: hang" && until_true has importing 1 &&
		submit_ready && until_true has queued 20 &&
		until_true says blocked
}

# One by one: of several mv looks at each again where it has put it, and there
# it may have been taken in.
submit_ready()
{
	for ready in "$place"/ready/*; do
		mv "$ready" "$store/submit" || return 1
	done
}

mend_head()
{
	mend_importer
}

make_crash()
{
	settings_more='backoff: { first = "1s"; cap = "1s"; };'
	healthy && mail Msg0001.ccm "Logo with Wing Dings" "Demo: crash" &&
		mail Msg0002.ccm "Re: Logo with Wing Dings" "Demo: crash" &&
		good 1 20 && until_true has failed 9
}

mend_crash()
{
	mend_importer
}

# One timed out and one was interrupted, both after they were delivered; one
# was delivered to one of its two recipients.
make_duplicates()
{
	settings_timeout=2s settings_more='limits: { crashed = 1; };'
	healthy && mail Msg0001.ccm "Invoice 4711" "Demo: deliver" &&
		until_true has failed 8 &&
		mail Msg0002.ccm "Invoice 4712" "Demo: deliver" &&
		until_true has importing 1 &&
		until_true is_delivered "Invoice 4712" && stop_ccmqd KILL &&
		start_ccmqd && until_true has failed 9 &&
		mail Msg0003.ccm "Invoice 4713" \
			"To: Admin at HUB$(printf '\r\nTo: Former, Fred at HUB')" &&
		until_true has failed 10
}

is_delivered()
{
	grep -rqsF "Subject: $1" "$store-po/mail"
}

mend_duplicates()
{
	mend_importer
}

make_disk()
{
	free=$(df -Pm "$place" | awk 'NR == 2 { print $4 }')
	healthy && settings_more="disk: { min_free = \"$((free + 100))M\"; };" &&
		reread && until_true says disk && good 1 10
}

mend_disk()
{
	settings_more= && reread
}

# --- a connector that is not ours --------------------------------------------

# Of the one of this incident; nothing if none runs.
theirs_pid()
{
	[ -e "${place:-}/theirs.pid" ] && read -r pid <"$place/theirs.pid" &&
		ps -o args= -p "$pid" | grep -qF "$theirs" && echo "$pid"
}

stop_theirs()
{
	pid=$(theirs_pid) || return 0
	kill "$pid"
	until_true theirs_stopped
}

theirs_stopped()
{
	! theirs_pid >/dev/null
}

start_theirs()
{
	setsid sh "$here/data/demo/original.sh" -c 1 -k \
		-p '^Demo: poison' -u '^To: Former' "$theirs" \
		</dev/null >/dev/null 2>&1 &
	echo $! >"$place/theirs.pid"
}

# One poison among 200.
make_foreign_loop()
{
	drop_into=$theirs/SUBMIT ccmqd_options=--observe
	settings_more="foreign: {
  submit = $(quoted "$theirs/SUBMIT");
  import = $(quoted "$theirs/IMPORT");
  bad = $(quoted "$theirs/BAD");
  und = $(quoted "$theirs/IMPORT/ccmail.und");
  log = $(quoted "$theirs/ccmc.log");
  cycle = \"1s\";
};"
	mkdir -p "$drop_into" "$theirs/IMPORT" "$theirs/BAD" "$theirs/PO" &&
		: >"$theirs/ccmc.log" && make_store && start_ccmqd &&
		good 1 120 && mail Msg4F2C.ccm "Budget for Q3" \
			"Demo: poison" "From: Grewal, Jeff at HUB" &&
		good 121 200 &&
		start_theirs && until_true says loop
}

# What it failed for.
mend_foreign_loop()
{
	touch "$theirs/PO/MENDED"
}

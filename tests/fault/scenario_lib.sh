# For the scenarios of ccmqd and ccmq, which source it. See README.md.
#
# $2 of a scenario is the root; the store lies in it. Settings, promises and
# what the import program saw lie in CCMQ_FAULT_OUT, where no power loss
# reaches.

dir=$2
store=$dir/store
out=${CCMQ_FAULT_OUT:-}
top=$FAULT_BIN/../..
judge=$FAULT_BIN/sweep_judge
export LC_ALL=C

settings() {		# HOW [MORE...]: settings lines beside the program
	how=$1
	shift
	{
		echo "store = \"$store\";"
		echo "import: { program = [ \"$FAULT_BIN/stub_import\"," \
			"\"$how\", \"$out\", \"%f\", \"%u\" ];" \
			"interval = \"1s\"; };"
		echo 'disk: { min_free = "1M"; }; intake: { settle = "0s"; };'
		for line; do
			echo "$line"
		done
	} >"$out/ccmq.conf"
}

q() {
	"$top/ccmq" -c "$out/ccmq.conf" "$@"
}

once() {
	"$top/ccmqd" -c "$out/ccmq.conf" --once
}

make_store() {		# HOW [MORE...]
	settings "$@"
	q init
}

# FIRST LAST: messages, accepted; with LARGE of so many lines more.
drop() {
	for n in $(seq "$1" "$2"); do
		file=$store/submit/m$n.ccm
		printf 'Message:\r\nFrom: Doe, Jane at HUB\r\n' >"$out/m"
		printf 'To: Admin at HUB\r\nSubject: number %s\r\n' "$n" \
			>>"$out/m"
		printf 'Contents:\r\nText item:\r\nbody %s\r\n' "$n" >>"$out/m"
		[ -z "${LARGE:-}" ] || yes "$(printf \
			'as long as most lines are, and not longer\r')" |
			head -n "$LARGE" >>"$out/m"
		cp "$out/m" "$file"
		"$judge" promise "$out" "$file" || exit 1
	done
}

bad() {
	echo "$*"
	exit 1
}

silent_check() {
	said=$(q check 2>&1)
	status=$?
	[ $status = 0 ] && [ -z "$said" ] ||
		bad "ccmq check: $status $said"
}

# The command under fault: what it says is kept for check.
run() {
	"$@" >"$out/said" 2>&1
	status=$?
	cat "$out/said"
	return $status
}

# The state of a process, a letter of proc(5), or gone.
state_of() {		# PID
	state=gone
	[ ! -r "/proc/$1/stat" ] ||
		read -r _ _ state _ 2>/dev/null <"/proc/$1/stat" || state=gone
}

# A call was made to fail: the command ended by itself, and either did what it
# always does (its status is USUAL) or said what went wrong.
judge_end() {		# USUAL
	case $CCMQ_FAULT_STATUS in
	0|1|3) ;;
	*) bad "ended with $CCMQ_FAULT_STATUS" ;;
	esac
	[ "$CCMQ_FAULT_STATUS" != "$1" ] || return 0
	grep -qE "Input/output error|disk I/O error|No space left|is full|$(:
		)Permission denied|unable to open|readonly|disk filled up|$(:
		)result code [234]" "$out/said" ||
		bad "ended with $CCMQ_FAULT_STATUS, and did not say why"
}

# Whether the call that failed was one that makes durable what has been done:
# then nothing may start before a check. Not those by which SQLite first makes
# a WAL of the history: nothing has been done then; and a failed fsync of the
# directory SQLite does not mind, so store_open does it again.
must_be_held() {
	case ${CCMQ_FAULT_MODE:-}-${CCMQ_FAULT_HIT:-} in
	fail*-1) ;;
	*) return 1 ;;
	esac
	case $CCMQ_FAULT_WHAT in
	"fdatasync store"|*history.db|*history.db-journal) return 1 ;;
	# Ids that were given, and not used; the word at the end.
	"fsync store/lock") return 1 ;;
	fsync*|fdatasync*|syncfs*) return 0 ;;
	esac
	return 1
}

starts() {
	grep -c ^start "$out/starts" 2>/dev/null
}

# ccmqd or ccmq was under fault (not check, which has ended the hold, nor a
# worker); then ccmqd has been started anew.
judge_hold() {		# STARTS-BEFORE
	case ${under:-} in
	check|worker) return ;;
	esac
	must_be_held || return 0
	case $CCMQ_FAULT_STATUS-${under:-ccmqd} in
	[13]-*) ;;
	*) bad "went on after a failed fsync: $CCMQ_FAULT_STATUS" ;;
	esac
	case $CCMQ_FAULT_MODE in
	*+dead*) return ;;		# nor could the mark be written
	esac
	q status --json | grep -q '"held": *true' ||
		bad "not held after a failed fsync"
	[ "$(starts)" = "$1" ] || bad "an attempt started before the check"
}

start_anew() {
	once 2>&1
	status=$?
	[ $status -le 1 ] || bad "ccmqd --once: $status"
}

judge() {		# [STATES]
	"$judge" judge "$store" "$out" "$1" || {
		q list --state queued,importing,deferred,failed,imported,lost
		q events | tail -n 25
		exit 1
	}
}

# A call that failed may have put off one message, which the judge wants
# explained; retried, it comes to where it belongs.
judge_after_failure() {	# [STATES]
	start_anew		# the check has ended a hold
	silent_check
	case ,$1, in
	,,|*,deferred,*)
		judge "$1"
		return
		;;
	esac
	judge "$1,deferred"
	n=$(q list --state deferred --json | wc -l)
	[ "$n" = 0 ] && return
	case $CCMQ_FAULT_MODE${under:-} in
	# It may have tripped.
	*+stick*|*+dead*|*worker) q resume >/dev/null 2>&1 ;;
	*) [ "$n" = 1 ] || bad "$n messages deferred by one failed call" ;;
	esac
	q retry --reason sweep --match state:deferred || bad "no retry"
	start_anew
	silent_check
	judge "$1"
}

# Starts anew, which recovers, and judges.
recover() {		# USUAL-STATUS [STATES]
	usual=$1
	before=$(starts)
	case ${CCMQ_FAULT_MODE:-}-${CCMQ_FAULT_HIT:-} in
	fail*-1|short*-1) judge_end "$usual" ;;
	esac
	start_anew
	judge_hold "$before"
	silent_check
	case ${CCMQ_FAULT_MODE:-} in
	fail*|short*) judge_after_failure "${2:-}" ;;
	*) judge "${2:-}" ;;
	esac
}

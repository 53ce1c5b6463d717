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
		echo 'disk: { min_free = "1M"; };'
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

drop() {		# FIRST LAST: messages, accepted
	for n in $(seq "$1" "$2"); do
		file=$store/submit/m$n.ccm
		printf 'Message:\r\nFrom: Doe, Jane at HUB\r\n' >"$out/m"
		printf 'To: Admin at HUB\r\nSubject: number %s\r\n' "$n" \
			>>"$out/m"
		printf 'Contents:\r\nText item:\r\nbody %s\r\n' "$n" >>"$out/m"
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

# Starts anew, which recovers, and judges. A call that failed may have left a
# hold that a check ends, so then there is one more start.
recover() {		# [STATES]
	states=${1:-}
	once 2>&1
	status=$?
	[ $status -le 1 ] || bad "ccmqd --once: $status"
	silent_check
	case ${CCMQ_FAULT_MODE:-} in
	fail*|short*)
		once 2>&1
		status=$?
		[ $status -le 1 ] || bad "second ccmqd --once: $status"
		silent_check
		# The attempt it stopped is tried again after a while.
		[ -z "$states" ] || states=$states,deferred
		;;
	esac
	"$judge" judge "$store" "$out" "$states" || {
		q list --state queued,importing,deferred,failed,imported,lost
		q events | tail -n 25
		exit 1
	}
}

#!/bin/sh
# A worker with a batch of eight (BATCH), which are all there are (MANY).
# WORKER: stub (default), or import, which is ccmq-import with a post office;
# ccmqd counts, or with WHO=worker the worker. POISON=N: the N-th kills the stub
# whenever it has it; it convicts itself, and no one else. LARGE=LINES: each
# message has so many more. CUTS="N N...": before that, the power was lost after
# these points of ccmqd, one after the other; with sweep --fresh.
. "${0%/*}/scenario_lib.sh"
poison=${POISON:-0}
worker=${WORKER:-stub}
batch=${BATCH:-8}
many=${MANY:-8}

worker_settings() {
	case $worker in
	stub)	program="\"$FAULT_BIN/stub_import\", \"ok\", \"$out\", \"worker\""
		;;
	import)	program="\"$top/ccmq-import\", \"--worker\", \"/NHUB\",
			\"/D$dir/po\", \"/PARTIAL\""
		;;
	esac
	{
		echo "store = \"$store\";"
		echo "import: { program = [ $program ]; interval = \"1s\";" \
			"batch = $batch; };"
		echo 'disk: { min_free = "1M"; }; intake: { settle = "0s"; };'
		# By itself it is convicted at once.
		[ $poison = 0 ] || echo 'limits: { crashed = 1; };'
	} >"$out/ccmq.conf"
}

make_office() {
	mkdir "$dir/po"
	echo 'name = "HUB"; users = ( { name = "Admin"; } );' \
		>"$dir/po/postoffice.conf"
	echo "$dir/po/mail/admin" >"$out/maildir"
}

put_poison() {
	file=$store/submit/m$poison.ccm
	{ echo poison; cat "$file"; } >"$out/m" && mv "$out/m" "$file" &&
		"$judge" promise "$out" "$file"
}

# Everybody but the poison is imported, whatever happened.
only_the_poison_failed() {
	failed=$(q list --state failed --json | grep -o '"name":"[^"]*"')
	[ "$failed" = "\"name\":\"m$poison.ccm\"" ] ||
		bad "failed: $failed, and the poison is m$poison.ccm"
}

check_poison() {
	for i in 1 2 3; do
		start_anew
		[ "$(q list --json | wc -l)" -gt 0 ] || break
		# What a failed call put off comes again; a check ends a hold.
		case ${CCMQ_FAULT_MODE:-} in
		fail*|short*)
			silent_check
			q retry --reason sweep --match state:deferred
			;;
		esac
	done
	silent_check
	judge imported,failed
	only_the_poison_failed
}

case $1 in
options)
	only=ccmqd
	[ "${WHO:-ccmqd}" = ccmqd ] || case $worker in
	stub) only=stub_import ;;
	import) only=ccmq-import ;;
	esac
	echo "--only $only --timeout 300 --fresh"
	;;
prepare)
	worker_settings
	[ $worker = stub ] || make_office
	q init && q hold --reason sweep && drop 1 "$many" || exit 1
	if [ $poison != 0 ]; then
		sed -i "/ m$poison.ccm$/d" "$out/promised"
		put_poison || exit 1
	fi
	once			# taken in, so that they are one batch
	q resume --reason sweep || exit 1
	# Once as one of several, uncounted.
	[ -z "${CUTS:-}" ] || echo 4 >"$out/limit"
	for cut in ${CUTS:-}; do
		"${0%/*}/fault_run.sh" "$dir" kill-after+power "$cut" ccmqd \
			"$top/ccmqd" -c "$out/ccmq.conf" --once
	done
	exit 0
	;;
run)
	run once
	;;
check)
	if [ $poison != 0 ]; then
		check_poison
		exit
	fi
	[ "${WHO:-}" != worker ] || under=worker
	recover 0 imported
	;;
esac

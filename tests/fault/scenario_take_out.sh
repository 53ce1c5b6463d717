#!/bin/sh
# A file taken out of a connector that is watched, or given back, as WAY says.
# Whoever is killed: it is whole and in exactly one place, which the history
# names, as soon as somebody has looked.
. "${0%/*}/scenario_lib.sh"
way=${WAY:-out}
theirs=$dir/theirs
name=Msg4F2C.ccm

# Every place where it may be, each time it is there.
places() {
	for file in "$theirs"/SUBMIT/* "$theirs"/SUBMIT/.ccmq-* \
	    "$theirs"/IMPORT/* "$theirs"/IMPORT/.ccmq-* "$store"/quarantine/* \
	    "$store"/quarantine/.ccmq-*; do
		[ ! -f "$file" ] || echo "${file#"$dir/"}"
	done
}

is_known() {
	case $(places) in
	store/quarantine/*"-$name")	word=quarantined ;;
	theirs/SUBMIT/$name)		word=queued ;;
	theirs/IMPORT/$name)		word=importing ;;
	*)				return 1 ;;
	esac
	[ "$(q list --state quarantined,queued,importing --json |
		grep -c "\"state\": *\"$word\"")" = 1 ]
}

# ccmqd --observe, until it has seen where it is.
look() {
	"$top/ccmqd" -c "$out/ccmq.conf" --observe >"$out/observe" 2>&1 &
	pid=$!
	tries=400
	until is_known || [ $tries = 0 ]; do
		tries=$((tries - 1))
		sleep 0.05
	done
	kill -TERM $pid
	wait $pid
}

case $1 in
options)
	echo "--only ccmq --timeout 300 --fresh"
	;;
prepare)
	mkdir -p "$theirs/SUBMIT" "$theirs/IMPORT"
	make_store ok "foreign: { submit = \"$theirs/SUBMIT\";" \
		"import = \"$theirs/IMPORT\"; cycle = \"100ms\"; };" || exit 1
	printf 'Message:\r\nContents:\r\nText item:\r\nbody\r\n' >"$out/whole"
	cp "$out/whole" "$theirs/IMPORT/$name"
	look
	is_known || bad "it is not seen: $(cat "$out/observe")"
	[ $way = out ] || q quarantine --reason sweep 1
	;;
run)
	case $way in
	out)	run q quarantine --reason sweep 1 ;;
	back)	run q release --reason sweep 1 ;;
	esac
	;;
check)
	look
	is_known || bad "after looking: $(places | tr '\n' ' ')$(q list \
		--state quarantined,queued,importing,gone; cat "$out/observe")"
	cmp -s "$out/whole" "$dir/$(places)" || bad "it is not whole"
	silent_check
	case $CCMQ_FAULT_STATUS-$way-$word in
	0-out-quarantined|0-back-queued) ;;
	0-*)	bad "said to be done, and it is $word" ;;
	esac
	exit 0
	;;
esac

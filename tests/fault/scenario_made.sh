#!/bin/sh
# Messages that are made of what is there, by split, replay and resend, as MAKER
# says. Whenever it is killed: what was there is there, and the same command once
# more leaves each new message there, whole and once.
. "${0%/*}/scenario_lib.sh"
maker=${MAKER:-split}

act() {
	case $maker in
	split)	q split 1 ;;
	replay)	q replay --reason sweep "$out/saved" ;;
	resend)	q und resend --match state:failed,quarantined --reason sweep ;;
	esac
}

message() {		# NUMBER
	printf 'Message:\r\nFrom: number %s\r\nContents:\r\n' "$1"
	printf 'Text item:\r\nbody\r\n'
}

# Each of three is a message of its own, in order, beside those promised.
judge_made() {
	for n in 1 2 3; do
		message $n
	done >"$out/wanted"
	cat "$store"/queue/*.ccm >"$out/got"
	cmp -s "$out/wanted" "$out/got" ||
		bad "queue/ has not the three, once and in order: $(ls \
			"$store/queue")"
	n=$(q list --state queued --json | wc -l)
	[ "$n" = 3 ] || bad "$n are queued, not 3"
	left=$(ls "$store/making")
	[ -z "$left" ] || bad "left in making/: $left"
}

case $1 in
options)
	echo "--only ccmq --timeout 300"
	;;
prepare)
	case $maker in
	split)
		make_store reject || exit 1
		for n in 1 2 3; do
			message $n
		done >"$store/submit/m1.ccm"
		"$judge" promise "$out" "$store/submit/m1.ccm"
		;;
	replay)
		make_store reject && drop 1 1 || exit 1
		mkdir "$out/saved"
		for n in 3 2 1; do
			message $n >"$out/saved/r$((4 - n)).ccm"
			touch -d "2026-11-2$n" "$out/saved/r$((4 - n)).ccm"
		done
		;;
	resend)
		make_store und && drop 1 3 || exit 1
		;;
	esac
	{ once; [ $? = 1 ]; } && q hold --reason sweep
	;;
run)
	run act
	;;
check)
	under=ccmq
	recover 0 failed,quarantined
	act >"$out/again" 2>&1
	silent_check
	judge failed,quarantined
	judge_made
	[ "$CCMQ_FAULT_STATUS" != 0 ] || ! grep -q '^#' "$out/again" ||
		bad "said to be done, and done again: $(cat "$out/again")"
	exit 0
	;;
esac

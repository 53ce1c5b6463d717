#!/bin/sh
# A store is made. Whatever became of that, it can be made again or is one,
# and the first message goes through it.
. "${0%/*}/scenario_lib.sh"
case $1 in
options)
	echo "--only ccmq --timeout 300"
	;;
prepare)
	settings ok
	;;
run)
	run q init
	;;
check)
	said=$(q init 2>&1)
	case $?-$said in
	0-*)	[ "$CCMQ_FAULT_STATUS" != 0 ] || bad "was made twice" ;;
	3-*"is a store already"*) ;;
	*)	bad "init again: $said" ;;
	esac
	drop 1 1
	under=check
	recover 0 imported
	;;
esac

#!/bin/sh
# Two messages while the post office is locked: deferred, not counted. The
# breaker may trip on the way; nothing is lost and nothing fails.
. "${0%/*}/scenario_lib.sh"
case $1 in
options)
	echo "--only ccmqd --timeout 300"
	;;
prepare)
	make_store busy && drop 1 2
	;;
run)
	run once
	;;
check)
	recover 1 deferred
	;;
esac

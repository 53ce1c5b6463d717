#!/bin/sh
# Two messages rejected, with an entry each in the .und file. TWICE=1: the
# connector once more, for sweep --first: recovery.
. "${0%/*}/scenario_lib.sh"
case $1 in
options)
	echo "--only ccmqd --timeout 300"
	;;
prepare)
	make_store und && drop 1 2 && touch "$out/und"
	;;
run)
	[ -z "${TWICE:-}" ] || once
	run once
	;;
check)
	recover 1 failed
	;;
esac

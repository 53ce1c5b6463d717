#!/bin/sh
# The .und file is rotated as soon as it has an entry, twice. TWICE=1: the
# connector once more, for sweep --first: recovery.
. "${0%/*}/scenario_lib.sh"
case $1 in
options)
	echo "--only ccmqd --timeout 300"
	;;
prepare)
	make_store und 'und: { rotate_size = "1K"; };' && touch "$out/und" &&
		drop 1 2
	# The least rotate_size is more than an entry: rotation is asked for.
	q und rotate
	;;
run)
	[ -z "${TWICE:-}" ] || once
	run once
	;;
check)
	recover 1 failed
	;;
esac

#!/bin/sh
# Taking in: three files, held, so that nothing else happens.
. "${0%/*}/scenario_lib.sh"
case $1 in
options)
	echo "--only ccmqd --timeout 300"
	;;
prepare)
	make_store ok && q hold --reason sweep && drop 1 3
	;;
run)
	run once
	;;
check)
	recover 1 queued
	;;
esac

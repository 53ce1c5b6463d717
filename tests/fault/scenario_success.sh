#!/bin/sh
# Three messages imported. KEEP=0s: without a copy kept. TWICE=1: the connector
# once more, for sweep --first: recovery.
. "${0%/*}/scenario_lib.sh"
case $1 in
options)
	echo "--only ccmqd --timeout 300"
	;;
prepare)
	make_store ok "keep: { imported = \"${KEEP:-1d}\"; };" && drop 1 3
	;;
run)
	[ -z "${TWICE:-}" ] || once
	run once
	;;
check)
	recover 0 imported
	;;
esac

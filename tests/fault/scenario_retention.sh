#!/bin/sh
# Retention: copies kept of imported messages, the trash, and the rows.
. "${0%/*}/scenario_lib.sh"
case $1 in
options)
	echo "--only ccmqd --timeout 300"
	;;
prepare)
	make_store ok && drop 1 2 && once && settings reject &&
		drop 3 4 && { once; [ $? = 1 ]; } &&
		q purge --yes --reason sweep 3 4 || exit 1
	settings ok 'keep: { imported = "1s"; trash = "1s"; history = "1s"; };'
	touch "$out/may-remove" "$out/may-forget"
	sleep 1.1		# what is kept for a second is old now
	;;
run)
	run once
	;;
check)
	recover 0 imported,removed,purged
	;;
esac

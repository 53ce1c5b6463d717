#!/bin/sh
# The example scenario: SQLite commits rows; no row whose COMMIT had returned
# may be lost. See README.md for the contract of a scenario.
#
# FAULT_BIN comes from sweep: where the programs were built.
# HOW (FULL) is SQLite's synchronous, ROWS (6) the number of rows.
# TWICE=1: the same once more, for sweep --first: recovery itself.

case $1 in
options)
	echo "--only sqlite_writer --timeout 300"
	;;
prepare)		# $2: an empty directory, the root; may stay empty
	mkdir "$2/store"
	;;
run)			# under fault; how it ends is judged by check
	[ -z "${TWICE:-}" ] ||
		"$FAULT_BIN/sqlite_writer" write "$2/store/history.db" \
			"$CCMQ_FAULT_OUT/committed" "${HOW:-FULL}" "${ROWS:-6}"
	exec "$FAULT_BIN/sqlite_writer" write "$2/store/history.db" \
		"$CCMQ_FAULT_OUT/committed" "${HOW:-FULL}" "${ROWS:-6}"
	;;
check)			# without faults: recover, look, say what is wrong
	exec "$FAULT_BIN/sqlite_writer" check "$2/store/history.db" \
		"$CCMQ_FAULT_OUT/committed"
	;;
esac

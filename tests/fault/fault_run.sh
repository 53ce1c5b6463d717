#!/bin/sh
# fault_run: one command under the library, by hand or in a prepare phase.
#
#   fault_run.sh ROOT MODE AT ONLY COMMAND...
#
# ROOT: what counts. MODE: as CCMQ_FAULT_MODE; with +power in it the power is
# lost when the command has ended. AT: the point. ONLY: the program that
# counts, '' for all. Exit: the command's; 125 when nothing was hit.
#
# A prepare phase that leaves a store as a crash left it, for a sweep over
# recovery (with sweep --fresh):
#   fault_run.sh "$2" kill-after "$CRASH_AT" ccmqd ccmqd -s "$2/store" --once

bin=${FAULT_BIN:-$(pwd)/tests/fault}
root=$(cd "$1" && pwd) || exit 2
mode=$2
at=$3
only=$4
shift 4

# Outside of the root, but on the same file system.
tmp=$(mktemp -d "$root.fault.XXXXXX") || exit 2
trap 'rm -rf "$tmp"' EXIT
mkdir "$tmp/side"
env LD_PRELOAD=libfault.so LD_LIBRARY_PATH="$bin" CCMQ_FAULT_ROOT="$root" \
	ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}verify_asan_link_order=0" \
	CCMQ_FAULT_LOG="$tmp/log" CCMQ_FAULT_SIDE="$tmp/side" \
	CCMQ_FAULT_MODE="$mode" CCMQ_FAULT_AT="$at" CCMQ_FAULT_ONLY="$only" \
	CCMQ_FAULT_LIST=1 CCMQ_FAULT_NOSYNC=1 "$@"
status=$?
reached=$(wc -l <"$tmp/log.points" 2>/dev/null)
[ "${FAULT_SHOW:-0}" = 0 ] || cat "$tmp/log.points"
case $mode in
*+power*)
	"$bin/fault_undo" "$root" "$tmp/log" "$tmp/side" >/dev/null || exit 2
	;;
esac
[ "$mode" = "${mode#count}" ] || exit $status
[ "${reached:-0}" -ge "$at" ] || exit 125
exit $status

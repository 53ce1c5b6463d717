#!/bin/sh
# A delivery that dies at every system call, whose power goes, or which a disk
# stops: tests/import/scenario_deliver.sh at every point of it.

set -u
FAULT_BIN=$(cd "${builddir:-.}/tests/fault" && pwd)
export FAULT_BIN
: "${FAULT_JOBS:=2}"
work=$(pwd)/import_crash.tmp.$$
trap 'rm -rf "$work"' EXIT
exec "$FAULT_BIN/sweep" --tap --jobs "$FAULT_JOBS" --work "$work" \
	"${srcdir:-.}/tests/import/scenario_deliver.sh"

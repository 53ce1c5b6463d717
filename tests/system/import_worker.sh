#!/bin/sh
# ccmq-import --worker, driven by tests/import/drive_worker.py: batches, bad
# requests, kills at any time, 5,000 messages in one process.

. "${srcdir:-.}/tests/import/tap.sh"

for python in python3 /usr/bin/python3; do
	"$python" -c 'import json' 2>/dev/null && break
	python=
done
if [ -z "$python" ]; then
	skip "the worker" "no python"
	tap_end
fi
"$python" "$srcdir/tests/import/drive_worker.py" "$import" "$work"

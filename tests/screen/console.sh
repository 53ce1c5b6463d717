#!/bin/sh
# The console on a store of its own, for console.keys.
store=$builddir/tests/screen/console.store
rm -rf "$store"
"$builddir/ccmq" -s "$store" init >/dev/null || exit 99
exec "$builddir/ccmq" -s "$store" "$@"

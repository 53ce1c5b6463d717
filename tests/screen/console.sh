#!/bin/sh
# The console on a store of its own, for console.keys.
store=$builddir/tests/screen/console-$$.store
trap "rm -rf \"$store\"" EXIT
rm -rf "$store"
"$builddir/ccmq" -s "$store" init >/dev/null || exit 99
"$builddir/ccmq" -s "$store" "$@"

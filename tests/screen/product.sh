#!/bin/sh
# product.sh N: a store in $WORK with N messages in each state, of two causes,
# with entries in the .und file, for product.keys.
set -eu
n=$1
store="$SRC/tests/screen/store.sh"

drop()
{
	for i in $(seq "$n"); do
		"$store" drop "$1$i.ccm"
	done
	"$builddir/ccmqd" -c "$WORK/conf" --once >>"$WORK/log" 2>&1 || true
}

"$store" new 'breaker: { unavailable = 1000; rejected = 1000; };' \
	'intake: { settle = "0s"; };'
[ "$n" -gt 0 ] || exit 0
drop i
"$store" program '{ printf "Undelivered message follows\r\nReason: "; cat "$1"; } >>"$2"; exit 5'
drop q
"$store" ccmq quarantine --match 'state:failed' --reason test
drop p
"$store" ccmq purge --match 'state:failed' --reason test --yes
drop u
"$store" program 'exit 1'
drop f
"$store" program 'exit 4'
drop d
"$store" ccmq hold --reason test
drop w

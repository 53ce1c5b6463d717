#!/bin/sh
# ccmq.sh WAY WORDS...: the console on a script's store, another way:
#	--setting	read-only by the settings
#	--other		as another user, who may write (as root; else oneself)
#	--stranger	as one who may read and not write
set -eu
conf=$WORK/conf
way=$1
shift
case $way in
--setting)
	{
		cat "$conf"
		echo 'console: { read_only = true; };'
	} >"$WORK/conf.set"
	exec "$builddir/ccmq" -c "$WORK/conf.set" "$@"
	;;
--other)
	[ "$OTHER" != "$ME" ] || exec "$builddir/ccmq" -c "$conf" "$@"
	chmod 755 "$WORK"
	exec setpriv --reuid "${OTHER#uid-}" --regid 0 --clear-groups \
		"$builddir/ccmq" -c "$conf" "$@"
	;;
--stranger)
	chmod 755 "$WORK"
	if [ "$(id -u)" -ne 0 ]; then
		chmod -R a-w "$WORK/store"
		exec "$builddir/ccmq" -c "$conf" "$@"
	fi
	chmod -R o+rX "$WORK/store"
	exec setpriv --reuid nobody --regid nogroup --clear-groups \
		"$builddir/ccmq" -c "$conf" "$@"
	;;
esac

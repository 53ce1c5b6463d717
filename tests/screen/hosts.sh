#!/bin/sh
# hosts.sh: the stores of some hosts, with a stand-in for ssh, for scripts of
# keys. Everything is in $WORK: conf, bin/ssh, NAME/ and NAME.conf.
#
#	new		alpha, beta and lossy with three failed messages each;
#			dead, whose key is not known. lossy loses its line in
#			the middle of its first answer to a verb (its ccmq dies
#			with it), and does not come again before `go`
#	console		their console; go
#	once		each was put back once, for the reason that was typed,
#			and nothing ran it
set -u

PATH=$WORK/bin:$PATH
ccmq=$builddir/ccmq
export PATH ccmq

store()	# NAME
{
	"$ccmq" -s "$WORK/$1" init >/dev/null || exit 1
	cat >"$WORK/$1.conf" <<-END
	store = "$WORK/$1";
	disk: { min_free = "1M"; };
	intake: { settle = "0s"; };
	import: { program = [ "$WORK/import", "%f", "%u" ]; };
	END
	for i in 1 2 3; do
		printf 'Message:\r\nFrom: a at B\r\nTo: c at D\r\nSubject: %s\r\nContents:\r\nText item:\r\nx\r\n' \
			"$1$i" >"$WORK/$1/submit/$i.ccm"
	done
	"$builddir/ccmqd" -c "$WORK/$1.conf" --once >>"$WORK/log" 2>&1
}

new()
{
	mkdir "$WORK/bin"
	printf '#!/bin/sh\nexit 5\n' >"$WORK/import"
	cat >"$WORK/bin/ssh" <<'END'
#!/bin/sh
own=
while [ "$1" != -- ]; do [ "$1" != -t ] || own=1; shift; done
name=$2
shift 3
case $name$own in
dead) echo "Host key verification failed." >&2; exit 255 ;;
lossy)	if [ ! -e "$WORK/lost" ]; then
		mkfifo "$WORK/line"
		exec 3<&0
		"$ccmq" -c "$WORK/lossy.conf" "$@" <&3 >"$WORK/line" &
		sed -u '/"result"/q' <"$WORK/line"
		: >"$WORK/lost"
		kill -9 $!
		exit
	fi
	while [ ! -e "$WORK/go" ]; do sleep 0.05; done ;;
esac
exec "$ccmq" -c "$WORK/$name.conf" "$@"
END
	chmod +x "$WORK/bin/ssh" "$WORK/import"
	for name in alpha beta lossy; do store $name; done
	cat >"$WORK/conf" <<-END
	store = "$WORK/alpha";
	hosts: ( { name = "alpha"; }, { name = "beta"; color = "red"; },
		{ name = "lossy"; }, { name = "dead"; } );
	END
}

console()
{
	exec "$ccmq" -c "$WORK/conf" --hosts "$@"
}

go()
{
	: >"$WORK/go"
}

once()
{
	[ ! -e "$WORK/x" ] || exit 1
	for name in alpha beta lossy; do
		got=$(sqlite3 -readonly "$WORK/$name/history.db" "SELECT
			count(*) || ' ' || sum(done) || ' ' || group_concat(reason)
			FROM action WHERE verb = 'retry'")
		[ "$got" = "1 3 \$(touch x); \`id\` 'a'" ] || { echo "$name: $got"; exit 1; }
		got=$(sqlite3 -readonly "$WORK/$name/history.db" "SELECT
			count(*) FROM change WHERE state_from = 'failed'")
		[ "$got" = 3 ] || { echo "$name: $got changes"; exit 1; }
	done
}

"$@"

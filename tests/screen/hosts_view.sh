#!/bin/sh
# hosts_view.sh: hosts that are always the same, by a stand-in for ssh that
# speaks for their ccmq, for hosts_view.keys. In $WORK: conf, bin/ssh.
#
#	new [COUNT]	four hosts, or so many, one in five of which is of these
#	console		their console, at a time that stands still
set -u

# say NAME JSON...: what it says, until nobody listens.
new()
{
	mkdir -p "$WORK/bin"
	cat >"$WORK/bin/ssh" <<'END'
#!/bin/sh
while [ "$1" != -- ]; do shift; done
rest='"importing":0,"deferred":3,"quarantined":1,"und_bytes":18400000,"disk_free":4400000000,"last_import_at":"2026-11-10T13:02:04Z"'
case $2 in
*act*)	say='"connector":"tripped","verdict":"tripped","severity":"act","verdict_text":"Likely the post office or importer, not the mail: 15 in a row, code 1","queued":1204,"failed":42,"oldest_queued_age_s":1140' ;;
*look*)	say='"connector":"held","verdict":"held","severity":"look","verdict_text":"Held by jgrewal until 04:00: post office maintenance","queued":12,"failed":0,"oldest_queued_age_s":60' ;;
*dead*)	echo "Host key verification failed." >&2; exit 255 ;;
*)	say='"connector":"running","verdict":"ok","severity":"ok","verdict_text":"All well: last import 14:02","queued":0,"failed":0,"oldest_queued_age_s":null' ;;
esac
protocol=1
[ "$2" != newer ] || protocol=2
printf '{"ccmq_serve":%d,"version":"0.2.0","writes":true}\n' $protocol || exit
while printf '{"status":{"store":"/var/lib/ccmq",%s,%s}}\n' "$say" "$rest"; do
	sleep 1
done
END
	chmod +x "$WORK/bin/ssh"
	cat >"$WORK/conf" <<-END
	store = "$WORK/none";
	hosts: ( { name = "hq-act01"; color = "red"; },
		{ name = "br-mail01"; color = "blue"; },
		{ name = "br-look02"; }, { name = "dead"; }, { name = "newer"; } );
	END
}

console()
{
	PATH=$WORK/bin:$PATH ELSEWHERE_AT=1794319350 TZ=CET-1 \
		LD_PRELOAD=elsewhere.so \
		LD_LIBRARY_PATH="$builddir/tests/screen" \
		exec "$builddir/ccmq" -c "$WORK/conf" --hosts
}

"$@"

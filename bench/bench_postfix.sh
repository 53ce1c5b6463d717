#!/bin/sh
# Postfix beside us, in an instance of its own below DIR; as root, with Postfix
# installed, else exit 77.
#
#	bench_postfix.sh rate DIR COUNT SIZE	messages a second from
#			smtp-source to a local Maildir
#	bench_postfix.sh release DIR COUNT	ms of `postsuper -H ALL` of so many
set -eu
PATH=$PATH:/usr/sbin
dir=$2/postfix count=$3
port=$((20000 + $$ % 20000))

[ "$(id -u)" = 0 ] && command -v postsuper smtp-source >/dev/null 2>&1 ||
	exit 77
rm -rf "$dir"
mkdir -p "$dir/spool" "$dir/data" "$dir/mail"
chown postfix "$dir/data"
chown nobody "$dir/mail"
cat >"$dir/main.cf" <<END
compatibility_level = 3.6
queue_directory = $dir/spool
data_directory = $dir/data
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
smtpd_peername_lookup = no
myhostname = bench.invalid
mydestination =
local_recipient_maps =
virtual_mailbox_domains = hub.invalid
virtual_mailbox_base = $dir/mail
virtual_mailbox_maps = static:user0/
virtual_uid_maps = static:65534
virtual_gid_maps = static:65534
syslog_name = bench
END
sed "s/^smtp  *inet/127.0.0.1:$port inet/; s/^\([^#]*[ ]\)y\( .*\)/\1n\2/" \
	/etc/postfix/master.cf >"$dir/master.cf"
: >"$dir/dynamicmaps.cf"
postfix -c "$dir" check >/dev/null 2>&1 || true

now_ms() {
	echo $(($(date +%s%N) / 1000000))
}

rate() {
	trap 'postfix -c "$dir" stop >/dev/null 2>&1 || true; rm -rf "$dir"' EXIT
	postfix -c "$dir" start >/dev/null 2>&1
	until smtp-source -m 1 -f a@hub.invalid -t user0@hub.invalid \
	    127.0.0.1:$port 2>/dev/null; do
		sleep 0.2
	done
	until [ -n "$(ls "$dir/mail/user0/new" 2>/dev/null)" ]; do
		sleep 0.1
	done
	begin=$(now_ms)
	smtp-source -s 20 -m "$count" -l "$1" -f a@hub.invalid \
		-t user0@hub.invalid 127.0.0.1:$port
	until [ "$(ls -f "$dir/mail/user0/new" | wc -l)" -ge \
	    $((count + 3)) ]; do
		sleep 0.02
	done
	echo $((count * 1000 / ($(now_ms) - begin)))
}

release() {
	trap 'rm -rf "$dir"' EXIT
	mkdir -p "$dir/spool/hold"
	chown postfix "$dir/spool/hold"
	# As short as files may be: it renames them, and reads none.
	awk -v dir="$dir/spool/hold" -v n="$count" 'BEGIN {
		for (i = 1; i <= n; i++) {
			f = sprintf("%s/%05X%05X", dir, i % 1048576, i)
			print "x" >f
			close(f)
		}
	}'
	chmod -R 700 "$dir/spool/hold"
	chown -R postfix "$dir/spool/hold"
	sync -f "$dir"
	begin=$(now_ms)
	postsuper -c "$dir" -H ALL 2>"$dir/log"
	echo $(($(now_ms) - begin))
	grep -q "Released from hold: $count " "$dir/log" || cat "$dir/log" >&2
}

case $1 in
rate)	rate "$4" ;;
release)	release ;;
esac

#!/bin/bash
# ccmq hosts over the real ssh: an sshd on the loopback, a key made for this, and
# ACCOUNTS (3) accounts with a store each, which are there only for the
# processes of this test (a mount namespace of its own). TAP.
. "$srcdir/tests/system/lib.sh" || exit 1

accounts=${ACCOUNTS:-3}
give_up()
{
	skip "hosts over sshd" "$1"
	finish
}
[ -x /usr/sbin/sshd ] && command -v ssh >/dev/null || give_up "no openssh-server"
[ "$(id -u)" -eq 0 ] || give_up "not root"
if [ -z "${HOSTS_INSIDE-}" ]; then
	unshare -m true 2>/dev/null || give_up "no mount namespace can be made"
	chmod 755 "$work"
	can_become 65534 || give_up "others cannot reach the build tree"
	stop KILL; rm -rf "$work"
	HOSTS_INSIDE=1 exec unshare -m bash "$0" "$@"
fi

# Accounts, for us alone.
mount --make-rprivate / 2>/dev/null
dir=$(mktemp -d /tmp/ccmq-hosts-XXXXXX)
trap '[ -z "$sshd" ] || kill "$sshd" 2>/dev/null; stop KILL
	rm -rf "$work" "$dir"' EXIT
sshd=
chmod 755 "$dir" "$work"
for file in passwd shadow group; do cp -p /etc/$file "$dir/$file"; done
special=3	# behind them: without ccmq, too old, and one that hangs
for i in $(seq $((accounts + special))); do
	echo "ccmqt$i:x:$((64200 + i)):$((64200 + i))::$dir/h$i:/bin/bash" >>"$dir/passwd"
	echo "ccmqt$i:*:19000:0:99999:7:::" >>"$dir/shadow"
	echo "ccmqt$i:x:$((64200 + i)):" >>"$dir/group"
done
for file in passwd shadow group; do
	mount --bind "$dir/$file" /etc/$file || give_up "no bind mounts"
done

as()	# N COMMAND...: as that account
{
	id=$((64200 + $1))
	shift
	setpriv --reuid $id --regid $id --clear-groups "$@"
}

# Keys and the server, on a free port.
ssh-keygen -q -t ed25519 -N '' -f "$dir/key"
ssh-keygen -q -t ed25519 -N '' -f "$dir/host"
ssh-keygen -q -t ed25519 -N '' -f "$dir/other"
port=$(awk 'BEGIN { srand(); print 20000 + int(rand() * 20000) }')
while ss -Htln "sport = :$port" 2>/dev/null | grep -q .; do port=$((port + 1)); done
mkdir -p "$dir/bin" /run/sshd
ln -s "$ccmq" "$dir/bin/ccmq"
cat >"$dir/sshd_config" <<END
Port $port
ListenAddress 127.0.0.1
HostKey $dir/host
PidFile none
AuthorizedKeysFile $dir/authorized
StrictModes no
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
MaxStartups 100
SetEnv PATH=$dir/bin:/usr/bin:/bin
END
cp "$dir/key.pub" "$dir/authorized"
chmod 644 "$dir/authorized"
/usr/sbin/sshd -D -f "$dir/sshd_config" -E "$dir/sshd.log" &
sshd=$!

# What the operator has: names for the accounts.
{
	for i in $(seq $((accounts + special))); do
		printf 'Host acc%d\n HostKeyAlias good\n User ccmqt%d\n' "$i" "$i"
	done
	printf 'Host refuses\n HostKeyAlias good\n User ccmqt1\n IdentityFile %s\n' "$dir/other"
	printf 'Host unknownkey\n HostKeyAlias nobody\n User ccmqt1\n'
	printf 'Host acc* unknownkey\n IdentityFile %s\n' "$dir/key"
	printf 'Host *\n HostName 127.0.0.1\n Port %d\n IdentitiesOnly yes\n UserKnownHostsFile %s\n GlobalKnownHostsFile none\n' \
		"$port" "$dir/known"
} >"$dir/ssh_config"
echo "good $(cut -d' ' -f1,2 "$dir/host.pub")" >"$dir/known"
printf '#!/bin/sh\nexec /usr/bin/ssh -F %s "$@"\n' "$dir/ssh_config" >"$dir/bin/ssh"
chmod +x "$dir/bin/ssh"
export PATH=$dir/bin:$PATH
wait_for 20 ssh -o BatchMode=yes acc1 true
ok "sshd lets the account in"

# A store each; the account's own settings name it.
hosts=
for i in $(seq "$accounts"); do
	home=$dir/h$i
	mkdir -p "$home/.config/ccmq"
	printf '#!/bin/sh\nexit 5\n' >"$home/import"
	chmod +x "$home/import"
	printf 'store = "%s/store";\ndisk: { min_free = "1M"; };\nintake: { settle = "0s"; };\nimport: { program = [ "%s/import", "%%f" ]; };\n' \
		"$home" "$home" >"$home/.config/ccmq/ccmq.conf"
	chown -R $((64200 + i)):$((64200 + i)) "$home"
	export HOME=$home
	as "$i" "$ccmq" -c "$home/.config/ccmq/ccmq.conf" init >/dev/null
	for name in a b; do
		printf 'Message:\r\nFrom: a at B\r\nTo: c at D\r\nSubject: %s%s\r\nContents:\r\nText item:\r\nx\r\n' \
			"$name" "$i" >"$home/store/submit/$name.ccm"
	done
	chown $((64200 + i)) "$home"/store/submit/*.ccm
	as "$i" "$ccmqd" -c "$home/.config/ccmq/ccmq.conf" --once >>"$work/log" 2>&1
	hosts="$hosts${hosts:+, }{ name = \"acc$i\"; }"
done
# The last one's login prints.
echo 'echo "Welcome back"' >"$dir/h$accounts/.bashrc"
noccmq=acc$((accounts + 1)) old=acc$((accounts + 2)) hangs=acc$((accounts + 3))
rc()	# N LINE
{
	mkdir "$dir/h$1"
	echo "$2" >"$dir/h$1/.bashrc"
	hosts="$hosts, { name = \"acc$1\"; }"
}
rc $((accounts + 1)) 'PATH=/nowhere'
rc $((accounts + 2)) 'ccmq() { [ "$1" = serve ] || { echo "{\"connector\":\"running\",\"failed\":7}"; return; }
	echo "ccmq: there is no command \"serve\": ccmq --help lists all" >&2; return 2; }'
rc $((accounts + 3)) 'exec sleep 60'
settings "hosts: ( $hosts, { name = \"refuses\"; }, { name = \"unknownkey\"; } );"

# What is told as it comes, until it is seen; on a busy machine a login takes
# its time.
"$ccmq" -c "$config" hosts --follow --json >"$work/told" 2>/dev/null &
follower=$!
seen()	# HOST FILTER
{
	jq -es "any(.[]; .host == \"$1\" and ($2))" "$work/told" >/dev/null 2>&1
}
says()	# WHAT HOST WORDS
{
	wait_for 60 seen "$2" ".why == \"$3\""
	ok "$1"
}
for i in $(seq "$accounts"); do
	wait_for 60 seen "acc$i" '.state == "live" and .failed == 2'
	ok "account $i's store"
done
says "one that refuses" refuses \
	"refused: this account may not log in there without a password"
says "one with an unknown key" unknownkey \
	"its key is not known here: log in once with ssh, and compare it"
says "one that hangs" "$hangs" "hangs: no ccmq spoke within 20 s"
says "one whose rc file prints" "acc$accounts" \
	"what its shell prints at login (13 bytes) is passed over"
wait_for 60 seen "$noccmq" '.why | startswith("there is no ccmq there")?'
ok "one without ccmq"
wait_for 60 seen "$old" '.failed == 7 and .writes == false'
ok "one that is too old"

# A row is new when something changes there.
export HOME=$dir/h1
as 1 "$ccmq" -c "$dir/h1/.config/ccmq/ccmq.conf" quarantine 1 >/dev/null
wait_for 20 seen acc1 '.failed == 1 and .quarantined == 1'
ok "a row is new when something changes there"
kill "$follower"
wait "$follower" 2>/dev/null

# It waits 10 s for each, in which a busy machine may not log in.
found_all()
{
	[ "$(q find 'subject:a|subject:b' --json 2>/dev/null | wc -l)" -eq \
		$((2 * accounts)) ]
}
found_all || found_all || found_all || found_all
ok "find asks all of them"

# Who did it is the account that was logged in to.
printf '%s\n' '{"id":"0123456789abcdef","ask":"retry","ids":[2],"seen":"failed","reason":"$(touch '"$dir"'/ran)"}' |
	ssh -T -o BatchMode=yes -- acc1 ccmq serve >"$work/said"
is "the account is who did it" "ccmqt1 done" "$(jq -r \
	'select(.result) | .result | "\(.by) \(.result)"' "$work/said")"
[ ! -e "$dir/ran" ]
ok "and its reason ran nothing"
finish

#!/bin/bash
# README, followed to the letter: its commands are taken out of README.md itself
# and run, those of the chapter Install by the users that their first lines name,
# on a file system that is thrown away afterwards (an overlay over this one, in a
# name space of its own). Needs root. TAP.

blocks=$builddir/readme.tmp.$$

skip()
{
	echo "1..0 # SKIP $1"
	exit 0
}

# --- outside: make a place ---------------------------------------------------

if [ -z "${README_ROOT:-}" ]; then
	[ "$(id -u)" -eq 0 ] || skip "only root can make users and mounts"
	mkdir -p "$blocks" || exit 1
	trap 'rm -rf "$blocks"' EXIT
	unshare -m true 2>/dev/null || skip "no mounts of one's own here"
	README_ROOT=$blocks unshare -m --propagation private "$BASH" "$0"
	exit
fi

# --- in a name space of our own ----------------------------------------------

top=$README_ROOT/top
mount -t tmpfs tmpfs "$README_ROOT" &&
	mkdir "$README_ROOT/upper" "$README_ROOT/work" "$top" &&
	mount -t overlay -o "lowerdir=/,upperdir=$README_ROOT/upper,workdir=$README_ROOT/work" \
		overlay "$top" 2>/dev/null || skip "no overlay over / here"
mount --bind /proc "$top/proc" && mount --rbind /dev "$top/dev" &&
	mount -t tmpfs tmpfs "$top/run" || exit 1
mkdir -p "$top/$srcdir/build"
[ "$builddir" -ef "$top/$srcdir/build" ] || [ "$builddir" = "$srcdir/build" ] ||
	mount --bind "$builddir" "$top/$srcdir/build"
# The store and the post office are on one file system, which an overlay over
# two others is not.
rm -rf "$top/etc/ccmq"
chmod 700 "$top/root"		# as it is on most machines
mount -t tmpfs tmpfs "$top/var/lib"

# there USER COMMANDS: there, as that user, as after a login.
there()
{
	local user=$1
	shift
	chroot "$top" /usr/bin/env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
		LANG=C.UTF-8 HOME="$(chroot "$top" getent passwd "$user" |
		cut -d: -f6)" runuser -u "$user" -- sh -euc "$*" 2>&1
}

# What a container has no systemd for: users are made from the file that was
# installed, and the unit's program is started as its User, with its UMask.
mkdir -p "$top/usr/local/sbin"
cat >"$top/usr/local/sbin/systemctl" <<'END'
#!/bin/sh
unit=/usr/local/lib/systemd/system/ccmqd.service
[ "$1" != daemon-reload ] || exec test -s $unit
[ ! -s /run/ccmqd.pid ] || {
	kill "$(cat /run/ccmqd.pid)"
	# Where nobody waits for orphans it stays as a zombie.
	while grep -q '^State:.*[^Z] (' "/proc/$(cat /run/ccmqd.pid)/status" \
		2>/dev/null; do sleep 0.05; done
}
program=$(sed -n 's/^ExecStart=//p' $unit)
export HOME=/
user=$(sed -n 's/^User=//p' $unit)
umask "$(sed -n 's/^UMask=//p' $unit)"
runuser -u "$user" -- $program >/run/ccmqd.log 2>&1 &
echo $! >/run/ccmqd.pid
END
chmod 755 "$top/usr/local/sbin/systemctl"
if ! command -v systemd-sysusers >/dev/null; then
	cat >"$top/usr/local/sbin/systemd-sysusers" <<'END'
#!/bin/sh
grep -q '^u ccmq ' /usr/local/lib/sysusers.d/ccmq.conf &&
	useradd --system --home-dir / ccmq
END
	chmod 755 "$top/usr/local/sbin/systemd-sysusers"
fi

n=0 bad=0
ok()	# WHAT: the status of the command before
{
	local status=$?
	n=$((n + 1))
	if [ $status -eq 0 ]; then
		echo "ok $n - $1"
	else
		printf '%s\n' "$said" | tail -n 20 | sed 's/^/# /'
		sed 's/^/# ccmqd: /' "$top/run/ccmqd.log" 2>/dev/null | tail -n 5
		echo "not ok $n - $1"
		bad=1
	fi
}

wait_for()	# COMMAND...: for ten seconds
{
	local tries=200
	until "$@"; do
		tries=$((tries - 1))
		[ $tries -gt 0 ] || return 1
		sleep 0.05
	done
}

# What stands before that chapter is for whoever has just come: the lines one by
# one, as who owns the tree. A store is never on an overlay.
cat >"$top/root/.gitconfig" <<END
[safe]
	directory = *
[url "file://$srcdir"]
	insteadOf = https://ccmq.example/git/ccmq.git
END
mkdir "$top/var/lib/state" "$top/tmp/readme.$$" || exit 1
ln -s /bin/true "$top/usr/local/sbin/apt-get"	# what is missing stays so
pid=
here()	# LINE
{
	local where=$srcdir
	not_here=
	case $1 in
	git*)	where=/tmp/readme.$$
		[ -e "$srcdir/.git" ] ||
			not_here=' # SKIP this tree is no clone'
		command -v git >/dev/null || not_here=' # SKIP there is no git'
		;;
	./quickstart*)
		[ "$builddir" -ef "$srcdir/build" ] ||
			not_here=' # SKIP this build is not that of quickstart'
		;;
	build/ccmq\ convert*)	# some are broken, and it says so
		set -- "$1 || [ \$? -eq 1 ]; ls ~/Maildir/.ccmail/cur | wc -l"
		;;
	esac
	[ -n "$not_here" ] || said=$(there root "export XDG_STATE_HOME=/var/lib/state
		cd '$where'; $1")
}
while IFS= read -r line <&3; do
	here "$line" 3<&-
	ok "$line$not_here"
	[ -z "$not_here" ] || continue
	case $line in
	./quickstart) [[ $said == *' failed wait for you'* && $said == *' imported '* ]] ;;
	*list) [[ $said == *' access '* ]] ;;
	build/*) [ "$(printf '%s\n' "$said" | tail -n 1)" -gt 60 ] ;;
	*--incident*)
		pid+=" $(sed -n 's/^Stop ccmqd: *kill //p' <<<"$said")"
		[[ $said == *"--mend ${line##* }"* ]] && case $line in
		*access) [[ $said == *failed* ]] ;;
		*) [[ $said == *LOOP* ]] ;;
		esac
		;;
	*--mend*) [[ $said == *'mended. Then'* ]] ;;
	*) continue ;;
	esac
	ok "  says what it is to say"
done 3< <(sed -n '/^## Install/q; s/ *#.*//; s/^    //p' "$srcdir/README.md")
# shellcheck disable=SC2086
[ -z "${pid// /}" ] || kill $pid

# The blocks of README's chapter, a file each.
awk -v to="$README_ROOT/block" '
	/^## / { on = $0 == "## Install" }
	on && /^    / {
		if (!in_block) n++
		in_block = 1
		sub(/^    /, "")
		print >(to n)
		next
	}
	{ in_block = 0 }' "$srcdir/README.md"
count=$(ls "$README_ROOT"/block* | wc -l)
[ "$count" = 6 ]
ok "README has its six blocks of commands ($count)"

imported()
{
	said=$(there alice 'ccmq status --json; ccmq show 1')
	[ "$(printf '%s\n' "$said" | head -n 1 | jq .imported 2>/dev/null)" = 1 ]
}

i=0
while [ $i -lt "$count" ]; do
	i=$((i + 1))
	user=$(sed -n '1s/^# as \([a-z]*\).*/\1/p' "$README_ROOT/block$i")
	where=/
	[ $i -gt 1 ] || where=$srcdir
	first=$(sed -n 2p "$README_ROOT/block$i")
	said=$(there "${user:-nobody}" "cd '$where'; $(cat "$README_ROOT/block$i")")
	ok "block $i, as ${user:-?}: $first"
	if [ "$user" = gate ]; then
		wait_for imported
		ok "the first message is imported"
	fi
done
printf '%s\n' "$said" | grep -q '^ *Subject *The first'
ok "the operator sees it"
said=$(find "$top/var/lib/ccmq-po/mail" -type f)
[ "$(printf '%s\n' "$said" | grep -c jane.doe/new/)" = 1 ]
ok "it lies in the mailbox that README names"

# may_not USER COMMANDS WHAT
may_not()
{
	said=$(there "$1" "$2")
	[ $? -ne 0 ] && there "$1" true
	ok "$3"
}

there root 'echo theirs >/var/lib/ccmq/submit/theirs.part'
may_not gate 'ls /srv/ccmq-submit' "a producer sees no message of others"
may_not gate 'rm -f /srv/ccmq-submit/theirs.part' "nor removes one"
may_not gate 'ls /var/lib/ccmq' "nor enters the store"
may_not gate 'ccmq status' "nor asks ccmq"
may_not alice 'echo x >>/etc/ccmq/ccmq.conf' "an operator changes no settings"
may_not alice 'echo x >>/var/lib/ccmq-po/postoffice.conf' "nor the post office"
may_not alice 'rm -rf /var/lib/ccmq/queue' "nor takes the store apart"
said=$(there alice 'ccmq hold --reason trying && ccmq resume && ccmq undo && ccmq check')
ok "an operator holds, resumes, takes back, checks"
[ ! -s "$top/run/ccmqd.pid" ] || kill "$(cat "$top/run/ccmqd.pid")"
[ -z "${DEBUG:-}" ] || chroot $top sh -c "$DEBUG"
echo "1..$n"
exit $bad

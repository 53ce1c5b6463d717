#!/bin/sh
# ccmq-backup(7), followed to the letter: its commands are taken out of the page
# and run on a store in use. TAP.
. "$srcdir/tests/system/lib.sh"

page=$srcdir/data/ccmq-backup.7
places=$work/places		# stands for /
mkdir -p "$places/var/lib" "$places/srv" "$places/etc/ccmq"
rm -rf "$store"
store=$places/var/lib/ccmq config=$places/etc/ccmq/ccmq.conf
"$ccmq" -s "$store" init >/dev/null
mkdir "$places/var/lib/ccmq-po"
program 'case $(cat "$1") in *bad*) exit 1;; esac; exit 0'
settings "$(import_setting)"

# chapter NAME [N]: the commands of the Nth display below that heading.
chapter()
{
	awk -v name=".Ss $1" -v n="${2:-1}" '
		/^\.S[sh]/ { on = $0 == name; seen = 0 }
		on && /^\.Bd/ { seen++; show = seen == n; next }
		/^\.Ed/ { show = 0 }
		on && show' "$page" | sed -e 's/\\e/\\/g' \
		-e 's,/\(var/lib\|backup\|srv\|etc\)/,$places/\1/,g' \
		-e 's/-o ccmq -g ccmq //'
}

# What a machine has and a test has not.
systemctl()
{
	case $1 in
	stop) [ -z "$daemon" ] || stop TERM ;;
	start) start && wait_for 15 status_has '.pid != null' ;;
	esac
}
ccmq()
{
	case $1 in
	-s) "$builddir/ccmq" "$@" ;;
	*) "$builddir/ccmq" -c "$config" "$@" ;;
	esac
}

# follow WHAT CHAPTER [N]
follow()
{
	chapter "$2" "${3:-1}" >"$work/commands"
	: >"$work/said"
	done=0
	IFS='
'				# a place may have blanks
	while read -r line <&3; do
		eval "$line" >>"$work/said" 2>&1 || break
		done=$((done + 1))
	done 3<"$work/commands"
	unset IFS
	[ $done -gt 0 ] && [ $done -eq "$(wc -l <"$work/commands")" ] || {
		sed 's/^/# /' "$work/said"
		false
	}
	ok "$1"
}

imported_is()
{
	wait_for 15 count_is imported "$1"
}

drop one.ccm
drop two.ccm bad
start
imported_is 1 && wait_for 15 count_is failed 1
ok "a store in use"
follow "backup" Backup
follow "the copy can be used" Backup 2
is "and is whole" ok "$(tail -n 1 "$work/said")"
follow "the history alone, while all runs" Backup 3
drop three.ccm bad
wait_for 15 count_is failed 2
drop four.ccm
imported_is 2
ok "life goes on"

follow "the history alone is restored" Restore 2
is "the file that it did not know is known" 2 "$(count failed)"
drop five.ccm
wait_for 30 listed --state imported --match name:five
ok "mail flows again"
is "no number was given twice" 0 "$(sql 'SELECT count(*) - count(DISTINCT id) FROM message')"
[ "$(sql "SELECT id FROM message WHERE name = 'five.ccm'")" -gt 4 ]
ok "nor one that had been given since the copy"

follow "all is restored" Restore
is "as it was" "1 1" "$(count imported) $(count failed)"
rm -rf "$places/var/lib/ccmq.broken"

follow "a history is lost, and made anew" "A lost history"
is "it is held" true "$(q status --json | jq .held)"
is "what had failed has failed" 1 "$(count failed)"
follow "looked through" "A lost history" 2
is "and is not held any more" false "$(q status --json | jq .held)"
follow "upgrade" Upgrading
# There the store is not named: it is where it is by default.
sed -i '/^store/d' "$config"
follow "moved" "Moving a store"
is "to the new place" "$places/srv/ccmq" "$(q status --json | jq -r .store)"
store=$places/srv/ccmq
drop six.ccm
wait_for 15 listed --state imported --match name:six
ok "where mail flows"
finish

#!/bin/sh
# The harness tested: known sequences, what is left of them when the power
# goes, how calls are made to fail; then SQLite, where synchronous=FULL must
# lose nothing at any point, and OFF must be seen to lose something.

set -u
bin=${builddir:-.}/tests/fault
here=${srcdir:-.}/tests/fault
work=$(pwd)/test_harness.tmp.$$
FAULT_BIN=$(cd "$bin" && pwd)
export FAULT_BIN
LC_ALL=C
export LC_ALL
count=0
failures=0

rm -rf "$work"
mkdir "$work" || exit 99
trap 'rm -rf "$work"' EXIT INT TERM

verdict() {		# RESULT NAME
	count=$((count + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $count - $2"
	else
		failures=$((failures + 1))
		echo "not ok $count - $2"
	fi
}

same() {		# NAME GOT WANTED
	if [ "$2" = "$3" ]; then
		verdict 0 "$1"
	else
		echo "# got:    $2"
		echo "# wanted: $3"
		verdict 1 "$1"
	fi
}

renew() {
	rm -rf "$work/root" "$work/side" "$work"/log*
	mkdir -p "$work/root/a" "$work/root/b" "$work/side"
	printf f >"$work/root/a/f"
	printf g >"$work/root/b/g"
	printf 'old bytes' >"$work/root/old"
	chmod 640 "$work/root/old"
	touch -d '2020-02-02 02:02:02 UTC' "$work/root/old"
}

under_fault() {		# MODE AT STEPS
	(cd "$work/root" && env LD_PRELOAD=libfault.so \
		LD_LIBRARY_PATH="$FAULT_BIN" \
		ASAN_OPTIONS=verify_asan_link_order=0:detect_leaks=0 \
		CCMQ_FAULT_ROOT="$work/root" CCMQ_FAULT_LOG="$work/log" \
		CCMQ_FAULT_SIDE="$work/side" CCMQ_FAULT_MODE="$1" \
		CCMQ_FAULT_AT="$2" CCMQ_FAULT_ONLY=steps CCMQ_FAULT_LIST=1 \
		CCMQ_FAULT_NOSYNC=1 "$FAULT_BIN/steps" "$3") 2>&1
}

picture() {
	(cd "$work/root" && find . ! -type d | sort | while read -r f; do
		printf '%s=%s ' "${f#./}" "$(tr -d '\0' <"$f")"
	done
	find . -mindepth 1 -type d -empty | sort | tr '\n' ' ')
}

lose() {		# STEPS WANTED [OPTIONS OF UNDO]
	steps=$1
	wanted=$2
	shift 2
	renew
	before=$(picture)
	why=$(under_fault count+power 0 "$steps")
	ran=$?
	after=$(picture)
	"$FAULT_BIN/fault_undo" "$@" "$work/root" "$work/log" "$work/side" \
		>"$work/undo.txt" 2>&1 || sed 's/^/# /' "$work/undo.txt"
	got=$(picture)
	[ $ran -eq 0 ] || got="$got (did not run: $why)"
	[ "$before" != "$after" ] || got="$got (nothing was changed)"
	[ -z "$(ls "$work/side")" ] || got="$got (side is not empty)"
	same "power loss: $steps${*:+ ($*)}" "$got" "$wanted"
}

fails() {		# MODE AT WANTED
	renew
	same "$1 at $2" "$(under_fault "$1" "$2" say)" "$3"
}

base='a/f=f b/g=g old=old bytes '
lose publish_nothing "$base"
lose publish_nothing 'a/f=f a/new= b/g=g old=old bytes ' --lose data
lose publish_nothing "$base" --lose names
lose publish_all 'a/f=f a/new=new b/g=g old=old bytes '
lose publish_name_only 'a/f=f a/new= b/g=g old=old bytes '
lose publish_data_only "$base"
lose publish_dir_too_early 'a/f=f a/tmp=new b/g=g old=old bytes '
lose unlink_it "$base"
lose unlink_and_sync 'a/f=f b/g=g '
lose unlink_what_was_written "$base"
lose overwrite "$base"
lose overwrite 'a/f=f b/g=g old=NEW longer than before ' --lose names
lose overwrite_and_sync 'a/f=f b/g=g old=NEW longer than before '
lose overwrite_sync_overwrite 'a/f=f b/g=g old=NEW bytes '
lose append "$base"
lose cut_off "$base"
lose cut_off_at_open "$base"
lose copy_over "$base"
lose rename_over "$base"
lose rename_over_and_sync 'b/g=f old=old bytes ./a '
lose move "$base"
lose move_sync_source "$base"
lose move_sync_source 'b/g=g old=old bytes ./a ' --strict 2
lose move_sync_source 'b/f=f b/g=g old=old bytes ./a ' --strict 0
lose move_sync_target "$base"
lose move_sync_target 'a/f=f b/f=f b/g=g old=old bytes ' --strict 2
lose move_sync_both 'b/f=f b/g=g old=old bytes ./a '
lose move_then_reuse 'a/f=second b/f=f b/g=g old=old bytes '
lose exchange "$base"
lose directories "$base"
lose directory_again 'a/f=f b/d/h=h b/g=g old=old bytes ./a/c '
lose directories_and_sync \
	'c/h=h d/f=f l=old bytes old=old bytes s=old bytes '
lose everything 'c/h=h d/f=f l=NEW longer than before old=NEW longer '"\
than before s=NEW longer than before "
lose child_without_environment "$base"
lose modes "$base"
same 'mode and time come back' \
	"$(stat -c '%a %Y' "$work/root/old")" '640 1580608922'

# Of three changes (a name, bytes, a rename) some, and by the seed the same.
some_of_them() {
	for seed in 1 2 3 4 5 6 7 8 9 10 11 12; do
		renew
		under_fault count+power 0 publish_nothing
		"$FAULT_BIN/fault_undo" --lose "random:$seed" "$work/root" \
			"$work/log" "$work/side" >/dev/null
		picture
		echo
	done
}
some_of_them >"$work/some1"
some_of_them >"$work/some2"
cmp -s "$work/some1" "$work/some2"
verdict $? 'a seed loses the same again'
same 'seeds lose different things' "$(sort -u "$work/some1" | wc -l)" 5

# say: open, write, write, write, fsync, unlink are points 1 to 6.
fails count 0 '4 4 4 0 0'
fails fail-EIO 3 '4 EIO 4 0 0'
fails fail-EIO+stick 3 '4 EIO EIO 0 0'
fails fail-EIO+dead 3 '4 EIO EIO EIO EIO'
fails fail-ENOSPC+dead 3 '4 ENOSPC ENOSPC ENOSPC 0'
fails fail-EACCES 3 '4 4 4 0 0'
fails fail-EACCES 6 '4 4 4 0 EACCES'
fails short 2 '2 ENOSPC 4 0 0'
fails short+stick 2 '2 ENOSPC ENOSPC 0 0'
renew
under_fault kill-before 4 say >/dev/null
same 'kill-before' "$? $(cat "$work/root/said")" '137 fourfour'
renew
under_fault kill-after 4 say >/dev/null
same 'kill-after' "$? $(cat "$work/root/said")" '137 fourfourfour'
renew
under_fault kill-mid 4 say >/dev/null
same 'kill-mid' "$? $(cat "$work/root/said")" '137 fourfourfo'
renew
under_fault count 0 three_processes
same 'forks and runners do not count' \
	"$(cat "$work/log.points")" '     1 mkdir mine'
# The first dies at its rename. The second has done nothing when the power
# goes: what the first had not made durable is lost as well.
renew
CCMQ_FAULT_FIRST=kill-after:4
export CCMQ_FAULT_FIRST
under_fault count+power 0 publish_all >/dev/null
first=$(picture)
under_fault kill-before+power 1 unlink_it >/dev/null
unset CCMQ_FAULT_FIRST
same 'the first dies' "$first" 'a/f=f a/new=new b/g=g old=old bytes '
"$FAULT_BIN/fault_undo" "$work/root" "$work/log" "$work/side" >/dev/null
same 'and what it left uncovered is lost with the second' "$(picture)" "$base"
renew
under_fault count 0 overwrite
same 'opening what is there is no point' \
	"$(wc -l <"$work/log.points")" 2

by_hand() {		# NAME WANTED MODE AT
	renew
	(cd "$work/root" && "$here/fault_run.sh" . "$3" "$4" steps \
		"$FAULT_BIN/steps" publish_data_only) >/dev/null 2>&1
	same "$1" "$? $(picture)$(ls -d "$work"/root.* 2>/dev/null)" "$2"
}

by_hand 'fault_run: a crash' "137 a/f=f a/tmp=new b/g=g old=old bytes " \
	kill-after 2
by_hand 'fault_run: a power loss' "137 $base" kill-before+power 4
by_hand 'fault_run: nothing hit' "125 a/f=f a/new=new b/g=g old=old bytes " \
	kill-before 5

sweep() {		# WANTED-EXIT NAME OPTIONS...
	wanted=$1
	name=$2
	shift 2
	"$FAULT_BIN/sweep" --work "$work/sweep" --jobs 2 "$@" \
		>"$work/sweep.txt" 2>&1
	got=$?
	[ $got -eq "$wanted" ] ||
		tail -n 20 "$work/sweep.txt" | sed 's/^#*/#/'
	grep 'points x' "$work/sweep.txt" | sed 's/^/# /'
	[ $got -eq "$wanted" ]
	verdict $? "$name"
}

sqlite=$here/scenario_sqlite.sh
sweep 0 'SQLite, FULL: nothing is lost at any point' "$sqlite"
sweep 0 'SQLite, FULL: nor in a random part of the loss' \
	--modes power+power-random,power+power-data,power+power-names "$sqlite"
TWICE=1
export TWICE
for first in kill-after:11 kill-before:26 kill-after:51 kill-mid:70; do
	sweep 0 "SQLite, FULL: recovery after $first" --first $first \
		--modes kill-before,power,fail-EIO --step 3 "$sqlite"
done
sweep 3 'the first has no such point' --first kill-after:1000 "$sqlite"
unset TWICE
HOW=OFF
export HOW
sweep 0 'SQLite, OFF: kill -9 alone shows nothing' \
	--modes kill-before "$sqlite"
sweep 1 'SQLite, OFF: a power loss is seen to lose rows' \
	--modes power --keep-going "$sqlite"
unset HOW

cat >"$work/stdio" <<'END'
#!/bin/sh
case $1 in
run) cd "$2" && "$FAULT_BIN/steps" "${STDIO:-stdio}" ;;
esac
END
cat >"$work/wrong" <<'END'
#!/bin/sh
case $1 in
run) echo >"$2/file" ;;
check) exit 1 ;;
esac
END
cat >"$work/hangs" <<'END'
#!/bin/sh
case $1 in
run) echo >"$2/file"; echo >"$2/other" && exit
	sleep 1000 & sleep 1000 ;;
esac
END
chmod +x "$work/stdio" "$work/wrong" "$work/hangs"
sweep 2 'writing with stdio is refused' "$work/stdio"
STDIO=stdio_on_fd
export STDIO
sweep 2 'also on a descriptor' "$work/stdio"
sweep 2 'a scenario that fails without a fault is refused' "$work/wrong"
sweep 1 'a run that hangs fails, and is ended' --timeout 1 \
	--modes fail-EIO --from 2 --keep-going "$work/hangs"

echo "1..$count"
[ $failures -eq 0 ]

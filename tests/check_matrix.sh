#!/bin/sh
# The tests in other builds and places than the usual one, for check-long:
#
#	check_matrix.sh PART...
#
#	o3 clang noconsole	gcc -O3, clang, --disable-console; with --enable-werror
#	user		as a user, in a source tree that is read-only
#	blanks		in a path with blanks
#	i386		32 bits, in a Debian of its own (MATRIX_CHROOT, or made anew
#			by debootstrap; needs root)
#	table		the figures of all that ran
#
# Each builds in matrix-PART/ below the build tree, from the files that `make
# dist` would take, and leaves its figures in matrix-PART.txt. LEAVE_OUT: names
# of tests, in part, that are not run. JOBS: 4. Exit: 77 if it cannot be done
# here, said.

: "${srcdir:?}" "${builddir:?}" "${JOBS:=4}" "${LEAVE_OUT:=}"
cd "$builddir" || exit 1
user=65533		# nobody else's

skip()
{
	echo "$part: not here: $1" | tee "matrix-$part.txt"
	exit 77
}

# A copy of what is in the tarball.
copy_to()	# DIR
{
	rm -rf "$1" && mkdir -p "$1" &&
		make -s distdir distdir=matrix-dist >/dev/null 2>&1 &&
		cp -a matrix-dist/. "$1"
	status=$?
	chmod -R u+w matrix-dist && rm -rf matrix-dist
	return $status
}

# Which tests there are in that build, but for what is left out.
tests_of()	# DIR
{
	make -s -C "$1" -f - print-tests <<-'END' | tr -s ' ' '\n' |
	include Makefile
	print-tests: ; @echo $(TESTS)
	END
	if [ -n "$LEAVE_OUT" ]; then
		grep -vE "$(echo $LEAVE_OUT | tr ' ' '|')"
	else
		cat
	fi | tr '\n' ' '
}

# figures DIR: like quickstart's last line.
figures()
{
	find "$1" -name '*.trs' -exec cat {} + | awk -v part="$part" \
		-v took=$(($(date +%s) - begun)) '
		/^:test-result: (PASS|XFAIL)/ { passed++ }
		/^:test-result: (FAIL|XPASS|ERROR)/ { failed++ }
		/^:test-result: SKIP/ { skipped++ }
		END { printf "%s: %d passed, %d failed, %d skipped; %d s\n",
			part, passed, failed, skipped, took }' |
		tee "matrix-$part.txt"
}

# check_here DIR: the tests of what is built there.
check_here()
{
	make -C "$1" -j"$JOBS" check TESTS="$(tests_of "$1")"
	status=$?
	figures "$1"
	return $status
}

# build SOURCE OPTIONS...: beside the build tree's own.
build()
{
	source=$1
	shift
	rm -rf "matrix-$part" && mkdir "matrix-$part" && (
		cd "matrix-$part" && "$source/configure" --enable-werror "$@" &&
			make -j"$JOBS"
	) && check_here "matrix-$part"
}

# alone DIR [COMMAND...]: configure, build and test in the copy that lies in
# DIR, in a build folder of its own, by COMMAND.
alone()
{
	dir=$1
	shift
	"$@" sh -ec 'cd "$1" && mkdir -p b && cd b &&
		../configure --enable-werror && make -j"$2"' sh "$dir" "$JOBS" &&
		"$@" make -C "$dir/b" -j"$JOBS" check \
			TESTS="$(tests_of "$dir/b")"
	status=$?
	figures "$dir/b"
	return $status
}

as_user()
{
	if [ "$(id -u)" -eq 0 ]; then
		HOME=$builddir/matrix-user/b setpriv --reuid $user \
			--regid $user --clear-groups -- "$@"
	else
		"$@"
	fi
}

do_user()
{
	copy_to matrix-user && mkdir matrix-user/b &&
		chmod -R a+rX,a-w matrix-user && chmod 755 matrix-user/b &&
		{ [ "$(id -u)" -ne 0 ] || chown $user:$user matrix-user/b; }
	as_user test -x "$builddir/matrix-user/configure" ||
		skip "a user cannot enter $builddir"
	alone "$builddir/matrix-user" as_user
	status=$?
	chmod -R u+w matrix-user
	return $status
}

do_i386()
{
	root=${MATRIX_CHROOT:-$builddir/matrix-i386}
	[ "$(id -u)" -eq 0 ] || skip "only root can enter another Debian"
	if [ ! -e "$root/usr/bin/apt-get" ]; then
		command -v debootstrap >/dev/null || skip "no debootstrap"
		debootstrap --arch=i386 --variant=minbase bookworm "$root" ||
			skip "no Debian for 32 bits can be made"
	fi
	copy_to "$root/srv/ccmq-matrix" || return 1
	for place in proc dev dev/pts dev/shm; do
		mountpoint -q "$root/$place" ||
			mount --rbind "/$place" "$root/$place" || return 1
	done
	chroot "$root" /usr/bin/env -i PATH="$PATH" HOME=/root LANG=C.UTF-8 \
		LEAVE_OUT="$LEAVE_OUT" JOBS="$JOBS" sh -c 'cd /srv/ccmq-matrix &&
		./quickstart build && srcdir=$PWD builddir=$PWD/build \
			tests/check_matrix.sh here'
	status=$?
	umount -R "$root/proc" "$root/dev"
	sed "s/^here/$part/" "$root/srv/ccmq-matrix/build/matrix-here.txt" |
		tee "matrix-$part.txt"
	return $status
}

bad=0
for part; do
	begun=$(date +%s)
	case $part in
	o3)	build "$srcdir" CFLAGS='-O3 -g' ;;
	clang)	command -v clang >/dev/null || skip "no clang"
		build "$srcdir" CC=clang ;;
	noconsole)
		build "$srcdir" --disable-console ;;
	user)	do_user ;;
	blanks)	copy_to "matrix-blanks/a path/with blanks" &&
			alone "$builddir/matrix-blanks/a path/with blanks" ;;
	i386)	do_i386 ;;
	here)	check_here . ;;
	table)	cat matrix-*.txt ;;
	*)	sed -n '2,20s/^#//p' "$0"; exit 2 ;;
	esac || bad=1
done
exit $bad

#!/bin/sh
# What several files must say alike: the version, and the packages that a build
# needs. Every installed file is in a package. TAP.

cd "$srcdir" || exit 1
n=0 bad=0
is()	# WHAT WANTED GOT
{
	n=$((n + 1))
	if [ "$2" = "$3" ]; then
		echo "ok $n - $1"
	else
		echo "# wanted \"$2\", got \"$3\""
		echo "not ok $n - $1"
		bad=1
	fi
}

version=$(sed -n 's/^AC_INIT(\[ccmq\], \[\([^]]*\)\].*/\1/p' configure.ac)
is "debian/changelog has the version" "$version" \
	"$(sed -n '1s/.*(\(.*\)-[0-9]*).*/\1/p' debian/changelog)"
is "the spec has the version" "$version" \
	"$(sed -n 's/^Version: *//p' packaging/ccmq.spec)"
is "the APKBUILD has the version" "$version" \
	"$(sed -n 's/^pkgver=//p' packaging/APKBUILD)"
is "NEWS begins with the version" "## $version" \
	"$(grep -m 1 '^## ' NEWS.md | cut -d' ' -f1,2)"

# list VARIABLE: of quickstart, a word a line.
list()
{
	tr '\n\t' '  ' <quickstart |
		sed "s/.* $1=\"\([^\"]*\)\".*/\1/" | tr -s ' ' '\n'
	echo
}
# What debhelper has anyway.
always='^(autoconf|automake|make|gcc|xz-utils)$'
is "debian/control needs what quickstart installs" \
	"$({ list build_packages; list check_packages; list service_packages; } |
		grep -vE "$always" |
		sort)" \
	"$(sed -n '/^Build-Depends/,/^[A-Z]/p' debian/control |
		sed -n 's/^ \([a-z0-9.-]*\).*/\1/p' | sort)"

for library in $(sed -n 's/^ *\(AS_IF.*\)\{0,1\}\(\[\)\{0,1\}PKG_CHECK_MODULES(\[[A-Z0-9]*\], \[\([a-z0-9.-]*\).*/\3/p' configure.ac | sort); do
	grep -q "pkgconfig($library)" packaging/ccmq.spec || echo "$library"
done >"$builddir/packaging.missing"
is "the spec needs what configure asks for" "" \
	"$(cat "$builddir/packaging.missing")"
rm -f "$builddir/packaging.missing"

for place in $(sed -n 's|^[a-z]*dir = \$(datadir)/\([a-z-]*\).*|\1|p' \
		data/local.mk | sort -u); do
	grep -q "^usr/share/$place" debian/ccmq.install || echo "deb: $place"
	grep -q "_datadir}/$place" packaging/ccmq.spec || echo "rpm: $place"
done >"$builddir/packaging.missing"
is "each folder of data is in the packages" "" \
	"$(cat "$builddir/packaging.missing")"
rm -f "$builddir/packaging.missing"

for unit in data/*.service.in; do
	name=$(basename "$unit" .in)
	grep -q "_unitdir}/$name" packaging/ccmq.spec || echo "rpm: $name"
	for step in post preun postun_with_restart; do
		grep -q "^%systemd_$step .*$name" packaging/ccmq.spec ||
			echo "rpm: $step $name"
	done
	user=$(sed -n 's/^User=//p' "$unit")
	grep -q "^u $user " data/ccmq.sysusers || echo "no user: $user"
done >"$builddir/packaging.missing"
is "each unit is in the package, and its user" "" \
	"$(cat "$builddir/packaging.missing")"
rm -f "$builddir/packaging.missing"

# What is tracked is in the tarball, by its name or by that of a folder.
if [ -e .git ] && git ls-files >"$builddir/packaging.tracked" 2>/dev/null; then
	printf 'include Makefile\nprint:; @echo $(DISTFILES)\n' |
		make -s -C "$builddir" -f - print 2>/dev/null | tr ' ' '\n' |
		sed 's|^\(\.\./\)*||' | awk -v here="$PWD/" '
		FNR == NR {
			# configure was called by its whole path
			if (index($0, here) == 1)
				$0 = substr($0, length(here) + 1)
			in_it[$0] = 1
			next
		}
		{
			path = $0
			while (!(path in in_it) && sub("/[^/]*$", "", path))
				;
			if (!(path in in_it) && $0 !~ /^\.git/)
				print
		}' - "$builddir/packaging.tracked" \
		>"$builddir/packaging.missing"
	is "what is tracked is in the tarball" "" \
		"$(cat "$builddir/packaging.missing")"
	rm -f "$builddir/packaging.missing" "$builddir/packaging.tracked"
fi

# What a removal and a purge leave of a store; `ccmq list` is COMMAND there.
left()	# COMMAND [FILE]
{
	place=$builddir/packaging.place
	rm -rf "$place" && mkdir -p "$place/bin" "$place/store" &&
		(cd "$place/store" && mkdir submit queue import failed \
			quarantine trash imported) && : >"$place/store/history.db"
	[ -z "${2:-}" ] || : >"$place/store/$2"
	printf '#!/bin/sh\n%s\n' "$1" >"$place/bin/ccmq"
	chmod +x "$place/bin/ccmq"
	for step in prerm:remove postrm:purge; do
		sed "s,/var/lib/ccmq,'$place/store',g" \
			"debian/ccmq.${step%:*}" >"$place/script"
		PATH=$place/bin:$PATH sh "$place/script" "${step#*:}" 2>/dev/null
	done
	[ -e "$place/store" ] && echo left || echo gone
	rm -rf "$place"
}
is "a store that never had mail goes with the package" gone "$(left true)"
is "one that had some stays" left "$(left 'echo {}')"
is "so does one of which nobody can say" left "$(left 'exit 3')"
is "and one where something was dropped" left "$(left true submit/a.ccm)"
is "an upgrade starts it anew: nothing forbids it" "" \
	"$(grep -e --no-start -e --no-restart debian/rules)"

sh -n packaging/APKBUILD && sh -n packaging/ccmq.pre-install
is "the APKBUILD is a shell script" 0 $?
echo "1..$n"
exit $bad

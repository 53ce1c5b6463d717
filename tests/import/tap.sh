# tap: for the import_*.sh tests; sourced. A work directory below the build
# tree, a post office in it, and one line of TAP for each check.
#
#	. "$srcdir/tests/import/tap.sh"
#	check NAME COMMAND...		ok if the command succeeds
#	same NAME GOT WANTED
#	tap_end				prints the plan and ends

set -u
: "${srcdir:=.}" "${builddir:=.}"
import=$builddir/ccmq-import
work=$(pwd)/$(basename "$0" .sh).tmp.$$
po=$work/po
TZ=UTC
LC_ALL=C
export TZ LC_ALL
unset CCMQ_ID
tap_count=0
tap_failures=0

rm -rf "$work"
mkdir "$work" || exit 99
convert=$work/convert		# ccmq convert, as one word
printf '#!/bin/sh\nexec "%s" convert "$@"\n' "$builddir/ccmq" >"$convert"
chmod +x "$convert"
trap 'rm -rf "$work"' EXIT
trap 'exit 99' INT TERM HUP

tap() {			# STATUS NAME
	tap_count=$((tap_count + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $tap_count - $2"
	else
		tap_failures=$((tap_failures + 1))
		echo "not ok $tap_count - $2"
	fi
}

skip() {		# NAME WHY
	tap_count=$((tap_count + 1))
	echo "ok $tap_count - $1 # SKIP $2"
}

check() {
	tap_name=$1
	shift
	if "$@" >"$work/tap.out" 2>&1; then
		tap 0 "$tap_name"
	else
		sed 's/^/# /' "$work/tap.out"
		tap 1 "$tap_name"
	fi
}

same() {
	if [ "$2" = "$3" ]; then
		tap 0 "$1"
	else
		printf '%s\n' "$2" | sed 's/^/# got:    /'
		printf '%s\n' "$3" | sed 's/^/# wanted: /'
		tap 1 "$1"
	fi
}

tap_end() {
	echo "1..$tap_count"
	exit $((tap_failures > 0))
}

# A copy may be written over, though the source tree may be read-only.
cp() {
	command cp --no-preserve=mode "$@"
}

# A fresh post office like that of the demo.
new_post_office() {
	rm -rf "$po" "$work/ccmail.und"
	mkdir "$po"
	cp "$srcdir/data/demo/postoffice.conf" "$po/"
}

# A plain message. SUBJECT TO...
ccm() {
	printf 'Message:\r\nFrom: Grewal, Jeff at HUB\r\nDate: 6/2/98 8:39\r\n'
	ccm_subject=$1
	shift
	for ccm_to; do
		printf 'To: %s\r\n' "$ccm_to"
	done
	printf 'Subject: %s\r\nContents:\r\nText item:\r\nbody\r\n' \
		"$ccm_subject"
}

# Runs the import on $work/in.ccm: status in $code, words in out and err.
run_import() {
	timeout 60 "$import" "/D$po" "/@$work/in.ccm" \
		"--und=$work/ccmail.und" "$@" >"$work/out" 2>"$work/err"
	code=$?
}

mails() {		# MAILBOX
	find "$po/mail/$1" -type f 2>/dev/null | wc -l | tr -d ' '
}

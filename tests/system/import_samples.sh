#!/bin/sh
# Every sample as mail: compared with what was read by people once
# (tests/import/NAME.eml), parsed by Python's email, and opened by notmuch.
#
# UPDATE=1 writes the expected files anew; look at the difference.

. "${srcdir:-.}/tests/import/tap.sh"
expected=$srcdir/tests/import/expected
samples="$srcdir/data/samples $srcdir/tests/import/samples"

# All mailboxes of one sample in one text. Dates of delivery are replaced.
picture() {
	echo "code $code"
	(cd "$po/mail" 2>/dev/null && find . -type f | sort |
	while read -r f; do
		echo "=== $f"
		cat "$f"
	done)
	if [ -s "$work/ccmail.und" ]; then
		echo "=== ccmail.und"
		grep -a '^\*\*\*' "$work/ccmail.und" | tr -d '\r'
	fi
}

python=
for p in python3 /usr/bin/python3; do
	"$p" -c 'import email' 2>/dev/null && python=$p && break
done
mkdir "$work/all" "$work/all/cur" "$work/all/new" "$work/all/tmp"
total=0

for ccm in $(find $samples -name '*.ccm' | sort); do
	name=$(basename "$ccm" .ccm)
	new_post_office
	cp "$ccm" "$work/in.ccm"
	touch -d '1998-06-02 08:39 UTC' "$work/in.ccm"
	hex=
	[ "$name" != hex ] || hex=/FILES/HEX
	CCMQ_ID=$name-1 run_import /NHUB /PARTIAL $hex
	case $name in
	no_* | no-* | cut-headers | nul | lf | loose) picture | sed 's/^Date: .*/Date: NOW/' ;;
	*) picture ;;
	esac >"$work/picture"
	if [ -n "${UPDATE:-}" ]; then
		cp "$work/picture" "$expected/$name.eml"
	fi
	check "$name: as expected" cmp "$work/picture" "$expected/$name.eml"
	for f in $(find "$po/mail" -type f 2>/dev/null); do
		total=$((total + 1))
		cp "$f" "$work/all/new/$total.$name"
		if [ -n "$python" ]; then
			check "$name: Python reads it" "$python" \
				"$srcdir/tests/import/check_mail.py" "$f" \
				"$ccm" $hex
		else
			skip "$name: Python reads it" "no python"
		fi
	done
done

if command -v notmuch >/dev/null; then
	printf '[database]\npath=%s\n[user]\nname=x\nprimary_email=x@example\n' \
		"$work/all" >"$work/notmuch"
	NOTMUCH_CONFIG=$work/notmuch
	export NOTMUCH_CONFIG
	check "notmuch takes them" timeout 60 notmuch new
	# The same message in two mailboxes is one message with two files.
	same "notmuch knows every file" "$(notmuch search --output=files '*' |
		wc -l | tr -d ' ')" "$total"
	same "notmuch finds text that was CP437" "$(notmuch search \
		--output=files 'schöne' | wc -l | tr -d ' ')" 1
	same "notmuch finds the name of an attachment" "$(notmuch search \
		--output=files attachment:page1.pcx | wc -l | tr -d ' ')" 2
else
	skip "notmuch" "not installed"
fi

tap_end

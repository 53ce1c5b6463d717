#!/bin/sh
# Every sample as mail: result code, console line, each mailbox and the .und
# file, compared with what was read by people once (tests/import/expected);
# parsed by Python's email, and opened by notmuch.
#
# UPDATE=1 writes the expected files anew; look at the difference.

. "${srcdir:-.}/tests/import/tap.sh"
expected=$srcdir/tests/import/expected

# All that came of one sample in one text; bytes that are none are shown as
# cat -v does.
picture() {
	echo "code $code: $(tail -n 1 "$work/out")"
	(cd "$po/mail" 2>/dev/null && find . -type f | sort |
	while read -r f; do
		echo "=== $f"
		# Boundaries are random.
		sed -E 's/=_ccmq\.[0-9a-f]{32}/=_ccmq.RANDOM/g' "$f"
	done)
	if [ -s "$work/ccmail.und" ]; then
		echo "=== ccmail.und"
		tr -d '\r' <"$work/ccmail.und" | cat -v
	fi
}

python=
for p in python3 /usr/bin/python3; do
	"$p" -c 'import email' 2>/dev/null && python=$p && break
done
mkdir "$work/all" "$work/all/cur" "$work/all/new" "$work/all/tmp"
total=0

# set_settings NAME: what the post office of that sample has.
set_settings() {
	case $1 in
	dmy | ymd) set -- date_order "\"$1\"" ;;
	cp850) set -- code_page 850 ;;
	cp1252) set -- code_page '"cp1252"' ;;
	*) return ;;
	esac
	sed -i "s/^$1 = .*/$1 = $2;/" "$po/postoffice.conf"
}

# Names are told apart by their lines: a path may have blanks.
IFS='
'
for ccm in $(find "$srcdir/data/samples" "$srcdir/tests/import/samples" \
		-name '*.ccm' | sort); do
	name=$(basename "$ccm" .ccm)
	new_post_office
	set_settings "$name"
	cp "$ccm" "$work/in.ccm"
	touch -d '1998-06-02 08:39 UTC' "$work/in.ccm"
	hex=
	case $name in *hex) hex=/FILES/HEX ;; esac
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
		printf '%s\t%s\t%s\n' "$work/all/new/$total.$name" "$ccm" \
			"$hex" >>"$work/list"
	done
done
unset IFS

if [ -n "$python" ]; then
	"$python" "$srcdir/tests/import/check_mail.py" <"$work/list" \
		>"$work/checked" 2>&1
	same "Python has looked at each" "$total" \
		"$(grep -c '^good \|^bad ' "$work/checked")"
	while read -r word path; do
		case $word in
		good) tap 0 "${path##*/}: Python reads it" ;;
		bad) tap 1 "${path##*/}: Python reads it" ;;
		*) echo "$word $path" ;;
		esac
	done <"$work/checked"
else
	skip "Python reads them" "no python"
fi

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

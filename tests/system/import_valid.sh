#!/bin/sh
# Mail that is valid whatever it was made from: Python's parser reads each of
# the messages of tests/import/make_nasty.py without a complaint, with keys of
# every form and with none.

. "${srcdir:-.}/tests/import/tap.sh"

for python in python3 /usr/bin/python3; do
	"$python" -c 'import email' 2>/dev/null && break
	python=
done
if [ -z "$python" ]; then
	skip "valid mail" "no python"
	tap_end
fi
new_post_office
mkdir "$work/nasty" "$work/keep"
"$python" "$srcdir/tests/import/make_nasty.py" "$work/nasty" || exit 99
asked=0
for ccm in "$work"/nasty/*.ccm; do
	for key in "" "k" "a..b.." "6f1f2e6a-0000-4000-8000-000000000001-$asked-0123456789abcdef" \
		"$(printf '%98d' 7)"; do
		cp "$ccm" "$work/in.ccm"
		CCMQ_ID=${key:+$(echo "$key" | tr ' ' 0)} run_import /PARTIAL
		case $code in 0 | 5) ;; *) check "$ccm: $(cat "$work/err")" false ;; esac
		for f in "$po"/mail/admin/new/*; do
			[ -f "$f" ] || continue
			asked=$((asked + 1))
			mv "$f" "$work/keep/$asked.${ccm##*/}"
			printf '%s\t%s\n' "$work/keep/$asked.${ccm##*/}" \
				"$ccm" >>"$work/list"
		done
		rm -rf "$po/delivered"
	done
done
same "each was delivered with each key" "$asked" \
	$(($(ls "$work"/nasty/*.ccm | wc -l) * 5))
"$python" "$srcdir/tests/import/check_mail.py" <"$work/list" >"$work/checked" 2>&1
same "Python reads all of them" "$(grep -v '^good ' "$work/checked" |
	sed "s,$work/,," | head -n 40)" ""
same "and has looked at all of them" "$(grep -c '^good ' "$work/checked")" \
	"$asked"
same "boundaries are never the same" "$(cat "$work"/keep/* | grep -o \
	'boundary="[^"]*"' | sort | uniq -d)" ""

# What stands in the arguments of the command is an address, or nothing.
cat >"$work/mta" <<-'END'
	#!/bin/sh
	cat >/dev/null
	printf '%s\n' "$@" >>"${0%/*}/args"
END
chmod 755 "$work/mta"
echo "deliver = [ \"$work/mta\", \"-f%s\" ];" >>"$po/postoffice.conf"
cp "$work/nasty/dots.ccm" "$work/in.ccm"
run_import /PARTIAL
ccm hello 'ok@x.example at internet' |
	sed 's/^From:.*/From: a..b@x.com at internet\r/' >"$work/in.ccm"
run_import /PARTIAL
ccm hello 'ok2@x.example at internet' >"$work/in.ccm"
run_import /PARTIAL
ccm hello 'ok3@x.example at internet' |
	sed 's/^From:.*/From: me@y.example at internet\r/' >"$work/in.ccm"
run_import /PARTIAL
same "arguments" "$(cat "$work/args")" "-fpostmaster@demo.example
a@b.c
-fpostmaster@demo.example
ok@x.example
-fjeff.grewal@hub.example
ok2@x.example
-fme@y.example
ok3@x.example"
tap_end

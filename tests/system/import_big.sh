#!/bin/sh
# A large message takes no more memory than a small one: it is converted and
# imported with less address space than its attachment has bytes, and comes out
# whole. BIG: the bytes of the attachment (268435456). WHOLE=1: ccmq-import too,
# which puts all of it on the disk.

. "${srcdir:-.}/tests/import/tap.sh"
: "${BIG:=268435456}"
space=60000		# KB; libraries take most of it
TMPDIR=$work
export TMPDIR

headers() {
	printf 'From: Admin at DEMO\r\nDate: 6/2/98\r\nTo: Admin at DEMO\r\n'
	printf 'Subject: big\r\nContents:\r\n'
}

item_line() {		# LINE BYTES
	printf '%s\r\n%-12d\r\n' "$1" "$2"
}

# A message with one item, whose bytes are to follow. LINE BYTES
begin() {
	contents=$(($(item_line "$@" | wc -c) + $2))
	printf 'Message:\r\n%-12d\r\n' $(($(headers | wc -c) + 14 + contents))
	headers
	printf '%-12d\r\n' $contents
	item_line "$@"
}

limited() {		# COMMAND...
	(
		# shellcheck disable=SC3045
		ulimit -v $space && exec "$@"
	)
}

# How many bytes the base64 lines of a mail mean.
decoded() {
	sed -n '1,/^$/d; /^Content-/d; /^--/d; p' | base64 -d | wc -c |
		tr -d ' '
}

if ! limited "$import" --version >/dev/null 2>&1; then
	skip "large messages" "no limit of address space here (sanitizers)"
	tap_end
fi

begin "File item: big.bin" "$BIG" >"$work/in.ccm"
truncate -s "+$BIG" "$work/in.ccm"	# a hole: reads as NULs
same "attachment: all of its bytes" "$({ limited "$convert" "$work/in.ccm" \
	2>"$work/err" || echo '!'; } | decoded)" "$BIG"
same "attachment: no complaint" "$(cat "$work/err")" ""
if [ -n "${WHOLE:-}" ]; then
	new_post_office
	limited "$import" "/D$po" "/@$work/in.ccm" >"$work/out" 2>&1
	same "attachment, imported: code" "$?" 0
	same "attachment, imported: all of its bytes" \
		"$(decoded <"$(find "$po/mail" -type f)")" "$BIG"
	rm -rf "$po"
fi

# A text becomes UTF-8 on the way, and hex text bytes: through a file.
text=$((BIG / 4))
{
	begin "Text item:" $text
	yes 'a line of text with an umlaut: '"$(printf '\204')" | head -c $text
} >"$work/text.ccm"
limited "$convert" "$work/text.ccm" >"$work/text.eml" 2>"$work/err"
same "text: status" "$?$(cat "$work/err")" 0
same "text: all of its lines" "$(grep -c 'umlaut: =C3=A4$' "$work/text.eml")" \
	"$(tail -c $text "$work/text.ccm" | grep -ac 'umlaut: .')"
rm -f "$work/text.ccm" "$work/text.eml"
{
	begin "File item: big.bin" $text
	yes '00FF7F1A' | head -c $text
} >"$work/hex.ccm"
same "hex: all of its bytes" "$({ limited "$convert" --files-hex "$work/hex.ccm" \
	2>"$work/err" || echo '!'; } | decoded)" $((text / 9 * 4 + text % 9 / 2))

tap_end

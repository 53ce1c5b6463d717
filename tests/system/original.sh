#!/bin/sh
# The stand-in for the original connector (data/demo/original.sh) does what is
# documented of it: what else is tested stands on that. TAP.
. "$srcdir/tests/system/lib.sh"
root=$work/theirs

original()
{
	sh "$srcdir/data/demo/original.sh" "$@" "$root"
}

# fresh: an empty one, with a post office.
fresh()
{
	rm -rf "$root"
	mkdir -p "$root/SUBMIT" "$root/PO"
}

# put NAME [HEADER]: as it was converted.
put()
{
	{
		printf '%s\r\n' "Message:" "From: Ops, Night at HUB" \
			"To: Admin at HUBPO2" "Subject: about $1"
		[ -z "${2:-}" ] || printf '%s\r\n' "$2"
		printf '%s\r\n' "Contents:" "Text item:" "text of $1"
	} >"$root/SUBMIT/$1"
}

# events NUMBER: how many of them.
events()
{
	awk -F '\t' -v number="$1" '$2 == number' "$root/ccmc.log" | wc -l
}

# in_dir DIR: names of messages there.
in_dir()
{
	(cd "$root/$1" && echo *.[cC][cC][mM])
}

entries()
{
	grep -c '^Message:' "$root/IMPORT/ccmail.und"
}

fresh
put Msg0001.ccm
original -1
is "code 0: delivered, and deleted" "*.[cC][cC][mM]" "$(in_dir IMPORT)"
is "… once" "Msg0001.ccm	about Msg0001.ccm" "$(cat "$root/delivered")"
is "… with event 58" "Lotus cc:Mail IMPORT from file Msg0001.ccm completed successfully." \
	"$(cut -f 4 "$root/ccmc.log")"

# Two full batches and one that is not, one after the other at once.
fresh
put Msg0000.ccm
for i in 1 2 3 4 5 6 7 8 9 10 11; do
	put "$(printf 'Msg1%03d.ccm' $i)"
done
original -1 -p '^Subject: about Msg0000'
is "five a cycle, and the next at once: the poison met three" 3 "$(events 59)"
is "… left behind each time" Msg0000.ccm "$(in_dir IMPORT)"
is "… with one more entry each time" 3 "$(entries)"
is "… and a reason in it" 3 "$(grep -c '^\*\*\*  Disk error' \
	"$root/IMPORT/ccmail.und")"
is "… and the others went through" 11 "$(wc -l <"$root/delivered")"
original -1 -p '^Subject: about Msg0000'
is "… and again in the next cycle" 4 "$(events 59)"
grep -qF 'Lotus cc:Mail IMPORT from file Msg0000.ccm returned result code 1. Program did not complete successfully.' \
	"$root/ccmc.log"
ok "… in the words of event 59"
original -1 -s -p '^Subject: about Msg0000'
is "SP3 takes it out" "*.[cC][cC][mM]" "$(in_dir IMPORT)"

fresh
put Msg0005.ccm
put Msg0004.ccm 'Demo: code 4'
original -1 -u '^To: Admin'
is "code 5: an entry" 1 "$(entries)"
is "… consumed; code 4: left" Msg0004.ccm "$(in_dir IMPORT)"
is "… events 63 and 62" "1 1" "$(events 63) $(events 62)"

fresh
put Msg0001.ccm
put Msg0002.ccm
touch "$root/PO/READ-ONLY"
original -1
is "a post office that cannot be written: code 1 for all" 2 "$(events 59)"
rm "$root/PO/READ-ONLY"
touch "$root/PO/CCPODOWN"
original -1
is "… that is shut down: code 4 for all" 2 "$(events 62)"
mv "$root/PO" "$root/away"
original -1
is "… that is not there: code 3 for all" 2 "$(events 61)"
mv "$root/away" "$root/PO"
rm "$root/PO/CCPODOWN"
original -1 -k
is "… and as before: all delivered" 2 "$(wc -l <"$root/delivered")"
is "IMPORT.BAK has what IMPORT was given" "Msg0001.ccm Msg0002.ccm" \
	"$(in_dir IMPORT.BAK)"

fresh
echo "no message" >"$root/SUBMIT/Msg0001.ccm"
put Msg000a.ccm 'Demo: code 2'
original -1 -i
is "what is no message goes to BAD" Msg0001.ccm "$(in_dir BAD)"
is "… with event 54" 1 "$(events 54)"
is "names in capitals" MSG000A.CCM "$(in_dir IMPORT)"

fresh
sh "$srcdir/data/demo/original.sh" -c 0.2 "$root" &
daemon=$!
put Msg0001.ccm
delivered()
{
	grep -q "^$1	" "$root/delivered"
}
wait_for 20 delivered Msg0001.ccm
ok "it goes on by itself"
put Msg0002.ccm
wait_for 20 delivered Msg0002.ccm
ok "… in each cycle"
stop TERM
is "it ends when it is told to" 0 $?
finish

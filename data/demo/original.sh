#!/bin/sh
# original.sh [OPTION...] ROOT: a stand-in for the Connector for Lotus cc:Mail of
# Exchange 5.5 and its IMPORT, to be watched and to be replaced.
#
#   -c SECONDS   how often SUBMIT is looked at (15)                 (Q168211)
#   -n NUMBER    how many a cycle takes in at the most (5)          (Q168211)
#   -p PATTERN   poison: what has a line that matches it gets code 1, is left
#                behind, and leaves one more entry in the .und      (Q223772)
#   -u PATTERN   undeliverable: code 5, consumed, an entry in the .und
#   -s           as of SP3: what got code 1 is taken out of IMPORT  (Q223772)
#   -k           keeps in IMPORT.BAK what IMPORT was given
#   -i           where a disk does not tell upper from lower case, IMPORT shows
#                names in capitals: so does this
#   -1           ends where it would wait for the next cycle
#
# ROOT/SUBMIT, IMPORT, BAD, IMPORT.BAK are its directories, and made when they
# are missing (Q202178). ROOT/IMPORT/ccmail.und is what could not be delivered;
# ROOT/ccmc.log its events, one a line, in the words of the original's event
# log; ROOT/delivered what the post office got: NAME <tab> SUBJECT.
#
# A message may ask for more, by a header: "Demo: code 4" is that result. And
# a file in ROOT/PO tells how the post office is:
#
#   CCPODOWN     shut down for maintenance: code 4 for all          (Q179072)
#   READ-ONLY    cannot be written: code 1 for all                  (Q168670)
#   no ROOT/PO   cannot be reached: code 3                          (Q166045)
#   MENDED       no message is poison any more
#
# What is not documented, and so decided here: the order is that of the names; a
# cycle hands over what lies in IMPORT besides what it takes in, all of which
# IMPORT tries one after the other; codes 2, 3 and 4 leave the file; a cycle
# that took in as many as it may is followed by the next at once.

cycle=15 most=5 poison= undeliverable= sp3= keep= capitals= once=
while getopts 'c:n:p:u:ski1' option; do
	case $option in
	c) cycle=$OPTARG ;;
	n) most=$OPTARG ;;
	p) poison=$OPTARG ;;
	u) undeliverable=$OPTARG ;;
	s) sp3=yes ;;
	k) keep=yes ;;
	i) capitals=yes ;;
	1) once=yes ;;
	*) exit 2 ;;
	esac
done
shift $((OPTIND - 1))
[ $# -eq 1 ] || {
	echo "usage: original.sh [-c SECONDS] [-n NUMBER] [-p PATTERN]" \
		"[-u PATTERN] [-ski1] ROOT" >&2
	exit 2
}
root=$1
submit=$root/SUBMIT import=$root/IMPORT bad=$root/BAD
und=$import/ccmail.und
nap=
trap '[ -z "$nap" ] || kill $nap; exit 0' TERM INT

# event NUMBER SEVERITY TEXT
event()
{
	printf '%s\t%s\t%s\t%s\n' "$(date '+%Y-%m-%d %H:%M:%S')" "$1" "$2" \
		"$3" >>"$root/ccmc.log"
}

# --- IMPORT ------------------------------------------------------------------

# What a message asks for, from its headers: $subject and $wanted.
read_headers()
{
	subject= wanted=
	while IFS= read -r line; do
		line=${line%"$cr"}
		case $line in
		Subject:*) subject=${line#Subject: } ;;
		Demo:\ code\ *) wanted=${line#Demo: code } ;;
		Contents:*) return ;;
		esac
	done <"$1"
}
cr=$(printf '\r')

# und_entry FILE HEADER REASON: the message, and the reason below that header.
und_entry()
{
	sed "s/^$2:.*/&\\n***  $3  ***\\r/" "$1" >>"$und"
}

matches()
{
	[ -n "$1" ] && grep -q -e "$1" -- "$2"
}

# import_one FILE: the result code.
import_one()
{
	: >"$import/CC0A11F2.tmp"
	read_headers "$1"
	code=0
	if [ ! -d "$root/PO" ]; then
		code=3
	elif [ -e "$root/PO/CCPODOWN" ]; then
		code=4
	elif [ -e "$root/PO/READ-ONLY" ]; then
		code=1
	elif [ ! -e "$root/PO/MENDED" ] && matches "$poison" "$1"; then
		code=1
		und_entry "$1" Subject "Disk error in creating message item"
	elif [ -n "$wanted" ]; then
		code=$wanted
	elif matches "$undeliverable" "$1"; then
		code=5
	fi
	case $code in
	0)
		printf '%s\t%s\n' "${1##*/}" "$subject" >>"$root/delivered"
		rm -f "$1"
		;;
	5)
		und_entry "$1" To "Not found in directory"
		rm -f "$1"
		;;
	esac
	rm -f "$import/CC0A11F2.tmp"
	return "$code"
}

# --- the connector -----------------------------------------------------------

tell()
{
	from="Lotus cc:Mail IMPORT from file $1"
	result="$from returned result code $2."
	case $2 in
	0) event 58 info "$from completed successfully." ;;
	1) event 59 error "$result Program did not complete successfully." ;;
	2) event 60 error "$result Unknown error." ;;
	3) event 61 error "$result Not configured, or post office not accessible." ;;
	4) event 62 error "$result Post office locked by another process." ;;
	5) event 63 warning "$result Undeliverable message or updates." ;;
	*) event 59 error "$result" ;;
	esac
}

# What is no message is set aside before IMPORT sees it.
take_in()
{
	name=${1##*/}
	IFS= read -r line <"$1" 2>/dev/null
	case ${line:-} in
	Message:*) ;;
	*)
		mv "$1" "$bad/$name" && event 54 warning \
			"Message $name was moved to the bad directory."
		return
		;;
	esac
	[ -z "$capitals" ] || name=$(printf '%s' "$name" | tr a-z A-Z)
	mv "$1" "$import/$name"
}

hand_over()
{
	[ -z "$keep" ] || cp -p "$1" "$root/IMPORT.BAK"
	import_one "$1"
	code=$?
	tell "${1##*/}" "$code"
	[ -z "$sp3" ] || [ "$code" -ne 1 ] || rm -f "$1"
}

# One cycle; true when the next follows at once.
turn()
{
	taken=0
	mkdir -p "$submit" "$import" "$bad" || return 1
	[ -z "$keep" ] || mkdir -p "$root/IMPORT.BAK"
	for file in "$submit"/*.[Cc][Cc][Mm]; do
		[ -f "$file" ] || continue
		[ $taken -lt "$most" ] || break
		taken=$((taken + 1))
		take_in "$file"
	done
	for file in "$import"/*.[Cc][Cc][Mm]; do
		[ ! -f "$file" ] || hand_over "$file"
	done
	[ $taken -eq "$most" ]
}

while :; do
	turn && continue
	[ -z "$once" ] || exit 0
	sleep "$cycle" &
	nap=$!
	wait $nap
	nap=
done

#!/bin/sh
# A delivery that dies at any system call, or whose power goes, or which a full
# or broken disk stops: after the next attempt each recipient has the message
# exactly once, wherever he put it meanwhile, and what was answered with 0 or 5
# was on disk. See tests/fault/README.md for the contract of a scenario.
#
# FAULT_BIN comes from sweep. MANY=1: three messages in one file, of which the
# second is for nobody here. HANDOFF=1: two recipients are handed to a mail
# system; it gets them once, or twice where it is said that this may be so.
# WORKER=1: four files, one batch of a worker; BOOKS is how many lines the books
# have before, and 32000 are due to be spread, which makes all durable.

import=$FAULT_BIN/../../ccmq-import
dir=$2
po=$dir/po

ccm() {			# SUBJECT TO...: a plain message
	printf 'Message:\r\nFrom: Grewal, Jeff at HUB\r\nDate: 6/2/98 8:39\r\n'
	subject=$1
	shift
	for to; do
		printf 'To: %s\r\n' "$to"
	done
	printf 'Subject: %s\r\nContents:\r\nText item:\r\nbody\r\n' "$subject"
}

attempt() {
	cp "$dir/m.ccm" "$dir/in.ccm"
	CCMQ_ID=store-7 "$import" /NHUB "/D$po" "/@$dir/in.ccm" \
		"--und=$dir/ccmail.und" /PARTIAL
}

# The four files of a batch, and what is asked for.
make_batch() {
	ccm one 'Doe, Jane at HUB' 'Nobody at HUB' 'Admin at HUB' >"$dir/1.ccm"
	ccm two 'Admin at HUB' >"$dir/2.ccm"
	ccm three 'Nobody at HUB' >"$dir/3.ccm"
	ccm four 'Admin at HUB' '#Notices at HUB' >"$dir/4.ccm"
	for n in 1 2 3 4; do
		echo "{\"id\":$n,\"key\":\"store-7-$n\",\"file\":\"$dir/$n.ccm\",\"und\":\"$dir/ccmail.und\"}"
	done >"$CCMQ_FAULT_OUT/requests"
	mkdir "$po/delivered"
	{ echo 'first-1.1 one two'; yes 'old-1.1 somebody' |
		head -n "${BOOKS:-32000}"; } \
		>"$po/delivered/recent"
}

# What was in the books is there still.
check_books() {
	cat "$po"/delivered/??? "$po/delivered/recent" 2>/dev/null >"$dir/books"
	grep -qx 'first-1.1 one two' "$dir/books" ||
		[ "$(grep -cx 'first-1.1 one\|first-1.1 two' "$dir/books")" -ge 2 ] ||
		bad "the books lost first-1.1"
	grep -qx 'old-1.1 somebody' "$dir/books" || bad "the books lost old-1.1"
}

work() {
	"$import" --worker /NHUB "/D$po" /PARTIAL <"$CCMQ_FAULT_OUT/requests"
}

# BOX KEY...: the box has a mail of each of these keys, once.
has() {
	box=$1
	shift
	for key; do
		n=$(find "$po/mail/$box/new" "$po/mail/$box/cur" -type f \
			-name "*$key.1*" 2>/dev/null | wc -l)
		[ "$n" = 1 ] || bad "$box: $n of $key"
	done
}

# What each of the four has when it was answered.
holds() {
	case $1 in
	1) has jane.doe store-7-1; has admin store-7-1 ;;
	2) has admin store-7-2 ;;
	4) has admin store-7-4; has notices store-7-4 ;;
	esac
}

check_batch() {
	whole
	check_books
	for n in 1 2 3 4; do
		grep -q "\"id\":$n,\"code\":[05]," "$CCMQ_FAULT_OUT/answers" &&
			holds $n
	done
	# What a power cut leaves in new/ may be read and moved.
	for f in "$po"/mail/*/new/*; do
		[ ! -f "$f" ] || mv "$f" "${f%/new/*}/cur/${f##*/}:2,S"
	done
	work >"$CCMQ_FAULT_OUT/answers" 2>"$dir/said" ||
		bad "second attempt: $? $(cat "$dir/said")"
	[ "$(grep -o '"code":[0-9]' "$CCMQ_FAULT_OUT/answers" | tr -dc 0-9)" = \
		5050 ] || bad "answers: $(cat "$CCMQ_FAULT_OUT/answers")"
	whole
	for n in 1 2 4; do
		holds $n
	done
	check_books
	for f in $(find "$po/staging" -type f); do
		bad "left behind: $f"
	done
	exit 0
}

# The mail system: its books are where no power loss reaches.
make_mta() {
	cat >"$CCMQ_FAULT_OUT/mta" <<-'END'
	#!/bin/sh
	cat >/dev/null
	for to; do
		echo "$to" >>"${0%/*}/taken"
	done
	END
	chmod +x "$CCMQ_FAULT_OUT/mta"
	echo "deliver = [ \"$CCMQ_FAULT_OUT/mta\" ];" >>"$po/postoffice.conf"
	: >"$CCMQ_FAULT_OUT/taken"
}

# each of the two has it once, or twice and it was said
handed() {
	for to in a@far.example b@far.example; do
		n=$(grep -cxF "$to" "$CCMQ_FAULT_OUT/taken")
		again=$(grep -cF "$to: handed over again" "$dir/said")
		[ "$n" = 1 ] || [ "$n$again" = 21 ] ||
			bad "$to: $n times, said $again times"
		# Only what a kill or a broken disk left is in doubt.
		[ "$again" = 0 ] || [ "$CCMQ_FAULT_HIT" = 1 ] ||
			bad "$to: in doubt without a fault"
	done
}

bad() {
	echo "$*"
	find "$po" -type f | sort
	exit 1
}

mails() {		# MAILBOX: how many, wherever
	find "$po/mail/$1/new" "$po/mail/$1/cur" "$dir/trash" -type f \
		-name '*store-7.1*' -path "*$1*" 2>/dev/null | wc -l
}

whole() {		# every mail there is complete
	find "$po/mail" "$dir/trash" -type f 2>/dev/null |
	while read -r f; do
		[ "$(tail -n 1 "$f")" = body ] || bad "not whole: $f"
	done || exit 1
}

entries() {
	# A torn entry has no end; the reader of .und files says so.
	[ -f "$dir/ccmail.und" ] || { echo 0; return; }
	grep -c '^body' "$dir/ccmail.und"
}

many=1
[ -z "${MANY:-}" ] || many=2
case $1 in
options)
	echo "--only ccmq-import --timeout 20"
	;;
prepare)
	mkdir "$po" "$dir/trash"
	cat >"$po/postoffice.conf" <<-'END'
	name = "HUB";
	users = ( { name = "Doe, Jane"; }, { name = "Admin"; } );
	boards = ( { name = "Notices"; } );
	END
	ccm one 'Doe, Jane at HUB' 'Admin at HUB' 'Nobody at HUB' \
		'#Notices at HUB' 'Jane Doe at FAR' >"$dir/m.ccm"
	[ -z "${MANY:-}" ] || {
		ccm two 'Nobody at HUB'
		ccm three 'Admin at HUB'
	} >>"$dir/m.ccm"
	[ -z "${HANDOFF:-}" ] || {
		make_mta
		ccm one 'Doe, Jane at HUB' 'Admin at HUB' 'Nobody at HUB' \
			'#Notices at HUB' 'a@far.example at internet' \
			'b@far.example at internet' >"$dir/m.ccm"
	}
	cp "$dir/m.ccm" "$dir/in.ccm"
	[ -z "${WORKER:-}" ] || make_batch
	;;
run)
	[ -z "${WORKER:-}" ] || exec "$import" --worker /NHUB "/D$po" \
		/PARTIAL <"$CCMQ_FAULT_OUT/requests" >"$CCMQ_FAULT_OUT/answers"
	CCMQ_ID=store-7 exec "$import" /NHUB "/D$po" "/@$dir/in.ccm" \
		"--und=$dir/ccmail.und" /PARTIAL
	;;
check)
	[ -z "${WORKER:-}" ] || check_batch
	whole
	if [ "$CCMQ_FAULT_STATUS" = 5 ]; then
		for box in jane.doe admin notices; do
			[ "$(mails $box)" = 1 ] || bad "answered 5, $box: none"
		done
		[ "$(entries)" = $many ] || bad "answered 5, entries: $(entries)"
	else
		[ "$(entries)" -le $many ] || bad "entries: $(entries)"
	fi
	# What people do with mail in between must not bring it again.
	for f in "$po"/mail/admin/new/store-7.1; do
		[ ! -f "$f" ] || mv "$f" "$po/mail/admin/cur/store-7.1:2,S"
	done
	for f in "$po"/mail/jane.doe/new/store-7.1; do
		[ ! -f "$f" ] || mv "$f" "$dir/trash/jane.doe-store-7.1"
	done
	attempt >"$dir/said" 2>&1
	status=$?
	[ $status = 5 ] || bad "second attempt: $status $(cat "$dir/said")"
	whole
	for box in jane.doe admin notices; do
		[ "$(mails $box)" = 1 ] || bad "$box: $(mails $box) mails"
	done
	left=$(find "$po/staging" -type f)
	[ -z "$left" ] || bad "left behind: $left"
	[ ! -f "$dir/in.ccm" ] || bad "the source was not deleted"
	if [ -n "${MANY:-}" ]; then
		[ -f "$po/mail/admin/new/store-7.3" ] || bad "no third"
		[ ! -f "$po/mail/admin/new/store-7.2" ] || bad "a second"
	fi
	[ -z "${HANDOFF:-}" ] || handed
	exit 0
	;;
esac

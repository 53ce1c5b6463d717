#!/bin/sh
# What operators of the original did by hand, as single commands: a file of
# several messages split (Q168556), saved files replayed (Q168680, Q202178),
# entries of the .und resent (Q180641). With ccmq-import and a real post
# office: what was delivered how often is counted there. TAP.
. "$srcdir/tests/system/lib.sh"

po=$work/po
mkdir -p "$po"

office()	# USER...
{
	{
		printf 'name = "DEMO"; domain = "demo.example"; users = ( { '
		printf 'name = "Admin"; }'
		for user; do
			printf ', { name = "%s"; }' "$user"
		done
		printf ' );\n'
	} >"$po/postoffice.conf"
}

worker="\"$builddir/ccmq-import\", \"--worker\", \"/NDEMO\", \"/D$po\", \"/ITEMSIZE\", \"/PARTIAL\", \"/BATCH\""
by_worker="import: { program = [ $worker ]; interval = \"1s\"; };"

# A worker that delivers, and dies of a message with the word poison: in a file
# of several only after what stands before it was delivered.
cat >"$work/poisoned" <<END
#!/bin/sh
# Workers are asked line by line; the file is cut before the poison.
while read -r line; do
	file=\${line#*\"file\":} file=\${file#*\"} file=\${file%%\"*}
	if grep -q poison "\$file"; then
		head -c "\$(grep -abo 'Message:' "\$file" | awk -F: -v p="\$(
			grep -abo poison "\$file" | head -n 1 | cut -d: -f1)" \\
			'\$1 < p { at = \$1 } END { print at }')" "\$file" \\
			>"\$file.new"
		mv "\$file.new" "\$file"
		[ ! -s "\$file" ] || printf '%s\n' "\$line" |
			"$builddir/ccmq-import" --worker /NDEMO "/D$po" \\
			/ITEMSIZE /PARTIAL /BATCH >/dev/null
		kill -SEGV \$\$
	fi
	"$builddir/ccmq-import" --worker /NDEMO "/D$po" /ITEMSIZE /PARTIAL \\
		/BATCH <<LINE
\$line
LINE
done
END
chmod +x "$work/poisoned"
by_poisoned="import: { program = [ \"sh\", \"$work/poisoned\" ]; interval = \"1s\"; batch = 8; }; limits: { crashed = 1; };"

once()
{
	"$ccmqd" -c "$config" --once >>"$work/log" 2>&1
}

# message TEXT [TO]: one message, plain.
message()
{
	printf 'Message:\r\nFrom: Ops, Night at DEMO\r\nDate: 6/2/98 8:39\r\n'
	printf 'To: %s at DEMO\r\nSubject: %s\r\nContents:\r\n' \
		"${2:-Admin}" "$1"
	printf 'Text item:\r\n%s\r\n' "$1"
}

mails()
{
	find "$po/mail" -type f -path '*/new/*' | wc -l | tr -d ' '
}

# delivered TEXT: in how many mails that is the subject.
delivered()
{
	grep -rlx "Subject: $1" "$po/mail" | wc -l | tr -d ' '
}

put()	# NAME: standard input, as a producer should
{
	cat >"$store/submit/.new"
	mv "$store/submit/.new" "$store/submit/$1"
}

office
settings "$by_poisoned"

# --- split -------------------------------------------------------------------

for i in $(seq 1 500); do
	if [ "$i" = 317 ]; then
		message "poison $i"
	else
		message "letter $i"
	fi
done >"$work/five-hundred"
put Batch.ccm <"$work/five-hundred"
once
is "a file with a poison fails as a whole" failed "$(q list --state failed \
	--json | jq -r .state)"
is "what stands before the poison was delivered" 316 "$(mails)"
is "a dry run says what would come" \
	"dry run: #1 would be split into 500 messages" "$(q split 1 --dry-run)"
q split 1 --reason "the poison is to stand alone" --json >"$work/out"
is "split makes 500" 500 "$(jq -r .result "$work/out" | grep -c done)"
is "of the first" 500 "$(jq -r .parent "$work/out" | grep -c '^1$')"
is "their names say which" Batch-317.ccm "$(jq -r .name "$work/out" |
	sed -n 317p)"
is "the original is in quarantine" quarantined "$(q show 1 --json |
	jq -r .state)"
cmp -s "$work/five-hundred" "$store"/quarantine/*1-Batch.ccm
ok "whole"
cat "$store"/queue/*Batch-*.ccm | cmp - "$work/five-hundred"
ok "the children are exactly what it held"
once
once
is "499 are imported" 499 "$(q list --match parent:1 --state imported --json |
	wc -l | tr -d ' ')"
is "the poison is found" "Batch-317.ccm 1" "$(q list --state failed --json |
	jq -r '"\(.name) \(.attempts)"')"
is "499 were delivered" 499 "$(mails)"
is "each once" 1 "$(grep -rh '^Subject: letter' "$po/mail" | sort | uniq -c |
	awk '{ print $1 }' | sort -u)"
q show 318 | grep -q '^Made from  #1$'
ok "a child says what it was made from"
q show 1 | grep -q '^Made of it #2 #3 '
ok "the original says what was made of it"
q split 1 2>"$work/err"
is "it is split once" 1 $?
grep -q 'was split already' "$work/err"
ok "which is said"
q release 1 --reason "by mistake" >/dev/null
settings "$by_worker"
once
is "put back by mistake it delivers nothing twice, but the rest" "500 1" \
	"$(mails) $(delivered 'poison 317')"

# What cannot be cut is refused.
refused()	# WHAT WORDS: the message of standard input
{
	put "$1.ccm"
	q hold --reason test >/dev/null
	once
	id=$(q list --match "name:$1.ccm" --json | jq -r .id)
	q split "$id" 2>"$work/err"
	is "$1 is not split" 1 $?
	grep -q "$2" "$work/err" || sed 's/^/# /' "$work/err"
	grep -q "$2" "$work/err"
	ok "and why is said"
	is "and stays where it was" queued "$(q show "$id" --json |
		jq -r .state)"
	q purge "$id" >/dev/null
	q resume >/dev/null
}

message only >"$work/one"
{
	message first
	printf 'a torn line Message:\r\n'
	message second | tail -n +2
} >"$work/torn"
{
	printf 'Message:\r\n9999        \r\n'
	message first | tail -n +2
	message second
} >"$work/count"
printf 'neither here\r\nnor there\r\n' >"$work/noise"
refused one "holds one message" <"$work/one"
refused torn "cut off" <"$work/torn"
refused count "count" <"$work/count"
refused noise "no Message" <"$work/noise"
q purge --match state:failed >/dev/null

# --- replay -------------------------------------------------------------------

mkdir "$work/bak"
for i in 1 2 3 4 5; do
	message "saved $i" >"$work/bak/Msg000$((6 - i)).ccm"
	touch -d "2026-11-20 10:0$i" "$work/bak/Msg000$((6 - i)).ccm"
	put "Msg000$((6 - i)).ccm" <"$work/bak/Msg000$((6 - i)).ccm"
done
once
is "five were imported" 1 "$(delivered 'saved 3')"
before=$(mails)
q replay "$work/bak" --reason again >"$work/out"
is "all that was imported is left out" 5 "$(grep -c \
	'^left out: .*Msg000.\.ccm: was imported as #' "$work/out")"
q replay "$store/imported" --reason again >"$work/out"
is "so is a replay of imported/" "0" "$(grep -vc '^left out' "$work/out")"
once
is "nothing came twice" "$before" "$(mails)"
for i in 1 2 3 4 5; do
	sed -i "s/saved $i/saveD $i/" "$work/bak/Msg000$((6 - i)).ccm"
	touch -d "2026-11-20 10:0$i" "$work/bak/Msg000$((6 - i)).ccm"
done
echo 'Message:' >"$work/bak/ccmail.und"
q replay "$work/bak" --reason again 2>"$work/err" >"$work/out"
is "a .und file is not replayed" 1 $?
grep -q 'ccmail.und skipped: .*und resend' "$work/err"
ok "the way out is said"
is "with one changed byte it is taken, in the original's order" \
	"Msg0005.ccm Msg0004.ccm Msg0003.ccm Msg0002.ccm Msg0001.ccm" \
	"$(q list --state queued --json | jq -r .name | tr '\n' ' ' |
	sed 's/ $//')"
q replay "$work/bak" --reason again 2>"$work/err" >"$work/out"
is "what waits is left out as well" 5 "$(grep -c ' is here as #' "$work/out")"
once
is "each is delivered" "1 1 1 1 1" "$(for i in 1 2 3 4 5; do
	delivered "saveD $i"; done | tr '\n' ' ' | sed 's/ $//')"
q replay --again "$work/bak/Msg0001.ccm" >/dev/null
once
is "--again replays all the same" 2 "$(delivered "saveD 5")"
q replay --dry-run "$work/bak/Msg0001.ccm" --json >"$work/out"
is "a dry run says so" "unchanged true" "$(jq -r '"\(.result) \(.dry_run)"' \
	"$work/out")"
q replay "$work/bak" 2>/dev/null >&2
is "several want a reason" 2 $?

# What the original keeps of what IMPORT was given (IMPORT.BAK), in several of its
# cycles: the order is theirs, not that of the names.
theirs=$work/theirs
mkdir -p "$theirs/SUBMIT" "$theirs/PO"
hour=10
for name in 0009 0004 0007 0001; do
	message "kept $name" >"$theirs/SUBMIT/Msg$name.ccm"
	touch -d "2026-11-21 $hour:00" "$theirs/SUBMIT/Msg$name.ccm"
	sh "$srcdir/data/demo/original.sh" -1 -k "$theirs"
	hour=$((hour + 1))
done
bak=$theirs/IMPORT.BAK
q replay "$bak" --reason "theirs is gone" --json >"$work/out"
is "a folder that the original left is replayed in its order" \
	"$(cut -f1 "$theirs/delivered" | tr '\n' ' ')" \
	"$(jq -r .name "$work/out" | tr '\n' ' ')"
once
is "each is delivered" "1 1 1 1" "$(for name in 0009 0004 0007 0001; do
	delivered "kept $name"; done | tr '\n' ' ' | sed 's/ $//')"
q replay "$bak" --reason again >"$work/out"
is "once more: all are left out, and named" "0001 0004 0007 0009" \
	"$(sed -n 's/^left out: .*Msg\(....\).ccm: was imported as #.*/\1/p' \
	"$work/out" | sort | tr '\n' ' ' | sed 's/ $//')"
sed -i 's/kept 0004/kepT 0004/' "$bak/Msg0004.ccm"
q replay "$bak" --reason again --json >"$work/out"
is "with one changed byte one is taken" "Msg0004.ccm" \
	"$(jq -r 'select(.result == "done") | .name' "$work/out")"
is "… the others are not" 3 "$(jq -r 'select(.result == "unchanged") | .why' \
	"$work/out" | grep -c '^was imported as #')"
once
is "… and that one is delivered" "1 1" \
	"$(delivered 'kept 0004') $(delivered 'kepT 0004')"

# --- und resend ------------------------------------------------------------------

before=$(mails)
for i in 1 2 3; do
	message "storm $i" Nobody | put "Storm$i.ccm"
done
# Delivered to one of two.
message "half" Admin | sed 's/^Subject/To: Nobody at DEMO\r\nSubject/' |
	put Half.ccm
once
is "a storm" 4 "$(count failed)"
q retry --match state:failed --reason "before the mending" >/dev/null
once
is "each was tried twice" 8 "$(q und list --json | wc -l | tr -d ' ')"
office Nobody
q und resend --match 'reason:directory' --dry-run --json >"$work/out"
is "a dry run says what" 8 "$(grep -c '"dry_run": *true' "$work/out")"
q und resend --match 'reason:directory' --reason mended >"$work/out" \
	2>"$work/err"
is "resend does it" 0 $?
is "each message once" 4 "$(q list --state queued --json | wc -l | tr -d ' ')"
message "storm 1" Nobody | cmp - "$store"/queue/*-Storm1.ccm
ok "without the reason lines"
is "those that failed are set aside" 4 "$(q list --state quarantined \
	--match name:storm\|name:half --json | wc -l | tr -d ' ')"
once
is "all are delivered" "1 1 1" "$(for i in 1 2 3; do delivered "storm $i"
	done | tr '\n' ' ' | sed 's/ $//')"
is "who had it already has it once" 2 "$(delivered half)"
first=$(q und list --json | jq -r .number | head -n 1)
q und resend "$first" 2>"$work/err"
is "a second resend is refused" 1 $?
grep -q 'resent as #' "$work/err"
ok "and why is said"
q und resend "$first" --again >/dev/null
once
is "but for --again" 2 "$(delivered 'storm 1')"
q und resend 99999 2>"$work/err"
is "an entry that is not there" 1 $?

# --- the history of before -----------------------------------------------------------

consistent
is "nothing is left in making/" "" "$(ls "$store/making")"
finish

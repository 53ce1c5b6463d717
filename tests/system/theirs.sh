# What the tests of a watched connector share: the stand-in for the original
# (data/demo/original.sh) in $root, and ccmqd --observe beside it. Sourced, after
# lib.sh.

root=$work/theirs
log=$root/ccmc.log
original=
trap 'stop_theirs; stop KILL; rm -rf "$work"' EXIT

# watching [LINE...]: settings for it; the log is $log.
watching()
{
	settings "foreign: { submit = \"$root/SUBMIT\"; import = \"$root/IMPORT\";
		bad = \"$root/BAD\"; und = \"$root/IMPORT/ccmail.und\";
		log = \"$log\"; cycle = \"300ms\"; };" "$@"
}

start_theirs()
{
	sh "$srcdir/data/demo/original.sh" -c 0.3 -p '^Subject: bad' \
		-u '^Subject: unknown' "$@" "$root" &
	original=$!
}

stop_theirs()
{
	[ -z "$original" ] || kill "$original"
	[ -z "$original" ] || wait "$original"
	original=
}

# fresh: another store and another connector.
fresh()
{
	stop TERM
	stop_theirs
	rm -rf "$root" "$store"
	mkdir -p "$root/SUBMIT" "$root/IMPORT" "$root/BAD" "$root/PO"
	: >"$root/ccmc.log"
	"$ccmq" -s "$store" init >/dev/null
}

# put NAME SUBJECT: as producers of theirs do.
put()
{
	printf 'Message:\r\nFrom: Ops, Night at HUB\r\nTo: Admin at HUBPO2\r\nSubject: %s\r\nContents:\r\nText item:\r\n%s\r\n' \
		"$2" "$1" >"$root/.new"
	mv "$root/.new" "$root/SUBMIT/$1"
}

put_many()	# FROM TO
{
	for i in $(seq "$1" "$2"); do
		put "$(printf 'Msg%04d.ccm' "$i")" "good $i"
	done
}

verdict_is()
{
	[ "$(count verdict)" = "$1" ]
}

delivered()
{
	[ "$(wc -l <"$root/delivered")" -ge "$1" ]
}

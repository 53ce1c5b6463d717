#!/bin/sh
# The report of a shift beside one that was written by hand from what is done
# here; its Markdown through a renderer, its JSON through jq. TAP.
. "$srcdir/tests/system/lib.sh"

settings "$(import_setting)"
program 'case $(cat "$1") in *bad*) echo "Bad thing"; exit 1 ;; esac; exit 0'
has_verdict()
{
	q events --json | jq -es 'map(select(.number == 20040)) | length > 0' \
		>/dev/null
}

start
drop one.ccm
wait_for 60 count_is imported 1		# it is the first
drop bad1.ccm bad
wait_for 60 count_is failed 1
drop bad2.ccm bad
wait_for 60 count_is failed 2
q note store 'the gateway sends *no* dates' >/dev/null
q quarantine --match name:bad2 --reason 'a closer look' >/dev/null
q retry --match state:failed --reason 'once more' >/dev/null
wait_for 60 listed --match 'attempts>=2 state:failed'
stop TERM
start
wait_for 60 has_verdict
stop TERM
q hold --reason 'for the day shift' >/dev/null

# Times and who it was are what a hand cannot know.
me=$(q history --json | jq -r 'select(.verb == "hold").by')
report()
{
	# Before midnight is the day before.
	q report "$@" | sed -E "s/[0-9]{2}:[0-9]{2}(:[0-9]{2})?/HH:MM/g;
		s/\\b[A-Z][a-z]{2} HH:MM/HH:MM/g;
		s/(^|[* ] )(HH:MM )?$me/\1\2ME/; s/by $me/by ME/"
}

cat >"$work/by-hand" <<END
Report from HH:MM to HH:MM

What came and went
  3 arrived, 1 put back, 1 imported, 3 failed; .und +0

What was wrong, and when
  HH:MM, still: #2 failed again after a retry

What failed, and what became of it
  3 code 1 Bad thing, HH:MM to HH:MM; of 2 messages now 1 failed, 0 imported, 0 waiting, 1 elsewhere

Who did what, and why
  HH:MM ME: quarantine of 1: 1 done: a closer look
  HH:MM ME: retry of 1: 1 failed again (code 1 Bad thing): once more
  HH:MM ME: hold: for the day shift

Notes
  HH:MM ME on the store: the gateway sends *no* dates

What waits for the next shift
  held by ME, until somebody resumes: for the day shift
  1 failed
  1 quarantined
END
report >"$work/text"
diff "$work/by-hand" "$work/text" | sed 's/^/# /'
cmp -s "$work/by-hand" "$work/text"
ok "the report says what one by hand says"

# Rendered and without markup, it is the same text.
renderer=
for r in cmark pandoc; do
	command -v $r >/dev/null 2>&1 && renderer=$r
done
if [ "$renderer" ]; then
	report --format markdown | $renderer |
		sed -E 's/<[^>]*>//g; /^$/d; s/&gt;/>/g; s/&lt;/</g; s/&amp;/\&/g' \
		>"$work/rendered"
	sed 's/^ *//; /^$/d' "$work/text" >"$work/plain"
	diff "$work/plain" "$work/rendered" | sed 's/^/# /'
	cmp -s "$work/plain" "$work/rendered"
	ok "its Markdown renders to the same ($renderer)"
else
	skip "its Markdown renders to the same" "there is no cmark or pandoc"
fi
q report --json >"$work/json"
is "its JSON has the same" "3 1 3 | 3 2 1 0 1 | quarantine retry hold | 1 | failed 1 quarantined 1" \
	"$(jq -r '(.flow[0] | "\(.arrived) \(.imported) \(.failed)") + " | " +
		(.failures[0] | "\(.count) \(.messages) \(.failed) \(.imported) \(.elsewhere)")
		+ " | " + ([.actions[].verb] | join(" ")) + " | " +
		(.notes | length | tostring) + " | " +
		([.waits[] | select(.state) | "\(.state) \(.count)"] |
		join(" "))' "$work/json")"
finish

#!/bin/bash
# What bash completes: commands, options, ids of the states a verb acts from,
# keys and values of expressions. TAP.
. "$srcdir/tests/system/lib.sh"
. "$srcdir/data/completion/ccmq.bash"
compopt() { :; }

# completes WORDS WANTED...: the line up to the cursor, a blank between words
# as bash cuts them; each wanted word is among the answers.
completes()
{
	COMP_WORDS=($1)
	[[ $1 != *' ' ]] || COMP_WORDS+=('')
	COMP_WORDS[0]=$ccmq
	COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
	COMPREPLY=()
	_ccmq 2>"$work/err"
	what="\"$1\" ->"
	shift
	missing=
	for word; do
		[[ " ${COMPREPLY[*]} " == *" $word "* ]] || missing+=" $word"
	done
	[ -z "$missing" ] || echo "# not in (${COMPREPLY[*]}):$missing"
	[ -z "$missing" ] && [ $# -gt 0 ] || [ $# -eq 0 -a \
		${#COMPREPLY[@]} -eq 0 ]
	ok "$what $*"
}

settings "$(import_setting)"
program 'exit 1'
drop a.ccm
drop b.ccm
drop c.ccm
"$ccmqd" -c "$config" --once >/dev/null 2>&1
q quarantine 2 --reason look >/dev/null
cd "$work" || exit 1

completes 'ccmq ' status retry convert --store --version
completes 'ccmq re' retry release restore resume
completes 'ccmq -c ccmq.conf re' retry
completes 'ccmq retry --' --match --reason --dry-run --yes --json --read-only
completes 'ccmq -c ccmq.conf retry ' 1 3
completes 'ccmq -c ccmq.conf release ' 2
completes 'ccmq -c ccmq.conf restore 9'
completes 'ccmq -s store show ' 1 2 3
completes 'ccmq list --state ' failed quarantined all
completes 'ccmq list --match ' 'state:' 'tries>=' 'suspect:'
completes 'ccmq list --match st' 'state:'
completes 'ccmq list --match state :' failed deferred
completes 'ccmq list --match state : fa' failed
completes 'ccmq list --match class : cr' crashed
completes 'ccmq init --' --upgrade --if-missing
completes 'ccmq convert --' --maildir --mbox --code-page --date-order
completes 'ccmq convert --to ' eml text defects
completes 'ccmq hold --for ' 2h
completes 'ccmq und r' rotate
finish

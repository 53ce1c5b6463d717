#!/bin/bash
# What bash, zsh and fish complete: commands, options, ids of the states a verb
# acts from, keys and values of expressions. One table for the three. TAP.
. "$srcdir/tests/system/lib.sh"
. "$srcdir/data/completion/ccmq.bash"
compopt() { :; }
PATH=$builddir:$PATH HOME=$work

# answers_SHELL LINE: what is offered at its end, one a line. bash cuts words
# at a colon, too, and is given it as a word.
answers_bash()
{
	COMP_WORDS=(${1//:/ : })
	[[ $1 != *[' :'] ]] || COMP_WORDS+=('')
	[[ $1 != *: ]] || unset 'COMP_WORDS[-1]'
	COMP_WORDS[0]=$ccmq
	COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
	COMPREPLY=()
	_ccmq 2>"$work/err"
	printf '%s\n' "${COMPREPLY[@]}"
}

# zsh's own commands, of which only what is used stands here.
answers_zsh()
{
	zsh -f -c '
	compadd()
	{
		local array=
		while [[ $1 = -* ]]; do
			case $1 in
			(-a) array=1 ;;
			(-S) shift ;;
			(--) shift; break ;;
			(*) break ;;
			esac
			shift
		done
		[[ -z $array ]] || set -- "${(@P)1}"
		print -rl -- "${(@M)@:#${PREFIX}*}"
	}
	compset() { PREFIX=${PREFIX##*:} }
	_files() { }
	_directories() { }
	words=(${=1}) PREFIX=
	[[ $1 = *" " ]] && words+=("") || PREFIX=$words[-1]
	CURRENT=$#words
	() { . "$1" } "$2"' zsh "$1" \
		"$srcdir/data/completion/_ccmq" 2>"$work/err"
}

# An expression is one word there: what is offered begins with what stands.
answers_fish()
{
	fish --no-config -c 'source $argv[1]; complete -C $argv[2]' \
		"$srcdir/data/completion/ccmq.fish" "$1" 2>"$work/err" |
		cut -f 1 | sed 's/^[a-z]*:\(..*\)/\1/'
}

# completes LINE WANTED...: each wanted word is among the answers of each shell;
# without one there are no answers that are numbers.
completes()
{
	line=$1
	shift
	for shell in bash zsh fish; do
		what="$shell: \"$line\" -> $*"
		command -v $shell >/dev/null || {
			skip "$what" "there is no $shell"
			continue
		}
		answers_$shell "$line" >"$work/answers"
		missing=
		for word; do
			grep -qxF -- "$word" "$work/answers" ||
				missing+=" $word"
		done
		[ -z "$missing" ] || echo "# not in" $(cat "$work/answers"):$missing
		[ -z "$missing" ] && [ $# -gt 0 ] || [ $# -eq 0 -a \
			"$(grep -c '^[0-9]' "$work/answers")" = 0 ]
		ok "$what"
	done
}

settings "$(import_setting)"
program 'exit 1'
drop a.ccm
drop b.ccm
drop c.ccm
"$ccmqd" -c "$config" --once >/dev/null 2>&1
q quarantine 2 --reason look >/dev/null
cd "$work" || exit 1

completes 'ccmq ' status retry convert
completes 'ccmq --' --store --version --print-features
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
completes 'ccmq list --match state:' failed deferred
completes 'ccmq list --match state:fa' failed
completes 'ccmq list --match class:cr' crashed
completes 'ccmq init --' --upgrade --if-missing
completes 'ccmq convert --' --maildir --mbox --code-page --date-order
completes 'ccmq convert --to ' eml text defects
completes 'ccmq hold --for ' 2h
completes 'ccmq und r' rotate
finish

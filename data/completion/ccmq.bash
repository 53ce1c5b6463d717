# Completion of ccmq for bash.

# _ccmq_ids STATES: ids of messages in those states, of the store that the
# command line so far means.
_ccmq_ids()
{
	local i options=()

	for ((i = 1; i < COMP_CWORD; i++)); do
		case ${COMP_WORDS[i]} in
		-c|-s|--config|--store)
			options+=("${COMP_WORDS[i]}" "${COMP_WORDS[i+1]}") ;;
		esac
	done
	"${COMP_WORDS[0]}" "${options[@]}" list --state "$1" --limit 500 \
		2>/dev/null | awk 'NR > 1 { print $1 }'
}

# What may stand in an expression: keys, and the values of those that have a
# list of them. A colon ends a word of bash.
_ccmq_match()
{
	local keys='age> attempts>= class: code: from: id: name: parent: reason: size>
		state: subject: suspect: to: tries>= und>'
	local classes='imported rejected undeliverable crashed unavailable
		interrupted'
	local key=

	[[ $word == : ]] && key=$previous word=
	[[ $previous == : ]] && key=${COMP_WORDS[COMP_CWORD-2]}
	case $key in
	*state) COMPREPLY=($(compgen -W "$states" -- "$word")) ;;
	*class) COMPREPLY=($(compgen -W "$classes" -- "$word")) ;;
	*suspect) COMPREPLY=($(compgen -W 'yes no' -- "$word")) ;;
	'') compopt -o nospace
		COMPREPLY=($(compgen -W "$keys" -- "$word")) ;;
	esac
}

_ccmq()
{
	local word=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]}
	local commands='init status list show retry quarantine release purge jobs job
		restore undo hold drain resume test history events split replay metrics watch und
		note mine report shape check
		verify changes hosts find serve convert'
	local states='queued importing deferred imported failed quarantined
		purged removed lost all'
	local global='--config --store --read-only --no-color --hosts --plain --json --help'
	local verb='--match --reason --dry-run --yes'
	local back='--steps --rate --first --wait --outcome'
	local command= in_match= i words= ids=

	for ((i = 1; i < COMP_CWORD; i++)); do
		case ${COMP_WORDS[i]} in
		-c|-s|--config|--store) ((i++)) ;;
		--match) [[ $command ]] && in_match=$i ;;
		-*) ;;
		*) : "${command:=${COMP_WORDS[i]}}" ;;
		esac
	done
	case $previous in
	-c|--config|--mbox) compopt -o default; return ;;
	-s|--store|--maildir|--post-office) compopt -o dirnames; return ;;
	--state) COMPREPLY=($(compgen -W "$states" -- "$word")); return ;;
	--to) COMPREPLY=($(compgen -W 'eml text defects' -- "$word"))
		return ;;
	--code-page) COMPREPLY=($(compgen -W '437 850 CP1252' -- "$word"))
		return ;;
	--date-order) COMPREPLY=($(compgen -W 'mdy dmy ymd' -- "$word"))
		return ;;
	--for|--since) COMPREPLY=($(compgen -W '15m 1h 2h 8h 1d' -- "$word"))
		return ;;
	--by) COMPREPLY=($(compgen -W 'sender recipient cause' -- "$word"))
		return ;;
	--format) COMPREPLY=($(compgen -W 'text markdown json' -- "$word"))
		return ;;
	--at|--from) COMPREPLY=($(compgen -W '-15m -1h -8h yesterday' -- "$word"))
		return ;;
	--reason|--until|--limit) return ;;
	esac
	if [[ $in_match && $word != -* ]] &&
	    ((COMP_CWORD - in_match <= 3)); then
		_ccmq_match
		return
	fi
	case $command in
	'') words="$commands --version --print-features" ;;
	retry) words="$verb $back" ids=failed,deferred ;;
	quarantine) words=$verb ids=queued,deferred,failed ;;
	release) words="$verb $back" ids=quarantined ;;
	purge) words=$verb ids=queued,deferred,failed,quarantined,purged ;;
	restore) words=$verb ids=purged ;;
	status) words='--at --check --queue --oldest --failed --und' ;;
	list) words='--state --match --limit --at' ;;
	show) words='--raw --und --at'
		ids=queued,importing,deferred,failed,quarantined,purged ;;
	history) words='--since --limit'
		ids=queued,importing,deferred,failed,quarantined,purged ;;
	hold|drain) words='--reason --for --until' ;;
	test) words='--control --reason' ;;
	resume) words=--reason ;;
	jobs) words='--follow --at' ;;
	job) words='pause go-on stop --reason' ;;
	undo) words='--reason --dry-run' ;;
	events) words='--since --follow' ;;
	und) words='status list show rotate resend --match --again --reason
			--dry-run' ;;
	metrics) words=--write ;;
	split) words='--reason --dry-run'
		ids=queued,deferred,failed,quarantined ;;
	replay) words='--again --reason --dry-run'
		[[ $word == -* ]] || { compopt -o default; return; } ;;
	note) words='store cause: --at' ids=failed,deferred,quarantined ;;
	report) words='--since --from --to --format --cause --message --private --archive' ;;
	shape) words='--by --limit' ;;
	mine) words='--for cause:' ids=failed,deferred,quarantined ;;
	check) words='--repair --rebuild' ;;
	verify) words=--against; [[ $previous == --against ]] &&
			{ compopt -o default; return; } ;;
	changes) words='--from --as --follow' ;;
	hosts) words=--follow ;;
	find) words='--limit --archive' ;;
	init) words='--upgrade --if-missing --adopt'; [[ $previous == --adopt ]] &&
			{ compopt -o default; return; } ;;
	convert) words='--to --maildir --mbox --post-office --code-page
			--date-order --files-hex --und --quiet --version'
		[[ $word == -* ]] || { compopt -o default; return; } ;;
	esac
	[[ $word == -* || ! $ids ]] || words=$(_ccmq_ids "$ids")
	COMPREPLY=($(compgen -W "$words $global" -- "$word"))
}
complete -F _ccmq ccmq

# Completion of ccmq for bash.

_ccmq()
{
	local word=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]}
	local commands='init status list show retry quarantine release purge
		restore undo hold drain resume test history events und check
		convert'
	local states='queued importing deferred imported failed quarantined
		purged removed lost all'
	local verb_options='--match --reason --dry-run --yes --json --help'
	local command= i

	for ((i = 1; i < COMP_CWORD; i++)); do
		case ${COMP_WORDS[i]} in
		-c|-s|--config|--store) ((i++)) ;;
		-*) ;;
		*) command=${COMP_WORDS[i]}; break ;;
		esac
	done
	case $previous in
	-c|--config) compopt -o default; return ;;
	-s|--store) compopt -o dirnames; return ;;
	--state) COMPREPLY=($(compgen -W "$states" -- "$word")); return ;;
	esac
	case $command in
	'') COMPREPLY=($(compgen -W "$commands -c -s --config --store
		--read-only --no-color --help --version" -- "$word")) ;;
	retry|quarantine|release|purge|restore)
		COMPREPLY=($(compgen -W "$verb_options" -- "$word")) ;;
	list) COMPREPLY=($(compgen -W '--state --match --limit --json --help' \
		-- "$word")) ;;
	show) COMPREPLY=($(compgen -W '--raw --und --json --help' -- "$word")) ;;
	hold|drain) COMPREPLY=($(compgen -W '--reason --for --until --json
		--help' -- "$word")) ;;
	resume|test) COMPREPLY=($(compgen -W '--reason --json --help' \
		-- "$word")) ;;
	undo) COMPREPLY=($(compgen -W '--reason --dry-run --json --help' \
		-- "$word")) ;;
	history) COMPREPLY=($(compgen -W '--since --limit --json --help' \
		-- "$word")) ;;
	events) COMPREPLY=($(compgen -W '--since --follow --json --help' \
		-- "$word")) ;;
	und) COMPREPLY=($(compgen -W 'status list show rotate --json --help' \
		-- "$word")) ;;
	check) COMPREPLY=($(compgen -W '--repair --rebuild --json --help' \
		-- "$word")) ;;
	init) COMPREPLY=($(compgen -W '--upgrade --help' -- "$word")) ;;
	*) compopt -o default ;;
	esac
}
complete -F _ccmq ccmq

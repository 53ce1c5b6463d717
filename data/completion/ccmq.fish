# Completion of ccmq for fish.

set -l commands init status list show retry quarantine release purge restore \
	jobs job undo hold drain resume test history events split replay metrics watch und note mine report shape check verify changes hosts find serve convert
set -l states queued importing deferred imported failed quarantined purged \
	removed lost all

# Ids of messages in those states, of the store that the line so far means.
function __ccmq_ids
	set -l words (commandline -opc)
	set -l options
	for i in (seq 2 (count $words))
		if contains -- $words[$i] -c -s --config --store
			set -a options $words[$i] $words[(math $i + 1)]
		end
	end
	ccmq $options list --state $argv[1] --limit 500 2>/dev/null |
		string match -rg '^ *(\d+) '
end

# Keys of an expression behind what is typed of it already.
function __ccmq_match
	set -l typed (commandline -ct | string replace -r '[^ ]*$' '')
	for key in 'age>' 'attempts>=' class: code: from: id: name: parent: reason: \
		'size>' state: subject: suspect: to: 'tries>=' 'und>'
		echo "$typed$key"
	end
	for value in queued importing deferred imported failed quarantined \
		purged removed lost
		echo "$typed""state:$value"
	end
	for value in imported rejected undeliverable crashed unavailable \
		interrupted
		echo "$typed""class:$value"
	end
end

complete -c ccmq -f
complete -c ccmq -n "not __fish_seen_subcommand_from $commands" \
	-a "$commands"
complete -c ccmq -n "not __fish_seen_subcommand_from $commands" -l version \
	-d 'the version'
complete -c ccmq -n "not __fish_seen_subcommand_from $commands" \
	-l print-features -d 'what this build can do'

# Before the command and after it.
complete -c ccmq -s c -l config -r -F -d 'the settings'
complete -c ccmq -s s -l store -x -a '(__fish_complete_directories)' \
	-d 'the store'
complete -c ccmq -l read-only -d 'change nothing'
complete -c ccmq -l no-color -d 'no colours'
complete -c ccmq -l plain -d 'the console as lines'
complete -c ccmq -l hosts -d 'the console of all hosts'
complete -c ccmq -l json -d 'one object a line'
complete -c ccmq -l help -d 'what it does and takes'

for row in retry:failed,deferred quarantine:queued,deferred,failed \
	release:quarantined restore:purged \
	purge:queued,deferred,failed,quarantined,purged
	set -l part (string split : $row)
	set -l seen "__fish_seen_subcommand_from $part[1]"
	complete -c ccmq -n $seen -a "(__ccmq_ids $part[2])"
	complete -c ccmq -n $seen -l match -x -a '(__ccmq_match)' \
		-d 'all that match'
	complete -c ccmq -n $seen -l reason -x -d 'why, for the history'
	complete -c ccmq -n $seen -l dry-run -d 'say what would be done'
	complete -c ccmq -n $seen -l yes -d 'do not ask'
end

set -l seen '__fish_seen_subcommand_from retry release'
complete -c ccmq -n $seen -l steps -x -a '1,5,25 1,5,25,125' -d 'a job in steps'
complete -c ccmq -n $seen -l rate -x -a '30/m 60/m' -d 'a job, so many a minute'
complete -c ccmq -n $seen -l first -d 'not behind new mail'
complete -c ccmq -n $seen -l wait -d 'follow it to its end'
complete -c ccmq -n $seen -l outcome -d '0 only if all is imported'
complete -c ccmq -n '__fish_seen_subcommand_from jobs' -l follow
complete -c ccmq -n '__fish_seen_subcommand_from job' -a 'pause go-on stop'
set seen '__fish_seen_subcommand_from show history'
complete -c ccmq -n $seen \
	-a '(__ccmq_ids queued,importing,deferred,failed,quarantined,purged)'
set seen '__fish_seen_subcommand_from show'
complete -c ccmq -n $seen -l raw -d 'its file, as it is'
complete -c ccmq -n $seen -l und -d 'what it left in the .und file'
complete -c ccmq -n '__fish_seen_subcommand_from status list show jobs note' -l at -x \
	-a '-15m -1h -8h yesterday' -d 'as it was then'
set seen '__fish_seen_subcommand_from status'
complete -c ccmq -n $seen -l check -d 'as a monitoring plugin'
complete -c ccmq -n $seen -l queue -x -d 'warn above, critical above'
complete -c ccmq -n $seen -l oldest -x -d 'the oldest queued one'
complete -c ccmq -n $seen -l failed -x
complete -c ccmq -n $seen -l und -x
set seen '__fish_seen_subcommand_from list'
complete -c ccmq -n $seen -l state -x -a "$states"
complete -c ccmq -n $seen -l match -x -a '(__ccmq_match)'
complete -c ccmq -n '__fish_seen_subcommand_from list history find' -l limit -x
complete -c ccmq -n '__fish_seen_subcommand_from history events' -l since -x \
	-a '15m 1h 2h 8h 1d'
complete -c ccmq -n '__fish_seen_subcommand_from events changes hosts' -l follow \
	-d 'new ones as they come'
set seen '__fish_seen_subcommand_from hold drain'
complete -c ccmq -n $seen -l for -x -a '15m 1h 2h 8h 1d'
complete -c ccmq -n $seen -l until -x
complete -c ccmq -n '__fish_seen_subcommand_from test' -l control
complete -c ccmq -n '__fish_seen_subcommand_from hold drain resume test undo job' \
	-l reason -x
complete -c ccmq -n '__fish_seen_subcommand_from undo' -l dry-run
complete -c ccmq -n '__fish_seen_subcommand_from und' \
	-a 'status list show rotate resend'
set seen '__fish_seen_subcommand_from und'
complete -c ccmq -n $seen -l match -x -a '(__ccmq_match)' \
	-d 'what the messages that match left'
complete -c ccmq -n '__fish_seen_subcommand_from metrics' -l write \
	-d 'into metrics.file'
complete -c ccmq -n '__fish_seen_subcommand_from split' \
	-a '(__ccmq_ids queued,deferred,failed,quarantined)'
complete -c ccmq -n '__fish_seen_subcommand_from replay' -F
complete -c ccmq -n '__fish_seen_subcommand_from und replay' -l again \
	-d 'also what is known already'
set seen '__fish_seen_subcommand_from und replay split'
complete -c ccmq -n $seen -l reason -x -d 'why, for the history'
complete -c ccmq -n $seen -l dry-run -d 'say what would be done'
complete -c ccmq -n '__fish_seen_subcommand_from note mine' \
	-a '(__ccmq_ids failed,deferred,quarantined)'
complete -c ccmq -n '__fish_seen_subcommand_from note mine' -a 'store cause:'
complete -c ccmq -n '__fish_seen_subcommand_from mine' -l for -x \
	-a '15m 1h 2h 8h 1d'
complete -c ccmq -n '__fish_seen_subcommand_from shape' -l by -x \
	-a 'sender recipient cause'
complete -c ccmq -n '__fish_seen_subcommand_from shape' -l limit -x
complete -c ccmq -n '__fish_seen_subcommand_from report find' -l archive \
	-d 'of all stores that were copied'
set seen '__fish_seen_subcommand_from report'
complete -c ccmq -n $seen -l since -x -a '8h 1d'
complete -c ccmq -n $seen -l from -x
complete -c ccmq -n $seen -l to -x
complete -c ccmq -n $seen -l format -x -a 'text markdown json'
complete -c ccmq -n $seen -l cause -x -a '(__ccmq_match)'
complete -c ccmq -n $seen -l message -x \
	-a '(__ccmq_ids failed,deferred,quarantined)'
complete -c ccmq -n $seen -l private -d 'no senders and subjects'
set seen '__fish_seen_subcommand_from check'
complete -c ccmq -n $seen -l repair -d 'mend, trusting the directories'
complete -c ccmq -n $seen -l rebuild -d 'make a lost history anew'
complete -c ccmq -n '__fish_seen_subcommand_from verify' -l against -r \
	-d 'lines of syslog'
complete -c ccmq -n '__fish_seen_subcommand_from changes' -l from -x
complete -c ccmq -n '__fish_seen_subcommand_from changes' -l as -x
set seen '__fish_seen_subcommand_from init'
complete -c ccmq -n $seen -l upgrade -d 'bring an older history up to date'
complete -c ccmq -n $seen -l if-missing -d 'a store that is there is no error'
complete -c ccmq -n $seen -l adopt -r -d 'in place of what is watched'

set seen '__fish_seen_subcommand_from convert'
complete -c ccmq -n $seen -F
complete -c ccmq -n $seen -l to -x -a 'eml text defects'
complete -c ccmq -n $seen -l maildir -x -a '(__fish_complete_directories)'
complete -c ccmq -n $seen -l mbox -r -F
complete -c ccmq -n $seen -l post-office -x -a '(__fish_complete_directories)'
complete -c ccmq -n $seen -l code-page -x -a '437 850 CP1252'
complete -c ccmq -n $seen -l date-order -x -a 'mdy dmy ymd'
complete -c ccmq -n $seen -l files-hex -d 'attachments are hex text'
complete -c ccmq -n $seen -l und -d 'the files are .und files'
complete -c ccmq -n $seen -l quiet -d 'no progress bar, no report'
complete -c ccmq -n $seen -l version -d 'which one this is'

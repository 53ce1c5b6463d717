# demo.sh: what the demo and its incidents share: a store, its settings, a
# connector on it, and the mail that producers drop. Sourced.
#
# The caller has set
#   here    the source tree          build   where it is built
#   store   STORE                    conf    its settings file
#   log     what ccmqd says

# As a string of libconfig.
quoted()
{
	printf '"%s"' "$(printf '%s' "$1" | sed 's/[\\"]/\\&/g')"
}

# The import program, and its arguments: a worker; or, where the demo is to go
# wrong as the old ones did ($settings_wrong), one that is started for each
# message and does what the message asks for.
import_program()
{
	if [ -z "${settings_wrong:-}" ]; then
		cat <<END
[ $(quoted "$build/ccmq-import"), "--worker", "/NDEMO",
    $(quoted "/D$store-po"), "/ITEMSIZE", "/PARTIAL", "/BATCH" ]
END
		return
	fi
	cat <<END
[ "/bin/sh", $(quoted "$here/data/demo/import.sh"),
    $(quoted "$build/ccmq-import"), "/NDEMO", $(quoted "/D$store-po"),
    "/@%f", "--und=%u", "/ITEMSIZE", "/PARTIAL", "/BATCH" ]
END
}

# What is kept is little, as much of it comes. With $settings_more.
write_settings()
{
	cat <<END
# The settings of this store; all there are: ccmq.conf(5).
store = $(quoted "$store");
import: {
  program = $(import_program);
  interval = "${settings_interval:-2s}";
  timeout = "${settings_timeout:-2m}";
};
und:  { rotate_size = "4M"; };
keep: { imported = "1h"; trash = "1d"; und = "1d"; history = "2d"; };
${settings_more:-}
END
}

make_store()
{
	[ -e "$store/history.db" ] || "$build/ccmq" -s "$store" init >&2 ||
		return 1
	write_settings >"$conf.new" && mv "$conf.new" "$conf" || return 1
	mkdir -p "$store-po" || return 1
	[ -e "$store-po/postoffice.conf" ] ||
		cat "$here/data/demo/postoffice.conf" \
			>"$store-po/postoffice.conf"
}

# --- the connector ---------------------------------------------------------

ask()
{
	"$build/ccmq" -c "$conf" "$@"
}

# Of the running ccmqd; nothing if none runs.
ccmqd_pid()
{
	ask status --json 2>/dev/null |
		sed -n 's/.*"pid": *\([0-9][0-9]*\).*/\1/p'
}

is_running()
{
	[ -n "$(ccmqd_pid)" ]
}

# until_true COMMAND...: for half a minute, which is long for all of this.
until_true()
{
	tries=300
	until "$@"; do
		tries=$((tries - 1))
		[ $tries -gt 0 ] || return 1
		sleep 0.1
	done
}

start_ccmqd()
{
	is_running && return 0
	setsid "$build/ccmqd" -c "$conf" ${ccmqd_options:-} </dev/null >"$log" 2>&1 &
	until_true is_running && return 0
	tail -n 5 "$log" >&2
	return 1
}

# stop_ccmqd [SIGNAL]
stop_ccmqd()
{
	pid=$(ccmqd_pid)
	[ -z "$pid" ] || kill -"${1:-TERM}" "$pid" 2>/dev/null
	until_true is_stopped
}

is_stopped()
{
	! is_running
}

# --- the mail --------------------------------------------------------------

# drop FILE NAME: under another name first, then renamed, as every producer
# should. FILE - is the standard input.
drop()
{
	into=${drop_into:-$store/submit}
	cat -- "$1" >"$into/.$2.new" && mv "$into/.$2.new" "$into/$2"
}

# Now, as the post office reads a date.
mail_date()
{
	if grep -qs '^date_order = "dmy"' "$store-po/postoffice.conf"; then
		date '+%-d/%-m/%y %-H:%M'
	else
		date '+%-m/%-d/%y %-H:%M'
	fi
}

# mail NAME SUBJECT [HEADER...]: drops a message. A header here stands
# instead of the usual one of its name; an empty one leaves it out.
mail()
{
	mail_name=$1 subject=$2
	from="From: Ops, Night at HUB" to="To: Admin at HUBPO2"
	date="Date: $(mail_date)"
	contents="Contents:" more=
	shift 2
	for header in "$@"; do
		case $header in
		From:*) from=$header ;;
		To:*) to=$header ;;
		Date:*) date=$header ;;
		Contents:) contents= ;;
		*) more=$header ;;
		esac
	done
	{
		printf '%s\r\n' "Message:" "$from" "$date" "$to" \
			"Subject: $subject"
		[ -z "$more" ] || printf '%s\r\n' "$more"
		[ -z "$contents" ] || printf '%s\r\n' "$contents"
		printf '%s\r\n' "Text item:" "$subject." "" \
			"This is the message body."
	} | drop - "$mail_name"
}

# drop_samples DROPPED [NAME...]: each sample once, all of them if none is
# named; what was dropped is remembered in the file DROPPED.
drop_samples()
{
	dropped=$1
	shift
	touch "$dropped" || return 1
	[ $# -gt 0 ] || set -- $(cd "$here/data/samples" && ls *.ccm)
	for name in "$@"; do
		grep -qxF "$name" "$dropped" && continue
		drop "$here/data/samples/$name" "$name" &&
			echo "$name" >>"$dropped" || return 1
	done
}

# start_producer [good]: it runs while the console is open, and not longer.
start_producer()
{
	drop_into=${drop_into:-} sh "$here/data/demo/produce.sh" "$store" $$ \
		"${1:-}" </dev/null >/dev/null 2>&1 &
	producer=$!
}

stop_producer()
{
	[ -z "${producer:-}" ] || kill "$producer" 2>/dev/null
	producer=
}

#!/bin/sh
# Nothing spins while it waits for others: a worker that closed its output and
# lives on, and somebody who holds write.lock for long. TAP.
. "$srcdir/tests/system/lib.sh"
. "$srcdir/tests/system/idle.sh"

# A worker that closes its output and lives on.
again
printf '#!/bin/sh\nread -r line\necho x >>"%s/starts"\nexec 1>&- 0<&-\nexec sleep 60\n' \
	"$work" >"$work/worker"
chmod +x "$work/worker"
stop TERM
settings "import: { program = [ \"$work/worker\" ]; interval = \"1s\"; timeout = \"60s\"; };"
start
running
drop M1.ccm
wait_for 10 has_started 1
idles "a worker that says nothing more"
stop KILL

# Somebody holds write.lock: it waits for as long as that takes, and says so.
again
q hold --reason test >/dev/null
flock -F "$store/write.lock" sleep 600 &
pid=$!
drop M1.ccm
wait_for 60 grep -q 'waiting for the store' "$work/log"
ok "it says that it waits for the store"
idles "waiting for write.lock"
kill "$pid"
wait "$pid"
wait_for 10 count_is queued 1
ok "and then it goes on"
finish

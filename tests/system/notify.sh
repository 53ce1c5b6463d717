#!/bin/sh
# What a service manager is told: READY when the first scan is done, the verdict,
# and that the main loop goes round. One stands in for it: it keeps what it is
# told, and starts ccmqd anew when that ends or is not heard of in time. TAP.
. "$srcdir/tests/system/lib.sh"

cat >"$work/manager.py" <<'END'
import os, signal, socket, subprocess, sys, time

span = float(sys.argv[2])
sock = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
sock.bind(sys.argv[1])
sock.settimeout(0.05)
env = dict(os.environ, NOTIFY_SOCKET=sys.argv[1],
           WATCHDOG_USEC=str(int(span * 1e6)))

def say(*words):
    print(*words, flush=True)

def start():
    process = subprocess.Popen(sys.argv[3:], env=env, stderr=subprocess.DEVNULL)
    say("started", process.pid)
    return process, None

process, heard = start()
def end(*ignored):
    process.kill()
    sys.exit(0)
signal.signal(signal.SIGTERM, end)
while True:
    try:
        for line in sock.recv(4096).decode().splitlines():
            say(line)
            if heard or line == "READY=1":
                heard = time.monotonic()
    except socket.timeout:
        pass
    if process.poll() is not None:
        say("ended", process.returncode)
        process, heard = start()
    elif heard and time.monotonic() - heard > span:
        say("late")
        process.kill()
END

# manage SECONDS [COMMAND...]: the watchdog's span.
manage()
{
	: >"$work/told"
	rm -f "$work/socket"
	span=$1
	shift
	"$@" python3 "$work/manager.py" "$work/socket" "$span" "$ccmqd" \
		-c "$config" >"$work/told" 2>>"$work/log" &
	manager=$!
}
unmanage()	# [SIGNAL]
{
	kill -"${1:-TERM}" "$manager"
	wait "$manager" 2>/dev/null
}
trap 'kill -KILL $manager $survivor 2>/dev/null; stop KILL; rm -rf "$work"' EXIT

told()
{
	grep -qx "$1" "$work/told"
}
often()	# LINE N: at least
{
	[ "$(grep -cx "$1" "$work/told")" -ge "$2" ]
}

settings "$(import_setting)"
program 'exit 0'

# Somebody writes the store: it waits, and is not ready.
q hold --reason service >/dev/null
exec 8<>"$store/write.lock"
flock 8
manage 60
wait_for 15 grep -q started "$work/told"
wait_for 15 status_has '.pid != null'
! told READY=1
ok "no READY before it can look"
flock -u 8
wait_for 15 told READY=1
ok "READY when the first scan is done"
wait_for 15 grep -q '^STATUS=.*service' "$work/told"
ok "the verdict is told"
is "in the words of the status" "$(q status --json | jq -r .verdict_text)" \
	"$(sed -n 's/^STATUS=//p' "$work/told" | tail -n 1)"
unmanage
q resume >/dev/null

# A loop that goes round, and one that stands.
manage 6
wait_for 15 told READY=1 && wait_for 15 often WATCHDOG=1 4
ok "the watchdog hears of it"
! told late
ok "in time"
pid=$(sed -n 's/^started //p' "$work/told")
kill -STOP "$pid"
wait_for 60 told late && wait_for 30 often 'started.*' 2
ok "a main loop that stands is noticed, and started anew"
wait_for 30 often READY=1 2
ok "and is ready again"
unmanage

# A lane that cannot be cleared is no loop that stands.
if unshare -pf --mount-proc true 2>/dev/null; then
	sh -c 'exec 9<"$1"; flock -s 9; exec sleep 300' sh "$store/lanes/1" &
	survivor=$!
	manage 6 unshare -pf --mount-proc --kill-child
	drop M1.ccm
	wait_for 30 status_has '.verdicts | index("lane")'
	ok "a lane that cannot be cleared"
	heard=$(grep -cx WATCHDOG=1 "$work/told")
	wait_for 60 often WATCHDOG=1 $((heard + 5))
	ok "and the watchdog still hears of it"
	! told late
	ok "in time, too"
	kill -KILL "$survivor"
	unmanage KILL			# the whole room
else
	skip "a lane that cannot be cleared" "no room of processes can be made"
fi
finish

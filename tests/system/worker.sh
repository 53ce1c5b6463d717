#!/bin/sh
# Workers: those of the manual, ccmq-import's, and those that break their
# contract, with one message in hand and with several. TAP.
. "$srcdir/tests/system/lib.sh"

# from_manual NAME: the example that follows .\" NAME in ccmqd(8).
from_manual()
{
	sed -n '/^\.\\" '"$1"'$/,/^\.Ed$/p' "$srcdir/data/ccmqd.8.in" |
		sed '1,2d; $d' | sed 's/\\e/\\/g' >"$work/$1"
}

# worker_setting [TIMEOUT [BATCH]] ARGUMENT...: the import group.
worker_setting()
{
	timeout=$1 batch=$2
	shift 2
	printf 'import: { program = [ '
	comma=
	for word in "$@"; do
		printf '%s"%s"' "$comma" "$word"
		comma=', '
	done
	printf ' ]; interval = "1s"; timeout = "%s"; batch = %s; };' \
		"$timeout" "$batch"
}

drops()	# FROM TO
{
	for i in $(seq "$1" "$2"); do
		drop "m$i.ccm"
	done
}

once()
{
	"$ccmqd" -c "$config" --once >>"$work/log" 2>&1
}

# --- those of the manual ----------------------------------------------------

for name in worker.py worker.sh; do
	from_manual $name
	mkdir -p "$work/got-$name"
	shell=python3
	[ $name = worker.py ] || shell=sh
	settings "$(worker_setting 20s 8 "$shell" "$work/$name" "$work/got-$name")"
	before=$(count imported)
	drops 1 20
	once
	is "$name: all is imported" $((before + 20)) "$(count imported)"
	is "$name: each once" 20 "$(ls "$work/got-$name" | wc -l | tr -d ' ')"
	chmod 500 "$work/got-$name"
	rm -rf "$work/got-$name"
	drop down.ccm
	once
	is "$name: where it cannot write the message waits" 1 "$(count deferred)"
	q purge --match 'state:deferred' --yes >/dev/null 2>&1
done

# --- ccmq-import -------------------------------------------------------------

mkdir -p "$work/po"
printf 'name = "DEMO";\nusers = ( { name = "Admin"; } );\n' \
	>"$work/po/postoffice.conf"
settings "$(worker_setting 20s 32 "$builddir/ccmq-import" --worker /NDEMO \
	"/D$work/po" /ITEMSIZE /PARTIAL /BATCH)"
before=$(count imported)
drops 1 100
printf 'Message:\r\nFrom: Ops at DEMO\r\nTo: Nobody at DEMO\r\nSubject: lost\r\nContents:\r\nText item:\r\nx\r\n' \
	>"$store/submit/.new" && mv "$store/submit/.new" "$store/submit/lost.ccm"
once
is "ccmq-import: all others are imported" $((before + 100)) "$(count imported)"
is "ccmq-import: each is delivered once" 100 \
	"$(ls "$work"/po/mail/*/new | wc -l | tr -d ' ')"
is "ccmq-import: the one to nobody has failed" 1 "$(count failed)"
id=$(q list --state failed --json | jq -r .id)
q show "$id" --und | grep -q "Not found in directory"
ok "and its .und bytes are linked to it"
q purge "$id" --yes >/dev/null 2>&1

# --- copies ---------------------------------------------------------------------

# A copy that nobody touched becomes the next one. This worker touches them in
# every way: it must never see another's bytes, names or changes.
cat >"$work/touch.py" <<'END'
import json, os, sys
out, held = sys.argv[1], []
def strange(*words):
    print(*words, file=open(out + "/strange", "a"))
for n, line in enumerate(sys.stdin):
    ask = json.loads(line)
    where = os.path.dirname(ask["file"])
    f = os.open(ask["file"], os.O_RDONLY)
    data = os.pread(f, 1 << 20, 0)
    open("%s/seen-%d" % (out, ask["id"]), "wb").write(data)
    for id, fd, was in held:
        if os.pread(fd, 1 << 20, 0) != was:
            strange("what was read of", id, "changed")
    if os.listdir(where) != [ask["name"]]:
        strange(ask["name"], os.listdir(where))
    if n % 5 == 0:
        os.link(ask["file"], "%s/link-%d" % (out, ask["id"]))
    elif n % 5 == 1:
        held.append((ask["id"], f, data))
    elif n % 5 == 2:
        open(where + "/.left", "w").write("mine")
    elif n % 5 == 3:
        open(ask["file"], "ab").write(b"and more")
    elif n % 10 == 4:
        os.rename(where, "%s/moved-%d" % (out, ask["id"]))
        os.symlink(out, where)
    print(json.dumps({"id": ask["id"], "code": 0}), flush=True)
    if n % 5 != 1:
        os.close(f)
END
mkdir "$work/touched"
settings "$(worker_setting 20s 4 python3 "$work/touch.py" "$work/touched")"
for i in $(seq 1 60); do
	drop "n$i.ccm" "$(printf "$i%$((i * 37 % 101))d" 0)"
done
once
is "each copy is its message's, to the byte" 60 "$(for i in $(q list \
	--state imported --match name:n --json | jq -r .id); do
		cmp -s "$work/touched/seen-$i" "$store/imported/$(printf %012d "$i")"-* &&
			echo same
	done | wc -l | tr -d ' ')"
for file in "$work"/touched/link-*; do
	cmp "$file" "$work/touched/seen-${file##*-}" >>"$work/touched/strange"
done
is "what a worker linked, held or left is in no other's copy" "" \
	"$(cat "$work/touched/strange")"
is "and none is left" "" "$(find "$store/import" -mindepth 1 ! -name '*.und')"

# --- those that break their contract -------------------------------------------

# bad BODY: a worker in Python that answers 0 but for messages whose text holds
# POISON, with which it does BODY (line, ask, say at hand).
bad()
{
	{
		cat <<'END'
import json, os, signal, sys, time
def say(text):
    sys.stdout.write(text)
    sys.stdout.flush()
held = []
while True:
    line = os.read(0, 1 << 20).decode()
    if not line:
        sys.exit(0)
    for line in line.splitlines():
        ask = json.loads(line)
        if b"POISON" not in open(ask["file"], "rb").read():
            held.append(ask["id"])
            continue
END
		printf '%s\n' "$1" | sed 's/^/        /'
		printf '%s\n' '    for id in held:' \
			"        say(json.dumps({\"id\": id, \"code\": 0}) + chr(10))" \
			'    held = []'
	} >"$work/bad.py"
}

# convicts WHAT BODY CLASS REASON: seven good ones and a poison in a batch. The
# time that a try has is short only where it is waited for.
convicts()
{
	bad "$2"
	case $4 in
	'timed out')	limit=5s ;;
	*)	limit=60s ;;
	esac
	settings "$(worker_setting $limit 8 python3 "$work/bad.py")" \
		'limits: { crashed = 1; }; backoff: { first = "1s"; };' \
		'breaker: { rejected = 100; unavailable = 100; };'
	before=$(count imported)
	drops 1 4
	drop poison.ccm POISON
	drops 5 7
	start
	wait_for 60 count_is failed 1
	wait_for 30 count_is imported $((before + 7))
	is "$1: the seven others are imported" $((before + 7)) \
		"$(count imported)"
	is "$1: the poison convicts itself" "poison.ccm $3" \
		"$(q list --state failed --json | jq -r '.name + " " + .class')"
	q list --state failed --json | jq -r '.reason // ""' | grep -q "$4"
	ok "$1: it says why"
	is "$1: nobody else was counted" 0 \
		"$(sql "SELECT count(*) FROM attempt JOIN message m ON m.id = message WHERE counted AND m.name <> 'poison.ccm' AND m.state = 'imported' AND started_at > $(sql 'SELECT started_at FROM connector')")"
	stop TERM
	q purge --match 'state:failed' --yes >/dev/null 2>&1
}

convicts "it dies" 'os.kill(os.getpid(), signal.SIGSEGV)' crashed ''
convicts "it exits" 'sys.exit(0)' crashed 'no answer'
convicts "it hangs" 'time.sleep(3600)' crashed 'timed out'
convicts "it answers nonsense" 'say("what?" + chr(10)); time.sleep(9)' crashed 'contract'
convicts "it answers for what it was not given" \
	'say(json.dumps({"id": 4711000, "code": 0}) + chr(10)); time.sleep(9)' \
	crashed 'not given'
convicts "it writes without end" \
	'
while True: say("x" * 65536)' crashed 'longer'
convicts "it closes its input" 'os.close(0); time.sleep(9)' crashed 'timed out'
convicts "a status of its own" 'sys.exit(77)' crashed 'status 77'

# Its first answer counts: it is true, whatever the worker says after it.
bad 'say((json.dumps({"id": ask["id"], "code": 0}) + chr(10)) * 2); time.sleep(9)'
settings "$(worker_setting 60s 8 python3 "$work/bad.py")"
before=$(count imported)
drops 1 4
drop poison.ccm POISON
start
wait_for 30 count_is imported $((before + 5))
is "it answers twice: all are imported, each once" $((before + 5)) \
	"$(count imported)"
stop TERM
grep -q 'answered twice' "$work/log"
ok "and that is said"

# An exit status of the class unavailable is the answer for all it has.
bad 'sys.exit(4)'
settings "$(worker_setting 60s 8 python3 "$work/bad.py")" \
	'backoff: { first = "1h"; cap = "1h"; }; breaker: { unavailable = 100; };'
drop poison.ccm POISON
drops 1 3
once
is "unavailable: all that it had waits" 4 "$(count deferred)"
is "and nobody is counted" 0 "$(sql "SELECT sum(unavailable + crashed + rejected) FROM message WHERE state = 'deferred'")"
q purge --match 'state:deferred' --yes >/dev/null 2>&1

# What it leaves running is killed with it.
bad 'os.spawnlp(os.P_NOWAIT, "sleep", "sleep", "3600.'$$'"); os._exit(1)'
settings "$(worker_setting 60s 8 python3 "$work/bad.py")" 'limits: { crashed = 1; };'
drop poison.ccm POISON
once
! pgrep -f "sleep 3600.$$" >/dev/null
ok "what a worker leaves running is killed"

# It has the next ones before it has answered the first, and no end of them:
# but one at a time while the last one failed.
settings "$(worker_setting 20s 8 "$builddir/ccmq-import" --worker /NDEMO \
	"/D$work/po")"
drop good.ccm
once
settings "$(worker_setting 60s 2 sh -c 'while read -r line; do :; done')"
drops 1 12
start
wait_for 20 status_has '.importing == 10 and .queued == 2'
ok "five batches of two are in its hand, without an answer"
stop KILL
settings "$(worker_setting 20s 8 "$builddir/ccmq-import" --worker /NDEMO \
	"/D$work/po")"
once
is "what it had comes again, and all is imported" 0 "$(count queued)"
# A flood: while it is taken in the importer has its share of the time. It was a
# twentieth of the messages, and is a third.
settings "$(worker_setting 20s 32 "$builddir/ccmq-import" --worker /NDEMO \
	"/D$work/po")"
awk -v to="$store/submit" 'BEGIN {
	for (i = 0; i < 6000; i++) {
		f = sprintf("%s/F%05d.ccm", to, i)
		printf "Message:\r\nTo: Admin at DEMO\r\nContents:\r\n" >f
		printf "Text item:\r\nflood %d\r\n", i >f
		close(f)
	}
}'
none_waits()
{
	[ -z "$(find "$store/submit" -name '*.ccm' | head -n 1)" ]
}
start
wait_for 120 none_waits
share=$(sql "SELECT count(*) FROM message WHERE state = 'imported' AND name LIKE 'F%'")
[ "$share" -gt 900 ]
ok "of a flood of 6,000 more than 900 were imported when all were taken in"
[ "$share" -gt 900 ] || echo "# $share"
stop TERM
consistent
finish

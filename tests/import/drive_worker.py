"""Drives ccmq-import --worker as ccmqd does, and worse. TAP.

usage: drive_worker.py IMPORT WORK
"""
import json
import os
import select
import shutil
import signal
import subprocess
import sys
import time

IMPORT, WORK = sys.argv[1:]
PO, UND = WORK + "/wpo", WORK + "/w.und"
CONF = ('name = "HUB"; domain = "hub.example";\n'
        'users = ( { name = "Admin"; }, { name = "Doe, Jane"; },\n'
        '  { name = "control"; discard = true; } );\n')
count = failures = 0


def ok(good, name, *got):
    global count, failures
    count += 1
    if not good:
        failures += 1
        for g in got:
            print("# got: %r" % (g,))
    print("%sok %d - %s" % ("" if good else "not ", count, name), flush=True)


def fresh():
    shutil.rmtree(PO, ignore_errors=True)
    os.mkdir(PO, 0o700)
    open(PO + "/postoffice.conf", "w").write(CONF)
    if os.path.exists(UND):
        os.unlink(UND)


def ccm(name, *to, body="body"):
    path = "%s/%s.ccm" % (WORK, name)
    text = "Message:\r\nFrom: Grewal, Jeff at HUB\r\nDate: 6/2/98 8:39\r\n"
    text += "".join("To: %s at HUB\r\n" % t for t in to)
    text += "Subject: %s\r\nContents:\r\nText item:\r\n%s\r\n" % (name, body)
    open(path, "w").write(text)
    return path


def request(n, path, **more):
    return dict({"id": n, "key": "store-%d-0123456789abcdef" % n,
                 "file": path, "name": "m.ccm", "und": UND}, **more)


def line(r):
    return json.dumps(r).encode() + b"\n"


def mails(box):
    n = 0
    for part in ("new", "cur"):
        try:
            n += len(os.listdir("%s/mail/%s/%s" % (PO, box, part)))
        except FileNotFoundError:
            pass
    return n


# A sanitizer keeps what was freed, which here looks like a leak.
ENV = dict(os.environ, ASAN_OPTIONS=os.environ.get("ASAN_OPTIONS", "") +
           ":quarantine_size_mb=1:thread_local_quarantine_size_kb=64")


class Worker:
    def __init__(self, *more):
        self.p = subprocess.Popen(
            [IMPORT, "--worker", "/NHUB", "/D" + PO, "/PARTIAL", "/BATCH",
             *more], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, env=ENV)
        self.read = b""

    def put(self, data):
        self.p.stdin.write(data)
        self.p.stdin.flush()

    def answers(self, n, seconds=30):
        fd = self.p.stdout.fileno()
        while self.read.count(b"\n") < n:
            if not select.select([fd], [], [], seconds)[0]:
                break
            data = os.read(fd, 65536)
            if not data:
                break
            self.read += data
        *texts, self.read = self.read.split(b"\n")
        return {a["id"]: a for a in map(json.loads, texts)}

    def end(self, data=b""):
        out, err = self.p.communicate(data, 60)
        return ([json.loads(t) for t in out.splitlines()], self.p.returncode,
                err.decode())


def batches():
    fresh()
    w = Worker()
    w.put(b"".join(line(request(n, ccm("m%d" % n, "Admin")))
                   for n in range(1, 9)))
    got = w.answers(8)
    ok(sorted(got) == list(range(1, 9)), "each has an answer", got)
    ok(all(a["code"] == 0 and a["und"] is None and a["output"] == ""
           for a in got.values()), "and is imported", got)
    ok(mails("admin") == 8, "and delivered")
    ok(os.path.exists(WORK + "/m1.ccm"), "the copy is left to its owner")
    # One is not waited for.
    w.put(line(request(9, ccm("m9", "Admin"))))
    ok(9 in w.answers(1), "one alone is answered")
    w.put(line(request(9, WORK + "/m9.ccm")) +
          line(request(10, ccm("m10", "Admin", "Doe, Jane"))))
    got = w.answers(2)
    ok(mails("admin") == 10 and mails("jane.doe") == 1 and
       got[9]["code"] == 0, "again is once", got)
    ok(w.end()[1] == 0, "the end of the input is the end")


def mixed():
    fresh()
    w = Worker()
    w.put(line(request(1, ccm("a", "Admin"))) +
          line(request(2, ccm("b", "Nobody", "Admin"))) +
          line(request(3, WORK + "/not-there.ccm")) +
          line(request(4, ccm("d", "Nobody"), sense="none", more=[1, {}])) +
          line(request(5, ccm("e", "Admin"), file=None)) +
          line(request(6, ccm("f", "Admin"), key="../x")) +
          line(request(7, ccm("g", "Admin"), key=5)) +
          line(request(8, ccm("h", "Admin"), key=None)))
    open(WORK + "/none.ccm", "w").write("nothing like it\n")
    w.put(line(request(9, WORK + "/none.ccm")))
    got = w.answers(9)
    ok([got[n]["code"] for n in range(1, 10)] ==
       [0, 5, 3, 5, 3, 3, 3, 0, 1], "each fares by itself", got)
    ok(mails("admin") == 3, "those that can be are delivered")
    und = open(UND, "rb").read()
    ok(all(und[slice(*got[n]["und"])].count(b"***  Not found in directory") == 1
           and und[slice(*got[n]["und"])].startswith(b"Message:")
           for n in (2, 4)), "each knows its bytes of the .und file",
       got, und)
    ok(got[2]["output"].endswith("\nIMPORT process ended with error: 5.\n") and
       "Nobody at HUB: Not found" in got[2]["output"], "and says why", got[2])
    ok("not-there.ccm: No such file" in got[3]["output"] and
       "names no file" in got[5]["output"] and
       "is not letters" in got[6]["output"], "what is wrong is said", got)
    w.end()


def changes():
    fresh()
    w = Worker()
    w.put(line(request(1, ccm("a", "Late"))))
    ok(w.answers(1)[1]["code"] == 5, "unknown")
    open(PO + "/postoffice.conf", "w").write(
        CONF.replace("Admin", "Late"))
    w.put(line(request(2, ccm("b", "Late"))))
    ok(w.answers(1)[2]["code"] == 0, "known in the next batch")
    open(PO + "/CCPODOWN", "w").close()
    w.put(line(request(3, ccm("c", "Late"))))
    got = w.answers(1)
    ok(got[3]["code"] == 4 and "CCPODOWN" in got[3]["output"], "down", got)
    os.unlink(PO + "/CCPODOWN")
    open(PO + "/postoffice.conf", "w").write("nmae = 1;")
    w.put(line(request(3, WORK + "/c.ccm")))
    got = w.answers(1)
    ok(got[3]["code"] == 3 and "nmae" in got[3]["output"], "spoilt", got)
    os.rename(PO, PO + ".old")
    os.mkdir(PO, 0o700)
    open(PO + "/postoffice.conf", "w").write(CONF)
    w.put(line(request(4, ccm("d", "Admin"))))
    ok(w.answers(1)[4]["code"] == 0 and mails("admin") == 1,
       "another directory under the name")
    shutil.rmtree(PO + ".old")
    w.end()


def same_twice():
    fresh()
    w = Worker()
    path = ccm("a", "Admin")
    out, status, _ = w.end(line(request(1, path)) * 3 +
                           line(request(2, path, key=None)) +
                           line(request(3, path, key=None)))
    ok(len(out) == 5 and status == 0 and all(a["code"] == 0 for a in out),
       "the same id thrice, the same content twice: answered each", out)
    ok(mails("admin") == 2, "and delivered once each", mails("admin"))


def poisons():
    for name, data, words in (
            ("no JSON", b"{ not json\n", "cannot be answered"),
            ("no object", b"[1]\n", "not an object"),
            ("an empty line", b"\n", "cannot be answered"),
            ("no id", b'{"file":"x"}\n', "without an id"),
            ("an id that is a text", b'{"id":"1","file":"x"}\n',
             "without an id"),
            ("an id twice", b'{"id":1,"id":2,"file":"x"}\n', "duplicate"),
            ("a NUL", b'{"id":1,"file":"a\\u0000b"}\n', "cannot be"),
            ("bytes that are no UTF-8", b'{"id":1,"file":"\xff"}\n', "0xff"),
            ("nested without an end", b"[" * 60000 + b"\n", "cannot be"),
            ("a huge line", b'{"id":1,"file":"' + b"x" * 10000000,
             "longer than 65536 bytes"),
            ("an end within a line", b'{"id":7,"fi',
             "ended within a request")):
        fresh()
        w = Worker()
        try:
            out, status, err = w.end(
                line(request(1, ccm("a", "Admin"))) + data +
                line(request(2, ccm("b", "Admin"))) *
                (data[-1:] == b"\n"))
        except BrokenPipeError:     # it ended before it had read all
            out, status, err = w.end()
        ok(status == 3 and words in err, name + ": ends with words", status,
           err[:200])
        ok([a["id"] for a in out] == [1] and mails("admin") == 1,
           name + ": what came before is answered", out)


def late_line():
    fresh()
    w = Worker()
    text = line(request(1, ccm("a", "Admin")))
    w.put(line(request(2, ccm("b", "Admin"))) + text[:30])
    ok(2 in w.answers(1), "half a line is not waited for")
    w.put(text[30:])
    ok(1 in w.answers(1), "the other half comes later")
    # A file in the way of one Maildir is not the end of the others.
    os.mkdir(PO + "/mail/broken")
    open(PO + "/postoffice.conf", "w").write(CONF.replace(
        "users = (", 'users = ( { name = "Broken"; },'))
    open(PO + "/mail/broken/new", "w").close()
    w.put(line(request(3, ccm("c", "Broken", "Admin"))) +
          line(request(4, ccm("d", "Admin"))))
    got = w.answers(2)
    ok(got[3]["code"] == 3 and "mail/broken/new" in got[3]["output"] and
       got[4]["code"] == 0 and mails("admin") == 4,
       "an unusable Maildir stops nobody else", got)
    os.unlink(PO + "/mail/broken/new")
    w.put(line(request(3, WORK + "/c.ccm")))
    got = w.answers(1)
    ok(got[3]["code"] == 0 and mails("admin") == 4 and mails("broken") == 1,
       "and when it is mended, only he gets it", got)
    w.put(line(request(5, ccm("e", "control", "Admin"))))
    got = w.answers(1)
    ok(got[5]["code"] == 0 and mails("control") == 0 and mails("admin") == 5,
       "of what is to be discarded nothing is kept", got)
    ok(os.path.isdir(PO + "/mail/control/new") and
       "control" in open(PO + "/delivered/recent").read(),
       "and yet it went all the way")
    w.end()


def handed_on():
    """What a command each is needed for is answered in small parts."""
    fresh()
    mta, done, go = WORK + "/mta", WORK + "/handed", WORK + "/go"
    open(PO + "/postoffice.conf", "a").write('deliver = [ "%s" ];\n' % mta)
    open(mta, "w").write(
        '#!/bin/sh\ncat >/dev/null; echo >>"%s"\n'
        '[ "$(wc -l <"%s")" -le 32 ] || until [ -e "%s" ]; do\n'
        'sleep 0.1; done\n' % (done, done, go))
    os.chmod(mta, 0o700)
    mail = ccm("h")
    text = open(mail).read()
    text = text.replace("Subject", "To: joe@far.example\r\nSubject")
    open(mail, "w").write(text)
    w = Worker()
    w.put(b"".join(line(request(n, mail)) for n in range(1, 41)))
    got = w.answers(32)
    ok(len(got) == 32 and all(a["code"] == 0 for a in got.values()),
       "32 are answered while the next one waits for its command", got)
    open(go, "w").close()
    ok(len(w.answers(8)) == 8, "then the others")
    w.end()


def killed():
    """kill -9 at any time, and everything again: each has it once."""
    fresh()
    requests = [request(n, ccm("k%d" % n, "Admin", "Doe, Jane"))
                for n in range(1, 17)]
    data = b"".join(line(r) for r in requests)
    for ms in range(1, 20):
        w = Worker()
        try:
            w.put(data)
        except BrokenPipeError:
            pass
        time.sleep(ms / 1000)
        w.p.send_signal(signal.SIGKILL)
        w.p.communicate()
    out, status, err = Worker().end(data)
    ok(len(out) == 16 and all(a["code"] == 0 for a in out) and status == 0,
       "after kills all are imported", out, err)
    ok(mails("admin") == 16 and mails("jane.doe") == 16 and
       not os.listdir(PO + "/staging"), "once each",
       mails("admin"), mails("jane.doe"))


def flat():
    fresh()
    w = Worker()
    sizes = []
    for at in range(0, 5000, 50):
        w.put(b"".join(line(request(100000 + n, WORK + "/a.ccm"))
                       for n in range(at, at + 50)))
        got = w.answers(50)
        if len(got) != 50 or any(a["code"] for a in got.values()):
            break
        status = open("/proc/%d/status" % w.p.pid).read()
        sizes.append(int(status.split("VmRSS:")[1].split()[0]))
    ok(len(sizes) == 100 and mails("admin") == 5000, "5,000 messages",
       len(sizes), got)
    ok(sizes[-1] < sizes[20] + 2048, "memory is flat",
       sizes[0], sizes[20], sizes[-1])
    ok(all(os.stat(e.path).st_size < 200000
           for e in os.scandir(PO + "/delivered")), "and so are the books")
    w.end()


for part in (batches, mixed, changes, same_twice, poisons, late_line,
             handed_on, killed, flat):
    part()
print("1..%d" % count)
sys.exit(failures > 0)

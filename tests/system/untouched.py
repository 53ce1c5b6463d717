# untouched.py ROOT CYCLES SECONDS: does what a connector that is not ours does in
# its directories below ROOT, a cycle each so many seconds, and looks before each
# change whether all is still as it left it: names, bytes, times of change of files
# and directories, modes, links. 15 seconds of theirs are a cycle, 5,760 a day.
import os
import random
import sys
import time

root, cycles, pause = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
submit, imports, bad = (os.path.join(root, d) for d in
                        ("SUBMIT", "IMPORT", "BAD"))
und, log = os.path.join(imports, "ccmail.und"), os.path.join(root, "ccmc.log")
random.seed(7)
seen = {}


def tree():
    found = {}
    for where, _, names in os.walk(root):
        for path in [where] + [os.path.join(where, n) for n in names]:
            st = os.lstat(path)
            found[path] = (st.st_ino, st.st_mtime_ns, st.st_ctime_ns,
                           st.st_size, st.st_mode, st.st_nlink)
    return found


def body(path):
    fd = os.open(path, os.O_RDONLY | os.O_NOATIME)
    with os.fdopen(fd, "rb") as f:
        return f.read()


def same(before):
    now = tree()
    for path in sorted(set(now) | set(before)):
        if now.get(path) != before.get(path):
            sys.exit("%s: %s, was %s" % (path, now.get(path),
                                         before.get(path)))


def put(name, subject):
    text = b"Message:\r\nSubject: " + subject + b"\r\nContents:\r\n"
    with open(os.path.join(submit, "." + name), "wb") as f:
        f.write(text + b"Text item:\r\n" + name.encode() + b"\r\n")
    os.rename(os.path.join(submit, "." + name), os.path.join(submit, name))
    seen[name] = None


def tell(name, code):
    words = " completed successfully." if code == 0 else \
        " returned result code %d. Words." % code
    with open(log, "a") as f:
        f.write("Lotus cc:Mail IMPORT from file %s%s\n" % (name, words))


def handle(name):
    path = os.path.join(imports, name)
    text = body(path)
    code = 1 if b": bad" in text else 5 if b": unknown" in text else 0
    if code:
        with open(und, "ab") as f:
            f.write(text.replace(b"Contents:",
                                 b"***  a reason  ***\r\nContents:"))
    tell(name, code)
    if code != 1:
        os.remove(path)


def turn(number):
    for _ in range(random.randrange(4)):
        put("Msg%04X.ccm" % random.randrange(300), b"good")
    if number % 240 == 5:
        put("NIGHTLY.CCM", b"unknown")
    if number % 90 == 7:
        put("Msg%04X.ccm" % (0x4000 + number), b"bad")
    for name in sorted(os.listdir(submit))[:5]:
        to = bad if number % 50 == 49 else imports
        os.rename(os.path.join(submit, name), os.path.join(to, name))
    for name in sorted(os.listdir(imports)):
        if name.lower().endswith(".ccm"):
            handle(name)


def main():
    before = tree()
    whole = {}
    for number in range(cycles):
        same(before)
        turn(number)
        before = tree()
        for path, facts in before.items():
            if os.path.isfile(path) and (path, facts) not in whole:
                whole[path, facts] = body(path)
        if number % 20 == 0:
            for path in before:
                if os.path.isfile(path) and \
                        body(path) != whole[path, before[path]]:
                    sys.exit("%s: other bytes" % path)
        whole = {k: v for k, v in whole.items() if before.get(k[0]) == k[1]}
        time.sleep(pause)
    same(before)
    print("%d cycles, %d names" % (cycles, len(seen)))


main()

"""Writes messages whose headers and items are as bad as they come.

usage: make_nasty.py DIR
"""
import os
import sys

TO = "Admin at DEMO"


def write(name, headers, items):
    lines = ["Message:"] + headers + ["Contents:"]
    text = "".join(line + "\r\n" for line in lines).encode("cp437", "replace")
    for line, body in items:
        body = body if isinstance(body, bytes) else body.encode("cp437")
        text += b"%s\r\n%-12d\r\n%s" % (line.encode("cp437"), len(body), body)
    with open(os.path.join(sys.argv[1], name + ".ccm"), "wb") as f:
        f.write(text)


def mail(name, sender="Grewal, Jeff at HUB", to=(TO,), subject="x", more=(),
         items=(("Text item:", "body\r\n"),)):
    write(name, ["From: " + sender] + ["To: " + t for t in to] +
          ["Subject: " + subject] + list(more), items)


long = "Countess " * 400
mail("from-long", sender=long + "at HUB")
mail("from-long-word", sender="x" * 3000 + " at HUB")
mail("from-long-quoted", sender=("a,(b) " * 500) + "at HUB")
mail("from-long-umlauts", sender="\xfc" * 2000 + " at HUB")
mail("from-quotes", sender='"\\" " at HUB')
mail("from-encoded", sender="=?utf-8?q?evil?= at HUB")
mail("dots", sender="a..b@x.com at internet",
     to=(TO, ".a@-x at internet", "a.@b.c at internet",
         "a@b..c at internet", "@ at internet", "a@b@c.d at internet",
         "a b@c.d at internet", "a@.b.c at internet", "a@b.c. at internet",
         "a@" + "b" * 64 + ".c at internet", "x" * 65 + "@b.c at internet",
         "a@b_c.d at internet", "<a@b.c> at internet", '"a b"@c.d at internet',
         "a@[127.0.0.1] at internet", "a@m\xfcller.example at internet"))
mail("places", sender="X at -", to=(TO, "Y at .", "Z at a..b", "W at \xfc\xfc",
                                    "V at " + "p" * 300))
mail("subject-long", subject="word " * 2000)
mail("subject-word", subject="w" * 9000)
mail("subject-umlauts", subject="\xe4\xf6\xfc" * 3000)
mail("header-unknown", more=["X" * 300 + ": " + "v" * 3000,
                             "Prio\xfcrity: \x01\x1b[31m"])
mail("receipt", sender=long + "at HUB", more=["RRT: yes"])
mail("high-text", items=(("Text item:", "\xfc\xe4\xf6\r\nzwei\r\n" * 50),))
mail("high-long-text", items=(("Text item:", "\xfc" * 5000),
                              ("Text item: " + "t" * 2000, "x" * 5000)))
mail("lone-cr", items=(("Text item:", "a\rb\r\nc\x00d\r\n"),))
mail("boundary-like", items=(("Text item:", "--=_ccmq.x\r\n--\r\n"),
                             ("File item: a.bin", "--=_ccmq.x\r\n")))
mail("names", items=tuple(("File item: " + n, b"\x00\x01" * 40) for n in
                          ("a.txt", "n" * 3000, "\xfc" * 500 + ".doc",
                           'q"u\\o.te', "a;b=c.txt", "x\ty.txt", "..")))
mail("many", items=tuple(("File item: f%d.bin" % i, bytes([i % 256]) * 100)
                         for i in range(200)))
mail("empty-items", items=(("Text item:", ""), ("File item: e.bin", b"")))

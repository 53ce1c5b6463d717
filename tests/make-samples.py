#!/usr/bin/env python3
"""Makes data/samples: one .ccm for each construct and defect, and README.md.

Run it from the top of the source tree; what it writes is kept in the tree.
Everybody in the samples is made up.
"""
import os
import sys

CRLF = b"\r\n"
OUT = os.path.join("data", "samples")
SAMPLES = []


def sample(name, note, data):
    SAMPLES.append((name, note))
    with open(os.path.join(OUT, name), "wb") as f:
        f.write(data)


def lines(*texts):
    return b"".join(t.encode("cp437") + CRLF for t in texts)


def count(n):
    return b"%-12d" % n + CRLF


BLANK = b" " * 12 + CRLF


def head(frm="Grewal, Jeff at DEMO", to=("Admin at DEMO",),
         date="6/2/98 8:39", subject="A message", more=()):
    return lines("From: " + frm, *(["Date: " + date] if date else []),
                 *["To: " + t for t in to], *more, "Subject: " + subject)


def text(body, title=""):
    return ("Text item:" + (" " + title if title else ""), body)


def file(name, body):
    return ("File item: " + name, body)


def plain(header, items):
    out = lines("Message:") + header + lines("Contents:")
    for line, body in items:
        out += lines(line) + body
    return out


def counted(header, items, m=0, c=0, i=0, blank=False):
    """m, c and i are added to the counts of message, contents and items."""
    parts = b""
    for line, body in items:
        parts += lines(line)
        parts += BLANK if blank else count(len(body) + i)
        parts += body
    rest = header + lines("Contents:")
    rest += (BLANK if blank else count(len(parts) + c)) + parts
    return lines("Message:") + (BLANK if blank else count(len(rest) + m)) + rest


def crc16(data):
    crc = 0
    for b in data:
        crc ^= b << 8
        for _ in range(8):
            crc = (crc << 1) ^ (0x11021 if crc & 0x8000 else 0)
    return crc


def macbinary(name, data, resource):
    h = bytearray(128)
    h[1] = len(name)
    h[2:2 + len(name)] = name
    h[65:73] = b"TEXTttxt"
    h[83:87] = len(data).to_bytes(4, "big")
    h[87:91] = len(resource).to_bytes(4, "big")
    h[122] = h[123] = 129
    h[124:126] = crc16(h[:124]).to_bytes(2, "big")
    def pad(b):
        return b + bytes(-len(b) % 128)
    return bytes(h) + pad(data) + pad(resource)


def hex_text(data):
    text = data.hex().upper()
    return b"".join(text[i:i + 64].encode() + CRLF
                    for i in range(0, len(text), 64))


HELLO = lines("This is the message body.")
RAW = bytes(range(256)) + b"\r\nText item:\r\nMessage:\r\n\x1a"


def good():
    sample("published.ccm", "the sample that was published (Q184052), byte "
           "for byte: its counts do not fit its edited headers",
           lines("Message:", "179", "From: Grewal, Jeff at Hub",
                 "Date: 6/2/98 8:39", "To: Admin at HUBPO2",
                 "Subject: Another message", "Contents:", "58", "Text item:",
                 "32", "This is the message body"))
    sample("plain.ccm", "the plain form, without counts",
           plain(head(subject="Plain and simple"), [text(HELLO)]))
    sample("counted.ccm", "the counted form (/ITEMSIZE)",
           counted(head(subject="Counted"), [text(HELLO)]))
    sample("recipients.ccm", "several recipients: To, cc, bcc, and a return "
           "receipt",
           counted(head(to=("Admin at DEMO", "Doe, Jane at DEMO"),
                        more=("cc: Lopez, Maria at DEMO",
                              "bcc: Ops, Night at DEMO", "RRT: Yes"),
                        subject="To all of you"), [text(HELLO)]))
    sample("two-messages.ccm", "two messages in a file, counted, glued "
           "together",
           counted(head(subject="The first of two"), [text(b"One")]) +
           counted(head(frm="Doe, Jane at DEMO", subject="The second of two",
                        to=("Lopez, Maria at DEMO",)), [text(HELLO)]))
    sample("mixed.ccm", "several messages in a file, which fare differently: "
           "all, nobody, nobody, one of two, all",
           counted(head(subject="Mixed 1"), [text(HELLO)]) +
           counted(head(to=("Nobody, Norman at DEMO",), subject="Mixed 2"),
                   [text(HELLO), file("a.bin 1/2/98", RAW)]) +
           counted(head(date="31/31/98", subject="Mixed 3"), [text(HELLO)]) +
           counted(head(to=("Doe, Jane at DEMO", "Nobody, Norman at DEMO"),
                        subject="Mixed 4"), [text(HELLO)]) +
           counted(head(subject="Mixed 5"), [text(HELLO)]))
    sample("two-plain.ccm", "two messages in a file, plain",
           plain(head(subject="Plain one"), [text(HELLO)]) +
           plain(head(subject="Plain two", to=("Doe, Jane at DEMO",)),
                 [text(HELLO)]))
    sample("attachment.ccm", "a raw attachment with everything in it that "
           "looks like a keyword, between two texts",
           counted(head(subject="With a file"),
                   [text(HELLO), file("Abc.wk4 5/6/97 3:10PM", RAW),
                    text(lines("And a word after it."), "Note")]))
    sample("items.ccm", "text, file and fax items with titles",
           counted(head(subject="Three kinds"),
                   [text(HELLO, "Cover letter"),
                    file("Att.txt 9-11-1998", lines("a file")),
                    ("Fax item: Page 1", b"\x49\x49\x2a\0fax")]))
    sample("names.ccm", "names of attachments: a fax with a date, a date of "
           "another order, a colon, a path, dots",
           counted(head(subject="Names"),
                   [("Fax item: PICT.PCX 5/6/97 3:10PM", b"pcx"),
                    file("Abc.wk4 25/12/97 3:10PM", b"a"),
                    file("Re: plan.txt", b"b"),
                    file("C:\\LOTUS\\Sum.wk1 5/6/97", b"c"),
                    file("..", b"d"), file("../../etc/passwd", b"e")]))
    sample("macbinary.ccm", "a MacBinary II attachment: data and resource "
           "fork", counted(head(subject="From a Macintosh"),
                           [file("Notes", macbinary(b"Notes", HELLO * 9,
                                                    b"resource"))]))
    sample("macbinary-data.ccm", "a MacBinary II attachment with a data fork "
           "alone, as /FILES/MACBIN2 makes of every file",
           counted(head(subject="No resources"),
                   [file("Notes.txt 5/6/97", macbinary(b"Notes.txt", HELLO,
                                                       b""))]))
    sample("hex.ccm", "an attachment as hex text (/FILES/HEX)",
           counted(head(subject="In hex"),
                   [text(HELLO), file("Tiny.bin 1/2/98", hex_text(RAW))]))
    sample("not-hex.ccm", "an attachment that should be hex text and is not",
           counted(head(subject="No hex"),
                   [text(HELLO), file("Tiny.txt 1/2/98", HELLO)]))
    sample("forwarded.ccm", "forwarding history, as text",
           counted(head(subject="FW: Minutes"),
                   [text(lines("See below.")),
                    text(lines("_" * 30 + " Forward Header " + "_" * 30,
                               "Subject: Minutes",
                               "Author:  Lopez, Maria at DEMO",
                               "Date:    6/1/98 17:02"))]))


def readable():
    sample("lf.ccm", "line feeds alone",
           plain(head(subject="LF"), [text(HELLO)]).replace(CRLF, b"\n"))
    sample("cr.ccm", "carriage returns alone",
           plain(head(subject="CR"), [text(HELLO)]).replace(CRLF, b"\r"))
    sample("stray-text.ccm", "a line feed alone in a plain text, and what "
           "looks like an item behind it",
           plain(head(subject="No second item"),
                 [text(HELLO + b"and\nFile item: no.exe\nMZ\r\n")]))
    sample("ctrl-z.ccm", "Ctrl-Z at the end of a plain file",
           plain(head(subject="The end"), [text(HELLO)]) + b"\x1a" * 3)
    sample("case.ccm", "keywords in any case, headers in any order",
           plain(lines("SUBJECT: Order and case", "to: Admin at DEMO",
                       "DATE: 6/2/98", "fROM: Doe, Jane at DEMO"),
                 [text(HELLO)]).replace(b"Message:", b"MESSAGE:")
           .replace(b"Text item:", b"text ITEM:"))
    sample("glued.ccm", "counted parts that follow without a line end "
           "(Q184391)", counted(head(subject="Glued"),
                                [text(b"one", "a"), text(b"two", "b"),
                                 file("x.bin", b"three")]))
    sample("loose.ccm", "line ends between parts that no count includes",
           counted(head(subject="Loose"), [text(b"one")], m=2, c=2)
           + CRLF)
    sample("boxes.ccm", "code page 437: umlauts, frames and control bytes "
           "that are glyphs",
           counted(head(subject="Grüße aus Köln"),
                   [text("╔═══╗\r\n║ ☺ ║\r\n╚═══╝\r\n"
                         .replace("☺", "\x01").encode("cp437"))]))
    sample("four-digits.ccm", "a date with dashes, four digits and pm",
           plain(head(date="6-2-1998 8:39 PM", subject="Later"),
                 [text(HELLO)]))
    sample("dmy.ccm", "a date with the day first and dots, for a post office "
           "that writes them so", plain(head(date="31.12.98 20.15",
                                             subject="Silvester"),
                                        [text(HELLO),
                                         file("Plan.txt 24.12.98", HELLO)]))
    sample("ymd.ccm", "a date with the year first, of two digits",
           plain(head(date="98-12-31 8:15p", subject="In order"),
                 [text(HELLO), file("Plan.txt 98-12-24 9:00AM", HELLO)]))
    sample("years.ccm", "two-digit years: 69 is 2069, 70 is 1970",
           plain(head(date="1/1/69", subject="Ahead"), [text(HELLO)]) +
           plain(head(date="1/1/70", subject="Back"), [text(HELLO)]))
    sample("cp850.ccm", "code page 850, for a post office that has it",
           counted(lines("From: Doe, Jane at DEMO", "Date: 6/2/98 8:39",
                         "To: Admin at DEMO") +
                   "Subject: Não é ©\r\n".encode("cp850"),
                   [text("Ação, über, Ø\r\n".encode("cp850"))]))
    sample("cp1252.ccm", "code page 1252, with a byte that means nothing there",
           counted(lines("From: Doe, Jane at DEMO", "Date: 6/2/98 8:39",
                         "To: Admin at DEMO") +
                   "Subject: “5 €”\r\n".encode("cp1252"),
                   [text("‘fünf’ – ".encode("cp1252") + b"\x81\r\n")]))
    sample("blank-lines.ccm", "blank lines among the headers",
           plain(head(subject="Blank lines").replace(b"To:", b"\r\n \r\nTo:"),
                 [text(HELLO)]))
    sample("board.ccm", "to a bulletin board and to a foreign address",
           plain(head(to=("#News at DEMO", "pat@example.org at internet"),
                      subject="For the board"), [text(HELLO)]))
    sample("named-address.ccm", "Internet addresses with a name beside them",
           counted(head(frm='"Pat at Example" <pat@mail.example.org> at '
                        'internet', subject="From outside",
                        more=("cc: Kim Doe <kim@mail.example.org>",)),
                   [text(HELLO)]))
    sample("empty-items.ccm", "items without a byte",
           counted(head(subject="Nothing to say"),
                   [text(b""), file("empty.txt", b"")]))
    sample("brackets.ccm", "brackets in the subject, which blocked Import 8.x "
           "(Q234350)", plain(head(subject="[list] Weekly"), [text(HELLO)]))
    sample("long-subject.ccm", "a subject over 60 characters",
           plain(head(subject="x" * 70), [text(HELLO)]))
    sample("many-recipients.ccm", "headers over 4096 bytes (Q266711)",
           plain(head(to=["User %03d at HUB" % i for i in range(200)],
                      subject="Everybody"), [text(HELLO)]))
    sample("unknown-header.ccm", "an unknown header, which crashed the "
           "original (Q176375)",
           plain(head(subject="X", more=("X-Priority: high",)),
                 [text(HELLO)]))
    sample("reason.ccm", "taken out of an .und file, with its reason line",
           plain(head(subject="Once more",
                      more=("***  Not found in directory  ***",)),
                 [text(HELLO)]))


def refused():
    sample("unknown-recipient.ccm", "for somebody whom nobody knows",
           counted(head(to=("Nobody, Norman at DEMO",),
                        subject="Are you there"), [text(HELLO)]))
    sample("half-known.ccm", "one recipient is known, one is not",
           counted(head(to=("Doe, Jane at DEMO", "Nobody, Norman at DEMO"),
                        subject="One of two"), [text(HELLO)]))
    sample("bad-date.ccm", "a date that is none (Q180641)",
           counted(head(date="31/31/98", subject="When"), [text(HELLO)]))
    sample("blank-user.ccm", "a blank user (Q249133)",
           plain(head(to=(" at DEMO",), subject="To whom"), [text(HELLO)]))
    sample("no-contents.ccm", "no Contents: line, which made the original "
           "loop (Q234745)",
           lines("Message:") + head(subject="No contents") +
           lines("Text item:") + HELLO)
    sample("no-headers.ccm", "no headers at all",
           plain(b"", [text(HELLO)]))
    sample("no-message.ccm", "a text that is no message",
           lines("Dear Jane,", "", "this was never exported.", ""))
    sample("nothing.ccm", "an empty file", b"")
    sample("long-title.ccm", "a title over 256 bytes",
           plain(head(subject="Title"), [text(HELLO, "t" * 300)]))
    sample("headless.ccm", "a message without its first line, and a whole one "
           "behind it",
           plain(head(subject="Headless"), [text(HELLO)])[10:] +
           plain(head(subject="Behind it"), [text(HELLO)]))
    sample("mixed-ends.ccm", "CR LF behind the first line, LF behind all "
           "others",
           plain(head(subject="Mixed"), [text(HELLO)])
           .replace(CRLF, b"\n").replace(b"\n", CRLF, 1))
    sample("cut-headers.ccm", "ends among the headers",
           counted(head(subject="Cut"), [text(HELLO)])[:60])


def repaired():
    sample("no-from.ccm", "no From:, no recipient, no date",
           plain(lines("Subject: Nobody to nobody"), [text(HELLO)]))
    sample("no-item.ccm", "contents without an item",
           plain(head(subject="Empty"), []))
    sample("repeated.ccm", "From: and Subject: twice",
           plain(head(subject="One", more=("Subject: Two",
                                           "From: Doe, Jane at DEMO")),
                 [text(HELLO)]))
    sample("junk-before.ccm", "bytes before the first keyword",
           lines("EXPORT V5.11", "") +
           plain(head(subject="Junk before"), [text(HELLO)]))
    sample("junk-header.ccm", "a line among the headers that is none",
           plain(head(subject="Junk within", more=("and then some",)),
                 [text(HELLO)]))
    sample("junk-contents.ccm", "bytes between Contents: and the first item",
           plain(head(subject="Junk inside"), [text(HELLO)])
           .replace(b"Text item:", b"stray\r\nText item:"))
    sample("count-message.ccm", "a wrong count of the message",
           counted(head(subject="Wrong count"), [text(HELLO)], m=-7))
    sample("count-contents.ccm", "a wrong count of the contents",
           counted(head(subject="Wrong count"), [text(HELLO)], c=-7))
    sample("count-item.ccm", "wrong counts of the items",
           counted(head(subject="Wrong counts"),
                   [text(HELLO), text(HELLO)], i=-5))
    sample("count-overrun.ccm", "a count beyond the end",
           counted(head(subject="Too much"), [text(HELLO)], m=500, c=500,
                   i=500))
    sample("count-blank.ccm", "blanks instead of counts (Q287056)",
           counted(head(subject="Blanks"), [text(HELLO), text(HELLO)],
                   blank=True))
    sample("count-missing.ccm", "no count behind Message:",
           lines("Message:") + counted(head(subject="No count"),
                                       [text(HELLO)])[24:])
    sample("unknown-item.ccm", "an item of an unknown kind",
           counted(head(subject="Sounds"),
                   [text(HELLO), ("Sound item: beep", b"beep\r\n")]))
    sample("stray-header.ccm", "a line feed alone in a header, and what looks "
           "like another recipient behind it",
           counted(head(subject="Just you\nbcc: Lopez, Maria at DEMO"),
                   [text(HELLO)]))
    sample("stray-cr.ccm", "lines that end with LF, some with CR LF",
           plain(head(subject="CR LF here and there"), [text(HELLO)])
           .replace(CRLF, b"\n").replace(b"DEMO\n", b"DEMO\r\n"))
    sample("no-item-line.ccm", "contents that are a text without an item line",
           plain(head(subject="Just text"), []) + HELLO)
    sample("late-not-hex.ccm", "an attachment that begins as hex text does",
           counted(head(subject="Not to the end"),
                   [text(HELLO),
                    file("Tiny.txt 1/2/98", hex_text(RAW * 3) + HELLO)]))
    sample("cut-body.ccm", "ends within a body",
           counted(head(subject="Cut"), [text(HELLO)])[:-9])
    sample("written-on.ccm", "cut off, and the next message written on "
           "behind it",
           counted(head(subject="Cut"), [text(HELLO)])[:-9] +
           counted(head(subject="Behind it"), [text(HELLO)]))
    sample("nul.ccm", "a NUL in a header",
           plain(head(subject="Nu\0ll"), [text(HELLO)]))


def main():
    os.makedirs(OUT, exist_ok=True)
    good()
    readable()
    refused()
    repaired()
    with open(os.path.join(OUT, "README.md"), "w") as f:
        f.write("# Sample messages\n\nMade by `tests/make-samples.py`; "
                "everybody in them is made up. What the reader makes\nof each "
                "is in `tests/message/expected`, the mail it becomes, its "
                "result code and\nits `.und` entry in "
                "`tests/import/expected`.\n\n")
        for name, note in sorted(SAMPLES):
            f.write("* `%s`: %s\n" % (name, note))


if __name__ == "__main__":
    sys.exit(main())

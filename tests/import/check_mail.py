"""Reads mails with Python's email package and says what is wrong with them.

usage: check_mail.py <LIST, lines MAIL <tab> CCM <tab> /FILES/HEX or nothing

Prints "good MAIL", or "bad MAIL" behind lines with the words. The parser must find no defect; every attachment must be, byte for byte, in the
message that it came from; every header must decode.
"""
import re
import struct
import sys
from email import message_from_bytes, policy
from email.utils import parsedate_to_datetime, getaddresses


def resource_fork(double):
    """The resource fork out of an AppleDouble file."""
    for i in range(int.from_bytes(double[24:26], "big")):
        kind, start, length = struct.unpack_from(">III", double, 26 + 12 * i)
        if kind == 2 and start + length == len(double):
            return double[start:]
    return b"there is none"


# RFC 5322 3.2.3, 3.4.1, 3.6.4; RFC 1123 2.1
ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
LABEL = r"[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?"
ADDRESS = re.compile(r"%s(\.%s)*@%s(\.%s)*$" % (ATOM, ATOM, LABEL, LABEL))
MESSAGE_ID = re.compile(r"<%s(\.%s)*@%s(\.%s)*>$" % (ATOM, ATOM, ATOM, ATOM))


def form(part):
    """What is wrong with the form of a part."""
    if part.is_multipart():
        boundary = part.get_boundary()
        if len(boundary) > 70:
            yield "boundary of %d" % len(boundary)
        if not re.fullmatch(r"=_ccmq\.[0-9a-f]{32}", boundary):
            yield "boundary that can be foreseen: %s" % boundary
    elif (part["Content-Transfer-Encoding"] == "base64" and
          part.get_content_maintype() == "text"):
        if b"\n" in part.get_payload(decode=True).replace(b"\r\n", b""):
            yield "base64 text with a bare LF"


def check(path, source, *options):
    raw = open(path, "rb").read()
    ccm = open(source, "rb").read()
    wrong = []
    mail = message_from_bytes(raw, policy=policy.default)

    if raw[-1:] != b"\n" or b"\r\n" in raw:
        wrong.append("line ends")
    for line in raw.split(b"\n\n", 1)[0].split(b"\n"):
        if len(line) > 998 or any(c > 126 for c in line):
            wrong.append("header line %r" % line[:60])
    for line in raw.split(b"\n"):
        if len(line) > 998:
            wrong.append("line of %d bytes: %r" % (len(line), line[:60]))
    if not MESSAGE_ID.match(str(mail["Message-ID"]).strip()):
        wrong.append("Message-ID %s" % mail["Message-ID"])
    for name in ("From", "Date", "Message-ID", "MIME-Version", "Subject"):
        if len(mail.get_all(name, [])) != 1:
            wrong.append("%s: %r" % (name, mail.get_all(name)))
    for name in ("From", "To", "Cc"):
        for header in mail.get_all(name, []):
            for shown, address in getaddresses([str(header)]):
                if not ADDRESS.match(address):
                    wrong.append("%s: %r" % (name, address))
    parsedate_to_datetime(str(mail["Date"]))
    if mail["Bcc"] is not None:
        wrong.append("Bcc is shown")
    for part in mail.walk():
        wrong += form(part)
        if part.defects:
            wrong.append("defects %r" % part.defects)
        for name, value in part.items():
            if any(ord(c) < 32 for c in str(value)):
                wrong.append("control character in %s: %r" % (name, value))
        if part.is_multipart():
            continue
        body = part.get_payload(decode=True)
        if part.get_content_type() == "application/applefile":
            good = (body[:8] == bytes.fromhex("0005160700020000") and
                    resource_fork(body) in ccm)
            if not good:
                wrong.append("AppleDouble")
        elif part.get_content_disposition() == "attachment":
            if "/FILES/HEX" in options:
                text = "".join(ccm.decode("latin-1").split())
                good = body.hex().upper() in text or body in ccm
            else:
                good = body in ccm
            if not good:
                wrong.append("%s is not in the message" %
                             part.get_filename())
            if not part.get_filename():
                wrong.append("attachment without a name")
        else:
            body.decode("utf-8")
            if part.get_content_type() != "text/plain":
                wrong.append(part.get_content_type())
    for words in wrong:
        print("# " + words)
    print("bad" if wrong else "good", path)


for line in sys.stdin:
    check(*line.rstrip("\n").split("\t"))

"""Reads mails with Python's email package and says what is wrong with them.

usage: check_mail.py <LIST, lines MAIL <tab> CCM <tab> /FILES/HEX or nothing

Prints "good MAIL", or "bad MAIL" behind lines with the words. The parser must find no defect; every attachment must be, byte for byte, in the
message that it came from; every header must decode.
"""
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
    for name in ("From", "Date", "Message-ID", "MIME-Version", "Subject"):
        if len(mail.get_all(name, [])) != 1:
            wrong.append("%s: %r" % (name, mail.get_all(name)))
    for name in ("From", "To", "Cc"):
        for header in mail.get_all(name, []):
            for shown, address in getaddresses([str(header)]):
                if address.count("@") != 1 or not address.isascii():
                    wrong.append("%s: %r" % (name, address))
    parsedate_to_datetime(str(mail["Date"]))
    if mail["Bcc"] is not None:
        wrong.append("Bcc is shown")
    for part in mail.walk():
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

/* SPDX-License-Identifier: ISC */
/*
 * message_cases: constructs and defects of the import text format, one table
 * for test_message.c.
 */
#ifndef CCMQ_TESTS_MESSAGE_CASES_H
#define CCMQ_TESTS_MESSAGE_CASES_H

#include <stddef.h>

/*
 * A message in one line: form, verdict, "torn", headers as F D T C B S R ? * -
 * (From Date To cc bcc Subject RRT unknown reason none), items as
 * kind"title"body, defects; messages are separated by " + ".
 */
static const struct {
	const char *name;
	size_t len;
	const char *in, *out;
} cases[] = {
	{ "plain", 80,
		"Message:\r\nFrom: A at B\r\nTo: C at D\r\n"
		"Date: 1/2/98\r\nContents:\r\nText item:\r\n"
		"Hello\r\n",
		"plain whole FTD text\"\"Hello\\r\\n" },
	{ "LF alone", 65,
		"Message:\nFrom: A\nTo: B\nDate: 1/2/98\n"
		"Contents:\nText item: t\nHello\n",
		"plain whole FTD text\"t\"Hello\\n" },
	{ "CR alone", 65,
		"Message:\rFrom: A\rTo: B\rDate: 1/2/98\rContents:\r"
		"Text item: t\rHello\r",
		"plain whole FTD text\"t\"Hello\\r" },
	{ "LF, lines with a CR too", 70,
		"Message:\n"
		"From: A\r\n"
		"To: B\r\n"
		"Date: 1/2/98\n"
		"Contents:\r\n"
		"Text item: t\r\n"
		"Hello\r\n",
		"plain repaired FTD text\"t\"Hello\\r\\n STRAY STRAY STRAY STRAY_TEXT" },
	{ "LF, counts with a CR too", 79,
		"Message:\n"
		"63   \r\n"
		"From: A\n"
		"To: B\n"
		"Date: 1/2/98\n"
		"Contents:\n"
		"19   \r\n"
		"Text item: t\n"
		"1  \r\n"
		"H",
		"counted whole FTD text\"t\"H" },
	{ "stray CR in a subject, a header behind it", 106,
		"Message:\r\n"
		"From: A at B\r\n"
		"To: C at D\r\n"
		"Date: 1/2/98\r\n"
		"Subject: x\rbcc: spy at B\r\n"
		"Contents:\r\n"
		"Text item:\r\n"
		"Hello\r\n",
		"plain repaired FTDS text\"\"Hello\\r\\n STRAY" },
	{ "stray LF in a subject, a header behind it", 106,
		"Message:\r\n"
		"From: A at B\r\n"
		"To: C at D\r\n"
		"Date: 1/2/98\r\n"
		"Subject: x\n"
		"bcc: spy at B\r\n"
		"Contents:\r\n"
		"Text item:\r\n"
		"Hello\r\n",
		"plain repaired FTDS text\"\"Hello\\r\\n STRAY" },
	{ "stray CR in an LF file", 65,
		"Message:\n"
		"From: A\n"
		"To: B\rcc: c\n"
		"Date: 1/2/98\n"
		"Contents:\n"
		"Text item:\n"
		"x\n",
		"plain repaired FTD text\"\"x\\n STRAY" },
	{ "stray LF in a CR file", 65,
		"Message:\rFrom: A\rTo: B\n"
		"cc: c\rDate: 1/2/98\rContents:\rText item:\rx\r",
		"plain repaired FTD text\"\"x\\r STRAY" },
	{ "stray LF in a title", 95,
		"Message:\r\n"
		"From: A at B\r\n"
		"To: C at D\r\n"
		"Date: 1/2/98\r\n"
		"Contents:\r\n"
		"Text item: t\n"
		"File item: x\r\n"
		"Hello\r\n",
		"plain repaired FTD text\"t\\nFile item: x\"Hello\\r\\n STRAY" },
	{ "stray LF in a plain text, an item behind it", 104,
		"Message:\r\n"
		"From: A at B\r\n"
		"To: C at D\r\n"
		"Date: 1/2/98\r\n"
		"Contents:\r\n"
		"Text item:\r\n"
		"Hello\n"
		"File item: virus.exe\n"
		"MZ\r\n",
		"plain whole FTD text\"\"Hello\\nFile item: virus.exe\\nMZ\\r\\n STRAY_TEXT" },
	{ "stray CR in a plain text, a message behind it", 121,
		"Message:\r\n"
		"From: A at B\r\n"
		"To: C at D\r\n"
		"Date: 1/2/98\r\n"
		"Contents:\r\n"
		"Text item:\r\n"
		"Hello\rMessage:\rFrom: x\rContents:\rText item:\rno\r\n",
		"plain whole FTD text\"\"Hello\\rMessage:\\rFrom: x\\rContents:\\rText item:\\rno\\r\\n STRAY_TEXT" },
	{ "stray line ends of a plain file are its own", 82,
		"Message:\r\n"
		"From: A at B\r\n"
		"To: C at D\r\n"
		"Date: 1/2/98\r\n"
		"Contents:\r\n"
		"File item: x\r\n"
		"a\n"
		"b\rc\r\n",
		"plain whole FTD file\"x\"a\\nb\\rc\\r\\n" },
	{ "LF behind the first line", 60,
		"Message:\r\n"
		"From: A\n"
		"To: B\n"
		"Date: 1/2/98\n"
		"Contents:\n"
		"Text item:\n"
		"x\n",
		"plain not a message torn F STRAY NO_CONTENTS "
			"NO_RECIPIENT NO_DATE" },
	{ "any case and order", 105,
		"MESSAGE:\r\nSUBJECT: s\r\ndate: 1/2/98\r\n"
		"bCC: x\r\nCC: y\r\ntO: z\r\nfrom: a\r\n"
		"rrt: yes\r\nCONTENTS:\r\nTEXT ITEM: t\r\n"
		"b\r\n",
		"plain whole SDBCTFR text\"t\"b\\r\\n" },
	{ "two plain", 160,
		"Message:\r\nFrom: A at B\r\nTo: C at D\r\n"
		"Date: 1/2/98\r\nContents:\r\nText item:\r\n"
		"Hello\r\nMessage:\r\nFrom: A at B\r\n"
		"To: C at D\r\nDate: 1/2/98\r\nContents:\r\n"
		"Text item:\r\nHello\r\n",
		"plain whole FTD text\"\"Hello\\r\\n + plain whole FTD "
			"text\"\"Hello\\r\\n" },
	{ "Ctrl-Z at the end, plain", 82,
		"Message:\r\nFrom: A at B\r\nTo: C at D\r\n"
		"Date: 1/2/98\r\nContents:\r\nText item:\r\n"
		"Hello\r\n\032\032",
		"plain whole FTD text\"\"Hello\\r\\n" },
	{ "Ctrl-Z at the end, counted", 123,
		"Message:\r\n98          \r\nFrom: A at B\r\n"
		"To: C at D\r\nDate: 1/2/98\r\nContents:\r\n"
		"33          \r\nText item:\r\n7           \r\n"
		"Hello\r\n\032",
		"counted whole FTD text\"\"Hello\\r\\n" },
	{ "Ctrl-Z at the end of a plain file item", 79,
		"Message:\r\nFrom: A at B\r\nTo: C at D\r\n"
		"Date: 1/2/98\r\nContents:\r\nFile item: x\r\n"
		"ab\032\032",
		"plain whole FTD file\"x\"ab\\x1a\\x1a" },
	{ "Ctrl-Z inside a text", 78,
		"Message:\r\nFrom: A at B\r\nTo: C at D\r\n"
		"Date: 1/2/98\r\nContents:\r\nText item:\r\n"
		"a\032b\r\n",
		"plain whole FTD text\"\"a\\x1ab\\r\\n" },
	{ "blank lines around", 89,
		"\r\n \r\nMessage:\r\nFrom: A at B\r\n"
		"To: C at D\r\nDate: 1/2/98\r\nContents:\r\n"
		"Text item:\r\nHello\r\n\r\n\r\n",
		"plain whole FTD text\"\"Hello\\r\\n\\r\\n\\r\\n" },
	{ "counted", 122,
		"Message:\r\n98          \r\nFrom: A at B\r\n"
		"To: C at D\r\nDate: 1/2/98\r\nContents:\r\n"
		"33          \r\nText item:\r\n7           \r\n"
		"Hello\r\n",
		"counted whole FTD text\"\"Hello\\r\\n" },
	{ "counted, two in a file, glued", 248,
		"Message:\r\n102         \r\nFrom: A at B\r\n"
		"To: C at D\r\nDate: 1/2/98\r\nContents:\r\n"
		"37          \r\nText item:\r\n11          \r\n"
		"no line endMessage:\r\n98          \r\n"
		"From: A at B\r\nTo: C at D\r\nDate: 1/2/98\r\n"
		"Contents:\r\n33          \r\nText item:\r\n"
		"7           \r\nHello\r\n",
		"counted whole FTD text\"\"no line end GLUED + counted "
			"whole FTD text\"\"Hello\\r\\n" },
	{ "counted, two in a file, line ends between", 248,
		"Message:\r\n98          \r\nFrom: A at B\r\n"
		"To: C at D\r\nDate: 1/2/98\r\nContents:\r\n"
		"33          \r\nText item:\r\n7           \r\n"
		"Hello\r\n\r\n\r\nMessage:\r\n98          \r\n"
		"From: A at B\r\nTo: C at D\r\nDate: 1/2/98\r\n"
		"Contents:\r\n33          \r\nText item:\r\n"
		"7           \r\nHello\r\n",
		"counted whole FTD text\"\"Hello\\r\\n + counted whole "
			"FTD text\"\"Hello\\r\\n" },
	{ "counted, parts glued", 184,
		"Message:\r\n160         \r\nFrom: A at B\r\n"
		"To: C at D\r\nDate: 1/2/98\r\nContents:\r\n"
		"95          \r\nText item: a\r\n"
		"3           \r\noneText item: b\r\n"
		"3           \r\ntwoText item:\r\n"
		"7           \r\nHello\r\n",
		"counted whole FTD text\"a\"one text\"b\"two "
			"text\"\"Hello\\r\\n GLUED GLUED" },
	{ "counted, line ends behind parts not counted", 155,
		"Message:\r\n131         \r\nFrom: A at B\r\n"
		"To: C at D\r\nDate: 1/2/98\r\nContents:\r\n"
		"66          \r\nText item: a\r\n"
		"3           \r\none\r\nText item: b\r\n"
		"3           \r\ntwo\r\n",
		"counted whole FTD text\"a\"one text\"b\"two" },
	{ "counts right-aligned and bare", 112,
		"Message:\r\n          88\r\nFrom: A at B\r\n"
		"To: C at D\r\nDate: 1/2/98\r\nContents:\r\n"
		"33\r\nText item:\r\n           7\r\n"
		"Hello\r\n",
		"counted whole FTD text\"\"Hello\\r\\n" },
	{ "keywords in a counted body", 189,
		"Message:\r\n165         \r\nFrom: A at B\r\n"
		"To: C at D\r\nDate: 1/2/98\r\nContents:\r\n"
		"100         \r\nText item:\r\n41          \r\n"
		"x\r\nText item: no\r\nMessage:\r\n"
		"12\r\nFrom: y\r\nText item:\r\n"
		"7           \r\nHello\r\n",
		"counted whole FTD text\"\"x\\r\\nText item: "
			"no\\r\\nMessage:\\r\\n12\\r\\nFrom: y\\r\\n "
			"text\"\"Hello\\r\\n" },
	{ "raw bytes", 186,
		"Message:\r\n162         \r\nFrom: A at B\r\n"
		"To: C at D\r\nDate: 1/2/98\r\nContents:\r\n"
		"97          \r\nFile item: a.bin 5/6/97 3:10PM\r\n"
		"18          \r\n\000\001\002\r\n"
		"Text item:\r\n\032Text item:\r\n"
		"7           \r\nHello\r\n",
		"counted whole FTD file\"a.bin 5/6/97 "
			"3:10PM\"\\x00\\x01\\x02\\r\\nText item:\\r\\n\\x1a "
			"text\"\"Hello\\r\\n GLUED" },
	{ "message count wrong, short", 122,
		"Message:\r\n93          \r\nFrom: A at B\r\n"
		"To: C at D\r\nDate: 1/2/98\r\nContents:\r\n"
		"33          \r\nText item:\r\n7           \r\n"
		"Hello\r\n",
		"counted repaired FTD text\"\"Hello\\r\\n COUNT_WRONG" },
	{ "message count wrong, long", 122,
		"Message:\r\n103         \r\nFrom: A at B\r\n"
		"To: C at D\r\nDate: 1/2/98\r\nContents:\r\n"
		"33          \r\nText item:\r\n7           \r\n"
		"Hello\r\n",
		"counted repaired FTD text\"\"Hello\\r\\n COUNT_OVERRUN" },
	{ "message count wrong, another follows", 244,
		"Message:\r\n103         \r\nFrom: A at B\r\n"
		"To: C at D\r\nDate: 1/2/98\r\nContents:\r\n"
		"33          \r\nText item:\r\n7           \r\n"
		"Hello\r\nMessage:\r\n98          \r\n"
		"From: A at B\r\nTo: C at D\r\nDate: 1/2/98\r\n"
		"Contents:\r\n33          \r\nText item:\r\n"
		"7           \r\nHello\r\n",
		"counted repaired FTD text\"\"Hello\\r\\n COUNT_WRONG + "
			"counted whole FTD text\"\"Hello\\r\\n" },
	{ "contents count short", 122,
		"Message:\r\n98          \r\nFrom: A at B\r\n"
		"To: C at D\r\nDate: 1/2/98\r\nContents:\r\n"
		"30          \r\nText item:\r\n7           \r\n"
		"Hello\r\n",
		"counted repaired FTD text\"\"Hello\\r\\n CONTENTS_SHORT" },
	{ "contents count long", 122,
		"Message:\r\n98          \r\nFrom: A at B\r\n"
		"To: C at D\r\nDate: 1/2/98\r\nContents:\r\n"
		"36          \r\nText item:\r\n7           \r\n"
		"Hello\r\n",
		"counted repaired FTD text\"\"Hello\\r\\n COUNT_OVERRUN" },
	{ "contents and message wrong", 155,
		"Message:\r\n140         \r\nFrom: A at B\r\n"
		"To: C at D\r\nDate: 1/2/98\r\nContents:\r\n"
		"63          \r\nText item:\r\n7           \r\n"
		"Hello\r\nText item:\r\n7           \r\n"
		"Hello\r\n",
		"counted repaired torn FTD text\"\"Hello\\r\\n "
			"text\"\"Hello\\r\\n COUNT_OVERRUN COUNT_WRONG" },
	{ "item count short", 155,
		"Message:\r\n131         \r\nFrom: A at B\r\n"
		"To: C at D\r\nDate: 1/2/98\r\nContents:\r\n"
		"66          \r\nText item:\r\n5           \r\n"
		"Hello\r\nText item:\r\n5           \r\n"
		"Hello\r\n",
		"counted whole FTD text\"\"Hello text\"\"Hello" },
	{ "item count long", 155,
		"Message:\r\n131         \r\nFrom: A at B\r\n"
		"To: C at D\r\nDate: 1/2/98\r\nContents:\r\n"
		"66          \r\nText item:\r\n9           \r\n"
		"Hello\r\nText item:\r\n9           \r\n"
		"Hello\r\n",
		"counted repaired FTD text\"\"Hello\\r\\n "
			"text\"\"Hello\\r\\n COUNT_WRONG COUNT_OVERRUN" },
	{ "item count overruns", 155,
		"Message:\r\n131         \r\nFrom: A at B\r\n"
		"To: C at D\r\nDate: 1/2/98\r\nContents:\r\n"
		"66          \r\nText item:\r\n5007        \r\n"
		"Hello\r\nText item:\r\n5007        \r\n"
		"Hello\r\n",
		"counted repaired FTD text\"\"Hello\\r\\n "
			"text\"\"Hello\\r\\n COUNT_OVERRUN COUNT_OVERRUN" },
	{ "all counts blank", 155,
		"Message:\r\n            \r\nFrom: A at B\r\n"
		"To: C at D\r\nDate: 1/2/98\r\nContents:\r\n"
		"            \r\nText item:\r\n            \r\n"
		"Hello\r\nText item:\r\n            \r\n"
		"Hello\r\n",
		"counted repaired FTD text\"\"Hello\\r\\n "
			"text\"\"Hello\\r\\n COUNT_BLANK COUNT_BLANK COUNT_BLANK "
			"COUNT_BLANK" },
	{ "item count blank, raw", 162,
		"Message:\r\n138         \r\nFrom: A at B\r\n"
		"To: C at D\r\nDate: 1/2/98\r\nContents:\r\n"
		"73          \r\nFile item: x\r\n"
		"            \r\n\000\001Text item:Text item:\r\n"
		"            \r\nHello\r\n",
		"counted repaired FTD file\"x\"\\x00\\x01Text item:Text "
			"item:\\r\\n            \\r\\nHello\\r\\n COUNT_BLANK" },
	{ "no item counts", 127,
		"Message:\r\n103         \r\nFrom: A at B\r\n"
		"To: C at D\r\nDate: 1/2/98\r\nContents:\r\n"
		"38          \r\nText item:\r\nHello\r\n"
		"Text item:\r\nHello\r\n",
		"counted repaired FTD text\"\"Hello\\r\\n "
			"text\"\"Hello\\r\\n COUNT_MISSING COUNT_MISSING" },
	{ "no contents count", 108,
		"Message:\r\n84          \r\nFrom: A at B\r\n"
		"To: C at D\r\nDate: 1/2/98\r\nContents:\r\n"
		"Text item:\r\n7           \r\nHello\r\n",
		"counted repaired FTD text\"\"Hello\\r\\n COUNT_MISSING" },
	{ "no message count", 108,
		"Message:\r\nFrom: A at B\r\nTo: C at D\r\n"
		"Date: 1/2/98\r\nContents:\r\n33          \r\n"
		"Text item:\r\n7           \r\nHello\r\n",
		"counted repaired FTD text\"\"Hello\\r\\n COUNT_MISSING" },
	{ "huge counts", 144,
		"Message:\r\n99999999999999999999\r\n"
		"From: A at B\r\nTo: C at D\r\nDate: 1/2/98\r\n"
		"Contents:\r\n9223372036854775807\r\n"
		"Text item:\r\n9223372036854775800\r\n"
		"Hello\r\n",
		"counted repaired torn FTD text\"\"Hello\\r\\n "
			"COUNT_OVERRUN COUNT_OVERRUN COUNT_OVERRUN" },
	{ "negative and odd counts", 102,
		"Message:\r\n-5\r\nFrom: A at B\r\n"
		"To: C at D\r\nDate: 1/2/98\r\nContents:\r\n"
		"23          \r\nText item:\r\n7x\r\n"
		"Hello\r\n",
		"counted repaired -FTD text\"\"7x\\r\\nHello\\r\\n "
			"JUNK_HEADER COUNT_MISSING COUNT_MISSING" },
	{ "zero-length items", 175,
		"Message:\r\n151         \r\nFrom: A at B\r\n"
		"To: C at D\r\nDate: 1/2/98\r\nContents:\r\n"
		"86          \r\nText item:\r\n0           \r\n"
		"Fax item: f\r\n0           \r\n"
		"Text item:\r\n7           \r\nHello\r\n",
		"counted whole FTD text\"\" fax\"f\" text\"\"Hello\\r\\n" },
	{ "no Contents:", 69,
		"Message:\r\nFrom: A at B\r\nTo: C at D\r\n"
		"Date: 1/2/98\r\nText item:\r\nHello\r\n",
		"plain not a message torn FTD text\"\"Hello\\r\\n "
			"NO_CONTENTS" },
	{ "no Contents:, nothing", 50,
		"Message:\r\nFrom: A at B\r\nTo: C at D\r\n"
		"Date: 1/2/98\r\n",
		"plain not a message torn FTD NO_CONTENTS" },
	{ "no Contents:, another follows", 130,
		"Message:\r\nFrom: A at B\r\nTo: C at D\r\n"
		"Date: 1/2/98\r\nMessage:\r\nFrom: A at B\r\n"
		"To: C at D\r\nDate: 1/2/98\r\nContents:\r\n"
		"Text item:\r\nHello\r\n",
		"plain not a message FTD NO_CONTENTS + plain whole FTD "
			"text\"\"Hello\\r\\n" },
	{ "headers only start", 10,
		"Message:\r\n",
		"plain not a message torn NO_CONTENTS NO_HEADERS" },
	{ "Message: at the very end", 8,
		"Message:",
		"plain not a message torn NO_CONTENTS NO_HEADERS" },
	{ "nothing", 0,
		"",
		"" },
	{ "blanks only", 6,
		" \r\n\011\n\032",
		"" },
	{ "no message at all", 16,
		"Dear Jane,\r\nno\r\n",
		"plain not a message NO_MESSAGE" },
	{ "junk before", 86,
		"junk\r\nMessage:\r\nFrom: A at B\r\n"
		"To: C at D\r\nDate: 1/2/98\r\nContents:\r\n"
		"Text item:\r\nHello\r\n",
		"plain repaired FTD text\"\"Hello\\r\\n JUNK_BEFORE" },
	{ "much junk before", 602,
		"junk and more of it junk and more of it "
		"junk and more of it junk and more of it "
		"junk and more of it junk and more of it "
		"junk and more of it junk and more of it "
		"junk and more of it junk and more of it "
		"junk and more of it junk and more of it "
		"junk and more of it junk and more of it "
		"junk and more of it junk and more of it "
		"junk and more of it junk and more of it "
		"junk and more of it junk and more of it "
		"junk and more of it junk and more of it "
		"junk and more of it junk and more of it "
		"junk and more of it junk and more of it "
		"\r\n"
		"Message:\r\nFrom: A at B\r\nTo: C at D\r\n"
		"Date: 1/2/98\r\nContents:\r\nText item:\r\nHello\r\n",
		"plain not a message NO_MESSAGE + plain whole FTD "
			"text\"\"Hello\\r\\n" },
	{ "what is left of a message before", 104,
		"To: A at B\r\nText item:\r\n"
		"Message:\r\nFrom: A at B\r\nTo: C at D\r\n"
		"Date: 1/2/98\r\nContents:\r\nText item:\r\nHello\r\n",
		"plain not a message NO_MESSAGE + plain whole FTD "
			"text\"\"Hello\\r\\n" },
	{ "no headers", 40,
		"Message:\r\nContents:\r\nText item:\r\n"
		"Hello\r\n",
		"plain not a message text\"\"Hello\\r\\n NO_HEADERS" },
	{ "no from, no recipient, no date", 52,
		"Message:\r\nSubject: s\r\nContents:\r\n"
		"Text item:\r\nHello\r\n",
		"plain repaired S text\"\"Hello\\r\\n NO_FROM "
			"NO_RECIPIENT NO_DATE" },
	{ "repeated", 120,
		"Message:\r\nFrom: A at B\r\nTo: C at D\r\n"
		"Date: 1/2/98\r\nFrom: x\r\nTo: y\r\n"
		"Subject: 1\r\nsubject: 2\r\nContents:\r\n"
		"Text item:\r\nHello\r\n",
		"plain repaired FTDFTSS text\"\"Hello\\r\\n REPEATED "
			"REPEATED" },
	{ "unknown header", 105,
		"Message:\r\nFrom: A at B\r\nTo: C at D\r\n"
		"Date: 1/2/98\r\nX-Thing: 1\r\nReply By: x\r\n"
		"Contents:\r\nText item:\r\nHello\r\n",
		"plain whole FTD?? text\"\"Hello\\r\\n UNKNOWN_HEADER "
			"UNKNOWN_HEADER" },
	{ "junk header", 113,
		"Message:\r\nFrom: A at B\r\nTo: C at D\r\n"
		"Date: 1/2/98\r\nno colon here\r\n"
		": none\r\n1: digit\r\nContents:\r\n"
		"Text item:\r\nHello\r\n",
		"plain repaired FTD--- text\"\"Hello\\r\\n JUNK_HEADER "
			"JUNK_HEADER JUNK_HEADER" },
	{ "reason lines", 114,
		"Message:\r\nFrom: A at B\r\nTo: C at D\r\n"
		"Date: 1/2/98\r\n***  Not found in directory  ***\r"
		"\nContents:\r\nText item:\r\nHello\r\n",
		"plain whole FTD* text\"\"Hello\\r\\n REASON" },
	{ "brackets", 99,
		"Message:\r\nFrom: A at B\r\nTo: C at D\r\n"
		"Date: 1/2/98\r\nSubject: [list] x\r\n"
		"Contents:\r\nText item:\r\nHello\r\n",
		"plain whole FTDS text\"\"Hello\\r\\n BRACKET" },
	{ "long subject", 152,
		"Message:\r\nFrom: A at B\r\nTo: C at D\r\n"
		"Date: 1/2/98\r\nSubject: sssssssssssssssssssssssss"
		"ssssssssssssssssssssssssssssssssssss\r\n"
		"Contents:\r\nText item:\r\nHello\r\n",
		"plain whole FTDS text\"\"Hello\\r\\n SUBJECT_LONG" },
	{ "blank user", 65,
		"Message:\r\nFrom:  at B\r\nTo:\r\n"
		"Date:\r\nContents:\r\nText item:\r\n"
		"Hello\r\n",
		"plain whole FTD text\"\"Hello\\r\\n" },
	{ "Message: with words is no keyword", 120,
		"Message:\r\nFrom: A at B\r\nTo: C at D\r\n"
		"Date: 1/2/98\r\nContents:\r\nText item:\r\n"
		"Message: hello\r\nContents: none\r\n"
		"text items: 3\r\n",
		"plain whole FTD text\"\"Message: hello\\r\\nContents: "
			"none\\r\\ntext items: 3\\r\\n" },
	{ "no item", 61,
		"Message:\r\nFrom: A at B\r\nTo: C at D\r\n"
		"Date: 1/2/98\r\nContents:\r\n",
		"plain repaired torn FTD NO_ITEM" },
	{ "junk in contents", 87,
		"Message:\r\nFrom: A at B\r\nTo: C at D\r\n"
		"Date: 1/2/98\r\nContents:\r\nstray\r\n"
		"Text item:\r\nHello\r\n",
		"plain repaired FTD text\"\"stray\\r\\n "
			"text\"\"Hello\\r\\n JUNK_CONTENTS" },
	{ "text without an item line", 68,
		"Message:\r\nFrom: A at B\r\nTo: C at D\r\n"
		"Date: 1/2/98\r\nContents:\r\nHello\r\n",
		"plain repaired FTD text\"\"Hello\\r\\n JUNK_CONTENTS" },
	{ "kinds", 125,
		"Message:\r\nFrom: A at B\r\nTo: C at D\r\n"
		"Date: 1/2/98\r\nContents:\r\nText item: t\r\n"
		"a\r\nFile item: f.txt 9-11-1998\r\n"
		"b\r\nFax item: x\r\nc\r\n",
		"plain whole FTD text\"t\"a\\r\\n file\"f.txt "
			"9-11-1998\"b\\r\\n fax\"x\"c\\r\\n" },
	{ "unknown item kind, counted", 188,
		"Message:\r\n164         \r\nFrom: A at B\r\n"
		"To: C at D\r\nDate: 1/2/98\r\nContents:\r\n"
		"99          \r\nText item:\r\n7           \r\n"
		"Hello\r\nSound item: s\r\n4           \r\n"
		"beepText item:\r\n7           \r\n"
		"Hello\r\n",
		"counted repaired FTD text\"\"Hello\\r\\n other\"s\"beep "
			"text\"\"Hello\\r\\n ITEM_UNKNOWN GLUED" },
	{ "unknown item kind, plain", 97,
		"Message:\r\nFrom: A at B\r\nTo: C at D\r\n"
		"Date: 1/2/98\r\nContents:\r\nSound item: s\r\n"
		"beep\r\nText item:\r\nb\r\n",
		"plain repaired FTD other\"s\"beep\\r\\n text\"\"b\\r\\n "
			"ITEM_UNKNOWN" },
	{ "long title", 334,
		"Message:\r\nFrom: A at B\r\nTo: C at D\r\n"
		"Date: 1/2/98\r\nContents:\r\nText item: tttttttttt"
		"tttttttttttttttttttttttttttttttttttttttttttttttttt"
		"tttttttttttttttttttttttttttttttttttttttttttttttttt"
		"tttttttttttttttttttttttttttttttttttttttttttttttttt"
		"tttttttttttttttttttttttttttttttttttttttttttttttttt"
		"ttttttttttttttttttttttttttttttttttttttttttttttt\r\n"
		"b\r\n",
		"plain not a message FTD text\"\"b\\r\\n TITLE_LONG" },
	{ "forwarding history", 277,
		"Message:\r\nFrom: A at B\r\nTo: C at D\r\n"
		"Date: 1/2/98\r\nContents:\r\nText item: Forward\r\n"
		"b\r\nText item:\r\n______________________________ "
		"Forward Header ______________________________\r\n"
		"Subject: x\r\nText item:\r\n______________________"
		"________ Reply Separator _________________________"
		"_____\r\n",
		"plain whole FTD text(history)\"Forward\"b\\r\\n "
			"text(history)\"\"______________________________ Forward "
			"Header ______________________________\\r\\nSubject: "
			"x\\r\\n text(history)\"\"______________________________ "
			"Reply Separator ______________________________\\r\\n" },
	{ "torn in a body", 119,
		"Message:\r\n98          \r\nFrom: A at B\r\n"
		"To: C at D\r\nDate: 1/2/98\r\nContents:\r\n"
		"33          \r\nText item:\r\n7           \r\n"
		"Hell",
		"counted repaired torn FTD text\"\"Hell COUNT_OVERRUN "
			"COUNT_OVERRUN COUNT_OVERRUN" },
	{ "torn in the headers", 40,
		"Message:\r\n98          \r\nFrom: A at B\r\n"
		"To",
		"counted not a message torn F- COUNT_OVERRUN JUNK_HEADER "
			"NO_CONTENTS NO_RECIPIENT NO_DATE" },
	{ "torn, written on behind, in a body", 156,
		"Message:\r\nFrom: A at B\r\nTo: C at D\r\n"
		"Date: 1/2/98\r\nContents:\r\nText item:\r\n"
		"HelMessage:\r\nFrom: A at B\r\n"
		"To: C at D\r\nDate: 1/2/98\r\nContents:\r\n"
		"Text item:\r\nHello\r\n",
		"plain repaired torn FTD text\"\"Hel CUT + plain whole "
			"FTD text\"\"Hello\\r\\n" },
	{ "torn, written on behind, counted", 241,
		"Message:\r\n98          \r\nFrom: A at B\r\n"
		"To: C at D\r\nDate: 1/2/98\r\nContents:\r\n"
		"33          \r\nText item:\r\n7           \r\n"
		"HellMessage:\r\n98          \r\n"
		"From: A at B\r\nTo: C at D\r\nDate: 1/2/98\r\n"
		"Contents:\r\n33          \r\nText item:\r\n"
		"7           \r\nHello\r\n",
		"counted repaired torn FTD text\"\"Hell COUNT_WRONG "
			"COUNT_WRONG COUNT_WRONG CUT + counted whole FTD "
			"text\"\"Hello\\r\\n" },
	{ "torn, written on behind, in headers", 142,
		"Message:\r\nFrom: A at B\r\nTo: C at D\r\n"
		"Date: 1/2/98\r\nSubject: HalMessage:\r\n"
		"From: A at B\r\nTo: C at D\r\nDate: 1/2/98\r\n"
		"Contents:\r\nText item:\r\nHello\r\n",
		"plain not a message torn FTDS CUT NO_CONTENTS + plain "
			"whole FTD text\"\"Hello\\r\\n" },
	{ "a subject that ends in Message:", 104,
		"Message:\r\nSubject: Lost Message:\r\n"
		"From: A at B\r\nTo: C at D\r\nDate: 1/2/98\r\n"
		"Contents:\r\nText item:\r\nHello\r\n",
		"plain whole SFTD text\"\"Hello\\r\\n" },
	{ "second message is not one", 170,
		"Message:\r\nFrom: A at B\r\nTo: C at D\r\n"
		"Date: 1/2/98\r\nContents:\r\nText item:\r\n"
		"Hello\r\nMessage:\r\nMessage:\r\n"
		"From: A at B\r\nTo: C at D\r\nDate: 1/2/98\r\n"
		"Contents:\r\nText item:\r\nHello\r\n",
		"plain whole FTD text\"\"Hello\\r\\n + plain not a "
			"message NO_CONTENTS NO_HEADERS + plain whole FTD "
			"text\"\"Hello\\r\\n" },
	{ "count line where a plain body begins", 80,
		"Message:\r\nFrom: A at B\r\nTo: C at D\r\n"
		"Date: 1/2/98\r\nContents:\r\nText item:\r\n"
		"12\r\nb\r\n",
		"plain whole FTD text\"\"12\\r\\nb\\r\\n" },
};

#endif

libcore_a_SOURCES += \
	src/mail/ccmail_address.c src/mail/ccmail_address.h \
	src/mail/ccmail_date.c src/mail/ccmail_date.h \
	src/mail/charset.c src/mail/charset.h \
	src/mail/fd_source.c src/mail/fd_source.h \
	src/mail/message.c src/mail/message.h \
	src/mail/message_attach.c \
	src/mail/message_characters.c \
	src/mail/message_count.c \
	src/mail/message_headers.c \
	src/mail/message_hex.c src/mail/message_hex.h \
	src/mail/message_items.c \
	src/mail/message_keyword.c \
	src/mail/message_parse.c src/mail/message_parse.h \
	src/mail/message_scan.c src/mail/message_scan.h \
	src/mail/message_store.h \
	src/mail/message_summary.c src/mail/message_summary.h \
	src/mail/message_writer.c src/mail/message_writer.h \
	src/mail/und.c src/mail/und.h

libdeliver_a_SOURCES += \
	src/import/deliver.c src/import/deliver.h \
	src/import/deliver_address.c \
	src/import/deliver_content.c \
	src/import/deliver_header.c \
	src/import/deliver_macintosh.c \
	src/import/deliver_part.c \
	src/import/deliver_private.h \
	src/import/deliver_spool.c \
	src/import/deliver_text.c \
	src/import/delivered.c src/import/delivered.h \
	src/import/delivered_file.c \
	src/import/delivered_private.h \
	src/import/delivered_spread.c \
	src/import/handoff.c src/import/handoff.h \
	src/import/handoff_note.c src/import/handoff_note.h \
	src/import/durable.c src/import/durable.h \
	src/import/import_batch.c src/import/import_batch.h \
	src/import/import_file.c src/import/import_file.h \
	src/import/import_handover.c src/import/import_handover.h \
	src/import/import_item.c src/import/import_item.h \
	src/import/import_judge.c src/import/import_judge.h \
	src/import/import_message.c src/import/import_message.h \
	src/import/import_options.c src/import/import_options.h \
	src/import/import_office.c src/import/import_office.h \
	src/import/import_pack.c src/import/import_pack.h \
	src/import/import_und.c src/import/import_und.h \
	src/import/import_worker.c src/import/import_worker.h \
	src/import/maildir.c src/import/maildir.h \
	src/import/fold.c src/import/fold.h \
	src/import/postoffice.c src/import/postoffice.h \
	src/import/postoffice_address.c \
	src/import/postoffice_find.c \
	src/import/postoffice_index.c \
	src/import/postoffice_load.c \
	src/import/postoffice_local_part.c \
	src/import/postoffice_private.h \
	src/import/time_zone.c src/import/time_zone.h

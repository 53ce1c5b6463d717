libcore_a_SOURCES += \
	src/store/follower.c src/store/follower.h \
	src/store/locks.c \
	src/store/message_file.c \
	src/store/moves.c \
	src/store/policy.c src/store/policy.h \
	src/store/spool.c src/store/spool.h \
	src/store/status.c src/store/status.h \
	src/store/status_at.c src/store/status_at.h \
	src/store/status_look.c src/store/status_private.h \
	src/store/status_store.c \
	src/store/status_word.c src/store/status_word.h \
	src/store/store.c src/store/store.h \
	src/store/store_explain.c src/store/store_explain.h \
	src/store/store_write.c \
	src/store/store_content.c \
	src/store/und_account.c src/store/und_account.h \
	src/store/verdict.c src/store/verdict.h \
	src/store/verdict_mail.c src/store/verdict_private.h \
	src/store/verdict_store.c src/store/verdict_words.c

libcore_a_SOURCES += \
	src/connector/arrivals.c src/connector/arrivals.h \
	src/connector/connector.c src/connector/connector.h \
	src/connector/connector_attempt.c \
	src/connector/connector_begin.c \
	src/connector/connector_care.c \
	src/connector/connector_control.c \
	src/connector/connector_copy.c \
	src/connector/connector_ending.c \
	src/connector/connector_fill.c \
	src/connector/connector_intake.c \
	src/connector/connector_jobs.c \
	src/connector/connector_lane.c \
	src/connector/connector_life.c \
	src/connector/connector_private.h \
	src/connector/connector_moves.c \
	src/connector/connector_worker.c \
	src/connector/connector_program.c \
	src/connector/connector_seal.c \
	src/connector/importer.c src/connector/importer.h \
	src/connector/importer_private.h \
	src/connector/listing.c src/connector/listing.h \
	src/connector/importer_runner.c

import_tests = \
	tests/system/import_big.sh \
	tests/system/import_codes.sh \
	tests/system/import_convert.sh \
	tests/system/import_once.sh \
	tests/system/import_samples.sh \
	tests/system/import_valid.sh \
	tests/system/import_worker.sh
import_samples = attachments bad_date blank_user codepage headers \
	injection internet long_lines no_contents no_from_no_date no_item \
	not_a_message several
TESTS += $(import_tests)
EXTRA_DIST += $(import_tests) tests/system/import_crash.sh \
	$(import_samples:%=tests/import/samples/%.ccm) \
	tests/import/expected \
	tests/import/check_mail.py \
	tests/import/drive_worker.py \
	tests/import/make_nasty.py \
	tests/import/scenario_deliver.sh \
	tests/import/tap.sh
if HAVE_CMOCKA
check_PROGRAMS += tests/import/round_trip
TESTS += tests/import/round_trip
endif
tests_import_round_trip_SOURCES = tests/import/round_trip.c \
	tests/import/round_trip.h tests/import/round_trip_make.c tests/unit/unit.h
tests_import_round_trip_CFLAGS = $(AM_CFLAGS) $(GMIME_CFLAGS)
tests_import_round_trip_LDADD = $(DELIVER_LIBS) $(CMOCKA_LIBS)

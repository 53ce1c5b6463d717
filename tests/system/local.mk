# Real programs in private stores.
connector_tests = \
	tests/system/alarms.sh \
	tests/system/backup.sh \
	tests/system/breaker.sh \
	tests/system/check.sh \
	tests/system/check_names.sh \
	tests/system/check_restored.sh \
	tests/system/cli.sh \
	tests/system/examples.sh \
	tests/system/incident.sh \
	tests/system/incidents.sh \
	tests/system/metrics.sh \
	tests/system/procedures.sh \
	tests/system/names.sh \
	tests/system/notify.sh \
	tests/system/observe.sh \
	tests/system/original.sh \
	tests/system/take_out.sh \
	tests/system/nasty.sh \
	tests/system/readme.sh \
	tests/system/tour.sh \
	tests/system/truth_breaker.sh \
	tests/system/truth_idle.sh \
	tests/system/truth_moves.sh \
	tests/system/truth_names.sh \
	tests/system/truth_und.sh \
	tests/system/truth_values.sh \
	tests/system/truth_waiting.sh \
	tests/system/truth_writers.sh \
	tests/system/two_writers.sh \
	tests/system/unavailable.sh \
	tests/system/upgrade.sh \
	tests/system/worker.sh \
	tests/system/jobs.sh \
	tests/system/control.sh
connector_tests += tests/system/completion.sh tests/system/errors.sh
connector_tests += tests/system/serve.sh tests/system/hosts.sh \
	tests/system/hosts_sshd.sh tests/system/plain.sh
connector_tests += tests/system/verdicts.sh tests/system/seal.sh
connector_tests += tests/system/followers.sh tests/system/watch.sh tests/system/archive.sh
connector_tests += tests/system/shape.sh tests/system/report.sh tests/system/report_shift.sh
connector_tests += tests/system/lost_line.sh tests/system/notes.sh tests/system/time.sh
TESTS += $(connector_tests)
EXTRA_DIST += $(connector_tests) tests/system/plain.transcript tests/system/time.report tests/system/lib.sh tests/system/theirs.sh tests/system/idle.sh \
	tests/system/history-1.sql tests/system/history-2.sql \
	tests/system/history-3.sql
# A store with many failed messages.
check_PROGRAMS += bench/bench_fill
# Beside, and in place of, a connector that is not ours.
theirs_tests = tests/system/adopt.sh tests/system/observe_slow.sh \
	tests/system/untouched.sh
TESTS += $(theirs_tests)
EXTRA_DIST += $(theirs_tests) tests/system/untouched.py

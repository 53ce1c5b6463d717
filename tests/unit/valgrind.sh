#!/bin/sh
# The units under valgrind, for check-long. Not those whose clock or list is
# long (test_connector, test_list), nor one with a malloc of its own
# (test_message_limits). Exit: 0 nothing found, 77 there is no valgrind.

command -v valgrind >/dev/null || exit 77
! grep -q __asan_init "$builddir/ccmqd" || exit 77
bad=0
for test in "$builddir"/tests/unit/*/test_*; do
	case $test in
	*.*|*_connector|*_list|*_message_limits) continue ;;
	esac
	valgrind -q --error-exitcode=99 --leak-check=full \
		--suppressions="$srcdir/tests/unit/valgrind.supp" \
		--errors-for-leak-kinds=definite,possible "$test" || {
		echo "valgrind: $test"
		bad=1
	}
done
exit $bad

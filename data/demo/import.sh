#!/bin/sh
# import.sh PROGRAM ARGUMENT...: the import program of the demo.
#
# Runs PROGRAM, but goes wrong as the old ones did where the demo asks for it.
# A message asks by a header:
#
#   Demo: crash    dies of it, by signal 11                       (Q176375)
#   Demo: loop     code 1, the file left behind, one more .und entry (Q223772)
#   Demo: hang     does not come back                             (Q234350)
#   Demo: deliver  delivers it, and does not come back            (Q184524)
#
# and a post office by a file in it:
#
#   READ-ONLY      code 1 for every message                       (Q168670)
#   MENDED         this program does no such thing any more

for word in "$@"; do
	case $word in
	/@*) file=${word#/@} ;;
	/D*) po=${word#/D} ;;
	--und=*) und=${word#--und=} ;;
	esac
done

ended()
{
	echo "IMPORT process ended with error: $1."
	exit "$1"
}

if [ -e "$po/READ-ONLY" ]; then
	echo "Cannot write to post office DEMO: access denied"
	ended 1
fi
[ -e "$po/MENDED" ] ||
	wanted=$(sed -n 's/^Demo: *\([a-z]*\).*/\1/p; /^Contents:/q' "$file")
case ${wanted:-} in
crash)
	ulimit -c 0
	kill -SEGV $$
	;;
loop)
	sed 's/^Subject:.*/&\n***  Disk error in creating message item  ***\r/' \
		"$file" >>"$und"
	ended 1
	;;
hang)
	exec sleep 3600
	;;
deliver)
	"$@"
	exec sleep 3600
	;;
esac
exec "$@"

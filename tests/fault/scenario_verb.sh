#!/bin/sh
# A verb of ccmq on three messages, named by VERB. What ccmq called done stays
# done; what it did not is either as before or as after.
. "${0%/*}/scenario_lib.sh"
verb=${VERB:-retry}

# The states before and after.
case $verb in
retry)		before=failed after=queued ;;
quarantine)	before=failed after=quarantined ;;
release)	before=quarantined after=queued ;;
purge)		before=failed after=purged ;;
purge-again)	before=purged after=removed ;;
restore|undo)	before=purged after=failed ;;
hold|drain|resume|repair|rebuild)
		before=failed after=failed ;;
# On a store that nobody has opened yet: the first writer makes the WAL.
first-hold)	before=queued,imported after=queued ;;
esac

act() {
	case $verb in
	purge*)		q purge --yes --reason sweep 1 2 3 ;;
	undo)		q undo ;;
	*hold)		q hold --reason sweep ;;
	drain)		q drain --reason sweep ;;
	resume)		q resume --reason sweep ;;
	repair|rebuild)	q check --$verb ;;
	*)		q $verb --reason sweep 1 2 3 ;;
	esac
}

case $1 in
options)
	echo "--only ccmq --timeout 300"
	;;
prepare)
	if [ $verb = first-hold ]; then
		make_store ok && drop 1 3
		exit
	fi
	make_store reject && drop 1 3 && { once; [ $? = 1 ]; } || exit 1
	# Before the rest: undo takes back what came last.
	case $verb in
	hold|drain)	;;
	*)		q hold --reason sweep || exit 1 ;;
	esac
	case $verb in
	release)
		q quarantine --reason sweep 1 2 3 || exit 1
		;;
	purge-again|restore|undo)
		q purge --yes --reason sweep 1 2 3 || exit 1
		;;
	esac
	case $verb in
	repair)		mv "$store"/failed/*m2.ccm "$store/quarantine/" ;;
	rebuild)	touch "$out/rebuilt" ;;
	purge-again)	touch "$out/may-remove" ;;
	esac
	;;
run)
	[ -z "${TWICE:-}" ] || act
	run act
	;;
check)
	under=ccmq
	states=$before,$after
	[ "$CCMQ_FAULT_STATUS" != 0 ] || states=$after
	case $verb in
	repair|rebuild)		# again, and then to the end
		q check --$verb || echo "check --$verb again: $?"
		under=check
		states=failed,quarantined
		;;
	esac
	recover 0 "$states"
	case $CCMQ_FAULT_STATUS-$verb in
	0-*hold|0-drain)
		q status --json | grep -q '"held": *true' ||
			bad "said to be held, and is not"
		;;
	0-resume)
		q status --json | grep -q '"held": *false' ||
			bad "said to go on, and is held"
		;;
	esac
	exit 0
	;;
esac

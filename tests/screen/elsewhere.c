/*
 * elsewhere: a library to be loaded before a program (LD_PRELOAD), that makes
 * it believe that it runs on hq-mail01, for $ELSEWHERE_USER, on pts/3: so that
 * pictures do not show where they were made.
 */
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int
gethostname(char *name, size_t len)
{
	snprintf(name, len, "hq-mail01");
	return 0;
}

struct passwd *
getpwuid(uid_t uid)
{
	static struct passwd someone;

	someone.pw_uid = uid;
	someone.pw_name = getenv("ELSEWHERE_USER");
	return someone.pw_name ? &someone : NULL;
}

int
ttyname_r(int fd, char *name, size_t len)
{
	(void)fd;
	snprintf(name, len, "/dev/pts/3");
	return 0;
}

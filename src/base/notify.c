/* SPDX-License-Identifier: ISC */
/* notify: see notify.h for the contract. */
#include "base/notify.h"
#include "base/clock.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* Whether it was handed over. */
static bool
say(const char *text)
{
	const char *path = getenv("NOTIFY_SOCKET");
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	size_t len = path ? strlen(path) : 0;
	ssize_t sent;
	int fd;

	if (len < 2 || len >= sizeof to.sun_path)
		return false;
	memcpy(to.sun_path, path, len);
	if (*path == '@')			/* an abstract name */
		to.sun_path[0] = '\0';
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return false;
	sent = sendto(fd, text, strlen(text), MSG_NOSIGNAL | MSG_DONTWAIT,
		(struct sockaddr *)&to,
		(socklen_t)(offsetof(struct sockaddr_un, sun_path) + len));
	close(fd);
	return sent >= 0;
}

void
notify_ready(void)
{
	static bool said;

	said = said || say("READY=1");
}

void
notify_status(const char *text)
{
	char line[600];

	snprintf(line, sizeof line, "STATUS=%s", text);
	say(line);
}

/* A third of the watchdog's span in ms, or 0: nobody watches. */
static int64_t
watch_ms(void)
{
	const char *span = getenv("WATCHDOG_USEC"), *pid = getenv("WATCHDOG_PID");

	if (!span || (pid && strtol(pid, NULL, 10) != getpid()))
		return 0;
	return strtoll(span, NULL, 10) / 3000;
}

int
notify_alive(void)
{
	static int64_t next_mono_ms;
	int64_t every = watch_ms(), now = clock_mono_ms();

	if (every <= 0)
		return INT32_MAX;
	if (now >= next_mono_ms && say("WATCHDOG=1"))
		next_mono_ms = now + every;
	/* What could not be said is tried soon, not at once. */
	return (int)(now >= next_mono_ms ? every : next_mono_ms - now);
}

/* SPDX-License-Identifier: ISC */
/* sweep_hash: what the stub and the judge know a message by: FNV-1a, 64 bits
 * of all its bytes. Not proof against ill will, only against a fault. */
#ifndef SWEEP_HASH_H
#define SWEEP_HASH_H

#include <fcntl.h>
#include <unistd.h>

/* 0, or -1 with errno set. */
static inline int
sweep_hash(const char *path, unsigned long long *out)
{
	unsigned long long h = 14695981039346656037ULL;
	unsigned char buf[8192];
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	ssize_t n;

	if (fd < 0)
		return -1;
	while ((n = read(fd, buf, sizeof buf)) > 0)
		for (ssize_t i = 0; i < n; i++)
			h = (h ^ buf[i]) * 1099511628211ULL;
	close(fd);
	*out = h;
	return n < 0 ? -1 : 0;
}

#endif

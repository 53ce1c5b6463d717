/* SPDX-License-Identifier: ISC */
/*
 * files: the system calls that change the disk, each with its words.
 *
 * Every function names what it was doing in err. Names shown in errors are
 * made printable. Nothing here follows a symbolic link in the last component.
 * Interrupted calls (EINTR) are continued. Calls may be made from any process;
 * nothing is kept between them.
 */
#ifndef CCMQ_FILES_H
#define CCMQ_FILES_H

#include "base/error.h"
#include "base/str.h"

#include <dirent.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/types.h>

/* Opens a directory (O_CLOEXEC). The descriptor, or -1. dirfd may be
 * AT_FDCWD. */
int fs_open_dir(int dirfd, const char *path, struct error *err);

/* Opens a directory to read its names: fs_next, closedir. NULL with err. */
DIR *fs_open_names(int dirfd, const char *path, struct error *err);

/* The next of its names but "." and "..", valid until the next call. 1, 0 at
 * the end, -1: what follows cannot be read, which is not its end. */
int fs_next(DIR *dir, const struct dirent **out, struct error *err);

/* Opens a file to be read whose time of access is nobody's business: O_NOATIME
 * where that is allowed. The descriptor, or -1 with errno. */
int fs_open_quietly(int dirfd, const char *path);

/* On a file system that other machines have, too: locks and fsync of two of them
 * may not agree, and who has a file open elsewhere is not seen. or_fuse: some
 * of those are such, and none says which. */
bool fs_is_network(int fd, bool or_fuse);

/* Makes a directory if it is not there (mode as given, whatever the umask).
 * 1 made, 0 was there, -1. */
int fs_make_dir(int dirfd, const char *name, mode_t mode, struct error *err);

/* Makes a directory and all above it that are missing, durably. 0 or -1. */
int fs_make_path(const char *path, mode_t mode, struct error *err);

/* Has somebody the file open for writing? As far as the kernel tells: of files
 * of the process's own user, or to root. fd is open for reading. It may send a
 * SIGIO, which whoever calls this has to ignore. */
bool fs_has_writer(int fd);

/* Has nobody else the file open? If that cannot be told: no. It may send a
 * SIGIO as well. */
bool fs_is_alone(int fd);
/* Is there nothing in a directory that was just opened, but perhaps a file of
 * that name (NULL: not even one)? */
bool fs_holds_only(int dirfd, const char *name);

/* fsync. 0 or -1 (ERROR_UNKNOWN: what is on disk is not known; sys is EIO,
 * whatever the cause: freeing space does not bring back what was lost). */
int fs_sync(int fd, const char *what, struct error *err);

/* syncfs of the file system that fd is on; the same. */
int fs_sync_all(int fd, const char *what, struct error *err);

/* renameat2 with RENAME_NOREPLACE. 0; 1 when the target exists already; 2
 * when the source is not there; -1 otherwise. */
int fs_rename(int from_dirfd, const char *from, int to_dirfd, const char *to,
	struct error *err);

/* Removes a file; that it is not there is no error. 1 removed, 0 was not
 * there, -1. */
int fs_remove(int dirfd, const char *name, struct error *err);

/* Removes name and everything below it, not following links and not crossing
 * into other file systems. 0 or -1. */
int fs_remove_tree(int dirfd, const char *name, struct error *err);

/* Reads until len bytes, the end or an error. The number read, or -1. */
ssize_t fs_read_at(int fd, void *buf, size_t len, off_t offset,
	struct error *err);

/* Writes all of it. 0 or -1. */
int fs_write_all(int fd, const void *buf, size_t len, struct error *err);

/* A whole small file (at most max bytes) into out. 1, 0 if it is not there,
 * -1. A longer one is an error. */
int fs_read_file(int dirfd, const char *name, size_t max, struct str *out,
	struct error *err);

/* Puts the bytes of in in the place of those of out, which has `before` bytes;
 * holes as zeros. 0, -1. */
int fs_overwrite(int in, int out, off_t size, off_t before, struct error *err);

/* Copies the data of in to out, both at offset 0, keeping holes. 0 or -1. */
int fs_copy(int in, int out, off_t size, struct error *err);

/* The same inode, unchanged since, as far as its size and times tell. */
bool fs_is_same_file(const struct stat *a, const struct stat *b);

/* Free space for an unprivileged user and free inodes of the file system that
 * holds fd; *inodes_out is -1 where the file system does not count them. */
int fs_free(int fd, int64_t *bytes_out, int64_t *inodes_out,
	struct error *err);

/* How large that file system is. */
int fs_size(int fd, int64_t *bytes_out, struct error *err);

/*
 * flock(LOCK_EX) with a limit. Waits in the kernel's queue, so that waiters
 * take turns. limit_ms < 0: no limit. waiting, if not NULL, is called each
 * 20 ms meanwhile and may return false to give up. Uses SIGALRM and the
 * real interval timer for that time, and restores both. 0 locked; 1 the limit
 * passed; 2 waiting said stop; -1.
 */
int fs_lock(int fd, int64_t limit_ms, bool (*waiting)(void *), void *arg,
	struct error *err);
void fs_unlock(int fd);

/* An OFD write lock on the whole file, without waiting. 0 taken, 1 somebody
 * has it, -1. It goes with the open file description. */
int fs_ofd_lock(int fd, struct error *err);

/* Asks whether an OFD lock would be had; takes nothing. 1 free, 0 held, -1. */
int fs_ofd_is_free(int fd, struct error *err);

#endif

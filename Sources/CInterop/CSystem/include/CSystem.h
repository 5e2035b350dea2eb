#pragma once
// Linux functions that are missing in Swift's Glibc overlay.

#include <malloc.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <termios.h>
#include <wchar.h>

#include "process.h"
#include "version.h"

/// Opens /dev/null for standard streams that are closed at start, so that output never goes to a file or socket that is opened later;
/// writing to such a stream fails. Call it before anything is opened.
void sg_keep_standard_streams(void);
/// If the address space is limited (`ulimit -v`), reduces thread stacks to 1 MiB and `malloc` to one arena, instead of 72 MiB per thread.
/// Returns the limit in bytes, UINT64_MAX without one. Call it before any thread is started.
uint64_t sg_fit_address_space(void);
/// Opens an eventfd that is non-blocking and closed on exec. Returns -1 and errno on failure.
int sg_eventfd(void);
/// Opens a monotonic timerfd that is non-blocking and closed on exec. Returns -1 and errno on failure.
int sg_timerfd(void);
/// Arms `fd` to expire once after `nanoseconds`; 0 disarms it. Returns -1 and errno on failure.
int sg_timerfd_arm(int fd, int64_t nanoseconds);
/// Blocks the `count` signals of `signals` in the calling thread (and the threads it starts later) and opens
/// a signalfd that delivers them. Returns -1 and errno on failure.
int sg_signalfd(const int *signals, int count);
/// Reads one pending signal from a signalfd; 0 if there is none.
int sg_signalfd_take(int fd);
/// The window size of the terminal `fd`. Returns -1 if it is not a terminal.
int sg_window_size(int fd, int *columns, int *rows);
/// Writes all bytes. Returns the number of bytes written; if it is smaller than `count`, errno has the reason.
size_t sg_write_whole(int fd, const void *bytes, size_t count);
/// Waits until a thread has ended. Detaches it and returns false after `nanoseconds` (0 or more).
bool sg_join_thread(pthread_t thread, int64_t nanoseconds);

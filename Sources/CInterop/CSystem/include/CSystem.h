#pragma once
// The parts of Linux that Swift's Glibc overlay leaves out, as plain functions.

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

/// Takes the places of the standard streams that the program was started without, so that what is printed never goes to a
/// file or socket that is opened later; writing to such a stream fails. To be called before anything is opened.
void sg_keep_standard_streams(void);
/// Where the address space is limited (`ulimit -v`), has threads take 1 MiB of it each and `malloc` one arena, instead of 72 MiB a thread. Gives
/// the limit in bytes, UINT64_MAX without one. To be called before any thread is started.
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
/// Takes one pending signal from a signalfd, or 0 when there is none.
int sg_signalfd_take(int fd);
/// The window size of the terminal behind `fd`. Returns -1 when it is not a terminal.
int sg_window_size(int fd, int *columns, int *rows);
/// Writes all of the bytes and gives their number; fewer where the descriptor takes no more, and then errno says why.
size_t sg_write_whole(int fd, const void *bytes, size_t count);
/// Waits until a thread has ended. One that does not within `nanoseconds` (0 or more) is detached, and the answer is false.
bool sg_join_thread(pthread_t thread, int64_t nanoseconds);

// Reports synchronization to the thread sanitizer that it does not detect: the futex of Swift's `Mutex`, and librdkafka's C11 threads,
// which in glibc are POSIX threads under other names (sysdeps/pthread). Linked only by `make tsan`.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <linux/futex.h>
#include <pthread.h>
#include <sanitizer/tsan_interface.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <threads.h>

// Accesses in Debian's libraries are not checked: they were compiled without the sanitizer, which does not see their locks. Programs that a
// test starts do not have its environment, so the options are set here.
const char *__tsan_default_options(void) {
  return "ignore_noninstrumented_modules=1:report_signal_unsafe=0:log_path=" REPORTS;
}

typedef long system_call(long, ...);

// An uncontended lock uses atomic operations in the caller, which the sanitizer detects; a contended one uses this system call.
long syscall(long number, ...) {
  static system_call *next;
  if (next == NULL) next = (system_call *)dlsym(RTLD_NEXT, "syscall");
  va_list list;
  va_start(list, number);
  long words[6];
  for (int i = 0; i < 6; i++) words[i] = va_arg(list, long);
  va_end(list);
  int operation = number == SYS_futex ? (int)words[1] & FUTEX_CMD_MASK : -1;
  if (operation == FUTEX_UNLOCK_PI) __tsan_release((void *)words[0]);
  long result = next(number, words[0], words[1], words[2], words[3], words[4], words[5]);
  int error = errno;
  if (result == 0 && (operation == FUTEX_LOCK_PI || operation == FUTEX_TRYLOCK_PI)) __tsan_acquire((void *)words[0]);
  errno = error;
  return result;
}

static int answer(int error) {
  switch (error) {
    case 0: return thrd_success;
    case ENOMEM: return thrd_nomem;
    case ETIMEDOUT: return thrd_timedout;
    case EBUSY: return thrd_busy;
    default: return thrd_error;
  }
}

struct start {
  thrd_start_t run;
  void *context;
};

static void *run(void *start_) {
  struct start start = *(struct start *)start_;
  free(start_);
  return (void *)(intptr_t)start.run(start.context);
}

int thrd_create(thrd_t *thread, thrd_start_t function, void *context) {
  struct start *start = malloc(sizeof *start);
  if (start == NULL) return thrd_nomem;
  *start = (struct start){function, context};
  int error = pthread_create(thread, NULL, run, start);
  if (error != 0) free(start);
  return answer(error);
}

int thrd_join(thrd_t thread, int *result) {
  void *ended = NULL;
  int error = pthread_join(thread, &ended);
  if (result != NULL) *result = (int)(intptr_t)ended;
  return answer(error);
}

int thrd_detach(thrd_t thread) { return answer(pthread_detach(thread)); }

int mtx_init(mtx_t *mutex, int kind) {
  pthread_mutexattr_t attributes;
  pthread_mutexattr_init(&attributes);
  pthread_mutexattr_settype(&attributes, kind & mtx_recursive ? PTHREAD_MUTEX_RECURSIVE : PTHREAD_MUTEX_NORMAL);
  int error = pthread_mutex_init((pthread_mutex_t *)mutex, &attributes);
  pthread_mutexattr_destroy(&attributes);
  return answer(error);
}

int mtx_lock(mtx_t *mutex) { return answer(pthread_mutex_lock((pthread_mutex_t *)mutex)); }
int mtx_trylock(mtx_t *mutex) { return answer(pthread_mutex_trylock((pthread_mutex_t *)mutex)); }
int mtx_timedlock(mtx_t *mutex, const struct timespec *end) {
  return answer(pthread_mutex_timedlock((pthread_mutex_t *)mutex, end));
}
int mtx_unlock(mtx_t *mutex) { return answer(pthread_mutex_unlock((pthread_mutex_t *)mutex)); }
void mtx_destroy(mtx_t *mutex) { pthread_mutex_destroy((pthread_mutex_t *)mutex); }

int cnd_init(cnd_t *condition) { return answer(pthread_cond_init((pthread_cond_t *)condition, NULL)); }
int cnd_signal(cnd_t *condition) { return answer(pthread_cond_signal((pthread_cond_t *)condition)); }
int cnd_broadcast(cnd_t *condition) { return answer(pthread_cond_broadcast((pthread_cond_t *)condition)); }
int cnd_wait(cnd_t *condition, mtx_t *mutex) {
  return answer(pthread_cond_wait((pthread_cond_t *)condition, (pthread_mutex_t *)mutex));
}
int cnd_timedwait(cnd_t *condition, mtx_t *mutex, const struct timespec *end) {
  return answer(pthread_cond_timedwait((pthread_cond_t *)condition, (pthread_mutex_t *)mutex, end));
}
void cnd_destroy(cnd_t *condition) { pthread_cond_destroy((pthread_cond_t *)condition); }

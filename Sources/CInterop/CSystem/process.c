#define _GNU_SOURCE
#include "process.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

int sg_set_foreground(int terminal, pid_t group) {
  sigset_t all, before;
  // A background process that sets the foreground group is stopped by SIGTTOU unless the signal is blocked.
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, &before);
  int result = tcsetpgrp(terminal, group);
  int reason = errno;
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  errno = reason;
  return result;
}

static void reset_signals(void) {
  for (int signal = 1; signal < NSIG; signal++) {
    struct sigaction standard = {.sa_handler = SIG_DFL};
    sigaction(signal, &standard, NULL);
  }
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
}

// The guard is a separate process. This process writes each group's number to a pipe, and the negative number on release. End of file
// means that this process has ended.
static int guard = -1;
enum { most_guarded = 1024 };

static void end_groups(const pid_t *groups, int count) {
  for (int i = 0; i < count; i++) kill(-groups[i], SIGKILL);
}

static void run_guard(int pipe) {
  static pid_t groups[most_guarded];
  int count = 0;
  sigset_t all;
  sigfillset(&all);
  sigprocmask(SIG_SETMASK, &all, NULL);
  setsid();
  prctl(PR_SET_NAME, "sagatop-guard");
  if (pipe > 0) close_range(0, (unsigned)pipe - 1, 0);
  close_range((unsigned)pipe + 1, ~0U, 0);
  pid_t told;
  ssize_t length;
  while ((length = read(pipe, &told, sizeof told)) == sizeof told || (length < 0 && errno == EINTR)) {
    if (length < 0) continue;
    if (told > 0 && count < most_guarded) groups[count++] = told;
    for (int i = 0; told < 0 && i < count; i++)
      if (groups[i] == -told) groups[i--] = groups[--count];
  }
  end_groups(groups, count);
  _exit(0);
}

static void start_guard(void) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return;
  pid_t pid = fork();
  if (pid == 0) run_guard(ends[0]);
  close(ends[0]);
  if (pid > 0)
    guard = ends[1];
  else
    close(ends[1]);
}

static void tell_guard(pid_t group) {
  if (guard < 0) return;
  while (write(guard, &group, sizeof group) < 0 && errno == EINTR) {
  }
}

void sg_release(pid_t pid) { tell_guard(-pid); }

static void redirect(int from, int to) {
  if (from >= 0 && from != to) dup2(from, to);
}

static void run_child(const struct sg_child *child, int report, pid_t parent) {
  prctl(PR_SET_PDEATHSIG, child->death_signal);
  // The parent may have ended before the previous line.
  if (getppid() != parent) _exit(1);
  if (child->own_session) setsid();
  if (child->own_group) setpgid(0, 0);
  // Before the program runs, so that a crash at any time leaves no group behind.
  if (child->guarded) tell_guard(getpid());
  if (child->terminal >= 0) sg_set_foreground(child->terminal, getpid());
  redirect(child->input, STDIN_FILENO);
  redirect(child->output, STDOUT_FILENO);
  redirect(child->error, STDERR_FILENO);
  if (report > 3) close_range(3, (unsigned)report - 1, 0);
  close_range((unsigned)report + 1, ~0U, 0);
  reset_signals();
  execvpe(child->program, child->arguments, child->environment);
  int reason = errno;
  ssize_t written = write(report, &reason, sizeof reason);
  _exit(written == sizeof reason ? 127 : 126);
}

pid_t sg_spawn(const struct sg_child *child) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  if (child->guarded) pthread_once(&once, start_guard);
  int report[2];
  if (pipe2(report, O_CLOEXEC) != 0) return -1;
  pid_t parent = getpid();
  pid_t pid = fork();
  if (pid == 0) run_child(child, report[1], parent);
  int failure = pid < 0 ? errno : 0;
  close(report[1]);
  if (pid > 0) {
    int reason = 0;
    ssize_t count;
    do count = read(report[0], &reason, sizeof reason);
    while (count < 0 && errno == EINTR);
    if (count == sizeof reason) {
      waitpid(pid, NULL, 0);
      if (child->guarded) sg_release(pid);
      failure = reason;
    }
  }
  close(report[0]);
  if (failure == 0) return pid;
  errno = failure;
  return -1;
}

bool sg_has_stopped(int status) { return WIFSTOPPED(status); }

int sg_exit_code(int status) {
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + (WIFSIGNALED(status) ? WTERMSIG(status) : 0);
}

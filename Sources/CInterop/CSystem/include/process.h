#pragma once
// Starts child processes. Swift cannot call fork and exec, because only async-signal-safe functions may run between them.

#include <stdbool.h>
#include <sys/types.h>

/// Settings of a child process.
struct sg_child {
  /// The program; searched in PATH if it has no slash.
  const char *program;
  /// NULL-terminated arguments, the program's name first.
  char *const *arguments;
  /// NULL-terminated environment.
  char *const *environment;
  /// The child's standard streams; -1 inherits the parent's.
  int input, output, error;
  /// The signal the kernel sends the child when the thread that started it ends.
  int death_signal;
  /// Starts a new session, which does not receive the terminal's signals.
  bool own_session;
  /// Its process group is killed when this process ends for any reason, unless `sg_release` was called. Requires a new session or group.
  bool guarded;
  /// Starts a new process group in the parent's session.
  bool own_group;
  /// A terminal in which the child's group becomes the foreground group; -1 for none.
  int terminal;
};

/// Starts a child with default signal handlers, no blocked signals and no descriptors except its standard streams. Returns its pid after
/// exec succeeded, or -1 with errno.
pid_t sg_spawn(const struct sg_child *child);
/// Call it when the process group of a guarded child has ended.
void sg_release(pid_t pid);
/// Whether a `waitpid` status means that the child is stopped, not ended.
bool sg_has_stopped(int status);
/// The shell's exit code for a `waitpid` status: the exit code, or 128 + the signal.
int sg_exit_code(int status);
/// Makes `group` the foreground process group of `terminal`, also from the background. Returns -1 with errno on failure.
int sg_set_foreground(int terminal, pid_t group);

#pragma once
// Starting a child process: fork and exec are not for Swift to call, because between them only
// async-signal-safe functions may run.

#include <stdbool.h>
#include <sys/types.h>

/// What a child process is started with.
struct sg_child {
  /// The program, looked for along PATH when it has no slash.
  const char *program;
  /// NULL-terminated arguments, the program's name first.
  char *const *arguments;
  /// NULL-terminated environment.
  char *const *environment;
  /// The child's standard streams; -1 leaves the parent's.
  int input, output, error;
  /// The signal the kernel sends the child when the thread that started it ends.
  int death_signal;
  /// Starts a session of its own, out of reach of the terminal's signals.
  bool own_session;
  /// Its process group is killed when this process ends, however it ends, unless `sg_release` was called before. Needs a session or
  /// group of its own.
  bool guarded;
  /// Starts a process group of its own in the parent's session.
  bool own_group;
  /// A terminal whose foreground the child's group becomes; -1 for none.
  int terminal;
};

/// Starts a child with default signal dispositions, no blocked signals and no descriptor above its standard
/// streams. Returns its pid once it runs the program, or -1 and errno when it could not be started.
pid_t sg_spawn(const struct sg_child *child);
/// The process group of a guarded child has been ended.
void sg_release(pid_t pid);
/// Whether the child of a `waitpid` status has stopped rather than ended.
bool sg_has_stopped(int status);
/// The exit code a shell would give for a `waitpid` status: the code itself, or 128 + the signal.
int sg_exit_code(int status);
/// Gives the foreground of `terminal` to the process group `group`, also from the background. Returns -1 and
/// errno on failure.
int sg_set_foreground(int terminal, pid_t group);

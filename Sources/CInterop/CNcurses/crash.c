#define _GNU_SOURCE
#include "CNcurses.h"

#include <curses.h>
#include <signal.h>
#include <string.h>
#include <term.h>
#include <termios.h>
#include <unistd.h>

// Everything that the handler uses is prepared in advance: during a crash only async-signal-safe calls are allowed.
static char restore[256];
static size_t restore_length;
static struct termios saved;
static int terminal_input = -1;
static int terminal_output = -1;
static int original_diagnostics = -1;
static char alternate_stack[16384];

static void append(const char *capability) {
  const char *text = tigetstr(capability);
  if (text == NULL || text == (char *)-1) return;
  size_t length = strlen(text);
  if (restore_length + length > sizeof restore) return;
  memcpy(restore + restore_length, text, length);
  restore_length += length;
}

// Signals that end the program by default, except those handled by the event loop or ignored by the program. Real-time signals are added
// below.
static const struct {
  int number;
  const char *name;
  bool is_crash;
} signals[] = {
  {SIGSEGV, "SIGSEGV", true},   {SIGBUS, "SIGBUS", true},     {SIGILL, "SIGILL", true},
  {SIGTRAP, "SIGTRAP", true},   {SIGABRT, "SIGABRT", true},   {SIGFPE, "SIGFPE", true},
  {SIGSYS, "SIGSYS", true},     {SIGQUIT, "SIGQUIT", false},  {SIGUSR1, "SIGUSR1", false},
  {SIGUSR2, "SIGUSR2", false},  {SIGALRM, "SIGALRM", false},  {SIGVTALRM, "SIGVTALRM", false},
  {SIGPROF, "SIGPROF", false},  {SIGIO, "SIGIO", false},      {SIGPWR, "SIGPWR", false},
  {SIGXCPU, "SIGXCPU", false},  {SIGSTKFLT, "SIGSTKFLT", false},
};
static const size_t signal_count = sizeof signals / sizeof *signals;

static void say(int descriptor, const char *text, size_t length) {
  if (write(descriptor, text, length) < 0) {
    // A failed write cannot be reported.
  }
}

static void say_text(int descriptor, const char *text) { say(descriptor, text, strlen(text)); }

static void explain(int descriptor, int number) {
  const char *name = "a real-time signal";
  bool is_crash = false;
  for (size_t i = 0; i < signal_count; i++) {
    if (signals[i].number != number) continue;
    name = signals[i].name;
    is_crash = signals[i].is_crash;
  }
  say_text(descriptor, is_crash ? "sagatop: crashed (" : "sagatop: ended by ");
  say_text(descriptor, name);
  say_text(descriptor, is_crash ? "); the terminal is as it was. With --log FILE, what led to it is kept there.\n"
                                : "; the terminal is as it was.\n");
}

static void end_by_signal(int number) {
  say(terminal_output, restore, restore_length);
  tcsetattr(terminal_input, TCSANOW, &saved);
  // Here standard error is the log file.
  explain(STDERR_FILENO, number);
  if (original_diagnostics >= 0) {
    dup2(original_diagnostics, STDERR_FILENO);
    explain(STDERR_FILENO, number);
  }
  signal(number, SIG_DFL);
  raise(number);
}

/// Signals that were ignored when the program started remain ignored.
static void take(int number, const struct sigaction *action) {
  struct sigaction before;
  if (sigaction(number, NULL, &before) == 0 && before.sa_handler == SIG_IGN) return;
  sigaction(number, action, NULL);
}

void sg_crash_guard(int input, int output, int diagnostics) {
  terminal_input = input;
  terminal_output = output;
  original_diagnostics = diagnostics;
  // The shell's settings, which ncurses saved before it changed any.
  def_prog_mode();
  if (cur_term != NULL) reset_shell_mode();
  tcgetattr(input, &saved);
  reset_prog_mode();
  restore_length = 0;
  static const char modes_off[] = "\033[?1000l\033[?1006l\033[?2004l";
  memcpy(restore, modes_off, sizeof modes_off - 1);
  restore_length = sizeof modes_off - 1;
  append("sgr0");
  append("rmkx");
  append("cnorm");
  append("rmcup");

  stack_t stack = {.ss_sp = alternate_stack, .ss_size = sizeof alternate_stack};
  sigaltstack(&stack, NULL);
  struct sigaction action = {.sa_handler = end_by_signal, .sa_flags = SA_ONSTACK | SA_RESETHAND};
  sigemptyset(&action.sa_mask);
  for (size_t i = 0; i < signal_count; i++) take(signals[i].number, &action);
  for (int number = SIGRTMIN; number <= SIGRTMAX; number++) take(number, &action);
}

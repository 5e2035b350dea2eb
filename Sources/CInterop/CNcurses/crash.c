#define _GNU_SOURCE
#include "CNcurses.h"

#include <curses.h>
#include <signal.h>
#include <string.h>
#include <term.h>
#include <termios.h>
#include <unistd.h>

// Everything that the handler needs is prepared beforehand: in a crash only async-signal-safe calls are allowed.
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

static const struct {
  int number;
  const char *name;
} signals[] = {
  {SIGSEGV, "SIGSEGV"}, {SIGBUS, "SIGBUS"}, {SIGILL, "SIGILL"}, {SIGTRAP, "SIGTRAP"},
  {SIGABRT, "SIGABRT"}, {SIGFPE, "SIGFPE"}, {SIGQUIT, "SIGQUIT"},
};
static const size_t signal_count = sizeof signals / sizeof *signals;

static void say(int descriptor, const char *text, size_t length) {
  if (write(descriptor, text, length) < 0) {
    // There is nothing left to be done about it.
  }
}

static void explain(int number) {
  const char *name = "a signal";
  for (size_t i = 0; i < signal_count; i++)
    if (signals[i].number == number) name = signals[i].name;
  static const char before[] = "sagatop: crashed (";
  static const char after[] = "); the terminal is as it was. With --log FILE, what led to it is kept there.\n";
  say(STDERR_FILENO, before, sizeof before - 1);
  say(STDERR_FILENO, name, strlen(name));
  say(STDERR_FILENO, after, sizeof after - 1);
}

static void crashed(int number) {
  say(terminal_output, restore, restore_length);
  tcsetattr(terminal_input, TCSANOW, &saved);
  if (original_diagnostics >= 0) dup2(original_diagnostics, STDERR_FILENO);
  if (number != SIGQUIT) explain(number);
  signal(number, SIG_DFL);
  raise(number);
}

void sg_crash_guard(int input, int output, int diagnostics) {
  terminal_input = input;
  terminal_output = output;
  original_diagnostics = diagnostics;
  // The shell's settings: ncurses keeps them since before it changed any.
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
  struct sigaction action = {.sa_handler = crashed, .sa_flags = SA_ONSTACK | SA_RESETHAND};
  sigemptyset(&action.sa_mask);
  for (size_t i = 0; i < signal_count; i++) sigaction(signals[i].number, &action, NULL);
}

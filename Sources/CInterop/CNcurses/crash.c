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

static void crashed(int number) {
  if (write(terminal_output, restore, restore_length) < 0) {
    // There is nothing left to be done about it.
  }
  tcsetattr(terminal_input, TCSANOW, &saved);
  if (original_diagnostics >= 0) dup2(original_diagnostics, STDERR_FILENO);
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
  static const char mouse_off[] = "\033[?1000l\033[?1006l";
  memcpy(restore, mouse_off, sizeof mouse_off - 1);
  restore_length = sizeof mouse_off - 1;
  append("sgr0");
  append("rmkx");
  append("cnorm");
  append("rmcup");

  stack_t stack = {.ss_sp = alternate_stack, .ss_size = sizeof alternate_stack};
  sigaltstack(&stack, NULL);
  struct sigaction action = {.sa_handler = crashed, .sa_flags = SA_ONSTACK | SA_RESETHAND};
  sigemptyset(&action.sa_mask);
  static const int signals[] = {SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGABRT, SIGFPE, SIGQUIT};
  for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) sigaction(signals[i], &action, NULL);
}

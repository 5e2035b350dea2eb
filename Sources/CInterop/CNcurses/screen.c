#define NCURSES_WIDECHAR 1
#define _XOPEN_SOURCE_EXTENDED 1
#include "CNcurses.h"

#include <curses.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <term.h>
#include <unistd.h>

static SCREEN *screen;
static FILE *input_stream;
static FILE *output_stream;
static int colors;

int sg_screen_check(const char *terminal, int output) {
  int error = 0;
  if (setupterm(terminal, output, &error) != OK) return SG_SCREEN_UNKNOWN_TERMINAL;
  const char *move = tigetstr("cup");
  bool able = move != NULL && move != (char *)-1;
  del_curterm(cur_term);
  return able ? SG_SCREEN_OPEN : SG_SCREEN_TOO_DUMB;
}

/// Terminals without bracketed paste ignore the sequence.
static void mark_pastes(bool on) {
  fputs(on ? "\033[?2004h" : "\033[?2004l", output_stream);
  fflush(output_stream);
}

static bool has_string(const char *capability) {
  const char *text = tigetstr(capability);
  return text != NULL && text != (char *)-1;
}

/// Terminfo has no standard capability for 24-bit colours: tmux and others use `RGB` or `Tc`, most terminals only the environment variable
/// COLORTERM. GNU screen passes the variable on but does not support these colours.
static bool has_direct_colors(const char *terminal) {
  if (tigetflag("RGB") > 0 || tigetnum("RGB") > 0 || has_string("RGB") || tigetflag("Tc") > 0) return true;
  const char *name = terminal != NULL ? terminal : getenv("TERM");
  const char *depth = getenv("COLORTERM");
  if (depth == NULL || name == NULL || strncmp(name, "screen", 6) == 0) return false;
  return strcmp(depth, "truecolor") == 0 || strcmp(depth, "24bit") == 0;
}

static int palette(const char *terminal) {
  int colors = tigetnum("colors");
  if (colors > 256 || (colors == 256 && has_direct_colors(terminal))) return SG_DIRECT_COLORS;
  return colors > 0 ? colors : 0;
}

int sg_screen_palette(const char *terminal, int output) {
  int error = 0;
  if (setupterm(terminal, output, &error) != OK) return -1;
  int colors = palette(terminal);
  del_curterm(cur_term);
  return colors;
}

const char *sg_screen_library(void) { return curses_version(); }

int sg_screen_open(const char *terminal, int input, int output, int delay) {
  int problem = sg_screen_check(terminal, output);
  if (problem != SG_SCREEN_OPEN) return problem;
  input_stream = fdopen(dup(input), "r");
  output_stream = fdopen(dup(output), "w");
  if (input_stream == NULL || output_stream == NULL) return SG_SCREEN_FAILED;
  screen = newterm(terminal, output_stream, input_stream);
  if (screen == NULL) return SG_SCREEN_FAILED;
  set_escdelay(delay);
  raw();
  noecho();
  nonl();
  intrflush(stdscr, FALSE);
  keypad(stdscr, TRUE);
  nodelay(stdscr, TRUE);
  // keys.c parses the mouse.
  keyok(KEY_MOUSE, FALSE);
  leaveok(stdscr, TRUE);
  curs_set(0);
  mark_pastes(true);
  typeahead(-1);
  // Flushes the output of ncurses now, because frames are written without ncurses.
  refresh();
  colors = palette(terminal);
  return SG_SCREEN_OPEN;
}

static void put(const char *capability) {
  char text[64];
  int length = sg_screen_sequence(capability, LINES - 1, 0, text, sizeof text);
  if (length > 0) fwrite(text, 1, (size_t)length, output_stream);
}

/// Without an alternate screen the shell continues in the last row, so that row is cleared.
static void leave(void) {
  put("sgr0");
  put("op");
  put("cup");
  put("el");
  mark_pastes(false);
  endwin();
}

void sg_screen_close(void) {
  if (screen == NULL) return;
  sg_screen_mouse(false);
  leave();
  delscreen(screen);
  screen = NULL;
  fclose(input_stream);
  fclose(output_stream);
}

void sg_screen_suspend(void) {
  def_prog_mode();
  leave();
}

void sg_screen_resume(void) {
  reset_prog_mode();
  curs_set(0);
  mark_pastes(true);
  clearok(curscr, TRUE);
  refresh();
}

int sg_screen_colors(void) { return colors; }

void sg_screen_resize(int width, int height) {
  resizeterm(height < 1 ? 1 : height, width < 1 ? 1 : width);
  // Otherwise ncurses would clear the screen at the next key.
  refresh();
}

int sg_screen_flag(const char *capability) { return tigetflag(capability) > 0; }

int sg_screen_number(const char *capability) { return tigetnum(capability); }

int sg_screen_sequence(const char *capability, int first, int second, char *buffer, int size) {
  if (!has_string(capability)) return -1;
  const char *text = tiparm(tigetstr(capability), first, second);
  int length = 0;
  while (text != NULL && *text != 0 && length < size) {
    // Padding such as "$<5>" is only for hardware terminals.
    const char *end = text[0] == '$' && text[1] == '<' ? strchr(text, '>') : NULL;
    if (end != NULL) {
      text = end + 1;
    } else {
      buffer[length++] = *text++;
    }
  }
  return length;
}

void sg_screen_mouse(bool on) {
  fputs(on ? "\033[?1000h\033[?1006h" : "\033[?1006l\033[?1000l", output_stream);
  fflush(output_stream);
}

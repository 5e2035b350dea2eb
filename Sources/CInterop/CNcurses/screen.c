#define NCURSES_WIDECHAR 1
#define _XOPEN_SOURCE_EXTENDED 1
#include "CNcurses.h"

#include <curses.h>
#include <stdio.h>
#include <stdlib.h>
#include <term.h>
#include <unistd.h>

static SCREEN *screen;
static FILE *input_stream;
static FILE *output_stream;

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

int sg_screen_palette(const char *terminal, int output) {
  int error = 0;
  if (setupterm(terminal, output, &error) != OK) return -1;
  int colors = tigetnum("colors");
  del_curterm(cur_term);
  return colors > 0 ? colors : 0;
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
  if (has_colors()) {
    start_color();
    use_default_colors();
  }
  return SG_SCREEN_OPEN;
}

/// Without an alternate screen the shell continues in the last row, so that row must be empty.
static void leave(void) {
  mark_pastes(false);
  move(LINES - 1, 0);
  clrtoeol();
  refresh();
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
}

int sg_screen_colors(void) {
  if (!has_colors()) return 0;
  // With more than 256 colours, numbers are RGB values except for the first eight.
  return COLORS > 256 ? 8 : COLORS;
}

void sg_screen_resize(int width, int height) {
  resizeterm(height < 1 ? 1 : height, width < 1 ? 1 : width);
  erase();
  clearok(curscr, TRUE);
}

void sg_screen_redraw(void) { clearok(curscr, TRUE); }

void sg_screen_put(int y, int x, const uint32_t *scalars, int count, int attributes, int foreground, int background) {
  wchar_t text[CCHARW_MAX + 1];
  int length = count < CCHARW_MAX ? count : CCHARW_MAX;
  for (int i = 0; i < length; i++) text[i] = (wchar_t)scalars[i];
  text[length] = 0;
  attr_t style = A_NORMAL;
  if (attributes & SG_BOLD) style |= A_BOLD;
  if (attributes & SG_DIM) style |= A_DIM;
  if (attributes & SG_UNDERLINE) style |= A_UNDERLINE;
  if (attributes & SG_REVERSE) style |= A_REVERSE;
  int pair = 0;
  if (has_colors() && (foreground >= 0 || background >= 0)) pair = alloc_pair(foreground, background);
  if (pair < 0) pair = 0;
  cchar_t cell;
  if (setcchar(&cell, text, style, 0, &pair) != OK) return;
  mvwadd_wch(stdscr, y, x, &cell);
}

void sg_screen_update(void) {
  wnoutrefresh(stdscr);
  doupdate();
}

void sg_screen_mouse(bool on) {
  fputs(on ? "\033[?1000h\033[?1006h" : "\033[?1006l\033[?1000l", output_stream);
  fflush(output_stream);
}

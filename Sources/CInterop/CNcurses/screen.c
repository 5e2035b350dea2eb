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

int sg_screen_open(const char *terminal, int input, int output) {
  int problem = sg_screen_check(terminal, output);
  if (problem != SG_SCREEN_OPEN) return problem;
  input_stream = fdopen(dup(input), "r");
  output_stream = fdopen(dup(output), "w");
  if (input_stream == NULL || output_stream == NULL) return SG_SCREEN_FAILED;
  screen = newterm(terminal, output_stream, input_stream);
  if (screen == NULL) return SG_SCREEN_FAILED;
  set_escdelay(25);
  raw();
  noecho();
  nonl();
  intrflush(stdscr, FALSE);
  keypad(stdscr, TRUE);
  nodelay(stdscr, TRUE);
  leaveok(stdscr, TRUE);
  curs_set(0);
  typeahead(-1);
  if (has_colors()) {
    start_color();
    use_default_colors();
  }
  return SG_SCREEN_OPEN;
}

void sg_screen_close(void) {
  if (screen == NULL) return;
  sg_screen_mouse(false);
  endwin();
  delscreen(screen);
  screen = NULL;
  fclose(input_stream);
  fclose(output_stream);
}

void sg_screen_suspend(void) {
  def_prog_mode();
  endwin();
}

void sg_screen_resume(void) {
  reset_prog_mode();
  curs_set(0);
  clearok(curscr, TRUE);
}

int sg_screen_colors(void) {
  if (!has_colors()) return 0;
  // Beyond a palette of 256 numbers are colours themselves, but for the first eight.
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

/// How long the rest of a sequence may keep us waiting, as it may come in another packet.
static const int sequence_delay = 25;
static const int sequence_limit = 4096;

/// Reads up to the byte that ends a sequence: one from `@` to `~`, or, for a string, BEL or the backslash after ESC.
static void swallow(bool is_string) {
  wtimeout(stdscr, sequence_delay);
  wint_t next = 0;
  for (int i = 0; i < sequence_limit; i++) {
    wint_t before = next;
    if (wget_wch(stdscr, &next) == ERR) break;
    if (is_string ? next == 7 || (next == '\\' && before == 27) : next >= 0x40 && next <= 0x7e) break;
  }
  nodelay(stdscr, TRUE);
}

/// What came after an escape that begins no sequence of terminfo's: nothing, a sequence whose letters must not be taken for keys, or
/// the next key, which was only quick.
static int32_t after_escape(void) {
  wint_t next;
  int kind = wget_wch(stdscr, &next);
  if (kind == ERR) return 27;
  if (kind == OK && (next == '[' || next == 'O')) {
    swallow(false);
  } else if (kind == OK && (next == ']' || next == 'P' || next == 'X' || next == '^' || next == '_')) {
    swallow(true);
  } else {
    kind == OK ? unget_wch((wchar_t)next) : ungetch((int)next);
    return 27;
  }
  return SG_KEY_OTHER;
}

static int32_t known_key(wint_t key) {
  if (key >= KEY_F(1) && key <= KEY_F(24)) return SG_KEY_FUNCTION + (int32_t)(key - KEY_F(0));
  switch (key) {
    case KEY_UP: return SG_KEY_UP;
    case KEY_DOWN: return SG_KEY_DOWN;
    case KEY_LEFT: return SG_KEY_LEFT;
    case KEY_RIGHT: return SG_KEY_RIGHT;
    case KEY_PPAGE: return SG_KEY_PAGE_UP;
    case KEY_NPAGE: return SG_KEY_PAGE_DOWN;
    case KEY_HOME: return SG_KEY_HOME;
    case KEY_END: return SG_KEY_END;
    case KEY_ENTER: return SG_KEY_ENTER;
    case KEY_BACKSPACE: return SG_KEY_BACKSPACE;
    case KEY_DC: return SG_KEY_DELETE;
    case KEY_BTAB: return SG_KEY_BACK_TAB;
    case KEY_MOUSE: return SG_KEY_MOUSE;
    case KEY_RESIZE: return SG_KEY_RESIZE;
    default: return SG_KEY_OTHER;
  }
}

int32_t sg_screen_key(void) {
  wint_t key;
  switch (wget_wch(stdscr, &key)) {
    case KEY_CODE_YES: return known_key(key);
    case OK: return key == 27 ? after_escape() : (int32_t)key;
    default: return SG_KEY_NONE;
  }
}

void sg_screen_mouse(bool on) {
  mouseinterval(0);
  mousemask(on ? BUTTON1_PRESSED | BUTTON1_DOUBLE_CLICKED | BUTTON4_PRESSED | BUTTON5_PRESSED : 0, NULL);
}

int sg_screen_take_mouse(int *x, int *y) {
  MEVENT event;
  if (getmouse(&event) != OK) return SG_MOUSE_NONE;
  *x = event.x;
  *y = event.y;
  if (event.bstate & BUTTON4_PRESSED) return SG_MOUSE_WHEEL_UP;
  if (event.bstate & BUTTON5_PRESSED) return SG_MOUSE_WHEEL_DOWN;
  if (event.bstate & BUTTON1_DOUBLE_CLICKED) return SG_MOUSE_DOUBLE_CLICK;
  return event.bstate & BUTTON1_PRESSED ? SG_MOUSE_CLICK : SG_MOUSE_NONE;
}

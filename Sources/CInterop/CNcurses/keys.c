#define NCURSES_WIDECHAR 1
#define _XOPEN_SOURCE_EXTENDED 1
#include "CNcurses.h"

#include <curses.h>

// The mouse is parsed here instead of by ncurses: after an unrequested event, such as a button release, ncurses blocks until the next
// event despite `nodelay`, which freezes the screen.

static struct {
  int kind, x, y;
} mouse;

static const int sequence_limit = 4096;

static bool take(wint_t *next) { return wget_wch(stdscr, next) == OK; }

/// Three numbers, followed by M for a press or m for a release.
static int32_t read_mouse(void) {
  int numbers[3] = {0};
  int field = 0;
  wint_t next = 0;
  while (take(&next)) {
    if (next >= '0' && next <= '9') {
      if (numbers[field] < 10000) numbers[field] = numbers[field] * 10 + (int)(next - '0');
    } else if (next == ';') {
      field += field < 2;
    } else {
      break;
    }
  }
  enum { modifiers = 4 | 8 | 16, wheel_up = 64, wheel_down = 65 };
  int button = numbers[0] & ~modifiers;
  mouse.kind = button == wheel_up     ? SG_MOUSE_WHEEL_UP
               : button == wheel_down ? SG_MOUSE_WHEEL_DOWN
               : button == 0          ? SG_MOUSE_CLICK
                                      : SG_MOUSE_NONE;
  mouse.x = numbers[1] - 1;
  mouse.y = numbers[2] - 1;
  return next == 'M' && mouse.kind != SG_MOUSE_NONE && mouse.x >= 0 && mouse.y >= 0 ? SG_KEY_MOUSE : SG_KEY_OTHER;
}

/// Bracketed paste: 200 before the pasted text, 201 after it.
static int32_t pasting(int number) {
  return number == 200 ? SG_KEY_PASTE_BEGIN : number == 201 ? SG_KEY_PASTE_END : SG_KEY_OTHER;
}

/// Reads up to a byte from `@` to `~`.
static int32_t read_control(void) {
  wint_t next = 0;
  if (!take(&next)) return SG_KEY_OTHER;
  if (next == '<') return read_mouse();
  // Legacy mouse encoding: three arbitrary bytes.
  if (next == 'M') {
    for (int i = 0; i < 3 && take(&next); i++) continue;
    return SG_KEY_OTHER;
  }
  int number = 0;
  for (int i = 0; i < sequence_limit && !(next >= 0x40 && next <= 0x7e); i++) {
    number = next >= '0' && next <= '9' && number < 1000 ? number * 10 + (int)(next - '0') : 1000;
    if (!take(&next)) return SG_KEY_OTHER;
  }
  return next == '~' ? pasting(number) : SG_KEY_OTHER;
}

/// Reads up to BEL, or a backslash after ESC.
static int32_t read_string(void) {
  wint_t next = 0, before;
  for (int i = 0; i < sequence_limit; i++) {
    before = next;
    if (!take(&next) || next == 7 || (next == '\\' && before == 27)) break;
  }
  return SG_KEY_OTHER;
}

static int32_t read_sequence(wint_t first) {
  // The rest may arrive in another packet.
  wtimeout(stdscr, get_escdelay());
  int32_t key = first == '[' || first == 'O' ? read_control() : read_string();
  nodelay(stdscr, TRUE);
  return key;
}

/// Handles input after an escape that starts no terminfo sequence: nothing, a sequence whose letters are not keys, or the next key, typed
/// quickly.
static int32_t after_escape(void) {
  wint_t next;
  switch (wget_wch(stdscr, &next)) {
    case ERR: return 27;
    case KEY_CODE_YES: ungetch((int)next); return 27;
    default: break;
  }
  switch (next) {
    case '[': case 'O': case ']': case 'P': case 'X': case '^': case '_': return read_sequence(next);
    default: unget_wch((wchar_t)next); return 27;
  }
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

int sg_screen_take_mouse(int *x, int *y) {
  *x = mouse.x;
  *y = mouse.y;
  return mouse.kind;
}

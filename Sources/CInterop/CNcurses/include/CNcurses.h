#pragma once
// Plain functions for ncursesw, which identifies the terminal, sets its modes and reads its keys. Frames are written without ncurses, each
// with one write. The globals and macros of ncurses are not visible through this header. For one thread only, unless stated otherwise.

#include <stdbool.h>
#include <stdint.h>

/// Results of `sg_screen_open`.
enum {
  SG_SCREEN_OPEN = 0,
  SG_SCREEN_UNKNOWN_TERMINAL = 1,
  SG_SCREEN_TOO_DUMB = 2,
  SG_SCREEN_FAILED = 3,
};

/// Checks whether a terminal type (NULL for TERM's) supports a full screen. Writes nothing.
int sg_screen_check(const char *terminal, int output);
enum { SG_DIRECT_COLORS = 1 << 24 };

/// The number of colours of a terminal type (NULL for TERM's): 0 for none, `SG_DIRECT_COLORS` for 24 bits, -1 for an unknown terminal.
/// Writes nothing.
int sg_screen_palette(const char *terminal, int output);
/// The library's name and version.
const char *sg_screen_library(void);
/// Initializes the terminal: alternate screen, raw keys without echo, no cursor, bracketed paste. `SG_SCREEN_OPEN` on success. After an
/// escape, the bytes of one key may arrive up to `delay` milliseconds apart.
int sg_screen_open(const char *terminal, int input, int output, int delay);
/// Restores the terminal permanently.
void sg_screen_close(void);
/// Restores the terminal temporarily; `sg_screen_resume` initializes it again and redraws everything.
void sg_screen_suspend(void);
void sg_screen_resume(void);

/// The number of colours of the open screen, see `sg_screen_palette`.
int sg_screen_colors(void);
/// Clears the screen.
void sg_screen_resize(int width, int height);

/// Capabilities in the terminfo entry of the open screen: whether it has a flag; a number, or -1 for none; a string with two parameters,
/// without padding. `sg_screen_sequence` writes at most `size` bytes and returns their number, or -1 for none.
int sg_screen_flag(const char *capability);
int sg_screen_number(const char *capability);
int sg_screen_sequence(const char *capability, int first, int second, char *buffer, int size);

/// ncurses keys; all other results of `sg_screen_key` are Unicode scalars.
enum {
  SG_KEY_NONE = -1,
  SG_KEY_CODES = 0x200000,
  SG_KEY_UP = SG_KEY_CODES,
  SG_KEY_DOWN,
  SG_KEY_LEFT,
  SG_KEY_RIGHT,
  SG_KEY_PAGE_UP,
  SG_KEY_PAGE_DOWN,
  SG_KEY_HOME,
  SG_KEY_END,
  SG_KEY_ENTER,
  SG_KEY_BACKSPACE,
  SG_KEY_DELETE,
  SG_KEY_BACK_TAB,
  SG_KEY_MOUSE,
  SG_KEY_RESIZE,
  /// Input between these two is pasted, not typed.
  SG_KEY_PASTE_BEGIN,
  SG_KEY_PASTE_END,
  SG_KEY_OTHER,
  /// The number of the function key is added.
  SG_KEY_FUNCTION = SG_KEY_CODES + 0x100,
};

/// The next key, or `SG_KEY_NONE`. Blocks only while an escape sequence is incomplete. Terminal responses that are not keys are dropped.
int32_t sg_screen_key(void);

enum { SG_MOUSE_NONE, SG_MOUSE_CLICK, SG_MOUSE_WHEEL_UP, SG_MOUSE_WHEEL_DOWN };

/// Enables or disables the terminal's mouse reporting.
void sg_screen_mouse(bool on);
/// The mouse action and its position, from 0, after `SG_KEY_MOUSE`.
int sg_screen_take_mouse(int *x, int *y);

/// Installs handlers that restore the terminal and print a message when a signal ends the program, before the signal takes effect. `input`
/// and `output` are the terminal's descriptors; `diagnostics` is the descriptor to restore as standard error, or -1.
void sg_crash_guard(int input, int output, int diagnostics);

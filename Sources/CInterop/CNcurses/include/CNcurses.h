#pragma once
// ncursesw behind plain functions: its attributes and colour pairs are macros, its print family is variadic and
// its screen is a set of mutable globals. NCURSES_WIDECHAR must be set before the header is read.
#define NCURSES_WIDECHAR 1
#include <curses.h>

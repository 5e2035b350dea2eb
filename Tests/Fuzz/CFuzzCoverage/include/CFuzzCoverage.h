#pragma once
#include <stddef.h>
#include <stdint.h>

/// Whether the last input reached code that no input had reached before, or reached it much more often. Always 0 where the code was compiled
/// without counters. Counters are looked at in blocks, and only those blocks of which one was reached before; `all` finds the others, for the
/// next inputs: a look at all takes longer than most inputs.
int sg_fuzz_has_news(int all);
/// Edges that are counted; 0 where the code was compiled without counters.
size_t sg_fuzz_edges(void);
/// Forgets what was reached.
void sg_fuzz_forget(void);

/// From now on an end by a signal writes `bytes` to `path` and says so. Both must stay where they are.
void sg_fuzz_guard(const char *path);
void sg_fuzz_input(const uint8_t *bytes, size_t count);
/// An input that takes longer than this many seconds ends the program as a crash does. 0 ends the watch.
void sg_fuzz_patience(unsigned seconds);

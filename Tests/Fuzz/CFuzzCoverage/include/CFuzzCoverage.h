#pragma once
#include <stddef.h>
#include <stdint.h>

/// Whether the last input reached new code, or reached known code much more often. Always 0 if the code was compiled without counters.
/// Only blocks of counters that were reached before are checked; `all` also activates newly reached blocks for the following inputs,
/// because a full check takes longer than most inputs.
int sg_fuzz_has_news(int all);
/// The number of counted edges; 0 if the code was compiled without counters.
size_t sg_fuzz_edges(void);
/// Resets the coverage.
void sg_fuzz_forget(void);

/// Installs signal handlers that write the current input to `path` on a crash. The path and the input must stay valid.
void sg_fuzz_guard(const char *path);
void sg_fuzz_input(const uint8_t *bytes, size_t count);
/// Ends the program like a crash if an input takes longer than `seconds`. 0 disables the limit.
void sg_fuzz_patience(unsigned seconds);

#pragma once
// Replaces the process's resolver to simulate names whose look-up hangs.

/// From now on `getaddrinfo` sends requests for names that end in `.hanging.invalid` to a silent name server on loopback, and blocks. All
/// other names are resolved as usual. Returns -1 if no socket can be created.
int sg_begin_hanging_names(void);
/// Ends all pending look-ups; these names are unknown from now on.
void sg_end_hanging_names(void);
/// The number of pending look-ups.
int sg_hanging_lookups(void);

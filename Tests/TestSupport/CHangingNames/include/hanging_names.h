#pragma once
// The process's resolver with names that are never answered.

/// From now on `getaddrinfo` asks a name server on loopback that is silent for every name that ends in `.hanging.invalid`, and waits
/// for it; all other names are resolved as ever. Returns -1 when there is no socket for it.
int sg_begin_hanging_names(void);
/// Ends all waiting: those names are unknown from now on.
void sg_end_hanging_names(void);
/// How many look-ups wait.
int sg_hanging_lookups(void);

#pragma once
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/// What simdjson needs by itself: finds the five fields that an order's events are read for in each of `count` documents, which lie back to back, document i from `starts[i]`
/// to `starts[i + 1]`, with 64 bytes of room behind the last. Returns how many fields were found.
size_t sg_simdjson_pass(const void *bytes, const long *starts, size_t count);

/// Bytes that the allocator has given out and not got back.
size_t sg_heap_bytes(void);

/// How often the calling thread has asked the allocator for memory.
unsigned long sg_allocations(void);

#ifdef __cplusplus
}
#endif

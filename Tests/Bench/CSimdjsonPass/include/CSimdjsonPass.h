#pragma once
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/// A plain simdjson pass: finds the five fields of an order's events in `count` contiguous documents. Document i is from `starts[i]` to
/// `starts[i + 1]`; 64 bytes of padding follow the last. Returns the number of fields found.
size_t sg_simdjson_pass(const void *bytes, const long *starts, size_t count);

/// Heap memory in use, in bytes.
size_t sg_heap_bytes(void);

/// The number of allocations by the calling thread.
unsigned long sg_allocations(void);

#ifdef __cplusplus
}
#endif

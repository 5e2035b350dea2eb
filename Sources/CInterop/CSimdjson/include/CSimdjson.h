#pragma once
// Reads chosen fields out of a JSON document in one pass, by simdjson's on-demand parser. No C++ and no exception passes this header.

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// The paths that are wanted, compiled once. Read-only after the last `sg_json_plan_add`, and then safe on any thread.
typedef struct sg_json_plan sg_json_plan;

/// Buffers of one thread.
typedef struct sg_json_reader sg_json_reader;

enum {
  SG_JSON_STRING = 0,
  SG_JSON_NUMBER = 1,
  SG_JSON_TRUE = 2,
  SG_JSON_FALSE = 3,
  SG_JSON_NULL = 4,
};

/// One value that was found. `text` lives until the reader is used again: a string without its escapes, or the token as it
/// stands in the document. It is not terminated.
typedef struct {
  const char *text;
  size_t length;
  int32_t path;
  int32_t kind;
} sg_json_value;

sg_json_plan *sg_json_plan_new(void);
void sg_json_plan_free(sg_json_plan *plan);
/// Adds a path of object names from the outside in; the name `*` takes every element of an array. Returns the path's number
/// (the same for an equal path), or -1 when memory ran out.
int32_t sg_json_plan_add(sg_json_plan *plan, const char *const *names, size_t count);

sg_json_reader *sg_json_reader_new(void);
void sg_json_reader_free(sg_json_reader *reader);

/// The most values that are given of one path.
enum { SG_JSON_MOST_VALUES = 64 };

/// Reads `length` bytes. At most `capacity` values are given, in the order of the document; `*count` is how many. Returns 0, or
/// an error for `sg_json_error`; what was found before the error is given too.
int32_t sg_json_read(
    sg_json_reader *reader, const sg_json_plan *plan, const void *bytes, size_t length, sg_json_value *values,
    size_t capacity, size_t *count);

/// The sentence for an error; lives forever.
const char *sg_json_error(int32_t error);

#ifdef __cplusplus
}
#endif

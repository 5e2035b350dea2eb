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
  /// An array or an object, whole; only of paths that were added with `whole`.
  SG_JSON_WHOLE = 5,
};

/// One value that was found. `text` lives until the reader is used again: a string without its escapes, a number that is integral as its
/// digits (`7.0` and `7e0` are `7`), or the token as it stands in the document. It is not terminated.
typedef struct {
  const char *text;
  size_t length;
  int32_t path;
  int32_t kind;
} sg_json_value;

sg_json_plan *sg_json_plan_new(void);
void sg_json_plan_free(sg_json_plan *plan);
/// Adds a path of object names from the outside in. Of an array, the name `*` takes every element, a number the element in that place,
/// and a negative number one counted from the end. With `whole` an array or object that lies there is given as it stands in the document.
/// Returns the path's number (the same for an equal path), or -1 when memory ran out.
int32_t sg_json_plan_add(sg_json_plan *plan, const char *const *names, size_t count, int32_t whole);

/// For documents that are read by this plan, which must not change any more and must outlive the reader.
sg_json_reader *sg_json_reader_new(const sg_json_plan *plan);
void sg_json_reader_free(sg_json_reader *reader);

/// What was found in a document: `values` in the document's order, and per path the position of its first value, or -1. Of one path
/// at most 64 values are given.
typedef struct {
  const sg_json_value *values;
  const int32_t *first;
  int32_t count;
} sg_json_fields;

/// Reads `length` bytes. A text that is a document itself is read as that document. Returns 0, or an error for `sg_json_error`, and then no fields.
int32_t sg_json_read(sg_json_reader *reader, const void *bytes, size_t length, sg_json_fields *fields);

/// The sentence for an error; lives forever.
const char *sg_json_error(int32_t error);

#ifdef __cplusplus
}
#endif

#pragma once
// Reads selected fields of a JSON document in one pass with simdjson's on-demand parser. The header is plain C, and no exception is
// thrown.

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// The requested paths, compiled once. Read-only after the last `sg_json_plan_add`, and then safe on any thread.
typedef struct sg_json_plan sg_json_plan;

/// Buffers of one thread.
typedef struct sg_json_reader sg_json_reader;

enum {
  SG_JSON_STRING = 0,
  SG_JSON_NUMBER = 1,
  SG_JSON_TRUE = 2,
  SG_JSON_FALSE = 3,
  SG_JSON_NULL = 4,
  /// A whole array or object; only for paths that were added with `whole`.
  SG_JSON_WHOLE = 5,
};

/// A value. `text` is valid until the next use of the reader and not terminated: an unescaped string, the digits of an integral number
/// (`7.0` and `7e0` are `7`), or the token from the document.
typedef struct {
  const char *text;
  size_t length;
  int32_t path;
  int32_t kind;
} sg_json_value;

sg_json_plan *sg_json_plan_new(void);
void sg_json_plan_free(sg_json_plan *plan);
/// Adds a path of member names, outermost first. In an array, the name `*` selects all elements, a number the element at that index, and a
/// negative number an element counted from the end. With `whole`, an array or object is returned as its JSON text. Returns the path's
/// number (the same for equal paths), or -1 without memory.
int32_t sg_json_plan_add(sg_json_plan *plan, const char *const *names, size_t count, int32_t whole);

/// A reader for the plan, which must not change afterwards and must outlive the reader.
sg_json_reader *sg_json_reader_new(const sg_json_plan *plan);
void sg_json_reader_free(sg_json_reader *reader);

/// The result: `values` in the document's order, and per path the index of its first value, or -1. At most 64 values per path.
typedef struct {
  const sg_json_value *values;
  const int32_t *first;
  int32_t count;
} sg_json_fields;

/// Reads `length` bytes. A string that contains a document is read as that document. Returns 0, or an error for `sg_json_error` and no
/// fields.
int32_t sg_json_read(sg_json_reader *reader, const void *bytes, size_t length, sg_json_fields *fields);

/// The error as a sentence; valid forever.
const char *sg_json_error(int32_t error);

#ifdef __cplusplus
}
#endif

#pragma once
// Converts Protocol Buffers messages to JSON with schemas loaded at run time. The header is plain C, and no exception is thrown.

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// A compiled `.proto` file with its imports. Immutable and safe on any thread.
typedef struct sg_proto_schema sg_proto_schema;

/// Buffers of one thread.
typedef struct sg_proto_reader sg_proto_reader;

typedef struct {
  /// The name used in imports.
  const char *name;
  const char *text;
  size_t length;
  /// The text is a serialized `FileDescriptorProto` instead of source code.
  int32_t isCompiled;
} sg_proto_file;

enum {
  SG_PROTO_OK = 0,
  /// The bytes are not a message of that type.
  SG_PROTO_MALFORMED = 1,
  /// Nested too deeply.
  SG_PROTO_DEEP = 2,
  /// More JSON than `limit`.
  SG_PROTO_LARGE = 3,
  /// The schema has no such message.
  SG_PROTO_NO_MESSAGE = 4,
  SG_PROTO_NO_MEMORY = 5,
};

/// Compiles the first file. It may import the other files and Google's well-known types, which are part of the library. `message` is the
/// full name of the type for an empty list of indexes; NULL for the first. On failure returns NULL with the reason in `error`.
sg_proto_schema *sg_proto_parse(
    const sg_proto_file *files, size_t count, const char *message, char *error, size_t room);
/// The same for the last file of a `FileDescriptorSet`, as `protoc --descriptor_set_out` writes it.
sg_proto_schema *sg_proto_load(
    const void *descriptors, size_t length, const char *message, char *error, size_t room);
void sg_proto_schema_free(sg_proto_schema *schema);
/// Approximate memory in bytes.
size_t sg_proto_schema_size(const sg_proto_schema *schema);

sg_proto_reader *sg_proto_reader_new(void);
void sg_proto_reader_free(sg_proto_reader *reader);

/// `indexes` select the message type: the first is an index in the file, each further one an index in the previous type's nested types.
/// `json` has `jsonLength` bytes and is zero-terminated, like `name`, the message's full name. `json` is valid until the next use of the
/// reader.
int32_t sg_proto_read(
    sg_proto_reader *reader, const sg_proto_schema *schema, const int32_t *indexes, size_t indexCount,
    const void *bytes, size_t length, size_t limit, const char **json, size_t *jsonLength, const char **name);

#ifdef __cplusplus
}
#endif

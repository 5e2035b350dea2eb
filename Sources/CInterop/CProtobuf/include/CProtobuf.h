#pragma once
// Messages of Protocol Buffers as JSON, by schemas that are known only when the program runs. No C++ and no exception passes this header.

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// A `.proto` file and what it imports, compiled. Immutable, and safe on any thread.
typedef struct sg_proto_schema sg_proto_schema;

/// Buffers of one thread.
typedef struct sg_proto_reader sg_proto_reader;

typedef struct {
  /// As imports name it.
  const char *name;
  const char *text;
  size_t length;
  /// It is a serialized `FileDescriptorProto` in place of the source.
  int32_t isCompiled;
} sg_proto_file;

enum {
  SG_PROTO_OK = 0,
  /// The bytes are no message of that type.
  SG_PROTO_MALFORMED = 1,
  /// Nested too deeply.
  SG_PROTO_DEEP = 2,
  /// More JSON than `limit`.
  SG_PROTO_LARGE = 3,
  /// The schema has no such message.
  SG_PROTO_NO_MESSAGE = 4,
  SG_PROTO_NO_MEMORY = 5,
};

/// Compiles the first file; the others may be imported by it, as may Google's well-known types, which come with the library. `message` is
/// the full name of the message that the empty list of indexes stands for; NULL is the first. Returns NULL and the reason in `error` where
/// it cannot be compiled.
sg_proto_schema *sg_proto_parse(
    const sg_proto_file *files, size_t count, const char *message, char *error, size_t room);
/// The same of a `FileDescriptorSet`, as `protoc --descriptor_set_out` writes it: of its last file.
sg_proto_schema *sg_proto_load(
    const void *descriptors, size_t length, const char *message, char *error, size_t room);
void sg_proto_schema_free(sg_proto_schema *schema);
/// Memory that it takes, roughly.
size_t sg_proto_schema_size(const sg_proto_schema *schema);

sg_proto_reader *sg_proto_reader_new(void);
void sg_proto_reader_free(sg_proto_reader *reader);

/// Where a message lies: of the file's messages the one in the first place, of those that stand in it the one in the second, and so on.
/// `json` and `name`, the message's full name, are ended by `jsonLength` and a zero byte; `json` lives until the reader is used again.
int32_t sg_proto_read(
    sg_proto_reader *reader, const sg_proto_schema *schema, const int32_t *indexes, size_t indexCount,
    const void *bytes, size_t length, size_t limit, const char **json, size_t *jsonLength, const char **name);

#ifdef __cplusplus
}
#endif

#pragma once
#include <zlib.h>

/// Initializes inflation of zlib or gzip data, or of a raw deflate stream with `isRaw`; `inflateInit2` is a macro. Returns `Z_OK` or an
/// error.
static inline int sg_inflate_begin(z_stream *stream, int isRaw) {
  // 15 is the maximum window size; adding 32 detects zlib or gzip from the header.
  return inflateInit2(stream, isRaw ? -15 : 15 + 32);
}

#pragma once
#include <zlib.h>

/// Begins to inflate what zlib, gzip or, with `isRaw`, a bare deflate stream holds; `inflateInit2` is a macro. Returns `Z_OK` or an error.
static inline int sg_inflate_begin(z_stream *stream, int isRaw) {
  // 15 is the largest window; 32 more finds out by the head whether it is zlib or gzip.
  return inflateInit2(stream, isRaw ? -15 : 15 + 32);
}

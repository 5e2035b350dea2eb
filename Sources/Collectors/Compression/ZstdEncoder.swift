import CZstd

/// Packs a stream. Belongs to one thread at a time.
struct ZstdEncoder: ~Copyable {
  private let stream: OpaquePointer
  private var room = [UInt8](repeating: 0, count: ZSTD_CStreamOutSize())

  /// `nil` without memory for it.
  init?() {
    guard let stream = ZSTD_createCCtx() else { return nil }
    self.stream = stream
    _ = ZSTD_CCtx_setParameter(stream, ZSTD_c_checksumFlag, 1)
  }

  deinit { ZSTD_freeCCtx(stream) }

  /// What the packed stream grows by. `isFlushed`: all so far can be unpacked from it. `isEnd`: it is whole.
  mutating func pack(_ bytes: [UInt8], isFlushed: Bool = false, isEnd: Bool = false) -> [UInt8]? {
    let mode = isEnd ? ZSTD_e_end : isFlushed ? ZSTD_e_flush : ZSTD_e_continue
    var packed: [UInt8] = []
    let isGood = bytes.withUnsafeBytes { bytes in
      var input = ZSTD_inBuffer(src: bytes.baseAddress, size: bytes.count, pos: 0)
      while true {
        let (rest, count) = room.withUnsafeMutableBytes { room in
          var output = ZSTD_outBuffer(dst: room.baseAddress, size: room.count, pos: 0)
          return (ZSTD_compressStream2(stream, &output, &input, mode), output.pos)
        }
        if ZSTD_isError(rest) != 0 { return false }
        packed += room[..<count]
        if mode == ZSTD_e_continue ? input.pos == input.size : rest == 0 { return true }
      }
    }
    return isGood ? packed : nil
  }
}

import CZstd

/// Decompresses a zstd stream. Used by one thread at a time.
struct ZstdDecoder: ~Copyable {
  private let stream: OpaquePointer
  private var room = [UInt8](repeating: 0, count: ZSTD_DStreamOutSize())
  /// Whether the stream is inside a frame.
  private(set) var isOpen = false
  /// More output is available without more input.
  private(set) var isFull = false
  /// Maximum output of one call, about: a few input bytes can expand to gigabytes.
  private static let most = 1 << 20

  /// `nil` if out of memory. `largestWindow` is the binary logarithm of the maximum window size in bytes. A ten-byte input can request a
  /// window of 128 MiB.
  init?(largestWindow: Int32 = 27) {
    guard let stream = ZSTD_createDCtx() else { return nil }
    self.stream = stream
    _ = ZSTD_DCtx_setParameter(stream, ZSTD_d_windowLogMax, largestWindow)
  }

  deinit { ZSTD_freeDCtx(stream) }

  static func isPacked(_ bytes: [UInt8]) -> Bool { bytes.starts(with: [0x28, 0xb5, 0x2f, 0xfd]) }

  /// Appends decompressed bytes, at most about 1 MiB per call, and leaves the unread input in `bytes`. Returns false if the input is
  /// damaged; the rest of the stream cannot be decompressed then.
  mutating func unpack(_ bytes: inout ArraySlice<UInt8>, into unpacked: inout [UInt8]) -> Bool {
    let limit = unpacked.count + Self.most
    let (isGood, taken) = bytes.withUnsafeBytes { bytes in
      var input = ZSTD_inBuffer(src: bytes.baseAddress, size: bytes.count, pos: 0)
      repeat {
        let (rest, count) = room.withUnsafeMutableBytes { room in
          var output = ZSTD_outBuffer(dst: room.baseAddress, size: room.count, pos: 0)
          return (ZSTD_decompressStream(stream, &output, &input), output.pos)
        }
        if ZSTD_isError(rest) != 0 { return (false, input.pos) }
        isOpen = rest != 0
        // The frame is complete. Another call would start the next frame and request its header.
        isFull = count == room.count && rest != 0
        unpacked += room[..<count]
      } while (input.pos < input.size || isFull) && unpacked.count < limit
      return (true, input.pos)
    }
    bytes = bytes.dropFirst(taken)
    return isGood
  }
}

/// Compresses a zstd stream. Used by one thread at a time.
struct ZstdEncoder: ~Copyable {
  private let stream: OpaquePointer
  private var room = [UInt8](repeating: 0, count: ZSTD_CStreamOutSize())

  /// `nil` if out of memory.
  init?() {
    guard let stream = ZSTD_createCCtx() else { return nil }
    self.stream = stream
    _ = ZSTD_CCtx_setParameter(stream, ZSTD_c_checksumFlag, 1)
  }

  deinit { ZSTD_freeCCtx(stream) }

  /// The bytes to append to the compressed stream. `isFlushed`: all input so far can be decompressed from it. `isEnd`: ends the stream.
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

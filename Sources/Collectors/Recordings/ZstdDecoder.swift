import CZstd

/// Unpacks a stream. Belongs to one thread at a time.
struct ZstdDecoder: ~Copyable {
  private let stream: OpaquePointer
  private var room = [UInt8](repeating: 0, count: ZSTD_DStreamOutSize())
  /// A frame has begun and not ended.
  private(set) var isOpen = false

  /// `nil` without memory for it.
  init?() {
    guard let stream = ZSTD_createDCtx() else { return nil }
    self.stream = stream
  }

  deinit { ZSTD_freeDCtx(stream) }

  static func isPacked(_ bytes: [UInt8]) -> Bool { bytes.starts(with: [0x28, 0xb5, 0x2f, 0xfd]) }

  /// Appends what the packed bytes hold; false when they are damaged, and then nothing after them can be unpacked.
  mutating func unpack(_ bytes: ArraySlice<UInt8>, into unpacked: inout [UInt8]) -> Bool {
    bytes.withUnsafeBytes { bytes in
      var input = ZSTD_inBuffer(src: bytes.baseAddress, size: bytes.count, pos: 0)
      var isFull = true
      while input.pos < input.size || isFull {
        let (rest, count) = room.withUnsafeMutableBytes { room in
          var output = ZSTD_outBuffer(dst: room.baseAddress, size: room.count, pos: 0)
          return (ZSTD_decompressStream(stream, &output, &input), output.pos)
        }
        if ZSTD_isError(rest) != 0 { return false }
        isOpen = rest != 0
        isFull = count == room.count
        unpacked += room[..<count]
      }
      return true
    }
  }
}

/// Memory for bytes created while decoding one message, such as the text of a template. Their addresses are stable until `clear`. Belongs
/// to one thread.
final class Scratch {
  private static let blockSize = 1 << 14

  private var blocks: [UnsafeMutableRawBufferPointer] = []
  /// Used bytes of the last block, and the start of the open text in it.
  private var used = 0
  private var start = 0

  deinit {
    for block in blocks { block.deallocate() }
  }

  func clear() {
    while blocks.count > 1 { blocks.removeLast().deallocate() }
    used = 0
    start = 0
  }

  /// Starts a text and discards an unfinished one.
  func begin() { used = start }

  func append(_ bytes: some Collection<UInt8>) {
    reserve(bytes.count)
    let last = blocks[blocks.count - 1]
    for byte in bytes {
      last[used] = byte
      used += 1
    }
  }

  /// The text since `begin`; valid until `clear`.
  func end() -> UnsafeRawBufferPointer {
    guard let last = blocks.last else { return Bytes.empty }
    defer { start = used }
    return UnsafeRawBufferPointer(rebasing: last[start..<used])
  }

  func copy(_ bytes: some Collection<UInt8>) -> UnsafeRawBufferPointer {
    begin()
    append(bytes)
    return end()
  }

  /// Moves the open text to a larger block if it does not fit. This is safe, because it was not returned yet.
  private func reserve(_ count: Int) {
    if let last = blocks.last, used + count <= last.count { return }
    let open = used - start
    let block = UnsafeMutableRawBufferPointer.allocate(
      byteCount: max(Self.blockSize, 2 * (open + count)), alignment: 16)
    if let last = blocks.last { block.copyBytes(from: last[start..<used]) }
    blocks.append(block)
    start = 0
    used = open
  }
}

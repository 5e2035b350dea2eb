/// Bytes that are made while one message is decoded, such as the text of a template. They stay in place until `clear`. Belongs to one
/// thread.
final class Scratch {
  private static let blockSize = 1 << 14

  private var blocks: [UnsafeMutableRawBufferPointer] = []
  /// Bytes of the last block that are taken, and where in it the open text begins.
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

  /// Begins a text; what was begun and not ended is given up.
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

  /// The open text moves to a larger block where it does not fit: nobody has seen it yet.
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

import Core
import Glibc

/// The end of what a program prints into a pipe.
struct OutputTail {
  private static let longest = 16_384

  let descriptor: Int32
  private var bytes: [UInt8] = []
  private(set) var isOpen = true

  init(_ descriptor: Int32) {
    self.descriptor = descriptor
    _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
  }

  var text: String { ByteText.text(bytes) }

  /// Takes what is there.
  mutating func take() {
    var chunk = [UInt8](repeating: 0, count: 4096)
    while isOpen {
      let count = read(descriptor, &chunk, chunk.count)
      if count < 0, errno == EINTR { continue }
      if count < 0, errno == EAGAIN { return }
      guard count > 0 else {
        isOpen = false
        return
      }
      bytes += chunk[..<count]
      if bytes.count > Self.longest { bytes.removeFirst(bytes.count - Self.longest) }
    }
  }
}

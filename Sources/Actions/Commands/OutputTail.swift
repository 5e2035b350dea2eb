import Core
import Glibc
import Text

/// The end of what a program prints into a pipe.
struct OutputTail {
  private static let longest = 16_384
  /// Of one look, in chunks: a program that writes without end must not keep its reader from looking at the time.
  private static let mostChunks = 32

  let descriptor: Int32
  private var bytes: [UInt8] = []
  private(set) var isOpen = true

  init(_ descriptor: Int32) {
    self.descriptor = descriptor
    _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
  }

  var text: String { ByteText.text(bytes) }

  /// Takes what is there, or a part of it where that is very much.
  mutating func take() {
    var chunk = [UInt8](repeating: 0, count: 4096)
    for _ in 0..<Self.mostChunks where isOpen {
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

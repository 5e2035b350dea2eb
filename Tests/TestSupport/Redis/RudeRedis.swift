import Glibc

/// A server on a private port that replies to every read with the same bytes, at once or, with `drips`, one byte every few milliseconds
/// until the connection ends.
package final class RudeRedis: Sendable {
  package let port: UInt16
  private let listener: Int32

  package init(drips: Bool = false, _ answer: @escaping @Sendable (Int) -> String) throws {
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(listener, $0, size) == 0 && listen(listener, 16) == 0 && getsockname(listener, $0, &size) == 0
      }
    }
    guard isBound else { throw TestFailure("no port for a server") }
    self.listener = listener
    port = UInt16(bigEndian: address.sin_port)
    start(Work(listener: listener, drips: drips, answer: answer))
  }

  deinit {
    shutdown(listener, Int32(SHUT_RDWR))
    close(listener)
  }

  private final class Work: Sendable {
    let listener: Int32
    let drips: Bool
    let answer: @Sendable (Int) -> String

    init(listener: Int32, drips: Bool, answer: @escaping @Sendable (Int) -> String) {
      (self.listener, self.drips, self.answer) = (listener, drips, answer)
    }

    func run() {
      while true {
        let connection = accept(listener, nil, nil)
        if connection < 0 { return }
        serve(connection)
        close(connection)
      }
    }

    private func serve(_ connection: Int32) {
      var buffer = [UInt8](repeating: 0, count: 4096)
      var reads = 0
      while recv(connection, &buffer, buffer.count, 0) > 0 {
        let bytes = Array(answer(reads).utf8)
        reads += 1
        repeat {
          guard send(connection, bytes, bytes.count, Int32(MSG_NOSIGNAL)) > 0 else { return }
          if drips { usleep(20_000) }
        } while drips
      }
    }
  }

  private func start(_ work: Work) {
    var thread = pthread_t()
    pthread_create(&thread, nil, runRudeRedis, Unmanaged.passRetained(work).toOpaque())
    pthread_detach(thread)
  }

  fileprivate static func run(_ pointer: UnsafeMutableRawPointer) {
    Unmanaged<Work>.fromOpaque(pointer).takeRetainedValue().run()
  }
}

private func runRudeRedis(_ pointer: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  if let pointer { RudeRedis.run(pointer) }
  return nil
}

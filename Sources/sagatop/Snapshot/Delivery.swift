import Glibc

/// The destination of a command's document: standard output, or a file that is replaced atomically.
struct Delivery {
  /// Bytes that a writable pipe accepts without blocking.
  private static let portion = 4096
  /// Time to wait for a slow reader after a signal, in milliseconds.
  private static let grace: Int32 = 1000

  let path: String?
  let interrupts: Interrupts

  enum Failure: Error {
    case readerGone
    case failed(CommandFailure)
    case interrupted(Int32)
  }

  /// Writes the complete text, unless the reader is closed. A signal before the first byte prevents any output. A later signal is handled
  /// when all is written, or when the reader accepts no more data.
  func write(_ text: String) throws(Failure) {
    do { try write { try $0(Array(text.utf8)) } } catch let failure as Failure { throw failure } catch {
      throw .failed(CommandFailure("\(error)", code: ExitCode.inputOutput))
    }
  }

  /// The same for a document that is generated while it is written. `produce` passes its parts. Throws a `Failure`, or the errors of
  /// `produce`.
  func write(_ produce: (_ part: ([UInt8]) throws -> Void) throws -> Void) throws {
    if let number = interrupts.taken { throw Failure.interrupted(number) }
    guard let path else {
      var isFirst = true
      return try produce { part in
        try print(part, isFirst: isFirst)
        isFirst = isFirst && part.isEmpty
      }
    }
    do { try AtomicFile.write(to: path, produce) } catch let failure as AtomicFile.Failure {
      throw Failure.failed(CommandFailure(failure.message, code: ExitCode.inputOutput))
    }
    interrupts.noteDelivery()
  }

  /// Writes the last document. A closed reader is not an error, because it has read what it needs.
  func finish(_ text: String) throws { try finish { try $0(Array(text.utf8)) } }

  func finish(_ produce: (_ part: ([UInt8]) throws -> Void) throws -> Void) throws {
    do { try write(produce) } catch Failure.readerGone {}
    if let number = interrupts.taken { throw Failure.interrupted(number) }
  }

  private func print(_ bytes: [UInt8], isFirst: Bool) throws(Failure) {
    var rest = bytes[...]
    while !rest.isEmpty {
      try waitForReader(isFirst: isFirst && rest.count == bytes.count)
      interrupts.noteDelivery()
      let part = rest.prefix(Self.portion)
      let count = part.withUnsafeBytes { Glibc.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR || errno == EAGAIN { continue }
      guard count > 0 else { throw failure() }
      rest = rest.dropFirst(count)
    }
  }

  private func waitForReader(isFirst: Bool) throws(Failure) {
    var entries = [
      pollfd(fd: STDOUT_FILENO, events: Int16(POLLOUT), revents: 0),
      pollfd(fd: interrupts.descriptor, events: Int16(POLLIN), revents: 0),
    ]
    while true {
      let number = interrupts.taken
      if let number, isFirst { throw .interrupted(number) }
      let ready = poll(&entries, number == nil ? 2 : 1, number == nil ? -1 : Self.grace)
      if ready > 0, entries[0].revents != 0 { return }
      if ready == 0, let number { throw .interrupted(number) }
      if ready < 0, errno != EINTR { return }
    }
  }

  private func failure() -> Failure {
    if errno == EPIPE { return .readerGone }
    let reason = String(cString: strerror(errno))
    return .failed(CommandFailure("standard output cannot be written: \(reason)", code: ExitCode.inputOutput))
  }
}

import Glibc

/// Where a command's document goes: standard output, or a file that is replaced as a whole.
struct Delivery {
  /// What a pipe that can be written to takes at once.
  private static let portion = 4096
  /// How long a reader that takes nothing is waited for after a signal.
  private static let grace: Int32 = 1000

  let path: String?
  let interrupts: Interrupts

  enum Failure: Error {
    case readerGone
    case failed(CommandFailure)
    case interrupted(Int32)
  }

  /// Whole, unless the reader goes away. A signal that comes before the first byte leaves nothing written; one that comes later is heeded
  /// when all is written, or when the reader takes no more.
  func write(_ text: String) throws(Failure) {
    do { try write { try $0(Array(text.utf8)) } } catch let failure as Failure { throw failure } catch {
      throw .failed(CommandFailure("\(error)", code: ExitCode.inputOutput))
    }
  }

  /// The same of a document that is made while it is written. `produce` hands over its parts. Throws a `Failure`, or what `produce` throws.
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

  /// The last that is written. A reader that goes away has what it wanted: the exit code is for whoever waits for it.
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

import Glibc

/// The log of the services: a file, stderr, or none.
final class Log {
  private let descriptor: Descriptor?

  private init(_ descriptor: Descriptor?) {
    self.descriptor = descriptor
  }

  static func discarding() -> Log { Log(nil) }

  static func appending(to path: String) throws(SystemFailure) -> Log {
    let number = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
    guard number >= 0 else { throw .last("opening the log \(path)") }
    return Log(Descriptor(number))
  }

  static func standardError() -> Log {
    Log(Descriptor(fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3)))
  }

  /// Writes one line with control characters escaped.
  func write(_ source: String, _ text: String) {
    guard let descriptor else { return }
    let line = "\(Clock.epochMilliseconds()) \(source): \(Self.visible(text))\n"
    Output.write(line, to: descriptor.number)
  }

  private static func visible(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      let isControl = scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
      result.append(isControl ? "\u{FFFD}" : scalar)
    }
    return String(result)
  }
}

/// Complete writes to a descriptor.
enum Output {
  /// Writes all of `text`; returns whether everything was written.
  @discardableResult
  static func write(_ text: String, to descriptor: Int32) -> Bool {
    var text = text
    return text.withUTF8 { bytes in
      var rest = UnsafeRawBufferPointer(bytes)
      while !rest.isEmpty {
        let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { return false }
        rest = UnsafeRawBufferPointer(rebasing: rest[count...])
      }
      return true
    }
  }
}

/// The true events as JSON lines. Each style documents its members at its entry type.
final class Ledger {
  private let descriptor: Descriptor?
  /// Why a line is missing; `nil` if the ledger is complete.
  private(set) var failure: String?

  /// Appends to the file at `path`; writes nothing if `path` is `nil`.
  init(path: String?) throws(SystemFailure) {
    guard let path else {
      descriptor = nil
      return
    }
    let number = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
    guard number >= 0 else { throw .last("opening the ledger \(path)") }
    descriptor = Descriptor(number)
  }

  func write(_ line: JSON) {
    guard let descriptor else { return }
    if !Output.write(line.text + "\n", to: descriptor.number), failure == nil {
      failure = "the ledger is not complete: \(String(cString: strerror(errno)))"
    }
  }
}

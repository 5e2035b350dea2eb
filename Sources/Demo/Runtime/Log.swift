import Glibc

/// The services' log: a file, standard error, or nowhere.
final class Log {
  private let descriptor: Descriptor?

  private init(_ descriptor: Descriptor?) {
    self.descriptor = descriptor
  }

  static func discarding() -> Log { Log(nil) }

  /// Appends to the file at `path`.
  static func appending(to path: String) throws(SystemFailure) -> Log {
    let number = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
    guard number >= 0 else { throw .last("opening the log \(path)") }
    return Log(Descriptor(number))
  }

  static func standardError() -> Log {
    Log(Descriptor(fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3)))
  }

  /// Writes one line, control characters made visible.
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

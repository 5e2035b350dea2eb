import Glibc

/// What truly happened, as JSON lines: what their members are is said where each style makes its own.
final class Ledger {
  private let descriptor: Descriptor?
  /// Why a line is missing; `nil` while all are there.
  private(set) var failure: String?

  /// Appends to the file at `path`, or writes nothing without one.
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

import Glibc

/// Where a command's document goes: standard output, or a file that is written whole or not at all.
struct OutputTarget {
  /// `nil` is standard output.
  var path: String?

  /// Returns the program's exit code.
  func write(_ text: String) -> Int32 {
    guard let path else {
      // A reader that has gone away has what it wanted.
      if Output.write(text, to: STDOUT_FILENO) || errno == EPIPE { return ExitCode.fine }
      Output.complain("standard output cannot be written: \(String(cString: strerror(errno)))")
      return ExitCode.inputOutput
    }
    switch AtomicFile.write(text, to: path) {
    case .success: return ExitCode.fine
    case .failure(let error):
      Output.complain(error.message)
      return ExitCode.inputOutput
    }
  }
}

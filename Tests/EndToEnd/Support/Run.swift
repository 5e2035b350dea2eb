import Foundation

/// A program run to its end.
struct Run {
  var code: Int32
  var output: String
  var errors: String

  /// Runs a program with an environment that holds nothing but what is named and what every program needs.
  static func command(
    _ path: String, _ arguments: [String], environment: [String: String] = [:], input: String = ""
  ) throws -> Run {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = arguments
    process.currentDirectoryURL = Binaries.root
    let home = FileManager.default.temporaryDirectory.appendingPathComponent("sagatop-no-home").path
    let base = ["PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": home, "LC_ALL": "C.UTF-8"]
    process.environment = base.merging(environment) { $1 }
    let output = Pipe(), errors = Pipe(), stdin = Pipe()
    process.standardOutput = output
    process.standardError = errors
    process.standardInput = stdin
    try process.run()
    stdin.fileHandleForWriting.write(Data(input.utf8))
    try stdin.fileHandleForWriting.close()
    let printed = DispatchQueue.global().asyncRead(errors.fileHandleForReading)
    let text = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return Run(
      code: process.terminationStatus, output: String(decoding: text, as: UTF8.self),
      errors: String(decoding: printed.wait(), as: UTF8.self))
  }

  static func sagatop(_ arguments: [String], environment: [String: String] = [:]) throws -> Run {
    try command(Binaries.sagatop, arguments, environment: environment)
  }

  static func demo(_ arguments: [String]) throws -> Run {
    try command(Binaries.demo, arguments)
  }
}

/// What another thread reads meanwhile, so that neither pipe fills up.
final class PendingRead: @unchecked Sendable {
  // Written by one block before the semaphore is signalled, read after it was waited for.
  private var data = Data()
  private let done = DispatchSemaphore(value: 0)

  fileprivate func finish(_ data: Data) {
    self.data = data
    done.signal()
  }

  func wait() -> Data {
    done.wait()
    return data
  }
}

extension DispatchQueue {
  fileprivate func asyncRead(_ handle: FileHandle) -> PendingRead {
    let pending = PendingRead()
    async { pending.finish(handle.readDataToEndOfFile()) }
    return pending
  }
}

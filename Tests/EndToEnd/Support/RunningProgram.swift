import CSystem
import Foundation

/// A program that runs during a test, with its output in files. It is ended when this object is deinitialized.
/// Only `end` blocks a thread, because concurrent tests share the threads of Swift's pool.
final class RunningProgram {
  private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("sagatop-run-\(UUID().uuidString)")
  private let line: String
  private var pid: pid_t = 0
  private var hasEnded = false

  init(_ path: String, _ arguments: [String], environment: [String: String] = [:]) throws {
    line = ([path] + arguments).joined(separator: " ")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let base = ["PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": folder.path, "LC_ALL": "C.UTF-8"]
    pid = try Run.spawn(
      [path] + arguments, environment: base.merging(environment) { $1 }, output: file("output").path,
      errors: file("errors").path)
  }

  deinit {
    if pid > 0, !hasEnded { kill(pid, SIGTERM) }
    try? FileManager.default.removeItem(at: folder)
  }

  /// Whether standard error contains the text.
  func hasSaid(_ text: String) throws -> Bool { try self.text(file("errors")).contains(text) }

  func send(_ signal: Int32) { kill(pid, signal) }

  /// Waits until the program has ended. The code is its exit code, or 128 plus the signal's number.
  func end(within seconds: Double = 180) throws -> Run {
    let code = try eventually(within: seconds, "`\(line)` ends") {
      var status: Int32 = 0
      return waitpid(self.pid, &status, WNOHANG) == self.pid ? sg_exit_code(status) : nil
    }
    hasEnded = true
    return Run(code: code, output: try text(file("output")), errors: try text(file("errors")))
  }

  private func file(_ name: String) -> URL { folder.appendingPathComponent(name) }

  private func text(_ file: URL) throws -> String { String(decoding: try Data(contentsOf: file), as: UTF8.self) }
}

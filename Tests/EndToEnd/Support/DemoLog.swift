import Foundation

/// When the demo did what was asked of it, by its own log.
final class DemoLog {
  let file = FileManager.default.temporaryDirectory.appendingPathComponent("demo-\(UUID().uuidString).log")

  deinit { try? FileManager.default.removeItem(at: file) }

  /// Milliseconds since 1970; waits for it.
  func time(of fault: String) throws -> Double {
    try eventually(within: 60, "\(fault) is in the demo's log") {
      let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
      let line = text.split(separator: "\n").first { $0.hasSuffix(" ms: \(fault)") }
      return line?.split(separator: " ").first.flatMap { Double($0) }
    }
  }
}

import Foundation

/// The demo's log of executed faults.
final class DemoLog {
  let file = FileManager.default.temporaryDirectory.appendingPathComponent("demo-\(UUID().uuidString).log")

  deinit { try? FileManager.default.removeItem(at: file) }

  /// Waits for the fault. Returns its time in milliseconds since 1970.
  func time(of fault: String) throws -> Double {
    try eventually(within: 60, "\(fault) is in the demo's log") {
      let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
      let line = text.split(separator: "\n").first { $0.hasSuffix(" ms: \(fault)") }
      return line?.split(separator: " ").first.flatMap { Double($0) }
    }
  }
}

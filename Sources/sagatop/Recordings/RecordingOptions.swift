import Collectors
import Configuration
import Core

/// Options of `record`, `replay` and `--from`.
struct RecordingOptions: Sendable {
  /// For `--from`: recordings to read instead of the system.
  var files: [String] = []
  /// As typed; it can be parsed only with the recording.
  var at: String?
  var speed = 1.0
  var isFromStart = false
  var limits = RecordingWriter.Limits()
  var masked: [FieldSource] = []
  var maskedTexts: [String] = []
  /// Path for the snapshot that `record` writes at its end.
  var snapshot: String?

  static let all: [Option] = [
    Option("from", value: "FILE", "read a recording instead of the system; repeatable", commands: Set(reading)) {
      $0.recording.files.append($1)
    },
    Option(
      "at", value: "TIME", "time in the recording: 14:03:22, ISO 8601 or +90s", commands: Set(reading + [.replay])
    ) { $0.recording.at = $1 },
    Option("speed", value: "N", "speed factor from 0.1 to 1000 (default 1)", commands: [.replay]) {
      (invocation, text) throws(UsageError) in
      guard let speed = Double(text), ReplayPace.speeds.contains(speed) else {
        throw UsageError(message: "--speed: expected a number from 0.1 to 1000, found `\(text)`")
      }
      invocation.recording.speed = speed
    },
    Option("from-start", "start before the first complete read", commands: [.replay]) {
      invocation, _ in invocation.recording.isFromStart = true
    },
    Option("max-size", value: "SIZE", "maximum file size, such as 500M (default 1G)", commands: [.record]) {
      (invocation, text) throws(UsageError) in invocation.recording.limits.size = try size(text)
    },
    Option("rotate", value: "N", "start a new file when one is full; keep N files", commands: [.record]) {
      (invocation, text) throws(UsageError) in
      guard let count = Int(text), (1...1000).contains(count) else {
        throw UsageError(message: "--rotate: expected a number of files from 1 to 1000, found `\(text)`")
      }
      invocation.recording.limits.files = count
    },
    Option("mask", value: "PATH,...", "replace values by pseudonyms: PATH, key, header:NAME", commands: [.record]) {
      (invocation, text) throws(UsageError) in
      for part in text.split(separator: ",").map(String.init) {
        guard let source = try? FieldSourceText.parse(part), Self.isMaskable(source) else {
          throw UsageError(message: "--mask: expected data.name, items.*.id, key or header:NAME, found `\(part)`")
        }
        invocation.recording.masked.append(source)
        invocation.recording.maskedTexts.append(part)
      }
    },
    Option("snapshot", value: "FILE", "write a JSON snapshot at the end", commands: [.record]) {
      $0.recording.snapshot = $1
    },
  ]

  private static let reading: [Invocation.Command] = [.snapshot, .why, .report, .ready]

  private static func isMaskable(_ source: FieldSource) -> Bool {
    switch source {
    case .path, .header, .key: true
    case .keyPath, .topic, .template: false
    }
  }

  private static func size(_ text: String) throws(UsageError) -> Int {
    let units: [Character: Int] = ["K": 1 << 10, "M": 1 << 20, "G": 1 << 30]
    let unit = text.last.flatMap { units[Character($0.uppercased())] }
    let (size, overflow) = (Int(unit == nil ? text : String(text.dropLast())) ?? 0)
      .multipliedReportingOverflow(by: unit ?? 1)
    guard !overflow, size >= 4096 else {
      throw UsageError(message: "--max-size: expected a size from 4K such as 500M or 2G, found `\(text)`")
    }
    return size
  }
}

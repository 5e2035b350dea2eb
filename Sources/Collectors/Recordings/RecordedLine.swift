import Core
import Text

/// The current line of a recording, with access to the fields of a message. Belongs to one thread.
struct RecordedLine: ~Copyable {
  private struct Paths {
    let at, kind, topic, partition, offset, time, received, type, key, key64, body, body64, headers, headers64: Int

    init(_ plan: JSONPlan) {
      (at, kind, topic) = (plan.add(["at"]), plan.add(["kind"]), plan.add(["topic"]))
      (partition, offset) = (plan.add(["partition"]), plan.add(["offset"]))
      (time, received, type) = (plan.add(["time"]), plan.add(["received"]), plan.add(["type"]))
      (key, key64, body, body64) = (plan.add(["key"]), plan.add(["key64"]), plan.add(["body"]), plan.add(["body64"]))
      (headers, headers64) = (plan.add(["headers", "*"]), plan.add(["headers64", "*"]))
    }
  }

  private static let message = Array("message".utf8)

  private let paths: Paths
  private var reader: JSONReader
  /// The whole line; empty for messages.
  private(set) var bytes: [UInt8] = []

  init() {
    let plan = JSONPlan()
    paths = Paths(plan)
    reader = JSONReader(plan)
  }

  /// The time of the observation; `nil` if the line is no observation.
  mutating func read(_ line: ArraySlice<UInt8>) -> Timestamp? {
    guard line.withUnsafeBytes({ reader.read($0) }) == nil, let time = time(paths.at), hasKind else { return nil }
    bytes.removeAll(keepingCapacity: true)
    if !isMessage { bytes += line }
    guard isMessage else { return time }
    // The next offset must also be valid.
    return whole(paths.offset).map { (0..<Int64.max).contains($0) } ?? false ? time : nil
  }

  var kind: String { reader.fields.value(at: paths.kind).map(Bytes.string) ?? "" }
  private var hasKind: Bool { reader.fields.value(at: paths.kind) != nil }
  private var isMessage: Bool {
    reader.fields.value(at: paths.kind).map { Bytes.equal($0, Self.message) } ?? false
  }

  var topic: UnsafeRawBufferPointer { reader.fields.value(at: paths.topic) ?? Bytes.empty }
  var partition: Int32 { whole(paths.partition).flatMap { Int32(exactly: $0) } ?? -1 }
  var offset: Int64 { whole(paths.offset) ?? 0 }
  var brokerTime: Timestamp? { time(paths.time) }
  var receivedAt: Timestamp? { time(paths.received) }
  var type: String? { reader.fields.value(at: paths.type).map(Bytes.string) }

  /// Calls `use` with the key, the body (`nil` for a tombstone) and the headers as alternating names and values.
  func withParts(_ use: (UnsafeRawBufferPointer, UnsafeRawBufferPointer?, [UnsafeRawBufferPointer]) -> Void) {
    withBytes(paths.key, paths.key64) { key in
      withBytes(paths.body, paths.body64) { body in
        var texts: [UnsafeRawBufferPointer] = []
        reader.fields.forEachValue(at: paths.headers) { texts.append($0) }
        if !texts.isEmpty { return use(key ?? Bytes.empty, body, texts) }
        var decoded: [UInt8] = []
        var ends: [Int] = []
        reader.fields.forEachValue(at: paths.headers64) { text in
          decoded += Base64.decoded(text) ?? []
          ends.append(decoded.count)
        }
        decoded.withUnsafeBytes { bytes in
          let starts = [0] + ends.dropLast()
          let parts = zip(starts, ends).map { UnsafeRawBufferPointer(rebasing: bytes[$0..<$1]) }
          use(key ?? Bytes.empty, body, parts)
        }
      }
    }
  }

  private func withBytes(_ text: Int, _ base64: Int, _ use: (UnsafeRawBufferPointer?) -> Void) {
    if let value = reader.fields.value(at: text) { return use(value) }
    guard let value = reader.fields.value(at: base64), let bytes = Base64.decoded(value) else { return use(nil) }
    bytes.withUnsafeBytes { use($0) }
  }

  private func time(_ path: Int) -> Timestamp? { whole(path).map(Timestamp.init(nanoseconds:)) }

  private func whole(_ path: Int) -> Int64? { reader.fields.value(at: path).flatMap(Self.whole) }

  /// Parses without a string for speed: each line has three numbers.
  private static func whole(_ digits: UnsafeRawBufferPointer) -> Int64? {
    let isNegative = digits.first == UInt8(ascii: "-")
    guard (1...19).contains(digits.count - (isNegative ? 1 : 0)) else { return nil }
    var value: Int64 = 0
    for byte in digits.dropFirst(isNegative ? 1 : 0) {
      let digit = Int64(byte) - Int64(UInt8(ascii: "0"))
      let (tens, overflow) = value.multipliedReportingOverflow(by: 10)
      let (sum, overflowed) = tens.addingReportingOverflow(digit)
      guard (0...9).contains(digit), !overflow, !overflowed else { return nil }
      value = sum
    }
    return isNegative ? -value : value
  }
}

/// Why a recording cannot be written or read, as one sentence.
package struct RecordingError: Error, Equatable, CustomStringConvertible {
  package var description: String

  package init(_ description: String) {
    self.description = description
  }
}

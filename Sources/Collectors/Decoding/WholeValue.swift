import Core
import Text

/// Extracts a text or time from an array or object.
enum WholeValue {
  /// Members that usually describe an error; they are tried first.
  private static let names = [
    "message", "errorMessage", "error_message", "reason", "detail", "description", "title", "error",
  ]
  private static let deepest = 8

  /// The first text. In an object, the members listed in `names` come first.
  static func text(_ json: UnsafeRawBufferPointer) -> String? {
    JSONValue(Array(json)).flatMap { text(in: $0, depth: 0) }
  }

  private static func text(in node: JSONValue, depth: Int) -> String? {
    guard depth < deepest else { return nil }
    if case .string(let text) = node { return text.isEmpty ? nil : text }
    if let elements = node.elements { return elements.lazy.compactMap { text(in: $0, depth: depth + 1) }.first }
    let named = names.lazy.compactMap { node[$0] }.compactMap { text(in: $0, depth: depth + 1) }.first
    return named ?? (node.members ?? []).lazy.compactMap { text(in: $0.value, depth: depth + 1) }.first
  }

  /// Accepts `[2026,11,29,18,21,19,408000000]` as Java writes local times, `{"seconds": …, "nanos": …}` and `{"$date": …}`.
  static func time(_ json: UnsafeRawBufferPointer, zone: ZoneOffsets?) -> TimestampParser.Reading? {
    JSONValue(Array(json)).flatMap { time(in: $0, zone: zone) }
  }

  private static func time(in node: JSONValue, zone: ZoneOffsets?) -> TimestampParser.Reading? {
    if let elements = node.elements {
      let numbers = elements.compactMap { $0.scalar.flatMap { Int64($0) } }
      return numbers.count == elements.count ? TimestampParser.read(numbers, zone: zone) : nil
    }
    if let date = node["$date"] {
      let scalar = date.scalar ?? date["$numberLong"]?.scalar
      return scalar.flatMap { TimestampParser.read($0, zone: zone) }
    }
    let seconds = (node["seconds"] ?? node["epochSecond"] ?? node["_seconds"])?.scalar.flatMap { Int64($0) }
    let parts = ["nanos", "nano", "_nanoseconds"].lazy.compactMap { node[$0] }
    let nanoseconds = parts.first?.scalar.flatMap { Int64($0) } ?? 0
    return seconds.flatMap { TimestampParser.read([$0, nanoseconds], zone: zone) }
  }
}

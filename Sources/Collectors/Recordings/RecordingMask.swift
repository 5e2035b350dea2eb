import Core
import Text

/// Replaces masked values in a recording by pseudonyms. Equal values get equal pseudonyms, so ids can still be joined. The key is random
/// and never stored, so values cannot be found by trial.
package struct RecordingMask: Sendable {
  /// As configured.
  package let sources: [FieldSource]
  private let paths: [[String]]
  private let headers: [[UInt8]]
  private let masksKey: Bool
  private let hash: SipHash

  package init(_ sources: [FieldSource], random: inout some RandomNumberGenerator) {
    self.sources = sources
    paths = sources.compactMap { if case .path(let names) = $0 { names } else { nil } }
    headers = sources.compactMap { if case .header(let name) = $0 { Array(name.utf8) } else { nil } }
    masksKey = sources.contains { if case .key = $0 { true } else { false } }
    hash = SipHash(key: (random.next(), random.next()))
  }

  /// A body that is no JSON is replaced as a whole, because its content is unknown.
  func masked(_ message: OriginalMessage) -> OriginalMessage {
    var message = message
    if masksKey, !message.key.isEmpty { message.key = Array(pseudonym(message.key).utf8) }
    for place in message.headers.indices where headers.contains(message.headers[place].name) {
      message.headers[place].value = Array(pseudonym(message.headers[place].value).utf8)
    }
    guard !paths.isEmpty, let body = message.body else { return message }
    message.body = masked(body)
    message.fullBodyLength = message.body?.count ?? 0
    return message
  }

  private func masked(_ body: [UInt8]) -> [UInt8] {
    // Schema registry framing: a zero byte and the 4-byte schema id, then the document.
    let frame = body.count > Self.frame && body[0] == 0 && Self.opens(body[Self.frame]) ? Self.frame : 0
    guard let node = JSONNode(Array(body[frame...])) else { return Array(pseudonym(body).utf8) }
    return body[..<frame] + masked(node).bytes
  }

  private func masked(_ document: JSONNode) -> JSONNode {
    opened(paths.reduce(document) { masked($0, $1[...]) })
  }

  private func masked(_ node: JSONNode, _ path: ArraySlice<String>) -> JSONNode {
    guard let name = path.first else { return replaced(node) }
    switch node {
    case .object(let members):
      return .object(
        members.map { $0.name == name ? .init(name: name, value: masked($0.value, path.dropFirst())) : $0 })
    case .array(let elements):
      return .array(elements.map { masked($0, name == "*" || Int(name) != nil ? path.dropFirst() : path) })
    case .string(let text): return Self.document(text).map { .string(Self.text(masked($0, path))) } ?? node
    default: return node
    }
  }

  /// JSON inside a string, as in an outbox envelope, is masked as a separate document: paths also start there.
  private func opened(_ node: JSONNode) -> JSONNode {
    switch node {
    case .object(let members): .object(members.map { .init(name: $0.name, value: opened($0.value)) })
    case .array(let elements): .array(elements.map(opened))
    case .string(let text): Self.document(text).map { .string(Self.text(masked($0))) } ?? node
    case .number, .bool, .null: node
    }
  }

  private static let frame = 5

  private static func opens(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[") }

  private static func document(_ text: String) -> JSONNode? {
    text.utf8.first { $0 > 0x20 }.map(opens) ?? false ? JSONNode(Array(text.utf8)) : nil
  }

  private static func text(_ node: JSONNode) -> String { String(decoding: node.bytes, as: UTF8.self) }

  /// Replaces all strings and numbers inside the value, regardless of its structure.
  private func replaced(_ node: JSONNode) -> JSONNode {
    switch node {
    case .object(let members): .object(members.map { .init(name: $0.name, value: replaced($0.value)) })
    case .array(let elements): .array(elements.map(replaced))
    case .string(let text), .number(let text): .string(pseudonym(Array(text.utf8)))
    case .bool, .null: node
    }
  }

  private func pseudonym(_ bytes: [UInt8]) -> String {
    let digits = String(hash.of(bytes), radix: 16)
    return "masked-" + String(repeating: "0", count: 16 - digits.count) + digits
  }

  /// Without the verbatim response text of the service.
  static func stripped(_ reading: ServiceSample) -> ServiceSample {
    guard case .answered(var answer) = reading.outcome else { return reading }
    answer.excerpt = []
    var reading = reading
    reading.outcome = .answered(answer)
    return reading
  }
}

/// SipHash-2-4 (Aumasson and Bernstein): a 64-bit keyed hash that reveals nothing about its input without the key.
struct SipHash: Sendable {
  let key: (UInt64, UInt64)

  func of(_ bytes: [UInt8]) -> UInt64 {
    var state = State(key)
    let whole = bytes.count / 8 * 8
    for start in stride(from: 0, to: whole, by: 8) { state.take(Self.word(bytes[start..<start + 8])) }
    state.take(Self.word(bytes[whole...]) | UInt64(bytes.count & 0xff) << 56)
    return state.end()
  }

  /// Little-endian.
  private static func word(_ bytes: ArraySlice<UInt8>) -> UInt64 {
    bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  private struct State {
    var v0, v1, v2, v3: UInt64

    init(_ key: (UInt64, UInt64)) {
      v0 = key.0 ^ 0x736f_6d65_7073_6575
      v1 = key.1 ^ 0x646f_7261_6e64_6f6d
      v2 = key.0 ^ 0x6c79_6765_6e65_7261
      v3 = key.1 ^ 0x7465_6462_7974_6573
    }

    mutating func take(_ word: UInt64) {
      v3 ^= word
      for _ in 0..<2 { round() }
      v0 ^= word
    }

    mutating func end() -> UInt64 {
      v2 ^= 0xff
      for _ in 0..<4 { round() }
      return v0 ^ v1 ^ v2 ^ v3
    }

    private mutating func round() {
      v0 = v0 &+ v1
      v1 = Self.rotated(v1, 13) ^ v0
      v0 = Self.rotated(v0, 32)
      v2 = v2 &+ v3
      v3 = Self.rotated(v3, 16) ^ v2
      v0 = v0 &+ v3
      v3 = Self.rotated(v3, 21) ^ v0
      v2 = v2 &+ v1
      v1 = Self.rotated(v1, 17) ^ v2
      v2 = Self.rotated(v2, 32)
    }

    private static func rotated(_ word: UInt64, _ bits: UInt64) -> UInt64 { word << bits | word >> (64 - bits) }
  }
}

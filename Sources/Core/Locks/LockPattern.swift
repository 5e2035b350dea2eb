/// The pattern of a lock's keys: `lock:saga_step:{sagaId}:{step}`. A name in braces matches a non-empty part, `*` matches anything; `{{`
/// and `}}` are braces, and `\` escapes the next character.
package struct LockPattern: Sendable, Equatable {
  package struct Invalid: Error, Equatable {
    package var message: String
  }

  /// A named part of a key.
  package struct Part: Sendable, Equatable {
    package var name: String
    package var value: String

    package init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  private enum Piece: Sendable, Equatable {
    case literal([UInt8])
    case any
    case named(String)

    var isLiteral: Bool { if case .literal = self { true } else { false } }
  }

  package let text: String
  private let pieces: [Piece]

  package init(_ text: String) throws(Invalid) {
    self.text = text
    pieces = try Self.parse(Array(text.utf8))
    guard pieces.contains(where: \.isLiteral) else {
      throw Invalid(message: "`\(text)` would mean every key: expected one such as lock:{orderId}")
    }
    for (left, right) in zip(pieces, pieces.dropFirst()) where !left.isLiteral && !right.isLiteral {
      throw Invalid(message: "`\(text)`: between two parts there must be something that tells them apart")
    }
  }

  /// The names in braces, in order.
  package var names: [String] { pieces.compactMap { if case .named(let name) = $0 { name } else { nil } } }

  /// The key with these values for its names; `nil` if a name has no value or the pattern contains `*`.
  func key(_ value: (String) -> String?) -> String? {
    var bytes: [UInt8] = []
    for piece in pieces {
      switch piece {
      case .literal(let literal): bytes += literal
      case .any: return nil
      case .named(let name):
        guard let text = value(name) else { return nil }
        bytes += Array(text.utf8)
      }
    }
    return Self.string(bytes[...])
  }

  /// As a pattern for Redis `MATCH`: it matches every key that `parts` accepts, and possibly more.
  package var glob: String {
    var bytes: [UInt8] = []
    for piece in pieces {
      guard case .literal(let literal) = piece else {
        bytes.append(UInt8(ascii: "*"))
        continue
      }
      for byte in literal {
        if "*?[]\\".utf8.contains(byte) { bytes.append(UInt8(ascii: "\\")) }
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The named parts of a key; `nil` if it does not match. If there are several solutions, earlier parts are as short as possible.
  package func parts(of key: String) -> [Part]? {
    var rest = Array(key.utf8)[...]
    var parts: [Part] = []
    var open: Piece?
    for (index, piece) in pieces.enumerated() {
      guard case .literal(let literal) = piece else {
        open = piece
        continue
      }
      guard let place = place(of: literal, in: rest, after: open, isLast: index == pieces.count - 1) else { return nil }
      if case .named(let name) = open { parts.append(Part(name, Self.string(rest[..<place]))) }
      rest = rest[(place + literal.count)...]
      open = nil
    }
    switch open {
    case .named(let name):
      guard !rest.isEmpty else { return nil }
      parts.append(Part(name, Self.string(rest)))
    case .any: break
    default: guard rest.isEmpty else { return nil }
    }
    return parts
  }

  /// The position of the literal: at the start if no variable part precedes it, at the end if nothing follows it.
  private func place(of literal: [UInt8], in bytes: ArraySlice<UInt8>, after open: Piece?, isLast: Bool) -> Int? {
    var least = bytes.startIndex
    if case .named = open { least += 1 }
    let most = bytes.endIndex - literal.count
    guard least <= most else { return nil }
    let candidates = open == nil ? least...least : isLast ? most...most : least...most
    return candidates.first { bytes[$0..<($0 + literal.count)].elementsEqual(literal) }
  }

  private static func string(_ bytes: ArraySlice<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }

  private static func parse(_ bytes: [UInt8]) throws(Invalid) -> [Piece] {
    var pieces: [Piece] = []
    var literal: [UInt8] = []
    var index = 0
    func flush() {
      if !literal.isEmpty { pieces.append(.literal(literal)) }
      literal = []
    }
    func isDoubled(_ index: Int) -> Bool { index + 1 < bytes.count && bytes[index + 1] == bytes[index] }
    while index < bytes.count {
      switch bytes[index] {
      case UInt8(ascii: "\\"):
        guard index + 1 < bytes.count else { throw Invalid(message: "nothing stands after the last `\\`") }
        index += 1
        literal.append(bytes[index])
      case UInt8(ascii: "{") where isDoubled(index), UInt8(ascii: "}") where isDoubled(index):
        index += 1
        literal.append(bytes[index])
      case UInt8(ascii: "}"):
        throw Invalid(message: "`}` without `{` (a brace that belongs to the key is written `}}`)")
      case UInt8(ascii: "*"):
        flush()
        if pieces.last != .any { pieces.append(.any) }
      case UInt8(ascii: "{"):
        guard let end = bytes[index...].firstIndex(of: UInt8(ascii: "}")) else {
          throw Invalid(message: "`{` without `}` (a brace that belongs to the key is written `{{`)")
        }
        guard end > index + 1 else { throw Invalid(message: "`{}` needs a name, such as {orderId}") }
        flush()
        pieces.append(.named(string(bytes[(index + 1)..<end])))
        index = end
      default: literal.append(bytes[index])
      }
      index += 1
    }
    flush()
    return pieces
  }
}

/// A kind of lock: its key pattern and its maximum hold time.
package struct LockDefinition: Sendable, Equatable {
  package var pattern: LockPattern
  /// The configured lease; `nil` if none is configured.
  package var lease: Duration?
  /// If held for longer than this, it is overdue, regardless of renewals.
  package var maxAge: Duration?

  package init(pattern: LockPattern, lease: Duration? = nil, maxAge: Duration? = nil) {
    self.pattern = pattern
    self.lease = lease
    self.maxAge = maxAge
  }
}

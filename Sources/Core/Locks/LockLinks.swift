import Text

/// Maps named parts of a lock's key to ids of sagas.
struct LockLinks {
  struct Link {
    enum Piece {
      case text(String)
      case part(String)
    }

    /// In order: a single part, or the parts of a composed id with the text between them.
    var pieces: [Piece]
    var definition: Int
    var identity: UInt8

    /// `nil` if the key lacks a part.
    func value(of parts: [LockPattern.Part]) -> String? {
      var value = ""
      for piece in pieces {
        switch piece {
        case .text(let text): value += text
        case .part(let name):
          guard let part = parts.first(where: { $0.name == name }) else { return nil }
          value += part.value
        }
      }
      return value
    }
  }

  /// By lock definition, in the order of the definitions.
  private let links: [[Link]]

  init(_ system: SystemDefinition) {
    links = system.locks.map { lock in
      let names = lock.pattern.names
      return system.sagas.enumerated().flatMap { definition, saga in
        saga.identities.enumerated().compactMap { place, identity in
          Self.pieces(of: identity, names).map {
            Link(pieces: $0, definition: definition, identity: UInt8(clamping: place))
          }
        }
      }
    }
  }

  /// By the name of the id; otherwise, for a composed id such as `{tenant}/{orderId}`, by the names of its fields.
  private static func pieces(of identity: SagaDefinition.Identity, _ names: [String]) -> [Link.Piece]? {
    if names.contains(identity.name) { return [.part(identity.name)] }
    return identity.sources.lazy.compactMap { source -> [Link.Piece]? in
      guard case .template(let parts) = source else { return nil }
      let pieces = parts.map { part -> Link.Piece in
        switch part {
        case .text(let text): .text(text)
        case .field(let field): .part(FieldName.written(field))
        }
      }
      let isMade = pieces.allSatisfy { if case .part(let name) = $0 { names.contains(name) } else { true } }
      return isMade ? pieces : nil
    }.first
  }

  func of(_ definition: Int) -> [Link] { links.indices.contains(definition) ? links[definition] : [] }
}

/// The values in a saga's messages that may occur in the keys of its locks.
struct SagaFields {
  private static let mostValues = 8
  private static let mostKeys = 32
  private static let deepest = 6

  private let names: Set<String>
  private(set) var values: [String: [String]] = [:]

  /// `names` are the requested field names.
  init(names: Set<String>) {
    self.names = names
  }

  mutating func add(_ name: String, _ value: String) {
    guard names.contains(name), !value.isEmpty, values[name, default: []].count < Self.mostValues,
      !values[name, default: []].contains(value)
    else { return }
    values[name, default: []].append(value)
  }

  /// Adds the fields with these names at any place of a JSON document.
  mutating func add(_ node: JSONNode, depth: Int = 0) {
    guard depth < Self.deepest else { return }
    for member in node.members ?? [] {
      if let scalar = member.value.scalar { add(member.name, scalar) } else { add(member.value, depth: depth + 1) }
    }
    for element in node.elements ?? [] { add(element, depth: depth + 1) }
  }

  /// All keys of the pattern for the known values. Empty if a name has no value or if the pattern contains `*`.
  func keys(of pattern: LockPattern) -> [String] {
    var fillings: [[String: String]] = [[:]]
    // Sorted, because the order of a set differs in each run and only the first combinations are used.
    for name in Set(pattern.names).sorted() {
      fillings = fillings.flatMap { filling in
        (values[name] ?? []).map { filling.merging([name: $0]) { $1 } }
      }
      if fillings.count > Self.mostKeys { fillings = Array(fillings.prefix(Self.mostKeys)) }
    }
    return fillings.compactMap { filling in pattern.key { filling[$0] } }
  }
}

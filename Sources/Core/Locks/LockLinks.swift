import Text

/// Which named parts of a lock's key make which id of which kind of saga.
struct LockLinks {
  struct Link {
    enum Piece {
      case text(String)
      case part(String)
    }

    /// In turn: a part alone, or the parts of a composed id with the text between them.
    var pieces: [Piece]
    var definition: Int
    var identity: UInt8

    /// `nil` where the key lacks a part.
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

  /// Per kind of lock, in the order of the definitions.
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

  /// By the id's own name, else, of a composed id such as `{tenant}/{orderId}`, by the names of its fields.
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

/// What a saga's messages say of the things that it works on: the values by which keys of locks name them.
struct SagaFields {
  private static let mostValues = 8
  private static let mostKeys = 32
  private static let deepest = 6

  private let names: Set<String>
  private(set) var values: [String: [String]] = [:]

  /// `names` are those that are looked for.
  init(names: Set<String>) {
    self.names = names
  }

  mutating func add(_ name: String, _ value: String) {
    guard names.contains(name), !value.isEmpty, values[name, default: []].count < Self.mostValues,
      !values[name, default: []].contains(value)
    else { return }
    values[name, default: []].append(value)
  }

  /// Takes the fields of those names wherever they stand in a JSON document.
  mutating func add(_ node: JSONNode, depth: Int = 0) {
    guard depth < Self.deepest else { return }
    for member in node.members ?? [] {
      if let scalar = member.value.scalar { add(member.name, scalar) } else { add(member.value, depth: depth + 1) }
    }
    for element in node.elements ?? [] { add(element, depth: depth + 1) }
  }

  /// Every key of the pattern that the values make; none where a name has no value, or where the pattern leaves a part open.
  func keys(of pattern: LockPattern) -> [String] {
    var fillings: [[String: String]] = [[:]]
    // Not in the order of a set, which is another in each run: only the first fillings are taken.
    for name in Set(pattern.names).sorted() {
      fillings = fillings.flatMap { filling in
        (values[name] ?? []).map { filling.merging([name: $0]) { $1 } }
      }
      if fillings.count > Self.mostKeys { fillings = Array(fillings.prefix(Self.mostKeys)) }
    }
    return fillings.compactMap { filling in pattern.key { filling[$0] } }
  }
}

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

/// Which named part of a lock's key is which id of which kind of saga.
struct LockLinks {
  struct Link {
    var part: String
    var definition: Int
    var identity: UInt8
  }

  /// Per kind of lock, in the order of the parts.
  private let links: [[Link]]

  init(_ system: SystemDefinition) {
    links = system.locks.map { lock in
      lock.pattern.names.flatMap { name in
        system.sagas.enumerated().flatMap { definition, saga in
          saga.identities.enumerated().filter { $0.element.name == name }.map {
            Link(part: name, definition: definition, identity: UInt8(clamping: $0.offset))
          }
        }
      }
    }
  }

  func of(_ definition: Int) -> [Link] { links.indices.contains(definition) ? links[definition] : [] }
}

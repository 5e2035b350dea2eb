/// Several ids of one kind that identify one saga because each occurs together with the same other id, for example several order ids with
/// the same customer id.
package struct JoinedIDs: Sendable, Equatable {
  /// The kind with several ids, and the first two of them.
  package var kind: String
  package var first: String
  package var second: String
  /// The id that joins them.
  package var joinedBy: String
}

extension StoreState {
  /// For a saga with several starts in its only round, under different ids of one kind; `nil` for any other.
  func joinedIDs(_ saga: Saga) -> JoinedIDs? {
    let definition = sagas.definitions[saga.definition]
    guard saga.keyCount > 2, saga.earlier.isEmpty, saga.events.records.count(where: definition.starts) > 1 else {
      return nil
    }
    let kinds = Dictionary(grouping: saga.keys, by: \.identity)
    guard let several = kinds.filter({ $0.value.count > 1 }).min(by: { $0.key < $1.key }),
      let single = kinds.filter({ $0.value.count == 1 }).min(by: { $0.key < $1.key })
    else { return nil }
    let names = definition.definition.identities.map(\.name)
    guard names.indices.contains(Int(several.key)), names.indices.contains(Int(single.key)) else { return nil }
    return JoinedIDs(
      kind: names[Int(several.key)], first: several.value[0].value, second: several.value[1].value,
      joinedBy: "\(names[Int(single.key)]) \(single.value[0].value)")
  }
}

extension Store {
  /// Number of retained sagas that are several joined sagas, and an example. Reads every saga; used by `doctor`.
  package func joinedSagas() -> (count: Int, example: JoinedIDs?) {
    read { state in
      let joined = state.sagas.slots.compactMap { saga in saga.flatMap { state.joinedIDs($0) } }
      return (joined.count, joined.first)
    }
  }
}

/// Several ids of one kind that name one saga, because another id stands beside each of them: a customer's, where an order's was meant.
package struct JoinedIDs: Sendable, Equatable {
  /// The kind of which there are several, and the first two of them.
  package var kind: String
  package var first: String
  package var second: String
  /// What joins them.
  package var joinedBy: String
}

extension StoreState {
  /// Of a saga that was started more than once in its only round, under different ids of one kind; else `nil`.
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
  /// How many retained sagas are made of several, and one of them. Looks at every saga: for `doctor`.
  package func joinedSagas() -> (count: Int, example: JoinedIDs?) {
    read { state in
      let joined = state.sagas.slots.compactMap { $0.flatMap(state.joinedIDs) }
      return (joined.count, joined.first)
    }
  }
}

import Core

/// What the words of a command line name. A word that names nothing, or several things, is told and left out.
struct SubjectWords {
  let scope: ActionName.Scope
  let store: Store
  let now: Timestamp

  func selection(_ words: [String]) -> (ActionRequest.Selection, [ActionPlan.Exclusion]) {
    if scope == .system { return (.subjects([.system]), []) }
    var subjects: [ActionSubject] = []
    var missing: [ActionPlan.Exclusion] = []
    for word in words {
      let found = found(word)
      if found.count == 1 {
        subjects.append(found[0])
      } else {
        missing.append(.init(id: word, reason: found.isEmpty ? absent : ambiguous(found)))
      }
    }
    return (.subjects(subjects), missing)
  }

  private func found(_ word: String) -> [ActionSubject] {
    switch scope {
    case .saga: sagas(word).map { .saga($0) }
    case .lock:
      store.sources.map { LockKey(source: $0.name, key: word) }.filter { store.lock($0, now: now) != nil }.map {
        .lock($0)
      }
    case .deadLetter: deadLetter(word).map { [$0] } ?? []
    case .system: [.system]
    }
  }

  /// `ID`, or `TYPE/ID` where sagas of several types have it.
  private func sagas(_ word: String) -> [SagaHandle] {
    let named = store.find(id: word, type: nil)
    guard named.isEmpty, let slash = word.firstIndex(of: "/") else { return named }
    return store.find(id: String(word[word.index(after: slash)...]), type: String(word[..<slash]))
  }

  private func deadLetter(_ word: String) -> ActionSubject? {
    let parts = word.split(separator: "/")
    guard parts.count == 3, let partition = Int32(parts[1]), let offset = Int64(parts[2]),
      store.message(topic: String(parts[0]), partition: partition, offset: offset) != nil
    else { return nil }
    return .deadLetter(topic: String(parts[0]), partition: partition, offset: offset)
  }

  private var absent: String {
    switch scope {
    case .saga: "no saga has this id"
    case .lock: "no lock has this key"
    case .deadLetter: "no message is kept from TOPIC/PARTITION/OFFSET"
    case .system: ""
    }
  }

  private func ambiguous(_ found: [ActionSubject]) -> String {
    let types = found.compactMap { subject in
      if case .saga(let handle) = subject { store.saga(handle, now: now)?.row.type } else { nil }
    }
    return types.isEmpty
      ? "\(found.count) servers have it"
      : "\(found.count) sagas have it: say which, as in \(types.map { "\($0)/…" }.joined(separator: ", "))"
  }
}

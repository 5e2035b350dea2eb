import Core

/// Resolves command-line words to subjects. A word that matches no saga or several sagas is reported and skipped.
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
    case .saga: store.sagas(named: word).map { .saga($0) }
    case .lock:
      store.sources.map { LockKey(source: $0.name, key: word) }.filter { store.lock($0, now: now) != nil }.map {
        .lock($0)
      }
    case .deadLetter: deadLetter(word).map { [$0] } ?? []
    case .system: [.system]
    }
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
    let handles = found.compactMap { subject in
      if case .saga(let handle) = subject { handle } else { nil }
    }
    return handles.isEmpty ? "\(found.count) servers have it" : store.ambiguity(handles, now: now)
  }
}

extension Store {
  /// The sagas with a name: `ID`, or `TYPE/ID` if several types have sagas with this id.
  func sagas(named word: String) -> [SagaHandle] {
    let named = find(id: word, type: nil)
    guard named.isEmpty, let slash = word.firstIndex(of: "/") else { return named }
    return find(id: String(word[word.index(after: slash)...]), type: String(word[..<slash]))
  }

  /// The saga with a name. `nil` if there is none. Throws if there are several.
  func saga(named word: String, now: Timestamp) throws -> SagaHandle? {
    let found = sagas(named: word)
    guard found.count > 1 else { return found.first }
    throw CommandFailure("`\(word)`: \(ambiguity(found, now: now))", code: ExitCode.usage)
  }

  /// "2 sagas have it: say which, as in order/1, return/1".
  func ambiguity(_ found: [SagaHandle], now: Timestamp) -> String {
    let names = found.compactMap { saga($0, now: now)?.row }.map { "\($0.type)/\($0.id)" }
    return "\(found.count) sagas have it: say which, as in \(names.joined(separator: ", "))"
  }
}

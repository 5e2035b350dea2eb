import Core

/// Reads what operators may have done: `actions` of a kind of saga, of a preset or of a context.
struct ActionsReader {
  private let scopes: [ActionName.Scope]
  private let saga: SagaDefinition?
  private let reading: ParseContext

  /// Actions on sagas of this kind.
  init(saga: SagaDefinition, reading: ParseContext) {
    self.saga = saga
    self.reading = reading
    scopes = [.saga]
  }

  /// Actions on sagas that are described elsewhere.
  init(ofKnownSagas reading: ParseContext) {
    self.reading = reading
    saga = nil
    scopes = [.saga]
  }

  /// Actions on all else.
  init(reading: ParseContext) {
    self.reading = reading
    saga = nil
    scopes = [.deadLetter, .lock, .system]
  }

  func read(_ node: YamlNode) -> [ActionDefinition] {
    var reader = MappingReader(node, "`actions`", reading)
    defer { reader.finish() }
    return ActionName.allCases.filter { scopes.contains($0.scope) }.compactMap { name in
      reader.take(name.rawValue).flatMap { ActionReader(name: name, saga: saga, reading: reading).read($0) }
    }
  }
}

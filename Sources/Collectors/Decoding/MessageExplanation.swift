import Core

/// How one message is read, rule by rule.
package struct MessageExplanation: Sendable {
  /// What one source gave: a text, or nothing.
  package struct Attempt: Sendable, Equatable {
    package var source: FieldSource
    package var value: String?
  }

  /// An id, or a list of sources of a saga's definition.
  package struct Field: Sendable {
    package var name: String
    package var attempts: [Attempt]
  }

  package struct Saga: Sendable {
    package var type: String
    package var fields: [Field]
    /// There are rules for the event's type.
    package var knowsType: Bool
    /// The position of the rule that matches; `nil` where none does.
    package var rule: Int?
  }

  package var topic: String
  package var partition: Int32
  package var offset: Int64
  package var bytes: Int
  /// Why it is no event; `nil` when it is one.
  package var problem: String?
  /// What was made of it in the end.
  package var type: String?
  package var time: Timestamp?
  package var node: String?
  /// The saga's type and the id that it is found by.
  package var saga: String?
  package var sagaID: String?
  package var steps: [String] = []
  package var error: String?
  /// `type`, `time`, `id` and `node`.
  package var fields: [Field] = []
  package var sagas: [Saga] = []
}

extension Decoder {
  /// What was made of a message, and what each source gave. `system` and `symbols` are those that the decoder was made from.
  mutating func explain(
    _ message: ConsumedMessage, topicName: UnsafeRawBufferPointer, system: SystemDefinition, symbols: SymbolTable
  ) -> MessageExplanation {
    var batch = EventBatch()
    decode(message, topicName: topicName, into: &batch)
    var explanation = MessageExplanation(
      topic: Bytes.string(topicName), partition: message.origin.partition, offset: message.origin.offset,
      bytes: message.body?.count ?? 0, problem: batch.undecoded.first?.reason)
    if let event = batch.events.first { Self.note(event, system, symbols, in: &explanation) }
    guard explanation.problem == nil else { return explanation }
    let view = view(message, topicName)
    let type = batch.events.first?.type ?? .none
    let names = system.fields
    explanation.fields = [
      Self.field("type", names.type, fields.type, view), Self.field("time", names.time, fields.time, view),
      Self.field("id", names.id, fields.id, view), Self.field("node", names.node, fields.node, view),
    ]
    if !names.version.isEmpty {
      explanation.fields.append(Self.field("version", names.version, fields.version, view))
    }
    for (index, saga) in system.sagas.enumerated() {
      explanation.sagas.append(self.saga(saga, index, type, view))
    }
    return explanation
  }

  private mutating func saga(
    _ saga: SagaDefinition, _ index: Int, _ type: Symbol, _ view: MessageView
  ) -> MessageExplanation.Saga {
    let compiled = fields.definitions[index]
    let ids = zip(saga.identities, compiled.identities).map {
      Self.field("id \($0.name)", $0.sources, $1.sources, view)
    }
    let rest = [
      Self.field("steps", saga.stepSources, compiled.steps, view),
      Self.field("error", saga.errorSources, compiled.error, view),
    ]
    let rule = chosenRule(of: type, index, view)
    return .init(
      type: saga.type, fields: ids + rest.filter { !$0.attempts.isEmpty }, knowsType: hasRules(for: type, index),
      rule: rule == EventRule.none ? nil : Int(rule))
  }

  private static func note(
    _ event: Event, _ system: SystemDefinition, _ symbols: SymbolTable, in explanation: inout MessageExplanation
  ) {
    explanation.type = symbols.text(event.type)
    explanation.time = event.time
    explanation.node = symbols.name(event.node)
    guard let link = event.link, system.sagas.indices.contains(Int(link.definition)) else { return }
    explanation.saga = system.sagas[Int(link.definition)].type
    explanation.sagaID = link.key.value
    explanation.steps = link.steps.map(symbols.text)
    explanation.error = link.error
  }

  private static func field(
    _ name: String, _ sources: [FieldSource], _ compiled: [CompiledSource], _ view: MessageView
  ) -> MessageExplanation.Field {
    .init(
      name: name,
      attempts: zip(sources, compiled).map { source, compiled in
        .init(source: source, value: view.firstOrWhole([compiled]).map { Bytes.string(Bytes.prefix($0.bytes, 200)) })
      })
  }
}

import Core

/// How one message is decoded, rule by rule.
package struct MessageExplanation: Sendable {
  /// The value of one source; `nil` if it has none.
  package struct Attempt: Sendable, Equatable {
    package var source: FieldSource
    package var value: String?
  }

  /// An id, or a list of sources of a saga definition.
  package struct Field: Sendable {
    package var name: String
    package var attempts: [Attempt]
  }

  package struct Saga: Sendable {
    package var type: String
    package var fields: [Field]
    /// The rules for the event type, in the order in which they are tried.
    package var rules: [Rule]
  }

  package struct Rule: Sendable {
    /// Index among the events of the definition.
    package var position: Int
    /// The value of each condition's source.
    package var conditions: [Attempt]
    /// The first rule for which all conditions hold; it is applied.
    package var isChosen: Bool
  }

  package var topic: String
  package var partition: Int32
  package var offset: Int64
  package var bytes: Int
  /// Why the message is no event; `nil` if it is one.
  package var problem: String?
  /// Why the body cannot be parsed; `nil` if it can. The message may be an event nevertheless.
  package var bodyProblem: String?
  /// The original topic of a dead letter and the error.
  package var deadLetter: (topic: String?, error: String?, isRetry: Bool)?
  /// The resulting event.
  package var type: String?
  package var time: Timestamp?
  package var node: String?
  /// The saga's type, and the id that identifies it.
  package var saga: String?
  package var sagaID: String?
  package var steps: [String] = []
  package var error: String?
  /// `type`, `time`, `id` and `node`.
  package var fields: [Field] = []
  package var sagas: [Saga] = []
}

extension Decoder {
  /// The result of decoding a message, and the value of each source. `system` and `symbols` must be those of the decoder.
  mutating func explain(
    _ message: ConsumedMessage, topicName: UnsafeRawBufferPointer, system: SystemDefinition, symbols: SymbolTable
  ) -> MessageExplanation {
    var batch = EventBatch()
    decode(message, topicName: topicName, into: &batch)
    var explanation = MessageExplanation(
      topic: Bytes.string(topicName), partition: message.origin.partition, offset: message.origin.offset,
      bytes: message.body?.count ?? 0, problem: batch.undecoded.first?.reason)
    if let event = batch.events.first { Self.note(event, system, symbols, in: &explanation) }
    explanation.bodyProblem = read(message)
    var view = view(message, topicName)
    _ = openDeadLetter(&view, isReadable: explanation.bodyProblem == nil)
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
    _ saga: SagaDefinition, _ index: Int, _ type: Symbol, _ view: borrowing MessageView
  ) -> MessageExplanation.Saga {
    let compiled = fields.definitions[index]
    let ids = zip(saga.identities, compiled.identities).map {
      Self.field("id \($0.name)", $0.sources, $1.sources, view)
    }
    let rest = [
      Self.field("steps", saga.stepSources, compiled.steps, view),
      Self.field("error", saga.errorSources, compiled.error, view),
    ]
    return .init(
      type: saga.type, fields: ids + rest.filter { !$0.attempts.isEmpty }, rules: rules(of: saga, index, type, view))
  }

  private mutating func rules(
    of saga: SagaDefinition, _ index: Int, _ type: Symbol, _ view: borrowing MessageView
  ) -> [MessageExplanation.Rule] {
    let chosen = chosenRule(of: type, index, view)
    return candidates(of: type, index).map { rule in
      let conditions = zip(saga.events[Int(rule)].conditions, fields.definitions[index].conditions[Int(rule)])
      return .init(
        position: Int(rule),
        conditions: conditions.map { condition, compiled in
          .init(
            source: condition.source, value: view.first(compiled.sources).map { Bytes.string(Bytes.prefix($0, 200)) })
        }, isChosen: rule == chosen)
    }
  }

  private static func note(
    _ event: Event, _ system: SystemDefinition, _ symbols: SymbolTable, in explanation: inout MessageExplanation
  ) {
    explanation.type = symbols.text(event.type)
    explanation.time = event.time
    explanation.node = symbols.name(event.node)
    explanation.deadLetter = event.deadLetter.map { (symbols.name($0.originalTopic), $0.error, $0.isRetry) }
    guard let link = event.link, system.sagas.indices.contains(Int(link.definition)) else { return }
    explanation.saga = system.sagas[Int(link.definition)].type
    explanation.sagaID = link.key.value
    explanation.steps = link.steps.map(symbols.text)
    explanation.error = link.error
  }

  private static func field(
    _ name: String, _ sources: [FieldSource], _ compiled: SourceList, _ view: borrowing MessageView
  ) -> MessageExplanation.Field {
    .init(name: name, attempts: zip(sources, compiled.all).flatMap { attempts($0, $1, view) })
  }

  /// The attempt of the source. For a template without a value, also the attempts of its parts.
  private static func attempts(
    _ source: FieldSource, _ compiled: CompiledSource, _ view: borrowing MessageView
  ) -> [MessageExplanation.Attempt] {
    let value = view.firstOrWhole([compiled]).map { Bytes.string(Bytes.prefix($0.bytes, 200)) }
    let whole = MessageExplanation.Attempt(source: source, value: value)
    guard value == nil, case .template(let parts) = source, case .template(let places) = compiled else {
      return [whole]
    }
    return [whole]
      + zip(parts, places).flatMap { part, place -> [MessageExplanation.Attempt] in
        guard case .field(let field) = part, let compiled = place.source.first else { return [] }
        return attempts(field, compiled, view)
      }
  }
}

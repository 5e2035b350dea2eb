import Core

/// How often each source of a system definition has a value in the messages read.
package struct SourceTally: Sendable {
  /// A field, an id, or a list of sources of a saga.
  package struct Field: Sendable, Equatable {
    /// The saga type; `nil` for the fields that every event has.
    package var saga: String?
    /// "time", "id orderId", "error".
    package var name: String
    /// Number of messages in which it was searched.
    package var messages = 0
    /// Number of messages in which a source had a value.
    package var found = 0
    package var sources: [Source]
  }

  package struct Source: Sendable, Equatable {
    package var source: FieldSource
    package var found = 0
  }

  package private(set) var fields: [Field] = []
  package private(set) var messages = 0
  /// Notes about unusual times, one sentence each.
  package private(set) var timeNotes: [String] = []
  private var places: [String: Int] = [:]

  /// Decodes the messages again. `messages` are the latest stored messages; `readAt` is when the last of them was read.
  package init(
    _ messages: [(message: Message, topic: String, time: Timestamp)], of system: SystemDefinition, readAt: Timestamp
  ) {
    let symbols = SymbolTable()
    var decoder = Decoder(CompiledFields(system, symbols: symbols), symbols: symbols)
    let failing = system.sagas.map { saga in saga.events.map(\.fails) }
    for (message, topic, time) in messages {
      let explanation = Self.explanation(message, topic, time, readAt, system, symbols, &decoder)
      self.messages += 1
      for field in explanation.fields where !field.attempts.isEmpty { add(field, saga: nil) }
      for (index, saga) in explanation.sagas.enumerated() {
        let isFailure = saga.rules.contains { $0.isChosen && failing[index][$0.position] }
        for field in saga.fields where field.name != "steps" && (field.name != "error" || isFailure) {
          add(field, saga: saga.type)
        }
      }
    }
    timeNotes = decoder.counts.timeNotes
  }

  private mutating func add(_ field: MessageExplanation.Field, saga: String?) {
    let name = "\(saga ?? "")\u{0}\(field.name)"
    let place = places[name] ?? fields.count
    if place == fields.count {
      places[name] = place
      fields.append(Field(saga: saga, name: field.name, sources: []))
    }
    fields[place].messages += 1
    // The attempts vary between messages: the parts of a template are listed only if it has no value.
    for attempt in field.attempts {
      let known = fields[place].sources.firstIndex { $0.source == attempt.source }
      if known == nil { fields[place].sources.append(Source(source: attempt.source)) }
      if attempt.value != nil { fields[place].sources[known ?? fields[place].sources.count - 1].found += 1 }
    }
    if field.attempts.contains(where: { $0.value != nil }) { fields[place].found += 1 }
  }

  private static func explanation(
    _ message: Message, _ topic: String, _ time: Timestamp, _ readAt: Timestamp, _ system: SystemDefinition,
    _ symbols: SymbolTable, _ decoder: inout Decoder
  ) -> MessageExplanation {
    let headers = message.headers.map { (name: Array($0.name.utf8), value: Array($0.value.utf8)) }
    return Array(topic.utf8).withUnsafeBytes { topicName in
      message.key.withUnsafeBytes { key in
        message.body.withUnsafeBytes { body in
          withHeaders(headers[...], []) { headers in
            let consumed = ConsumedMessage(
              origin: Origin(topic: decoder.symbol(topicName), partition: 0, offset: 0), brokerTime: time,
              receivedAt: readAt, key: key, body: body.isEmpty ? nil : body, headers: headers)
            return decoder.explain(consumed, topicName: topicName, system: system, symbols: symbols)
          }
        }
      }
    }
  }

  private static func withHeaders<Result>(
    _ rest: ArraySlice<(name: [UInt8], value: [UInt8])>, _ done: [ConsumedMessage.Header],
    _ body: ([ConsumedMessage.Header]) -> Result
  ) -> Result {
    guard let header = rest.first else { return body(done) }
    return header.name.withUnsafeBytes { name in
      header.value.withUnsafeBytes { value in
        withHeaders(rest.dropFirst(), done + [.init(name: name, value: value)], body)
      }
    }
  }
}

extension EventRule {
  fileprivate var fails: Bool {
    startsCompensation || ends == .failed
      || effects.contains { [.fails, .timesOut, .compensationFails].contains($0.transition) }
  }
}

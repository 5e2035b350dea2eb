/// What was inferred, and what it rests on.
package struct InferredSystem: Sendable {
  package struct Identity: Sendable, Equatable {
    package var name: String
    /// Event types that carry it, different values, and values that events of different types share.
    package var types: Int
    package var values: Int
    package var joined: Int
  }

  package struct Step: Sendable, Equatable {
    package var name: String
    /// From the step before to its completion; `nil` where that was not seen.
    package var p50: Duration?
    package var p99: Duration?
  }

  package struct Event: Sendable, Equatable {
    package var type: String
    package var count: Int
    /// `nil` where no word of its name is known.
    package var meaning: EventName.Meaning?
    /// Where it carries the name of its step.
    package var step: FieldSource?
  }

  package struct Saga: Sendable {
    package var definition: SagaDefinition
    /// Sagas seen, and of those the ones that seem to be over.
    package var flows: Int
    package var settled: Int
    package var identities: [Identity]
    package var steps: [Step]
    /// Events per type, in the order of the definition's events, then those that only belong to it.
    package var events: [Event]
    /// How sure its ids, types, steps and ends are.
    package var parts: [InferenceView.Part]
    /// So few were seen that only the names of ids and events speak for it.
    package var isFew = false
  }

  /// More messages may show something else.
  package var isProvisional: Bool { sagas.contains(where: \.isFew) }

  package var system: SystemDefinition
  package var sagas: [Saga]
  package var messages: Int
  /// Messages that are no JSON objects, and messages past the bounds.
  package var unread: Int
  package var skipped: Int
  /// Topics by name with their messages.
  package var topics: [(name: String, count: Int)]
  /// Where no sagas were found: fields that may name one, the likeliest first, at most three.
  package var likelyIDs: [FieldSource] = []
  /// Sources that somebody has named, and that find nothing in the messages.
  package var unfound: [FieldSource] = []
  /// Event types that belong to no saga.
  package var others: [(type: String, count: Int)]
}

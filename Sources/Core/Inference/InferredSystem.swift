/// The inferred system and the evidence for it.
package struct InferredSystem: Sendable {
  package struct Identity: Sendable, Equatable {
    package var name: String
    /// The numbers of event types that carry it, of distinct values, and of values shared by events of different types.
    package var types: Int
    package var values: Int
    package var joined: Int
  }

  package struct Step: Sendable, Equatable {
    package var name: String
    /// Duration from the previous step to its completion; `nil` if not observed.
    package var p50: Duration?
    package var p99: Duration?
  }

  package struct Event: Sendable, Equatable {
    package var type: String
    package var count: Int
    /// `nil` if no word of its name is known.
    package var meaning: EventName.Meaning?
    /// The field with the name of its step; `nil` if none.
    package var step: FieldSource?
  }

  package struct Saga: Sendable {
    package var definition: SagaDefinition
    /// The number of sagas seen, and of those that seem to be over.
    package var flows: Int
    package var settled: Int
    package var identities: [Identity]
    package var steps: [Step]
    /// Event counts per type, in the order of the definition's events, then types without a rule.
    package var events: [Event]
    /// The confidence in its ids, types, steps and ends.
    package var parts: [InferenceView.Part]
    /// Too few sagas were seen for statistics; only the names of ids and events are evidence.
    package var isFew = false
  }

  /// More messages may change the result.
  package var isProvisional: Bool { sagas.contains(where: \.isFew) }

  package var system: SystemDefinition
  package var sagas: [Saga]
  package var messages: Int
  /// The numbers of messages that are not JSON objects, and of messages beyond the limits.
  package var unread: Int
  package var skipped: Int
  /// Topics with their message counts.
  package var topics: [(name: String, count: Int)]
  /// If no sagas were found: at most three fields that may be ids, the likeliest first.
  package var likelyIDs: [FieldSource] = []
  /// Configured sources that no message contains.
  package var unfound: [FieldSource] = []
  /// Flows that are not shown as sagas, because nothing shows that they are.
  package var unproven: [InferenceView.Unproven] = []
  /// Event types that belong to no saga.
  package var others: [(type: String, count: Int)]
}

/// How certain a finding is.
package enum Confidence: String, Sendable, CaseIterable {
  case sure
  case likely
  case unsure
}

/// The result of inferring a system without a definition: the findings, how certain each one is, and what remained unknown.
package struct InferenceView: Sendable, Equatable {
  package struct Part: Sendable, Equatable {
    /// "saga", "ids", "types", "steps" or "ends".
    package var name: String
    package var confidence: Confidence
    /// The evidence as a sentence without a full stop.
    package var evidence: String

    package init(_ name: String, _ confidence: Confidence, _ evidence: String) {
      self.name = name
      self.confidence = confidence
      self.evidence = evidence
    }
  }

  package struct EventType: Sendable, Equatable {
    package var name: String
    package var count: Int
    /// `nil` if no word of its name is known.
    package var meaning: EventName.Meaning?

    package init(name: String, count: Int, meaning: EventName.Meaning?) {
      self.name = name
      self.count = count
      self.meaning = meaning
    }
  }

  package struct Saga: Sendable, Equatable {
    package var type: String
    package var flows: Int
    /// The number of flows that seem to be over.
    package var settled: Int
    package var parts: [Part]
    package var types: [EventType]

    package init(type: String, flows: Int, settled: Int, parts: [Part], types: [EventType]) {
      self.type = type
      self.flows = flows
      self.settled = settled
      self.parts = parts
      self.types = types
    }
  }

  /// Events that an id connects, without evidence that they are a saga.
  package struct Unproven: Sendable, Equatable {
    /// Name of the id.
    package var id: String
    package var flows: Int
    /// Without a full stop.
    package var evidence: String

    package init(id: String, flows: Int, evidence: String) {
      (self.id, self.flows, self.evidence) = (id, flows, evidence)
    }
  }

  package var messages: Int
  package var sagas: [Saga]
  /// Event types that belong to no saga, each with its message count.
  package var others: [EventType]
  package var unproven: [Unproven]

  package init(messages: Int, sagas: [Saga], others: [EventType] = [], unproven: [Unproven] = []) {
    self.messages = messages
    self.sagas = sagas
    self.others = others
    self.unproven = unproven
  }

  /// The parts that are unsure in any saga, in the order of the parts.
  package var doubts: [String] {
    ["ids", "types", "steps", "ends"].filter { name in
      sagas.contains { $0.parts.contains { $0.name == name && $0.confidence == .unsure } }
    }
  }

  /// "inferred", or "inferred, ends not sure".
  package var badge: String { doubts.isEmpty ? "inferred" : "inferred, \(doubts.joined(separator: " and ")) not sure" }
}

extension InferenceView {
  package init(_ inferred: InferredSystem) {
    self.init(
      messages: inferred.messages,
      sagas: inferred.sagas.map { saga in
        Saga(
          type: saga.definition.type, flows: saga.flows, settled: saga.settled, parts: saga.parts,
          types: saga.events.map { EventType(name: $0.type, count: $0.count, meaning: $0.meaning) })
      },
      others: inferred.others.prefix(1000).map {
        EventType(name: $0.type, count: $0.count, meaning: EventName($0.type).meaning)
      }, unproven: inferred.unproven)
  }
}

extension SagaInference {
  /// The findings for the saga, each with its confidence.
  var parts: [InferenceView.Part] { [sagaPart, identityPart, typePart, stepPart, endPart] }

  private var sagaPart: InferenceView.Part {
    guard !isHinted else { return .init("saga", .sure, "its ids are configured") }
    return .init("saga", evidence.points > SagaEvidence.enough ? .sure : .likely, evidence.text)
  }

  private var identityPart: InferenceView.Part {
    let first = kind.identities[0]
    let (values, joined) = (first.typesOfValue.count, first.joined)
    if let composed = kind.composed {
      let tied = flows.count { flow in Set(flow.events.map { samples.events[$0].type }).count > 1 }
      return .init(
        "ids", 10 * tied >= 8 * flows.count ? .likely : .unsure,
        "`\(first.name)`, or `\(composed.name)` if it is missing, connects several event types in \(tied) of \(flows.count) sagas"
      )
    }
    let evidence =
      "`\(first.name)` has \(values) values in \(first.types.count) event types; \(joined) of them connect several types"
    if kind.isFew {
      return .init(
        "ids", .unsure, "`\(first.name)` has a usual name of a saga's id; only \(flows.count) of its values were seen")
    }
    if kind.lost > 0 {
      return .init("ids", .unsure, "\(evidence); \(kind.lost) events have no value for it and belong to no saga")
    }
    let isClear = flows.count >= 20 && 10 * joined >= 8 * values
    if isClear || (first.isOfSaga && 2 * joined >= values) { return .init("ids", .sure, evidence) }
    return .init("ids", 10 * joined >= 6 * values ? .likely : .unsure, evidence)
  }

  private var typePart: InferenceView.Part {
    let unknown = ordered.filter { meaning($0) == nil }
    let evidence =
      unknown.isEmpty
      ? "the words of all \(ordered.count) types are known"
      : "\(unknown.count) of \(ordered.count) types have no known word: "
        + unknown.prefix(3).map { samples.types[$0].written[0] }.joined(separator: ", ")
    let isFew = 4 * unknown.count < ordered.count
    return .init("types", unknown.isEmpty ? .sure : isFew ? .likely : .unsure, evidence)
  }

  private var stepPart: InferenceView.Part {
    if !carriers.isEmpty { return .init("steps", .sure, "the messages name the steps") }
    if !ends.joint.isEmpty { return .init("steps", .likely, "some steps are done in any order") }
    return .init("steps", flows.count >= 20 ? .sure : .likely, "in the order of \(flows.count) sagas")
  }

  private var endPart: InferenceView.Part {
    let (known, unknown) = ends.known
    let resting = ends.resting.map { samples.types[$0].written[0] }
    var evidence = "the last event of \(known) of \(known + unknown) ended sagas has a known meaning"
    if !resting.isEmpty {
      evidence += "; \(resting.prefix(2).joined(separator: ", ")) is treated as the end because no event follows it"
    }
    if known == 0 { return .init("ends", .unsure, "no known event ends it") }
    if 10 * unknown > known { return .init("ends", .unsure, evidence) }
    return .init("ends", unknown == 0 && known >= 20 && resting.isEmpty ? .sure : .likely, evidence)
  }
}

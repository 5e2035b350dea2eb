import Clients
import Collectors
import Configuration
import Core
import Reports
import Text

/// Findings that explain, rule by rule, how the latest message of a topic is read.
struct ExplanationFindings {
  let settings: Settings
  let topic: String

  func findings(_ kafka: KafkaSettings, timeout: Duration) -> [Finding] {
    switch explanation(kafka, timeout: timeout) {
    case .success(let explanation?): findings(explanation)
    case .success(nil): [Finding("message", .warning, "topic \(topic) holds no message")]
    case .failure(let error): [Finding("message", .failed, settings.secrets.mask(error.description))]
    }
  }

  private func explanation(_ kafka: KafkaSettings, timeout: Duration) -> Result<MessageExplanation?, KafkaError> {
    do throws(KafkaError) {
      let registry = kafka.schemas.registry.map { SchemaRegistry($0, sink: Unheard()) }
      registry?.start()
      defer { registry?.stop() }
      return .success(
        try KafkaExaminer(kafka).explain(
          topic: topic, system: settings.system, registry: registry, timeout: timeout))
    } catch { return .failure(error) }
  }

  func findings(_ explanation: MessageExplanation) -> [Finding] {
    let place = "\(explanation.topic)[\(explanation.partition)] at offset \(explanation.offset)"
    let message = Finding("message", .ok, "\(place), \(Quantity.bytes(explanation.bytes))")
    return settings.changes.map { Finding("configuration", .note, $0) } + [message] + body(explanation)
      + fields(explanation) + explanation.sagas.flatMap { saga($0, explanation) } + [outcome(explanation)]
  }

  private func body(_ explanation: MessageExplanation) -> [Finding] {
    var findings: [Finding] = []
    if let problem = explanation.bodyProblem {
      findings.append(
        Finding(
          "body", .warning, "it cannot be read: \(problem)", advice: "key, headers and topic are read all the same"))
    }
    if let letter = explanation.deadLetter {
      let origin = letter.topic.map { " of topic \($0)" } ?? ""
      let error = letter.error.map { ": \($0)" } ?? ""
      findings.append(
        Finding(
          "dead letter", .ok, "a message\(origin) that \(letter.isRetry ? "is tried again" : "was put aside")\(error)"))
    }
    return findings
  }

  private func fields(_ explanation: MessageExplanation) -> [Finding] {
    explanation.fields.map { field in
      let value = value(of: field, explanation)
      let advice = Self.tried(field.attempts, otherwise: Self.fallback(of: field.name))
      return Finding(field.name, value == nil ? .note : .ok, value ?? "none", advice: advice)
    }
  }

  private func value(of field: MessageExplanation.Field, _ explanation: MessageExplanation) -> String? {
    switch field.name {
    case "type": explanation.type
    case "time": explanation.time?.iso8601
    case "node": explanation.node
    default: field.attempts.compactMap(\.value).first
    }
  }

  private static func fallback(of field: String) -> String? {
    switch field {
    case "type": "CloudEvents' type, the topic's name"
    case "time": "CloudEvents' time, the broker's"
    case "id": "CloudEvents' source and id, topic, partition and offset"
    default: nil
    }
  }

  private func saga(_ saga: MessageExplanation.Saga, _ explanation: MessageExplanation) -> [Finding] {
    let area = "saga \(saga.type)"
    let fields = saga.fields.map { field in
      let value = field.attempts.compactMap(\.value).first
      return Finding(
        area, value == nil ? .note : .ok, "\(field.name): \(value ?? "none")", advice: Self.tried(field.attempts))
    }
    guard !saga.rules.isEmpty, let definition = settings.system.sagas.first(where: { $0.type == saga.type }) else {
      return fields + [Finding(area, .note, "it has no rule for events of type \(explanation.type ?? "")")]
    }
    return fields + saga.rules.map { rule($0, definition, area) }
  }

  private func rule(_ tried: MessageExplanation.Rule, _ definition: SagaDefinition, _ area: String) -> Finding {
    let rule = definition.events[tried.position]
    let conditions = zip(rule.conditions, tried.conditions).map { condition, attempt in
      let values = condition.values.map { $0.isEmpty ? "nothing" : $0 }.joined(separator: " or ")
      return "`\(FieldSourceText.text(condition.source))` is \(values) (here \(attempt.value ?? "nothing"))"
    }
    let when = conditions.isEmpty ? "" : " when \(conditions.joined(separator: " and "))"
    let text = "rule `\(rule.type)`\(when): \(Self.meaning(rule))"
    return Finding(area, tried.isChosen ? .ok : .note, tried.isChosen ? text : "not its \(text)")
  }

  private func outcome(_ explanation: MessageExplanation) -> Finding {
    if let problem = explanation.problem {
      return Finding(
        "outcome", .failed, "it is no event: \(problem)",
        advice: "an id in the key or a header, and a rule for its type, would make it one")
    }
    guard let saga = explanation.saga, let id = explanation.sagaID else {
      return Finding(
        "outcome", .warning, "it belongs to no saga", advice: "name a source under `ids` that finds something in it")
    }
    let steps = explanation.steps.isEmpty ? "" : ", steps \(explanation.steps.joined(separator: ", "))"
    let error = explanation.error.map { ", error: \($0)" } ?? ""
    return Finding("outcome", .ok, "it belongs to saga \(id) of type \(saga)\(steps)\(error)")
  }

  private static func tried(_ attempts: [MessageExplanation.Attempt], otherwise: String? = nil) -> String {
    let tried = attempts.map { "`\(FieldSourceText.text($0.source))` → \($0.value ?? "nothing")" }
    return (["tried \(tried.isEmpty ? "nothing" : tried.joined(separator: ", "))"] + [otherwise].compactMap { $0 })
      .joined(separator: "; otherwise ")
  }

  /// "starts, completes order, ends completed".
  private static func meaning(_ rule: EventRule) -> String {
    var words = rule.startsSaga ? ["starts, and after an end begins the next round"] : []
    words += rule.effects.map { effect in
      switch effect.step {
      case .named(let name): "\(effect.transition.rawValue) \(name)"
      case .carried: "\(effect.transition.rawValue) the steps that it names"
      }
    }
    if rule.startsCompensation { words.append("starts compensation") }
    if let ends = rule.ends {
      words.append("ends \(rule.ending.map { "\($0) (counted as \(ends.name))" } ?? ends.name)")
    }
    return words.isEmpty ? "it belongs to the saga, and changes nothing" : words.joined(separator: ", ")
  }
}

/// Discards all observations.
private struct Unheard: ObservationSink {
  func accept(_ batch: EventBatch) {}
  func accept(_ status: SourceStatus) {}
  func accept(_ reading: LagSample) {}
  func accept(_ reading: LockSample) {}
  func accept(_ reading: ServiceSample) {}
  func accept(_ sample: TraceSample) {}
  func accept(_ sample: PodSample) {}
  func accept(_ actions: [ActionRecord]) {}
}

import Core
import Text

/// Reads one action: its request, the sagas it applies to, and the expected effect.
struct ActionReader {
  private enum Allowed: String, CaseIterable {
    case running, completed, compensating, compensated, failed, declined, ended, stuck, incomplete, inconsistent
  }

  private static let times = Duration.milliseconds(100)...(.seconds(3600))

  let name: ActionName
  let saga: SagaDefinition?
  let reading: ParseContext

  /// `nil` if it is invalid, which is reported.
  func read(_ node: YamlNode) -> ActionDefinition? {
    var reader = MappingReader(node, "the action `\(name.rawValue)`", reading)
    defer { reader.finish() }
    let call = call(&reader, node)
    let expectation = reader.take("expect").map(expectation) ?? .init()
    let allowance = reader.take("allowed").map(allowance)
    let maxBatch = reader.integer("maxBatch", 1...5000)
    let concurrency = reader.integer("concurrency", 1...64)
    let rate = reader.integer("rate", 1...1000)
    let stopAfter = reader.integer("stopAfter", 1...5000)
    let timeout = reader.duration("timeout", Self.times, "a duration from 100ms to 1h")
    guard let call else { return nil }
    var action = ActionDefinition(name: name, call: call, expectation: expectation, allowance: allowance)
    if let maxBatch { action.maxBatch = maxBatch }
    if let concurrency { action.concurrency = concurrency }
    if let rate { action.rate = rate }
    if let timeout { action.timeout = timeout }
    if let stopAfter { action.stopAfter = stopAfter }
    return action
  }

  private func call(_ reader: inout MappingReader, _ node: YamlNode) -> ActionCall? {
    let calls = ActionCallReader(scope: name.scope, ids: saga?.identities.map(\.name), reading: reading)
    let found: [ActionCall?] = [
      reader.take("http").map(calls.http), reader.take("kafka").map(calls.kafka),
      reader.take("command").map(calls.command), reader.take("redis").map(calls.redis),
    ].compactMap { $0 }
    if found.count != 1, case .mapping = node.content {
      reading.add(node.mark, "the action `\(name.rawValue)` needs one of `http`, `kafka`, `command` and `redis`")
    }
    return found.first ?? nil
  }

  private func expectation(_ node: YamlNode) -> ActionDefinition.Expectation {
    var reader = MappingReader(node, "`expect`", reading)
    defer { reader.finish() }
    let known = saga?.events.map(\.type) ?? []
    var events: [String] = []
    for (text, mark) in reader.texts("events") {
      events.append(text)
      guard let saga, !known.contains(text) else { continue }
      reading.add(mark, "`\(text)` is no event of the saga `\(saga.type)`\(NearestWord.hint(text, among: known))")
    }
    let statuses = reader.texts("statuses").compactMap { text, mark in
      let status = SagaStatus.allCases.first { $0.name == text }
      if status == nil { report(text, mark, "statuses", SagaStatus.allCases.map(\.name)) }
      return status
    }
    let within = reader.duration("within", Self.times, "a duration from 100ms to 1h") ?? .seconds(30)
    return .init(events: events, statuses: statuses, within: within)
  }

  private func allowance(_ node: YamlNode) -> ActionDefinition.Allowance {
    var allowance = ActionDefinition.Allowance(statuses: [])
    for (text, mark) in reading.words(node, "allowed") {
      switch Allowed(rawValue: text) {
      case .running: allowance.statuses.append(.running)
      case .completed: allowance.statuses.append(.completed)
      case .compensating: allowance.statuses.append(.compensating)
      case .compensated: allowance.statuses.append(.compensated)
      case .failed: allowance.statuses.append(.failed)
      case .declined: allowance.statuses.append(.declined)
      case .ended: allowance.statuses.append(.ended)
      case .stuck: allowance.flags.insert(.stuck)
      case .incomplete: allowance.flags.insert(.incomplete)
      case .inconsistent: allowance.flags.insert(.inconsistent)
      case nil: report(text, mark, "allowed", Allowed.allCases.map(\.rawValue))
      }
    }
    return allowance
  }

  private func report(_ text: String, _ mark: YamlNode.Mark, _ key: String, _ known: [String]) {
    let hint = NearestWord.hint(text, among: known)
    reading.add(mark, "`\(key)`: expected \(known.joined(separator: ", ")), found `\(text)`\(hint)")
  }
}

/// Reads the `actions` of a saga type, a preset or a context.
struct ActionsReader {
  private let scopes: [ActionName.Scope]
  private let saga: SagaDefinition?
  private let reading: ParseContext

  /// Actions on sagas of this type.
  init(saga: SagaDefinition, reading: ParseContext) {
    self.saga = saga
    self.reading = reading
    scopes = [.saga]
  }

  /// Actions on sagas that are defined elsewhere.
  init(ofKnownSagas reading: ParseContext) {
    self.reading = reading
    saga = nil
    scopes = [.saga]
  }

  /// Actions on dead letters, locks and the system.
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

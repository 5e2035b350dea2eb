import Clients
import Core
import Text

/// Fills an action's templates for one subject.
struct RequestMaker {
  struct Impossible: Error {
    var message: String
  }

  let settings: ActionSettings
  let store: Store

  /// `saga` is its current state. `nil` for other subjects.
  func request(
    _ action: ActionDefinition, _ subject: ActionSubject, _ saga: SagaView?, fields: ActionFields, key: String
  ) throws(Impossible) -> PreparedRequest {
    var fields = fields
    fields.set("idempotencyKey", key)
    let call: PreparedRequest.Call =
      switch action.call {
      case .http(let http): .http(try self.http(http, fields))
      case .kafka(let kafka): .kafka(try self.kafka(kafka, fields))
      case .republish(let what): .kafka(try republish(what, subject, saga))
      case .command(let words): .command(try all(words, fields))
      case .releaseLock: .releaseLock(try release(subject))
      }
    return PreparedRequest(call: call, idempotencyKey: key, timeout: action.timeout)
  }

  /// Returns which required setting is missing. `nil` if nothing is missing.
  func lacks(_ action: ActionDefinition) -> String? {
    if case .http(let http) = action.call, let name = http.api, !settings.apis.contains(where: { $0.name == name }) {
      return "the context `\(settings.context)` has no API `\(name)` under `apis`"
    }
    return nil
  }

  private func http(_ http: ActionCall.HTTP, _ fields: ActionFields) throws(Impossible) -> PreparedRequest.HTTP {
    let api = http.api.flatMap { name in settings.apis.first { $0.name == name } }
    var headers: [String] = []
    for header in http.headers { headers.append("\(header.name): \(try filled(header.value, fields))") }
    return PreparedRequest.HTTP(
      api: http.api, method: http.method, url: (api?.url ?? "") + (try filled(http.target, fields)),
      serverLength: api?.url.utf8.count ?? 0, headers: headers,
      body: try http.body.map { template throws(Impossible) in try filled(template, fields) },
      quotesKey: api?.quotesIdempotencyKey ?? false)
  }

  private func kafka(_ kafka: ActionCall.Kafka, _ fields: ActionFields) throws(Impossible) -> PreparedRequest.Kafka {
    var headers: [KafkaMessage.Header] = []
    for header in kafka.headers {
      headers.append(.init(name: header.name, value: Array(try filled(header.value, fields).utf8)))
    }
    return PreparedRequest.Kafka(
      topic: try filled(kafka.topic, fields),
      key: try kafka.key.map { template throws(Impossible) in Array(try filled(template, fields).utf8) },
      headers: headers, value: Array(try filled(kafka.value, fields).utf8))
  }

  private func republish(
    _ what: ActionCall.Republish, _ subject: ActionSubject, _ saga: SagaView?
  ) throws(Impossible) -> PreparedRequest.Kafka {
    switch what {
    case .stepInput:
      guard let saga else { throw Impossible(message: "no saga has a step that could be started again") }
      let event = try input(of: saga)
      var message = try again(store.message(event.message), event.place, to: event.topic)
      message.partition = event.partition
      return message
    case .deadLetter(let topic):
      guard case .deadLetter(let source, let partition, let offset) = subject else {
        throw Impossible(message: "it is not a dead letter")
      }
      guard let target = topic ?? DeadLetterTopic.origin(of: source) else {
        throw Impossible(message: "the original topic cannot be derived from `\(source)`: configure `topic`")
      }
      let message = store.message(topic: source, partition: partition, offset: offset)
      return try again(message, .init(topic: source, partition: partition, offset: offset), to: target)
    }
  }

  /// The newest input message of the step that failed or is in progress.
  private func input(of saga: SagaView) throws(Impossible) -> EventRow {
    guard let step = saga.row.failedStep ?? saga.row.step else {
      throw Impossible(message: "no failed or current step of it is known")
    }
    let definition = settings.system.sagas.first { $0.type == saga.row.type }
    guard let topic = definition?.steps.first(where: { $0.name == step })?.topic else {
      throw Impossible(message: "the configuration names no `topic` for the step `\(step)`")
    }
    guard let event = saga.events.last(where: { $0.topic == topic }) else {
      throw Impossible(message: "no message in `\(topic)` that starts its step `\(step)` is known")
    }
    return event
  }

  private func again(
    _ message: Message?, _ place: ExpectationCheck.Place, to topic: String
  ) throws(Impossible) -> PreparedRequest.Kafka {
    let what = "the message at \(place.topic)/\(place.partition)/\(place.offset)"
    guard let message else { throw Impossible(message: "\(what) is no longer in memory") }
    guard message.body.count == message.fullBodyLength else {
      throw Impossible(
        message: "\(what) has \(message.fullBodyLength) bytes, but only \(message.body.count) are in memory")
    }
    let headers = message.headers.filter { $0.name.lowercased() != PreparedRequest.keyHeader.lowercased() }
    return PreparedRequest.Kafka(
      topic: topic, key: message.key.isEmpty ? nil : message.key,
      headers: headers.map { .init(name: $0.name, value: Array($0.value.utf8)) }, value: message.body, origin: place)
  }

  private func release(_ subject: ActionSubject) throws(Impossible) -> PreparedRequest.Release {
    guard case .lock(let key) = subject, let view = store.lock(key, now: settings.now()), view.isHeld else {
      throw Impossible(message: "the lock is no longer held")
    }
    guard view.row.holders.count == 1, let holder = view.row.holders.first else {
      throw Impossible(message: "its holder is unknown, or it has several")
    }
    let isHash = view.row.kind == .redisson
    guard isHash || view.row.kind == .string, let token = holder.whole else {
      throw Impossible(message: "it cannot be released safely: the complete token of its holder is unknown")
    }
    return PreparedRequest.Release(source: key.source, key: key.key, token: token, isHash: isHash)
  }

  private func all(_ words: [ActionTemplate], _ fields: ActionFields) throws(Impossible) -> [String] {
    var filledWords: [String] = []
    for word in words { filledWords.append(try filled(word, fields)) }
    return filledWords
  }

  private func filled(_ template: ActionTemplate, _ fields: ActionFields) throws(Impossible) -> String {
    switch template.rendered(fields) {
    case .success(let text): return text
    case .failure(let missing): throw Impossible(message: missing.message)
    }
  }
}

extension LockHolder {
  /// The complete token as stored in the server. `nil` if it is known only in part.
  fileprivate var whole: String? {
    guard token.utf8.count <= Self.longestToken, !token.hasSuffix("..."), !token.contains("\\x") else { return nil }
    return token + (thread.map { ":\($0)" } ?? "")
  }
}

/// The values for a subject's templates.
struct SubjectFields {
  /// Maximum number of messages of one saga that are searched for a field, the newest first.
  private static let mostMessages = 50

  let settings: ActionSettings
  let store: Store

  func fields(of saga: SagaView, reason: String) -> ActionFields {
    var fields = ActionFields(common(reason), bodies: bodies(of: saga))
    let row = saga.row
    fields.set("saga.id", row.id)
    fields.set("saga.type", row.type)
    fields.set("saga.status", row.status.name)
    fields.set("saga.step", row.step)
    fields.set("saga.failedStep", row.failedStep)
    fields.set("saga.error", row.error)
    for (name, value) in saga.ids.reversed() {
      // An id may be named like a built-in field (`saga.id`); the built-in field has priority.
      if !name.hasPrefix("saga.") { fields.set(name, value, isNumber: true) }
      fields.set("ids.\(name)", value, isNumber: true)
    }
    return fields
  }

  func fields(ofLock key: LockKey, reason: String) -> ActionFields {
    var fields = ActionFields(common(reason))
    fields.set("lock.key", key.key)
    fields.set("lock.token", store.lock(key, now: settings.now())?.row.holders.first?.text)
    return fields
  }

  func fields(reason: String) -> ActionFields { ActionFields(common(reason)) }

  private func common(_ reason: String) -> [String: ActionFields.Value] {
    [
      "reason": .init(reason.isEmpty ? "no reason given" : reason), "operator": .init(settings.operator.name),
      "context": .init(settings.context),
    ]
  }

  /// Truncated bodies are not valid JSON and are skipped.
  private func bodies(of saga: SagaView) -> [JSONNode] {
    saga.events.reversed().prefix(Self.mostMessages).compactMap { event in
      store.message(event.message).flatMap { JSONNode($0.body) }
    }
  }
}

extension ActionFields {
  /// An id with the form of an integer is written as a JSON number, as publishers do.
  fileprivate mutating func set(_ name: String, _ text: String, isNumber: Bool) {
    let isWhole = isNumber && text.utf8.count <= 15 && Int64(text).map(String.init) == text
    set(name, Value(text, json: isWhole ? text : nil))
  }
}

import Core
import Text

/// What a subject's templates are filled with.
struct SubjectFields {
  /// Messages of one saga that are looked through for a field, the newest first.
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
      // An id may name its field `saga.id`; what sagatop itself says stands.
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

  /// Bodies that were cut are no JSON, and are passed over.
  private func bodies(of saga: SagaView) -> [JSONNode] {
    saga.events.reversed().prefix(Self.mostMessages).compactMap { event in
      store.message(event.message).flatMap { JSONNode($0.body) }
    }
  }
}

extension ActionFields {
  /// An id that looks like a whole number is one in JSON, as its publishers have it.
  fileprivate mutating func set(_ name: String, _ text: String, isNumber: Bool) {
    let isWhole = isNumber && text.utf8.count <= 15 && Int64(text).map(String.init) == text
    set(name, Value(text, json: isWhole ? text : nil))
  }
}

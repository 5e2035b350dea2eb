import Text

/// The fields that a template may name: those of every saga, and the ids of its kind.
package struct ActionFieldNames: Sendable {
  private static let ofSagas = [
    "saga.id", "saga.type", "saga.status", "saga.step", "saga.failedStep", "saga.error",
  ]
  private static let ofAll = ["reason", "idempotencyKey", "operator", "context"]
  private static let ofLocks = ["lock.key", "lock.token"]

  private let names: [String]
  private let hasData: Bool
  private let takesAnyID: Bool

  /// `ids` are the names of the kinds of id that a saga has; where they are not known (`nil`), `ids.NAME` may be any.
  package init(scope: ActionName.Scope, ids: [String]? = []) {
    hasData = scope == .saga
    takesAnyID = ids == nil
    let ids = ids ?? []
    switch scope {
    case .saga: names = Self.ofSagas + Self.ofAll + ids + ids.map { "ids.\($0)" }
    case .lock: names = Self.ofLocks + Self.ofAll
    case .deadLetter, .system: names = Self.ofAll
    }
  }

  /// `nil` for a name that is known.
  func problem(with name: String) -> String? {
    if hasData, name.hasPrefix("data."), name.utf8.count <= 256, !name.hasSuffix("."), !name.contains("..") {
      return nil
    }
    if names.contains(name) { return nil }
    if takesAnyID, name.hasPrefix("ids."), name.utf8.count > 4 { return nil }
    let hint = NearestWord.hint(name, among: names)
    let known = (names + (takesAnyID ? ["ids.NAME"] : []) + (hasData ? ["data.PATH"] : [])).joined(separator: ", ")
    return "unknown field `{\(name)}`" + (hint.isEmpty ? "; known: \(known)" : hint)
  }
}

import Core
import Text

/// The differences between a snapshot and the previous one, for readers that store the whole document. The first document is complete.
package final class SnapshotChanges {
  private struct Known {
    var id: String
    var type: String
    var hash: Int
    var version: ActionPlan.Version?
    /// Only a new event can change it.
    var isFinal: Bool
    var picture: Int
  }

  private var members: [JSONValue.Member] = []
  private var items: [SagaHandle: Known] = [:]
  private var gone: [JSONValue] = []
  private var picture = 0

  package init() {}

  /// Paths of the changed sagas and of the removed sagas in a document of changes.
  package static let paths = [["items"], ["gone"]]

  /// The document to write for `snapshot`, which contains no sagas yet: `item` and `takeGone` return the elements at `paths`. The first
  /// document is the snapshot itself.
  package func document(_ snapshot: JSONValue) -> (value: JSONValue, paths: [[String]]) {
    let isFirst = picture == 0
    picture += 1
    gone = []
    let now = snapshot.members ?? []
    defer { members = now }
    if isFirst { return (snapshot, [SnapshotJSON.items]) }
    let known = Dictionary(members.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
    let changed = now.filter { known[$0.name] != $0.value && $0.name != "schema" }
    let value = JSONValue.object([
      ("schema", .string("sagatop.changes/v1")), ("changed", .object(changed)), ("items", .array([])),
      ("gone", .array([])),
    ])
    return (value, Self.paths)
  }

  /// Whether the saga is unchanged since the previous document and need not be read.
  package func isSame(_ handle: SagaHandle, _ version: ActionPlan.Version) -> Bool {
    guard let known = items[handle], known.isFinal, known.version == version else { return false }
    items[handle]?.picture = picture
    return true
  }

  /// The saga's item if it differs from the previous document, else `nil`.
  package func item(_ row: SagaRow, _ diagnosis: Diagnosis?, _ version: ActionPlan.Version?) -> JSONValue? {
    let item = SnapshotJSON.item(row, diagnosis)
    var hasher = Hasher()
    item.bytes.withUnsafeBytes { hasher.combine(bytes: $0) }
    let hash = hasher.finalize()
    let isFinal = row.status == .completed && !row.flags.contains(.inconsistent)
    let known = items.updateValue(
      Known(id: row.id, type: row.type, hash: hash, version: version, isFinal: isFinal, picture: picture),
      forKey: row.handle)
    if let known, known.id != row.id || known.type != row.type { gone.append(Self.name(known)) }
    return known?.hash == hash ? nil : item
  }

  /// The sagas of the previous document that are missing in this one. Must be called after `item` or `isSame` for all sagas.
  package func takeGone() -> [JSONValue] {
    for (handle, known) in items where known.picture != picture {
      items[handle] = nil
      gone.append(Self.name(known))
    }
    return gone
  }

  private static func name(_ known: Known) -> JSONValue {
    .object([("type", .string(known.type)), ("id", .string(known.id))])
  }
}

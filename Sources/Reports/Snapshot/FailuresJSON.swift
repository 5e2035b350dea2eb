import Core
import Text

/// The members `failures` and `failuresDropped` of the snapshot, as docs/snapshot.md describes them.
enum FailuresJSON {
  static func members(_ view: FailureList) -> [(String, JSONValue)] {
    [("failures", .array(view.rows.map(pattern))), ("failuresDropped", JSONValue(view.dropped))]
  }

  private static func pattern(_ row: FailurePatternRow) -> JSONValue {
    .object([
      ("pattern", .string(row.pattern)), ("example", JSONValue(row.example)),
      ("step", JSONValue(row.steps.first?.name)), ("count", JSONValue(row.count)),
      ("atLeast", .bool(row.isLowerBound)), ("sagas", JSONValue(row.sagas)), ("rate", JSONValue(rounded: row.rate)),
      ("firstAt", JSONValue(row.firstAt)), ("lastAt", JSONValue(row.lastAt)), ("new", .bool(row.isNew)),
      ("steps", .array(row.steps.map { counted("step", $0) })),
      ("nodes", .array(row.nodes.map { counted("node", $0) })),
      ("samples", .array(row.samples.map { .string($0.id) })),
    ])
  }

  private static func counted(_ kind: String, _ item: NamedCount) -> JSONValue {
    .object([(kind, JSONValue(item.name)), ("count", JSONValue(item.count))])
  }
}

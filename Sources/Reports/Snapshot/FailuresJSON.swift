import Core
import Text

/// The members `failures`, `failuresDropped`, `failuresQuality` and `failuresAsOf` of the snapshot, as docs/snapshot.md describes them.
enum FailuresJSON {
  static func members(_ view: FailureList) -> [(String, JSONValue)] {
    [
      ("failures", .array(view.rows.map(pattern))), ("failuresDropped", JSONValue(view.coverage.known(view.dropped))),
      ("failuresQuality", .string(view.coverage.quality.rawValue)), ("failuresAsOf", JSONValue(view.coverage.asOf)),
    ]
  }

  private static func pattern(_ row: FailurePatternRow) -> JSONValue {
    .object([
      ("pattern", .string(row.pattern)), ("example", JSONValue(row.example)),
      ("step", JSONValue(row.steps.first?.name)), ("count", JSONValue(row.known(row.count))),
      ("atLeast", .bool(row.known(row.count).quality == .atLeast)), ("sagas", JSONValue(row.known(row.sagas))),
      ("rate", JSONValue(rounded: row.rate)),
      ("firstAt", JSONValue(row.firstAt)), ("lastAt", JSONValue(row.lastAt)), ("new", .bool(row.isNew)),
      ("steps", .array(row.steps.map { counted("step", $0, row) })),
      ("nodes", .array(row.nodes.map { counted("node", $0, row) })),
      ("samples", .array(row.samples.map { .string($0.id) })),
    ])
  }

  private static func counted(_ kind: String, _ item: NamedCount, _ row: FailurePatternRow) -> JSONValue {
    .object([(kind, JSONValue(item.name)), ("count", JSONValue(row.known(item.count)))])
  }
}

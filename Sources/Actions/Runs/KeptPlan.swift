import Core
import Text

/// A plan as stored next to the audit log, for later inspection or to resume its rest. Requests are referenced by their digests.
package struct KeptPlan: Sendable, Equatable {
  static let schema = "sagatop.run/v1"

  package struct Item: Sendable, Equatable {
    package var id: String
    package var type: String
    package var key: String
    package var digest: String
    package var warning: String?

    /// The subject as written on a command line.
    package var name: String { type.isEmpty ? id : "\(type)/\(id)" }
  }

  package static func read(_ intent: String, beside audit: AuditSettings) -> KeptPlan? { RunFolder(audit).plan(intent) }

  /// Whether a process is running it.
  package static func isRunning(_ intent: String, beside audit: AuditSettings) -> Bool {
    RunFolder(audit).isRunning(intent)
  }

  package var run: RunRecord
  /// The filter as typed by the operator. Empty if the subjects were named individually.
  package var filter: String
  package var items: [Item]
  package var exclusions: [ActionPlan.Exclusion]
  /// What the operator did to confirm it: "y", "typing `300`", "`--yes`". Empty if it was not recorded.
  package var confirmedBy: String
  package var concerns: [String]
  /// Version of the program that ran it, followed by the servers it used.
  package var version: String
  package var brokers: String
  package var apis: [String]

  init(
    _ frozen: PreparedPlan, _ record: ActionRecord, _ answer: ActionConfirmation.Answer, _ settings: ActionSettings
  ) {
    let plan = frozen.plan
    run = RunRecord(record, count: plan.items.count, resumes: plan.resumes)
    filter = plan.filter
    items = frozen.items.map { item in
      Item(
        id: item.item.id, type: item.item.type, key: item.item.idempotencyKey,
        digest: item.request.digest(settings.mask), warning: item.item.warning)
    }
    exclusions = plan.exclusions
    confirmedBy = answer.description
    concerns = plan.confirmation.concerns.map(\.sentence)
    version = settings.version
    brokers = settings.kafka.brokers
    apis = settings.apis.map { settings.mask("\($0.name)=\($0.url)") }
  }

  /// Display lines, not escaped.
  package var text: String {
    var lines = [
      filter.isEmpty ? "no filter: the subjects were named individually" : "filter: \(filter)",
      "confirmed by: \(confirmedBy.isEmpty ? "not recorded" : confirmedBy)",
      "sagatop \(version), Kafka at \(brokers)",
    ]
    if !apis.isEmpty { lines.append("APIs: \(apis.joined(separator: ", "))") }
    lines += concerns.map { "! \($0)" }
    lines += items.map { "  \($0.name)  key \($0.key)  request \($0.digest)" + ($0.warning.map { "  ! \($0)" } ?? "") }
    if !exclusions.isEmpty { lines.append("left out: \(exclusions.count)") }
    lines += exclusions.map { "  \($0.id): \($0.reason)" }
    return lines.joined(separator: "\n") + "\n"
  }

  package var json: String {
    let document = JSONValue.object([
      ("schema", .string(Self.schema)), ("intent", .string(run.intent)), ("action", .string(run.action.rawValue)),
      ("context", .string(run.context)), ("time", .string(run.time.iso8601)),
      ("operator", .string(run.operator.name)), ("reason", .string(run.reason)),
      ("resumes", run.resumes.map { .string($0) } ?? .null), ("filter", .string(filter)),
      ("confirmedBy", .string(confirmedBy)), ("concerns", .array(concerns.map { .string($0) })),
      ("version", .string(version)), ("brokers", .string(brokers)), ("apis", .array(apis.map { .string($0) })),
      ("items", .array(items.map(Self.json))),
      (
        "excluded",
        .array(exclusions.map { .object([("id", .string($0.id)), ("reason", .string($0.reason))]) })
      ),
    ])
    return JSONWriter.write(document, isPretty: true) + "\n"
  }

  private static func json(_ item: Item) -> JSONValue {
    .object([
      ("id", .string(item.id)), ("type", .string(item.type)), ("key", .string(item.key)),
      ("digest", .string(item.digest)), ("warning", item.warning.map { .string($0) } ?? .null),
    ])
  }

  /// `nil` if the bytes are not a stored plan.
  init?(json bytes: [UInt8]) {
    guard let node = JSONNode(bytes), node["schema"]?.text == Self.schema, let intent = node["intent"]?.text,
      let action = node["action"]?.text.flatMap(ActionName.init(rawValue:)),
      let time = node["time"]?.text.flatMap({ TimestampParser.parse($0) }),
      let items = node["items"]?.elements, let excluded = node["excluded"]?.elements
    else { return nil }
    func text(_ name: String) -> String { node[name]?.text ?? "" }
    let record = ActionRecord(
      intent: intent, action: action, context: text("context"), subject: "", operator: .init(name: text("operator")),
      reason: text("reason"), intendedAt: time)
    run = RunRecord(record, count: items.count, resumes: node["resumes"]?.text)
    filter = text("filter")
    self.items = items.map {
      Item(
        id: $0["id"]?.text ?? "", type: $0["type"]?.text ?? "", key: $0["key"]?.text ?? "",
        digest: $0["digest"]?.text ?? "", warning: $0["warning"]?.text)
    }
    exclusions = excluded.map { .init(id: $0["id"]?.text ?? "", reason: $0["reason"]?.text ?? "") }
    confirmedBy = text("confirmedBy")
    concerns = node["concerns"]?.elements?.compactMap(\.text) ?? []
    version = text("version")
    brokers = text("brokers")
    apis = node["apis"]?.elements?.compactMap(\.text) ?? []
  }
}

import Core

@testable import Collectors

/// A system with a polled document and an event stream.
enum LabSystem {
  static let definition = SystemDefinition(
    name: "lab", topics: [],
    fields: EventFields(
      type: [.path(["event_type"])], time: [.path(["timestamp"])], id: [.path(["event_id"])]),
    sagas: [
      SagaDefinition(
        type: "order", coordination: .orchestration,
        identities: [
          .init(name: "saga_id", sources: [.path(["saga_id"]), .path(["data", "saga_id"])]),
          .init(name: "run", sources: [.path(["run"])]),
        ], steps: [StepDefinition(name: "validate"), StepDefinition(name: "pay")],
        events: [
          EventRule(type: "saga started", startsSaga: true),
          EventRule(type: "validate running", effects: [.init(.begins, .named("validate"))]),
          EventRule(type: "validate completed", effects: [.init(.completes, .named("validate"))]),
          EventRule(type: "pay completed", effects: [.init(.completes, .named("pay"))]),
          EventRule(type: "pay failed", effects: [.init(.fails, .named("pay"))]),
          EventRule(type: "validate undone", effects: [.init(.compensates, .named("validate"))]),
          EventRule(type: "saga completed", ends: .completed),
          EventRule(type: "saga compensated", ends: .compensated),
        ], errorSources: [.path(["error"])])
    ])

  /// Rules for a document of one saga.
  static func stateRules() throws -> [MessageRule] {
    [
      MessageRule(type: FieldSource.named("saga {status}")),
      MessageRule(each: ["steps", "*"], type: FieldSource.named("{action} {status}")),
    ]
  }

  /// The JSON of one saga. `steps` are in document order.
  static func document(_ status: String, _ steps: [(action: String, status: String)], more: String = "") -> String {
    let list = steps.map { "{\"action\":\"\($0.action)\",\"status\":\"\($0.status)\"}" }.joined(separator: ",")
    return "{\"saga_id\":\"s1\",\"status\":\"\(status)\",\(more)\"steps\":[\(list)]}"
  }
}

import Core

/// A `FieldSource` with its path looked up in the plan.
enum CompiledSource: Sendable {
  case path(Int)
  /// A path in the document that the envelope's text is.
  case opened(Int)
  case header([UInt8])
  case traceID
  case key
  case topic

  init(_ source: FieldSource, plan: JSONPlan) {
    switch source {
    case .path(let names): self = .path(plan.add(names))
    case .header("traceparent"): self = .traceID
    case .header(let name): self = .header(Array(name.utf8))
    case .key: self = .key
    case .topic: self = .topic
    }
  }
}

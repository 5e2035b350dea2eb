import Core

/// A `FieldSource` with its paths resolved to indices of the plans.
enum CompiledSource: Sendable {
  case path(Int)
  /// A path in the JSON text of the envelope.
  case opened(Int)
  case header([UInt8])
  /// The trace id of a `traceparent` or `b3` header.
  case traceID(header: [UInt8])
  case key
  case keyPath(Int)
  case topic
  case template([Part])
  /// The first source that has a value.
  case either([CompiledSource])

  /// A literal text, or the value of a source.
  struct Part: Sendable {
    var text: [UInt8] = []
    /// At most one.
    var source: [CompiledSource] = []
  }
}

/// Sources in the order in which they are tried.
struct SourceList: Sendable {
  let all: [CompiledSource]
  /// The path if the list is a single path, the usual case that needs no loop; otherwise negative.
  let onlyPath: Int

  init(_ all: [CompiledSource]) {
    self.all = all
    if all.count == 1, case .path(let path) = all[0] { onlyPath = path } else { onlyPath = -1 }
  }

  var isEmpty: Bool { all.isEmpty }

  var shortcut: SourceShortcut {
    if all.isEmpty { return .empty }
    if onlyPath >= 0 { return .path(Int32(clamping: onlyPath)) }
    if all.count == 1, case .topic = all[0] { return .topic }
    return .other
  }
}

/// The usual kinds of lists, without references, so that reading it is cheap.
enum SourceShortcut: Sendable, Equatable {
  case empty
  case path(Int32)
  case topic
  /// The list itself must be searched.
  case other
}

/// Compiles sources and collects the paths to read in each document.
struct SourceCompiler {
  let plan = JSONPlan()
  let openedPlan = JSONPlan()
  let keyPlan = JSONPlan()
  let envelopes: [FieldSource]

  /// One compiled source per source. `whole`: arrays and objects are also accepted.
  func compile(_ sources: [FieldSource], whole: Bool = false) -> SourceList {
    SourceList(sources.map { compile($0, whole: whole) })
  }

  private func compile(_ source: FieldSource, whole: Bool) -> CompiledSource {
    switch source {
    case .path(let names): path(names, whole: whole)
    case .header(let name) where name == "traceparent" || name == "b3": .traceID(header: Array(name.utf8))
    case .header(let name): .header(Array(name.utf8))
    case .key: .key
    case .keyPath(let names): .keyPath(keyPlan.add(names))
    case .topic: .topic
    case .template(let parts): .template(parts.map(compile))
    }
  }

  private func compile(_ part: FieldSource.Part) -> CompiledSource.Part {
    switch part {
    case .text(let text): .init(text: Array(text.utf8))
    case .field(let source): .init(source: [compile(source, whole: false)])
    }
  }

  /// A path below an envelope is also searched in the envelope's text, if the envelope is no object.
  private func path(_ names: [String], whole: Bool) -> CompiledSource {
    let path = CompiledSource.path(plan.add(names, whole: whole))
    let opened = envelopes.compactMap { Self.path(of: names, below: $0) }
    return opened.isEmpty ? path : .either([path] + opened.map { .opened(openedPlan.add($0, whole: whole)) })
  }

  /// Only plain paths, without envelopes.
  static func plain(_ sources: [FieldSource], _ plan: JSONPlan) -> [CompiledSource] {
    sources.compactMap { if case .path(let names) = $0 { .path(plan.add(names)) } else { nil } }
  }

  private static func path(of names: [String], below envelope: FieldSource) -> [String]? {
    guard case .path(let outer) = envelope, names.count > outer.count, names.starts(with: outer) else { return nil }
    return Array(names.dropFirst(outer.count))
  }
}

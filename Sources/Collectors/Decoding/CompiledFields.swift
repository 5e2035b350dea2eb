import Core

/// The rules of a system, compiled for reading messages. Immutable and safe on any thread when built.
package final class CompiledFields: Sendable {
  struct Definition: Sendable {
    var identities: [[CompiledSource]]
    /// The kind of id of which each value names a saga of its own.
    var each: Int?
    var parent: [CompiledSource]
    var steps: [CompiledSource]
    var error: [CompiledSource]
    var product: [CompiledSource]
    /// By the number of an event type: there are rules for it. The numbers are small, because they were given first.
    var knownTypes: [Bool]

    func knows(_ type: Symbol) -> Bool { Int(type.number) < knownTypes.count && knownTypes[Int(type.number)] }
  }

  let plan: JSONPlan
  /// Where a text stands that is JSON itself, and what is wanted of it; `nil` where no field lies in one.
  let envelope: [CompiledSource]
  let openedPlan: JSONPlan?
  let type: [CompiledSource]
  let time: [CompiledSource]
  let id: [CompiledSource]
  let node: [CompiledSource]
  let version: [CompiledSource]
  let definitions: [Definition]
  /// CloudEvents in structured form: `specversion` says that the others are what they seem.
  let cloudVersion: CompiledSource
  let cloudType: CompiledSource
  let cloudTime: CompiledSource
  let cloudID: CompiledSource

  package init(_ system: SystemDefinition, symbols: SymbolTable) {
    let plan = JSONPlan()
    let openedPlan = JSONPlan()
    let envelopes = system.fields.envelope
    /// What lies below an envelope is looked for in its text where the envelope is no object.
    func compile(_ sources: [FieldSource]) -> [CompiledSource] {
      sources.flatMap { source in
        [CompiledSource(source, plan: plan)]
          + envelopes.compactMap { Self.path(of: source, below: $0) }.map { .opened(openedPlan.add($0)) }
      }
    }
    envelope = envelopes.map { CompiledSource($0, plan: plan) }
    type = compile(system.fields.type)
    time = compile(system.fields.time)
    id = compile(system.fields.id)
    node = compile(system.fields.node)
    version = compile(system.fields.version)
    definitions = system.sagas.map { saga in
      Definition(
        identities: saga.identities.prefix(255).map { compile($0.sources) },
        each: saga.identities.prefix(255).firstIndex(where: \.isEach), parent: compile(saga.parentSources),
        steps: compile(saga.stepSources), error: compile(saga.errorSources), product: compile(saga.productSources),
        knownTypes: Self.flags(saga.events.map { symbols.symbol($0.type) }))
    }
    cloudVersion = CompiledSource(.path(["specversion"]), plan: plan)
    cloudType = CompiledSource(.path(["type"]), plan: plan)
    cloudTime = CompiledSource(.path(["time"]), plan: plan)
    cloudID = CompiledSource(.path(["id"]), plan: plan)
    self.plan = plan
    self.openedPlan = openedPlan.pathCount > 0 ? openedPlan : nil
  }

  private static func path(of source: FieldSource, below envelope: FieldSource) -> [String]? {
    guard case .path(let names) = source, case .path(let outer) = envelope, names.count > outer.count,
      names.starts(with: outer)
    else { return nil }
    return Array(names.dropFirst(outer.count))
  }

  private static func flags(_ symbols: [Symbol]) -> [Bool] {
    var flags: [Bool] = []
    for number in symbols.map({ Int($0.number) }) {
      if flags.count <= number { flags += Array(repeating: false, count: number + 1 - flags.count) }
      flags[number] = true
    }
    return flags
  }
}

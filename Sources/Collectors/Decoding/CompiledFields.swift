import Core

/// The rules of a system, compiled for reading messages. Immutable and safe on any thread when built.
package final class CompiledFields: Sendable {
  struct Definition: Sendable {
    var identities: [[CompiledSource]]
    var steps: [CompiledSource]
    var error: [CompiledSource]
    var product: [CompiledSource]
    /// By the number of an event type: there are rules for it. The numbers are small, because they were given first.
    var knownTypes: [Bool]

    func knows(_ type: Symbol) -> Bool { Int(type.number) < knownTypes.count && knownTypes[Int(type.number)] }
  }

  let plan: JSONPlan
  let type: [CompiledSource]
  let time: [CompiledSource]
  let id: [CompiledSource]
  let node: [CompiledSource]
  let definitions: [Definition]
  /// CloudEvents in structured form: `specversion` says that the others are what they seem.
  let cloudVersion: CompiledSource
  let cloudType: CompiledSource
  let cloudTime: CompiledSource
  let cloudID: CompiledSource

  package init(_ system: SystemDefinition, symbols: SymbolTable) {
    let plan = JSONPlan()
    func compile(_ sources: [FieldSource]) -> [CompiledSource] { sources.map { CompiledSource($0, plan: plan) } }
    type = compile(system.fields.type)
    time = compile(system.fields.time)
    id = compile(system.fields.id)
    node = compile(system.fields.node)
    definitions = system.sagas.map { saga in
      Definition(
        identities: saga.identities.prefix(255).map { compile($0.sources) }, steps: compile(saga.stepSources),
        error: compile(saga.errorSources), product: compile(saga.productSources),
        knownTypes: Self.flags(saga.events.map { symbols.symbol($0.type) }))
    }
    cloudVersion = CompiledSource(.path(["specversion"]), plan: plan)
    cloudType = CompiledSource(.path(["type"]), plan: plan)
    cloudTime = CompiledSource(.path(["time"]), plan: plan)
    cloudID = CompiledSource(.path(["id"]), plan: plan)
    self.plan = plan
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

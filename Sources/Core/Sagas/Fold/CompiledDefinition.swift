/// A `SagaDefinition` with its names as symbols, ready to fold events by.
struct CompiledDefinition: Sendable {
  let definition: SagaDefinition
  let steps: [Symbol]
  let rules: [CompiledRule]
  /// Per step: some rule undoes it.
  let isCompensable: [Bool]
  let hasStart: Bool
  /// Per step: those that run beside each other with it, itself among them.
  private let groups: [Range<Int>]
  private let index: RuleIndex

  init(_ definition: SagaDefinition, symbols: SymbolTable) {
    self.definition = definition
    let steps = definition.steps.map { symbols.symbol($0.name) }
    let rules = definition.events.prefix(Int(EventRecord.noRule)).map {
      Self.compile($0, steps: steps, symbols: symbols)
    }
    let undoing = rules.flatMap(\.effects).filter { $0.transition == .compensates }
    self.steps = steps
    self.rules = rules
    isCompensable = steps.indices.map { step in undoing.contains { $0.step == nil || $0.step == step } }
    groups = Self.groups(definition.steps)
    hasStart = rules.contains(where: \.startsSaga)
    index = RuleIndex(definition.events, symbols: symbols)
  }

  /// Whether a failed saga of this kind is rolled back at all.
  var hasCompensation: Bool {
    isCompensable.contains(true) || rules.contains { $0.ends == .compensated || $0.startsCompensation }
  }

  func ends(_ event: EventRecord) -> Bool { event.rule != EventRecord.noRule && rules[Int(event.rule)].ends != nil }

  /// The steps that run beside each other with that one. A step that the definition does not name runs alone.
  func group(of step: Int) -> Range<Int> { step < groups.count ? groups[step] : step..<step + 1 }

  private static func groups(_ steps: [StepDefinition]) -> [Range<Int>] {
    steps.indices.map { step in
      let first = steps[...step].lastIndex { !$0.isParallel } ?? 0
      let end = steps[(step + 1)...].firstIndex { !$0.isParallel } ?? steps.count
      return first..<end
    }
  }

  /// Of an event whose message was not read by the definition's rules.
  func rule(of type: Symbol, _ symbols: SymbolTable) -> UInt16 { index.rule(of: type, symbols) }

  private static func compile(_ rule: EventRule, steps: [Symbol], symbols: SymbolTable) -> CompiledRule {
    let effects = rule.effects.compactMap { effect -> CompiledRule.Effect? in
      switch effect.step {
      case .carried: return .init(transition: effect.transition, step: nil)
      case .named(let name):
        return steps.firstIndex(of: symbols.symbol(name)).map { .init(transition: effect.transition, step: $0) }
      }
    }
    return CompiledRule(
      startsSaga: rule.startsSaga, startsCompensation: rule.startsCompensation,
      effects: effects, ends: rule.ends)
  }
}

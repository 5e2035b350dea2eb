/// A `SagaDefinition` with its names as symbols, for folding events. A class, because each event accesses it several times.
final class CompiledDefinition: Sendable {
  let definition: SagaDefinition
  let steps: [Symbol]
  let rules: [CompiledRule]
  private let effects: [CompiledRule.Effect]
  let hasStart: Bool
  /// Whether an event states that a saga has completed, or that its compensation has ended.
  let tellsCompletion: Bool
  let tellsCompensation: Bool
  /// Completion can be detected: by an event, or by the steps.
  let knowsCompletion: Bool
  /// Whether failed sagas of this type are compensated.
  let hasCompensation: Bool
  /// Per step: whether a rule compensates it; whether a rule completes it.
  private let isUndone: [Bool]
  private let isCompleted: [Bool]
  /// Whether a rule compensates, or completes, steps that are named only in messages.
  private let undoesCarried: Bool
  private let completesCarried: Bool
  /// Per step: the range of steps that run in parallel with it, including itself.
  private let groups: [Range<Int>]
  /// Per step: the input topic of its service.
  private let topics: [Symbol]
  private let index: RuleIndex
  private let symbols: SymbolTable

  init(_ definition: SagaDefinition, symbols: SymbolTable) {
    self.definition = definition
    let steps = definition.steps.map { symbols.symbol($0.name) }
    var effects: [CompiledRule.Effect] = []
    let rules = definition.events.prefix(Int(EventRecord.noRule)).map {
      Self.compile($0, steps: steps, symbols: symbols, effects: &effects)
    }
    self.steps = steps
    self.rules = rules
    self.effects = effects
    undoesCarried = effects.contains { $0.transition == .compensates && $0.step == nil }
    completesCarried = effects.contains { $0.transition == .completes && $0.step == nil }
    isUndone = steps.indices.map { step in effects.contains { $0.transition == .compensates && $0.step == step } }
    isCompleted = steps.indices.map { step in effects.contains { $0.transition == .completes && $0.step == step } }
    hasStart = rules.contains(where: \.startsSaga)
    tellsCompletion = !definition.isCompletedBySteps || rules.contains { $0.ends == .completed || $0.ends == .ended }
    knowsCompletion = definition.isCompletedBySteps || rules.contains { $0.ends == .completed || $0.ends == .ended }
    tellsCompensation = rules.contains { $0.ends == .compensated }
    hasCompensation =
      undoesCarried || isUndone.contains(true) || tellsCompensation || rules.contains(where: \.startsCompensation)
    groups = Self.groups(definition.steps)
    topics = definition.steps.map { $0.topic.map(symbols.symbol) ?? .none }
    index = RuleIndex(definition.events, symbols: symbols)
    self.symbols = symbols
  }

  var isChoreography: Bool { definition.coordination == .choreography }

  func starts(_ event: EventRecord) -> Bool {
    event.rule != EventRecord.noRule && event.delivery == .event && rules[Int(event.rule)].startsSaga
  }

  func ends(_ event: EventRecord) -> Bool { event.rule != EventRecord.noRule && rules[Int(event.rule)].ends != nil }

  /// The range of steps that run in parallel with this one. A step that is not in the definition runs alone.
  func group(of step: Int) -> Range<Int> { step < groups.count ? groups[step] : step..<step + 1 }

  func isOptional(_ step: Int) -> Bool { step < steps.count && definition.steps[step].isOptional }

  /// Whether an event compensates it.
  func isCompensable(_ step: Int) -> Bool { undoesCarried || (step < isUndone.count && isUndone[step]) }

  /// A completed saga must have done it, and an event would have reported it.
  func isMandatory(_ step: Int) -> Bool {
    step < steps.count && !definition.steps[step].isOptional && (completesCarried || isCompleted[step])
  }

  /// The only step with this input topic; `nil` if there is none or several.
  func step(reading topic: Symbol) -> Int? {
    guard !topic.isNone, let first = topics.firstIndex(of: topic), topics.lastIndex(of: topic) == first else {
      return nil
    }
    return first
  }

  /// The index of a step by its name in a message. For compensations, `compensate_payment` also matches `payment`. `nil` for a step that
  /// is not in the definition.
  func step(of name: Symbol, _ transition: EventRule.Transition) -> Int? {
    if let step = steps.firstIndex(of: name) { return step }
    guard !steps.isEmpty, transition.isUndoing, let step = UndoingName.step(of: symbols.text(name)) else { return nil }
    return definition.steps.firstIndex { UndoingName.joined($0.name) == step }
  }

  private static func groups(_ steps: [StepDefinition]) -> [Range<Int>] {
    steps.indices.map { step in
      let first = steps[...step].lastIndex { !$0.isParallel } ?? 0
      let end = steps[(step + 1)...].firstIndex { !$0.isParallel } ?? steps.count
      return first..<end
    }
  }

  /// Whether a rule exists for events of this type, regardless of its conditions.
  func hasRules(for type: Symbol, _ symbols: SymbolTable) -> Bool { !index.candidates(of: type, symbols).isEmpty }

  /// For an event that was not evaluated with the rules of this definition.
  func rule(of type: Symbol, _ symbols: SymbolTable) -> UInt16 { index.rule(of: type, symbols) }

  /// The effects of the rule on steps, in order.
  func effects(of rule: CompiledRule) -> ArraySlice<CompiledRule.Effect> { effects[rule.effects] }

  func effect(_ place: Int) -> CompiledRule.Effect { effects[place] }

  private static func compile(
    _ rule: EventRule, steps: [Symbol], symbols: SymbolTable, effects: inout [CompiledRule.Effect]
  ) -> CompiledRule {
    let first = effects.count
    for effect in rule.effects {
      switch effect.step {
      case .carried: effects.append(.init(transition: effect.transition, step: nil))
      case .named(let name):
        guard let step = steps.firstIndex(of: symbols.symbol(name)) else { continue }
        effects.append(.init(transition: effect.transition, step: step))
      }
    }
    return CompiledRule(
      startsSaga: rule.startsSaga, startsCompensation: rule.startsCompensation,
      effects: first..<effects.count, ends: rule.ends)
  }
}

/// An `EventRule` with resolved steps. Contains no references.
struct CompiledRule: Sendable {
  struct Effect: Sendable {
    var transition: EventRule.Transition
    /// The index of the step; `nil` means the steps in the event.
    var step: Int?
  }

  var startsSaga: Bool
  var startsCompensation: Bool
  /// Their indices in the definition's list of all effects.
  var effects: Range<Int>
  var ends: SagaStatus?
}

/// Names that coordinators give to a compensation: `compensate_payment`, `PaymentRollback`, `undo.charge-card`.
enum UndoingName {
  private static let words: Set<String> = ["compensate", "compensation", "compensating", "undo", "revert", "rollback"]

  /// The step's name without separators, in lower case; `nil` if neither end of the name is a word for compensation.
  static func step(of name: String) -> String? {
    let parts = parts(of: name)
    guard parts.count > 1, let first = parts.first, let last = parts.last else { return nil }
    if words.contains(first) { return parts.dropFirst().joined() }
    return words.contains(last) ? parts.dropLast().joined() : nil
  }

  /// The name in the format of `step(of:)`.
  static func joined(_ name: String) -> String { parts(of: name).joined() }

  /// Words end at a separator, or where an upper-case letter follows a lower-case one.
  private static func parts(of name: String) -> [String] {
    var parts = [""]
    var wasSmall = false
    for character in name {
      let isWord = character.isLetter || character.isNumber
      if !isWord || (wasSmall && character.isUppercase) { parts.append("") }
      if isWord { parts[parts.count - 1] += character.lowercased() }
      wasSmall = isWord && !character.isUppercase
    }
    return parts.filter { !$0.isEmpty }
  }
}

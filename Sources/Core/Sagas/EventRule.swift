import Text

/// What a type of event means for a saga.
package struct EventRule: Sendable, Equatable {
  /// What happens to a step.
  package enum Transition: String, CaseIterable, Sendable {
    case begins
    case completes
    case fails
    /// Fails the step if it is not done; else it is no news.
    case timesOut
    case compensates
    case compensationFails
    case skips

    var isUndoing: Bool { self == .compensates || self == .compensationFails }
  }

  /// Which step it happens to.
  package enum StepReference: Sendable, Equatable {
    case named(String)
    /// The step names that the message carries (`SagaLink.steps`).
    case carried
  }

  package struct StepEffect: Sendable, Equatable {
    package var transition: Transition
    package var step: StepReference

    package init(_ transition: Transition, _ step: StepReference) {
      self.transition = transition
      self.step = step
    }
  }

  /// What a message must say for the rule to count.
  package struct Condition: Sendable, Equatable {
    package var source: FieldSource
    /// One of them must match: exact texts or globs. The empty text matches where nothing is found.
    package var values: [String]

    package init(_ source: FieldSource, _ values: [String]) {
      self.source = source
      self.values = values
    }
  }

  /// The position of no rule.
  package static let none = UInt16.max

  /// The event's type, or a glob for several (`*-failed`).
  package var type: String
  /// All of them must hold.
  package var conditions: [Condition]
  package var startsSaga: Bool
  package var effects: [StepEffect]
  /// The compensation begins with this event.
  package var startsCompensation: Bool
  /// The saga is over, with this status.
  package var ends: SagaStatus?
  /// What such an end is called where the status says too little: "refused".
  package var ending: String?

  package init(
    type: String, conditions: [Condition] = [], startsSaga: Bool = false, effects: [StepEffect] = [],
    startsCompensation: Bool = false, ends: SagaStatus? = nil
  ) {
    self.type = type
    self.conditions = conditions
    self.startsSaga = startsSaga
    self.effects = effects
    self.startsCompensation = startsCompensation
    self.ends = ends
  }
}

/// Finds the rules for a type of event: those that name it, then those whose glob matches it, each in the order of the definition.
package struct RuleIndex: Sendable {
  private let exact: [Symbol: [UInt16]]
  private let globs: [(pattern: NamePattern, rule: UInt16)]
  /// By rule: it has conditions.
  private let isConditional: [Bool]

  package init(_ events: [EventRule], symbols: SymbolTable) {
    var exact: [Symbol: [UInt16]] = [:]
    var globs: [(NamePattern, UInt16)] = []
    let rules = events.prefix(Int(EventRule.none))
    for (index, rule) in rules.enumerated() {
      if let pattern = Self.glob(rule.type) {
        globs.append((pattern, UInt16(index)))
      } else {
        exact[symbols.symbol(rule.type), default: []].append(UInt16(index))
      }
    }
    self.exact = exact
    self.globs = globs
    isConditional = rules.map { !$0.conditions.isEmpty }
  }

  /// Only `*` and `?` are special: a name may begin with `^`.
  package static func glob(_ text: String) -> NamePattern? {
    guard !text.hasPrefix("^"), let pattern = try? NamePattern(text), pattern.exactName == nil else { return nil }
    return pattern
  }

  /// The rules that are tried in turn for events of that type. Costs a match per glob: keep the answer.
  package func candidates(of type: Symbol, _ symbols: SymbolTable) -> [UInt16] {
    let named = exact[type] ?? []
    guard !globs.isEmpty, !type.isNone else { return named }
    let name = symbols.text(type)
    return named + globs.filter { $0.pattern.matches(name) }.map(\.rule)
  }

  /// The rule of an event of which nothing but the type is known: the first candidate without conditions.
  package func rule(of type: Symbol, _ symbols: SymbolTable) -> UInt16 {
    if globs.isEmpty { return exact[type]?.first { !isConditional[Int($0)] } ?? EventRule.none }
    return candidates(of: type, symbols).first { !isConditional[Int($0)] } ?? EventRule.none
  }
}

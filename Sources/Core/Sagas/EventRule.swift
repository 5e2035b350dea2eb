import Text

/// What an event type means for a saga.
package struct EventRule: Sendable, Equatable {
  /// The effect on a step.
  package enum Transition: String, CaseIterable, Sendable {
    case begins
    case completes
    case fails
    /// Fails the step if it is not done; otherwise it has no effect.
    case timesOut
    case compensates
    case compensationFails
    case skips

    var isUndoing: Bool { self == .compensates || self == .compensationFails }
  }

  /// The step that is affected.
  package enum StepReference: Sendable, Equatable {
    case named(String)
    /// The step names in the message (`SagaLink.steps`).
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

  /// A condition on the content of a message.
  package struct Condition: Sendable, Equatable {
    package var source: FieldSource
    /// At least one must match: exact texts or globs. The empty text matches if no value is found.
    package var values: [String]

    package init(_ source: FieldSource, _ values: [String]) {
      self.source = source
      self.values = values
    }
  }

  /// Index that stands for "no rule".
  package static let none = UInt16.max

  /// The event type, or a glob for several types (`*-failed`).
  package var type: String
  /// All of them must hold.
  package var conditions: [Condition]
  package var startsSaga: Bool
  package var effects: [StepEffect]
  /// The compensation starts with this event.
  package var startsCompensation: Bool
  /// The saga ends with this status; `nil` if it does not end.
  package var ends: SagaStatus?
  /// A name for this end if the status is too general: "refused".
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

/// Finds the rules for an event type: rules with its exact name, then matching globs, each in the order of the definition.
package struct RuleIndex: Sendable {
  private let exact: [Symbol: [UInt16]]
  private let globs: [(pattern: NamePattern, rule: UInt16)]
  /// By rule: whether it has conditions.
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

  /// Only `*` and `?` are special: a name may start with `^`.
  package static func glob(_ text: String) -> NamePattern? {
    guard !text.hasPrefix("^"), let pattern = try? NamePattern(text), pattern.exactName == nil else { return nil }
    return pattern
  }

  /// The rules to try in order for events of this type. Costs one match per glob, so callers should cache the result.
  package func candidates(of type: Symbol, _ symbols: SymbolTable) -> [UInt16] {
    let named = exact[type] ?? []
    guard !globs.isEmpty, !type.isNone else { return named }
    let name = symbols.text(type)
    return named + globs.filter { $0.pattern.matches(name) }.map(\.rule)
  }

  /// The rule of an event if only its type is known: the first candidate without conditions.
  package func rule(of type: Symbol, _ symbols: SymbolTable) -> UInt16 {
    if globs.isEmpty { return exact[type]?.first { !isConditional[Int($0)] } ?? EventRule.none }
    return candidates(of: type, symbols).first { !isConditional[Int($0)] } ?? EventRule.none
  }
}

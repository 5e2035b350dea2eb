/// How long a step may be without progress: as defined, else learned from how long it took in ended sagas.
struct StepDeadlines {
  /// Before this many ended sagas have passed a step, nothing is learned of it.
  static let evidence = 20
  static let unlearned = Duration.seconds(30)
  static let least = Duration.seconds(10)

  private var durations: [Symbol: LogHistogram] = [:]

  mutating func add(_ duration: Duration, of step: Symbol) { durations[step, default: LogHistogram()].add(duration) }

  mutating func remove(_ duration: Duration, of step: Symbol) { durations[step]?.remove(duration) }

  /// How long the step took in ended sagas.
  func durations(of step: Symbol) -> LogHistogram? { durations[step] }

  /// `nil` of a step that waits for a person, unless it is defined all the same.
  func deadline(of step: Symbol, in definition: CompiledDefinition) -> Duration? {
    if let index = definition.steps.firstIndex(of: step) {
      let defined = definition.definition.steps[index]
      if defined.deadline != nil || defined.waitsForPerson { return defined.deadline }
    }
    guard let known = durations[step], known.count >= Self.evidence, let p99 = known.quantile(0.99) else {
      return Self.unlearned
    }
    return max(Self.least, p99 * 5)
  }
}

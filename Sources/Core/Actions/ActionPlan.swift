import Text

/// What would be done, and to which subjects: sagas by id, frozen in the state in which the operator saw them. A plan has no effect by
/// itself; only the gate that made it can run it, once.
package struct ActionPlan: Sendable, Equatable {
  /// The progress of a saga when the plan was made. A saga that has changed since is skipped.
  package struct Version: Sendable, Equatable {
    package var events: Int
    package var updatedAt: Timestamp

    package init(events: Int, updatedAt: Timestamp) {
      self.events = events
      self.updatedAt = updatedAt
    }
  }

  package struct Item: Sendable, Equatable {
    package var subject: ActionSubject
    /// The displayed id of a saga; the key of a lock.
    package var id: String
    /// Type and state of a saga; empty and `nil` for other subjects.
    package var type: String
    package var status: SagaStatus?
    package var flags: SagaFlags
    package var step: String?
    package var version: Version
    /// 1 for the first attempt for this saga.
    package var attempt: Int
    /// Reused if the outcome of the previous attempt is unknown.
    package var idempotencyKey: String
    /// Warning for the operator, such as another operator's action on it or an earlier unknown outcome.
    package var warning: String?
    /// The key of an earlier attempt with unknown outcome is sent again.
    package var isRepeated = false
    /// The saga's error as displayed.
    package var error: String?
    /// Time from its last event to the plan; `nil` for other subjects.
    package var age: Duration?

    package init(
      subject: ActionSubject, id: String, type: String = "", status: SagaStatus? = nil, flags: SagaFlags = [],
      step: String? = nil, version: Version = Version(events: 0, updatedAt: .distantPast), attempt: Int = 1,
      idempotencyKey: String = "", warning: String? = nil
    ) {
      self.subject = subject
      self.id = id
      self.type = type
      self.status = status
      self.flags = flags
      self.step = step
      self.version = version
      self.attempt = attempt
      self.idempotencyKey = idempotencyKey
      self.warning = warning
    }
  }

  /// A requested subject that is left out.
  package struct Exclusion: Sendable, Equatable {
    package var id: String
    package var reason: String
    /// How the operator can include it anyway; `nil` if that is not possible.
    package var insist: Insistence?

    package init(id: String, reason: String, insist: Insistence? = nil) {
      self.id = id
      self.reason = reason
      self.insist = insist
    }
  }

  /// An exclusion that the operator can override; the override must be typed.
  package enum Insistence: Sendable {
    /// Repeats an action that was already done or is still being watched.
    case again
    /// Abandons the key of an attempt with unknown outcome.
    case newKey
  }

  /// Id of the intent, also in the audit log.
  package var intent: String
  package var action: ActionName
  /// `http`, `kafka`, `command` or `redis`.
  package var kind: String
  package var context: String
  package var isProtected: Bool
  /// The operator's reason; may be empty.
  package var reason: String
  /// Never empty.
  package var items: [Item]
  package var exclusions: [Exclusion]
  /// The request for the first item as it will be sent, line by line, with masked secrets.
  package var request: [String]
  /// The expected effect: "payment-completed within 30s".
  package var expectation: String
  package var confirmation: ActionConfirmation
  /// Number of items and a digest of context, action and subjects. Equal plans always have the same fingerprint.
  package var fingerprint = ""
  /// The plan must be confirmed within this time.
  package var validFor = Duration.seconds(120)
  /// Facts to show before the confirmation, such as the consumers of a message or the holder of a lock.
  package var facts: [String] = []
  /// The filter that selected the subjects, as typed; empty for single subjects.
  package var filter = ""
  /// The intent that this plan resumes.
  package var resumes: String?

  package init(
    intent: String, action: ActionName, kind: String, context: String, isProtected: Bool = false, reason: String = "",
    items: [Item], exclusions: [Exclusion] = [], request: [String] = [], expectation: String = "",
    confirmation: ActionConfirmation
  ) {
    self.intent = intent
    self.action = action
    self.kind = kind
    self.context = context
    self.isProtected = isProtected
    self.reason = reason
    self.items = items
    self.exclusions = exclusions
    self.request = request
    self.expectation = expectation
    self.confirmation = confirmation
  }
}

/// Counts of common properties of a plan's subjects, most frequent first.
package struct PlanSums {
  /// Example: "status": "failed" 12, "stuck" 3.
  package struct Sum: Equatable {
    package var name: String
    package var counts: [(value: String, count: Int)]

    package static func == (left: Sum, right: Sum) -> Bool {
      left.name == right.name && left.counts.elementsEqual(right.counts) { $0 == $1 }
    }
  }

  private static let mostValues = 5
  private static let ages: [(limit: Duration, name: String)] = [
    (.seconds(60), "under 1m"), (.seconds(600), "1m to 10m"), (.seconds(3600), "10m to 1h"),
    (.seconds(86_400), "1h to 1d"),
  ]

  private let plan: ActionPlan

  package init(_ plan: ActionPlan) { self.plan = plan }

  /// Properties without any known value are omitted.
  package var sums: [Sum] {
    [
      sum("status") { $0.flags.contains(.stuck) ? "stuck" : $0.status?.name }, sum("step") { $0.step },
      sum("error") { $0.error }, sum("age") { $0.age.map(Self.span) },
      sum("warning") { $0.warning.map { _ in "with a warning" } },
    ].filter { !$0.counts.isEmpty }
  }

  /// Example: "status: failed 12, stuck 3".
  package var lines: [String] {
    sums.map { sum in
      let shown = sum.counts.prefix(Self.mostValues).map { "\($0.value) \(Quantity.grouped($0.count))" }
      let rest = sum.counts.count - shown.count
      return "\(sum.name): \(shown.joined(separator: ", "))" + (rest > 0 ? ", and \(rest) others" : "")
    }
  }

  private func sum(_ name: String, _ value: (ActionPlan.Item) -> String?) -> Sum {
    var counts: [String: Int] = [:]
    for item in plan.items { if let value = value(item) { counts[value, default: 0] += 1 } }
    let sorted = counts.sorted { (-$0.value, $0.key) < (-$1.value, $1.key) }
    return Sum(name: name, counts: sorted.map { ($0.key, $0.value) })
  }

  private static func span(_ age: Duration) -> String { ages.first { age < $0.limit }?.name ?? "over 1d" }
}

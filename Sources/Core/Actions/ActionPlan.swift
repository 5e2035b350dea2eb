import Text

/// What would be done, and to what exactly: sagas by their ids, frozen with the state in which the operator saw them. A plan does
/// nothing by itself; only the gate that made it can run it, once.
package struct ActionPlan: Sendable, Equatable {
  /// How far a saga was when it was planned for; a saga that has moved since is skipped.
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
    /// Of a saga the id that it is shown by; of a lock its key.
    package var id: String
    /// Of a saga its type and where it stood; empty and `nil` for other subjects.
    package var type: String
    package var status: SagaStatus?
    package var flags: SagaFlags
    package var step: String?
    package var version: Version
    /// 1 for the first time that it is sent for this saga.
    package var attempt: Int
    /// The same key again when the outcome of the last time is unknown.
    package var idempotencyKey: String
    /// What the operator should know first: another's action on it, an unknown outcome before.
    package var warning: String?
    /// It is sent again with the key of a time whose outcome is unknown.
    package var isRepeated = false
    /// The saga's error, as it is shown.
    package var error: String?
    /// Since its last event when it was planned for; `nil` for other subjects.
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

  /// Was asked for, and is left out.
  package struct Exclusion: Sendable, Equatable {
    package var id: String
    package var reason: String
    /// How an operator can have it taken all the same; `nil` where that is not possible.
    package var insist: Insistence?

    package init(id: String, reason: String, insist: Insistence? = nil) {
      self.id = id
      self.reason = reason
      self.insist = insist
    }
  }

  /// What an operator may insist on; it has to be typed then.
  package enum Insistence: Sendable {
    /// To do it although it was done, or is watched.
    case again
    /// To leave the key of an unknown outcome behind.
    case newKey
  }

  /// Names the operator's intent, in the audit log too.
  package var intent: String
  package var action: ActionName
  /// `http`, `kafka`, `command` or `redis`.
  package var kind: String
  package var context: String
  package var isProtected: Bool
  /// Why, in the operator's words; may be empty.
  package var reason: String
  /// At least one.
  package var items: [Item]
  package var exclusions: [Exclusion]
  /// The request for the first item as it will be sent, line by line, secrets masked.
  package var request: [String]
  /// What is to be seen afterwards: "payment-completed within 30s".
  package var expectation: String
  package var confirmation: ActionConfirmation
  /// The number of its items, and what names what is done to which: the same for the same ones, whenever it is planned.
  package var fingerprint = ""
  /// It has to be confirmed within this time.
  package var validFor = Duration.seconds(120)
  /// Sentences that the operator should know before the question: who reads a message again, who holds a lock.
  package var facts: [String] = []
  /// The filter by which the subjects were found, as it was typed; empty for single ones.
  package var filter = ""
  /// The intent whose rest it is.
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

/// What a plan's subjects have in common, counted: most first.
package struct PlanSums {
  /// "status": "failed" 12, "stuck" 3.
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

  /// Without those of which nothing is known.
  package var sums: [Sum] {
    [
      sum("status") { $0.flags.contains(.stuck) ? "stuck" : $0.status?.name }, sum("step") { $0.step },
      sum("error") { $0.error }, sum("age") { $0.age.map(Self.span) },
      sum("warning") { $0.warning.map { _ in "with a warning" } },
    ].filter { !$0.counts.isEmpty }
  }

  /// "status: failed 12, stuck 3".
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

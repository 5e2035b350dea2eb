/// What a service says of itself in the body of its answer.
package struct HealthBody: Sendable, Equatable {
  /// A part of the service, or a service behind a gateway.
  package struct Component: Sendable, Equatable {
    /// With the parts that it is in: `db/replica`.
    package var name: String
    package var status: String
    /// `nil` when the word says nothing about health.
    package var meaning: HealthWords.Meaning?
    /// What the service says is wrong with it.
    package var detail: String?

    package init(_ name: String, _ status: String, _ meaning: HealthWords.Meaning?, detail: String? = nil) {
      self.name = name
      self.status = status
      self.meaning = meaning
      self.detail = detail
    }
  }

  package struct Circuit: Sendable, Equatable {
    package var name: String
    package var state: CircuitState
    /// Shares, 0 to 1; `nil` before there are enough calls.
    package var failureRate: Double?
    package var threshold: Double?
    package var failureCount: Int?
    package var retryAfter: Duration?

    package init(
      _ name: String, _ state: CircuitState, failureRate: Double? = nil, threshold: Double? = nil,
      failureCount: Int? = nil, retryAfter: Duration? = nil
    ) {
      self.name = name
      self.state = state
      self.failureRate = failureRate
      self.threshold = threshold
      self.failureCount = failureCount
      self.retryAfter = retryAfter
    }
  }

  /// A read model that is derived from events.
  package struct Projection: Sendable, Equatable {
    package var name: String
    package var status: String
    package var updatedAt: Timestamp?

    package init(_ name: String, _ status: String, updatedAt: Timestamp? = nil) {
      self.name = name
      self.status = status
      self.updatedAt = updatedAt
    }
  }

  /// Parts, circuits or projections of one body; more are not kept.
  static let mostParts = 200

  /// The word for the whole; `nil` where the body has none.
  package var status: String?
  package var meaning: HealthWords.Meaning?
  /// What the service says is wrong.
  package var detail: String?
  /// The components are services of their own, behind this one.
  package var isGateway = false
  package var components: [Component] = []
  package var circuits: [Circuit] = []
  package var projections: [Projection] = []
  /// Why the body does not tell the health of the whole; `nil` where it does.
  package var problem: String?

  package init() {}
}

import Text

/// An action as the configuration describes it: what is sent, to which sagas it may be sent, and what is to come of it.
package struct ActionDefinition: Sendable, Equatable {
  /// What is to be seen of a saga when the action has worked. Either is enough; with neither, any event that was not there before.
  package struct Expectation: Sendable, Equatable {
    package var events: [String]
    package var statuses: [SagaStatus]
    /// Counted from the answer; later is `notObserved`.
    package var within: Duration

    package init(events: [String] = [], statuses: [SagaStatus] = [], within: Duration = .seconds(30)) {
      self.events = events
      self.statuses = statuses
      self.within = within
    }

    /// "payment-completed or status completed within 30s".
    package var phrase: String {
      let parts = events + statuses.map { "status \($0.name)" }
      return (parts.isEmpty ? "a new event" : parts.joined(separator: " or ")) + " within \(Quantity.age(within))"
    }
  }

  /// Sagas that it may be sent to: those with one of the statuses, and those with one of the flags.
  package struct Allowance: Sendable, Equatable {
    package var statuses: [SagaStatus]
    package var flags: SagaFlags

    package init(statuses: [SagaStatus], flags: SagaFlags = []) {
      self.statuses = statuses
      self.flags = flags
    }

    package func holds(_ status: SagaStatus, _ flags: SagaFlags) -> Bool {
      statuses.contains(status) || !self.flags.isDisjoint(with: flags)
    }

    /// "failed, stuck".
    package var phrase: String { (statuses.map(\.name) + flags.names).joined(separator: ", ") }
  }

  package var name: ActionName
  package var call: ActionCall
  package var expectation: Expectation
  package var allowance: Allowance
  /// More of them in one plan are refused.
  package var maxBatch: Int
  /// How many are under way at once.
  package var concurrency: Int
  /// How many are sent in a second at most.
  package var rate: Int
  /// Without an answer for longer the outcome is unknown.
  package var timeout: Duration
  /// So many refused or unknown in a row, with the same words, stop a run until the operator says more.
  package var stopAfter = 5

  package init(
    name: ActionName, call: ActionCall, expectation: Expectation = Expectation(), allowance: Allowance? = nil,
    maxBatch: Int = 500, concurrency: Int = 4, rate: Int = 20, timeout: Duration = .seconds(10)
  ) {
    self.name = name
    self.call = call
    self.expectation = expectation
    self.allowance = allowance ?? Self.allowance(of: name)
    self.maxBatch = maxBatch
    self.concurrency = concurrency
    self.rate = rate
    self.timeout = timeout
  }

  /// What is allowed where the configuration does not say.
  package static func allowance(of name: ActionName) -> Allowance {
    switch name {
    case .retry: Allowance(statuses: [.failed], flags: .stuck)
    case .compensate: Allowance(statuses: [.running, .failed], flags: .stuck)
    case .giveUp: Allowance(statuses: [.failed], flags: .stuck)
    case .redrive, .releaseLock, .replay: Allowance(statuses: SagaStatus.allCases)
    }
  }
}

/// What an action sends, with its places for a saga's fields still open.
package enum ActionCall: Sendable, Equatable {
  case http(HTTP)
  case kafka(Kafka)
  /// One message, published again as it was received, to the topic that it lay in, or was meant for.
  case republish(Republish)
  /// The words of a program's command line; no shell reads them.
  case command([ActionTemplate])
  case releaseLock

  package struct Field: Sendable, Equatable {
    package var name: String
    package var value: ActionTemplate

    package init(name: String, value: ActionTemplate) {
      self.name = name
      self.value = value
    }
  }

  package struct HTTP: Sendable, Equatable {
    /// The context's API whose server and credentials are used; `nil` where `target` is a whole URL.
    package var api: String?
    package var method: String
    /// A path with an optional query, or a URL.
    package var target: ActionTemplate
    package var headers: [Field]
    package var body: ActionTemplate?

    package init(
      api: String?, method: String = "POST", target: ActionTemplate, headers: [Field] = [], body: ActionTemplate? = nil
    ) {
      self.api = api
      self.method = method
      self.target = target
      self.headers = headers
      self.body = body
    }
  }

  package struct Kafka: Sendable, Equatable {
    package var topic: ActionTemplate
    package var key: ActionTemplate?
    package var headers: [Field]
    package var value: ActionTemplate

    package init(topic: ActionTemplate, key: ActionTemplate? = nil, headers: [Field] = [], value: ActionTemplate) {
      self.topic = topic
      self.key = key
      self.headers = headers
      self.value = value
    }
  }

  package enum Republish: Sendable, Equatable {
    /// The newest message of the saga in the topic that makes its step begin.
    case stepInput
    /// A dead-letter message; its topic is what is left of its name without the mark of dead letters, unless it is given.
    case deadLetter(topic: String?)
  }

  /// The word in the configuration and on the screen.
  package var kind: String {
    switch self {
    case .http: "http"
    case .kafka, .republish: "kafka"
    case .command: "command"
    case .releaseLock: "redis"
    }
  }
}

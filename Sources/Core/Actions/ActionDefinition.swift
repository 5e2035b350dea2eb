import Text

/// An action as configured: what is sent, to which sagas it may be sent, and the expected effect.
package struct ActionDefinition: Sendable, Equatable {
  /// What a saga must show after a successful action. One match is enough; if both lists are empty, any new event counts.
  package struct Expectation: Sendable, Equatable {
    package var events: [String]
    package var statuses: [SagaStatus]
    /// Counted from the response. A later effect is `notObserved`.
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

  /// The sagas it may be sent to: sagas with one of the statuses or one of the flags.
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
  /// Maximum number of items in one plan; larger plans are refused.
  package var maxBatch: Int
  /// Maximum number of requests in flight.
  package var concurrency: Int
  /// Maximum requests per second.
  package var rate: Int
  /// If no response arrives within this time, the outcome is unknown.
  package var timeout: Duration
  /// This number of consecutive refused or unknown outcomes with the same message pauses the run until the operator decides.
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

  /// The default if the configuration has no entry.
  package static func allowance(of name: ActionName) -> Allowance {
    switch name {
    case .retry: Allowance(statuses: [.failed], flags: .stuck)
    case .compensate: Allowance(statuses: [.running, .failed], flags: .stuck)
    case .giveUp: Allowance(statuses: [.failed], flags: .stuck)
    case .redrive, .releaseLock, .replay: Allowance(statuses: SagaStatus.allCases)
    }
  }
}

/// What an action sends, as templates with fields of the saga.
package enum ActionCall: Sendable, Equatable {
  case http(HTTP)
  case kafka(Kafka)
  /// Publishes one message again, unchanged, to its original topic or to the topic it was intended for.
  case republish(Republish)
  /// The arguments of a command line; no shell interprets them.
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
    /// The API of the context that provides server and credentials; `nil` if `target` is a complete URL.
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
    /// The newest message of the saga in the topic that triggers the step.
    case stepInput
    /// A dead-letter message. `nil`: the topic is the dead-letter topic's name without its dead-letter mark.
    case deadLetter(topic: String?)
  }

  /// The name in the configuration and on the screen.
  package var kind: String {
    switch self {
    case .http: "http"
    case .kafka, .republish: "kafka"
    case .command: "command"
    case .releaseLock: "redis"
    }
  }
}

/// The actions an operator can run on the watched system. Each is available only if the configuration defines it.
package enum ActionName: String, CaseIterable, Sendable {
  case retry
  case compensate
  /// Abandons a saga: it is marked as given up in its store.
  case giveUp = "give-up"
  /// Publishes a dead-letter message to the topic it was intended for.
  case redrive
  /// Removes a lock if its holder has not changed since it was seen.
  case releaseLock = "release-lock"
  /// Makes an event store publish its events again.
  case replay

  /// What the action applies to.
  package var scope: Scope {
    switch self {
    case .retry, .compensate, .giveUp: .saga
    case .redrive: .deadLetter
    case .releaseLock: .lock
    case .replay: .system
    }
  }

  package enum Scope: Sendable {
    case saga
    case deadLetter
    case lock
    case system

    /// "saga", "dead letter".
    package var noun: String {
      switch self {
      case .saga: "saga"
      case .deadLetter: "dead letter"
      case .lock: "lock"
      case .system: "system"
      }
    }
  }
}

/// The object that an action applies to.
package enum ActionSubject: Hashable, Sendable {
  case saga(SagaHandle)
  case lock(LockKey)
  case deadLetter(topic: String, partition: Int32, offset: Int64)
  case system
}

/// A server that accepts requests for actions, and its credentials. The content is secret and is never written to any output.
package struct ActionAPI: Sendable, Equatable {
  /// Requests a token with a name and a password whenever one is needed.
  package struct Login: Sendable, Equatable {
    package var path: String
    /// Sent as JSON: `{"email": …, "password": …}`.
    package var body: [(name: String, value: String)]
    /// Path of the token in the response: names of nested objects, outermost first.
    package var token: [String]

    package init(path: String, body: [(name: String, value: String)], token: [String] = ["accessToken"]) {
      self.path = path
      self.body = body
      self.token = token
    }

    package static func == (left: Login, right: Login) -> Bool {
      left.path == right.path && left.token == right.token && left.body.elementsEqual(right.body) { $0 == $1 }
    }
  }

  package var name: String
  /// Scheme, server and an optional path prefix of all requests, without a trailing `/`.
  package var url: String
  package var access: HTTPAccess
  package var login: Login?
  /// Command line of a program that prints a token.
  package var tokenCommand: [String]
  /// How long the server remembers an idempotency key.
  package var idempotencyWindow = Duration.seconds(86_400)
  /// The key is sent as a quoted string, as in the IETF draft.
  package var quotesIdempotencyKey = false

  package init(
    name: String, url: String, access: HTTPAccess = HTTPAccess(), login: Login? = nil, tokenCommand: [String] = []
  ) {
    self.name = name
    self.url = url
    self.access = access
    self.login = login
    self.tokenCommand = tokenCommand
  }
}

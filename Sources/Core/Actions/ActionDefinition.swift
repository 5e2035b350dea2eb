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

/// What an operator may have done to the watched system. Each is possible only where the configuration defines it.
package enum ActionName: String, CaseIterable, Sendable {
  case retry
  case compensate
  /// Lets a saga be as it is: it is marked as given up where it is kept.
  case giveUp = "give-up"
  /// Publishes a dead-letter message to the topic that it was meant for.
  case redrive
  /// Removes a lock, if its holder is still the one that was seen.
  case releaseLock = "release-lock"
  /// Lets an event store publish its events again.
  case replay

  /// What it is done to.
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
    /// The watched system as a whole.
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

/// The one thing that an action is done to.
package enum ActionSubject: Hashable, Sendable {
  case saga(SagaHandle)
  case lock(LockKey)
  case deadLetter(topic: String, partition: Int32, offset: Int64)
  case system
}

/// A server that takes requests for actions, and how one is let in there. What it holds is secret and reaches no text.
package struct ActionAPI: Sendable, Equatable {
  /// Asks for a token with a name and a password, as often as is needed.
  package struct Login: Sendable, Equatable {
    package var path: String
    /// Sent as JSON: `{"email": …, "password": …}`.
    package var body: [(name: String, value: String)]
    /// Where in the answer the token stands: names of nested objects from the outside in.
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
  /// Scheme, server and an optional path in front of every request's; without a `/` at its end.
  package var url: String
  package var access: HTTPAccess
  package var login: Login?
  /// The words of a program that prints a token.
  package var tokenCommand: [String]
  /// For so long the server knows a key again.
  package var idempotencyWindow = Duration.seconds(86_400)
  /// The key is sent as a string in quotation marks, as the IETF's draft has it.
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

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

/// A document that is polled over HTTP: a saga's state, or a list of events.
package struct DocumentDefinition: Sendable, Equatable {
  /// How the next part of a list is requested.
  package struct Paging: Sendable, Equatable {
    /// The query parameter.
    package var parameter: String
    /// Path of the message member that is sent, outermost name first: an id or a time.
    package var member: [String]

    package init(parameter: String, member: [String]) {
      self.parameter = parameter
      self.member = member
    }
  }

  /// The member that numbers the messages of one object.
  package struct Order: Sendable, Equatable {
    package var member: [String]
    /// The member that identifies the object.
    package var per: [String]

    package init(member: [String], per: [String]) {
      self.member = member
      self.per = per
    }
  }

  package static let interval = Duration.seconds(1)
  package static let timeout = Duration.seconds(5)

  package var name: String
  /// Complete, or a path on the system's server.
  package var url: String
  package var interval: Duration
  package var timeout: Duration
  /// Empty: the whole document is one message.
  package var messages: [MessageRule]
  package var paging: Paging?
  package var order: Order?

  package init(
    name: String, url: String, interval: Duration = interval, timeout: Duration = timeout,
    messages: [MessageRule] = [], paging: Paging? = nil, order: Order? = nil
  ) {
    self.name = name
    self.url = url
    self.interval = interval
    self.timeout = timeout
    self.messages = messages
    self.paging = paging
    self.order = order
  }
}

/// A command; its output is read line by line.
package struct CommandDefinition: Sendable, Equatable {
  package static let interval = Duration.seconds(5)

  package var name: String
  /// The program and its arguments; no shell interprets them.
  package var run: [String]
  /// A regular expression for the prefix of each line; its named groups are members of the line's message.
  package var prefix: String?
  /// Empty: each line is parsed as JSON.
  package var messages: [MessageRule]
  /// Time from a successful exit to the next run.
  package var interval: Duration

  package init(
    name: String, run: [String], prefix: String? = nil, messages: [MessageRule] = [], interval: Duration = interval
  ) {
    self.name = name
    self.run = run
    self.prefix = prefix
    self.messages = messages
    self.interval = interval
  }
}

/// A command whose output is read line by line.
package struct CommandDefinition: Sendable, Equatable {
  package static let interval = Duration.seconds(5)

  package var name: String
  /// The program and its arguments; no shell reads them.
  package var run: [String]
  /// A regular expression for what stands before each line; its named groups are members of the line's message.
  package var prefix: String?
  /// None takes each line as JSON.
  package var messages: [MessageRule]
  /// Time after a good end until it is run again.
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

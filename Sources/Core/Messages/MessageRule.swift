/// How messages are found in what is no stream of messages: in a document, or in the lines that a command prints.
package struct MessageRule: Sendable, Equatable {
  /// Names of nested JSON objects from the outside in, `*` for each element of a list: the objects there are the messages. Empty
  /// is the document itself. Each takes the plain members of the objects around it along, where it has none of that name.
  package var each: [String]
  /// A regular expression for lines that are no JSON, and its named groups are the message's members; `nil` for JSON.
  package var pattern: String?
  /// The event's type; without one, the system's fields say it. What lacks a member of it is no message.
  package var type: FieldSource?
  /// A line of this kind begins a run.
  package var begins: Run?

  /// What tells the lines of one run from those of another, where they do not say it themselves.
  package struct Run: Sendable, Equatable {
    /// The member that the run's name becomes, of this line and of all that follow it: the name of what it is counted for, or of the
    /// source, with the run's number from the second on.
    package var member: String
    /// The member for whose values runs are counted apart, as for the programs whose lines are mixed; `nil` for all lines together.
    package var per: String?

    package init(member: String, per: String? = nil) {
      self.member = member
      self.per = per
    }
  }

  package init(each: [String] = [], pattern: String? = nil, type: FieldSource? = nil, begins: Run? = nil) {
    self.each = each
    self.pattern = pattern
    self.type = type
    self.begins = begins
  }
}

/// Which keys do what, where. The one place that is asked when a key comes, and from which help and hints are written.
package struct KeyTable: Sendable, Equatable {
  /// What is in front when a key comes.
  package enum Scope: Sendable, Equatable, CaseIterable {
    /// A list of sagas.
    case sagas
    case events
    /// The list of consumer groups.
    case groups
    case topics
    case locks
    case services
    case nodes
    /// The members of all consumer groups.
    case members
    /// The list of roll-backs.
    case compensations
    /// The list of failure patterns.
    case patterns
    /// The list of operators' actions.
    case actions
    /// The page of an opened saga, event, consumer group, lock, service or action.
    case page
    case help
  }

  package struct Binding: Sendable, Equatable {
    package var command: Command
    package var keys: [Key]
    package var scopes: [Scope]
    /// What it does, as the help says it.
    package var sentence: String
    /// One word for the line of hints; `nil` for keys that are not hinted at.
    package var hint: String?

    package init(
      _ command: Command, _ keys: [Key], in scopes: [Scope] = Scope.allCases, _ sentence: String, hint: String? = nil
    ) {
      self.command = command
      self.keys = keys
      self.scopes = scopes
      self.sentence = sentence
      self.hint = hint
    }
  }

  package var bindings: [Binding]

  package init(_ bindings: [Binding]) {
    self.bindings = bindings
  }

  package func command(for key: Key, in scope: Scope) -> Command? {
    bindings.first { $0.scopes.contains(scope) && $0.keys.contains(key) }?.command
  }

  package func bindings(in scope: Scope) -> [Binding] {
    bindings.filter { $0.scopes.contains(scope) }
  }
}

extension KeyTable {
  private static let lists: [Scope] = [
    .sagas, .events, .groups, .topics, .locks, .services, .nodes, .members, .compensations, .patterns, .actions,
  ]
  private static let sorted: [Scope] = [.sagas, .groups, .locks, .services, .nodes, .compensations, .patterns]
  private static let notHelp: [Scope] = lists + [.page]

  /// The keys that operators of k9s, htop, less and vim expect.
  package static let standard = KeyTable(opening + movement + finding + marking + acting + keeping + views + program)

  private static let opening: [Binding] = [
    Binding(.open, [.enter, .right, .character("l")], in: [.sagas], "open the saga under the cursor", hint: "open"),
    Binding(.open, [.enter, .right, .character("l")], in: [.events], "open the event's payload", hint: "open"),
    Binding(
      .open, [.enter, .right, .character("l")], in: [.groups], "open the group: members, partitions", hint: "open"),
    Binding(.open, [.enter, .right, .character("l")], in: [.topics], "show the groups that read it", hint: "readers"),
    Binding(.open, [.enter, .right, .character("l")], in: [.locks], "open the lock: holders, history", hint: "open"),
    Binding(
      .open, [.enter, .right, .character("l")], in: [.services], "open the service: components, circuits, body",
      hint: "open"),
    Binding(.open, [.enter, .right, .character("l")], in: [.nodes], "show the sagas of the node", hint: "sagas"),
    Binding(.open, [.enter, .right, .character("l")], in: [.members], "open the member's group", hint: "group"),
    Binding(.open, [.enter, .right, .character("l")], in: [.compensations], "open the saga", hint: "open"),
    Binding(.open, [.enter, .right, .character("l")], in: [.patterns], "show the sagas that failed so", hint: "sagas"),
    Binding(.open, [.enter, .right, .character("l")], in: [.actions], "open the action: its stages", hint: "open"),
    Binding(.open, [.enter], in: [.page], "unfold or fold the line, or follow it", hint: "unfold"),
    Binding(.unfold, [.right, .character("l")], in: [.page], "unfold: a payload, an object, a partition, an instance"),
    Binding(.fold, [.left, .character("h")], in: [.page], "fold, or go to what encloses the line"),
    Binding(.close, [.escape], in: [.page], "go back", hint: "back"),
    Binding(.close, [.escape], in: [.sagas, .events], "clear the filter, then the marks"),
    Binding(
      .close, [.escape],
      in: [.groups, .topics, .locks, .services, .nodes, .members, .compensations, .patterns, .actions],
      "clear the filter"),
    Binding(.close, [.escape, .left, .character("h")], in: [.help], "close this help", hint: "close"),
  ]

  private static let movement: [Binding] = [
    Binding(.up, [.up, .character("k")], "one line up"),
    Binding(.down, [.down, .character("j")], "one line down"),
    Binding(.pageUp, [.pageUp], "one page up"),
    Binding(.pageDown, [.pageDown], "one page down"),
    Binding(.halfPageUp, [.control("u")], "half a page up"),
    Binding(.halfPageDown, [.control("d")], "half a page down"),
    Binding(.first, [.character("g"), .home], "to the first line; in a list: stay on the first line"),
    Binding(.last, [.character("G"), .end], "to the last line"),
  ]

  private static let finding: [Binding] = [
    Binding(
      .filter, [.character("/")], in: [.groups], "filter: words, status:stalled, topic:orders, age>5m", hint: "filter"),
    Binding(
      .filter, [.character("/")], in: [.locks], "filter: words, status:immortal, node:HOLDER, age>5m", hint: "filter"),
    Binding(.filter, [.character("/")], in: [.topics], "filter: words, !test", hint: "filter"),
    Binding(.filter, [.character("/")], in: [.services], "filter: words, status:down, node:node-1", hint: "filter"),
    Binding(.filter, [.character("/")], in: [.nodes], "filter: words, status:silent, step:payment", hint: "filter"),
    Binding(.filter, [.character("/")], in: [.members], "filter: words, !test", hint: "filter"),
    Binding(
      .filter, [.character("/")], in: [.compensations], "filter: status:failed, step:payment, error:declined",
      hint: "filter"),
    Binding(
      .filter, [.character("/")], in: [.patterns], "filter: words, step:payment, node:node-1, age<5m", hint: "filter"),
    Binding(
      .filter, [.character("/")], in: [.actions], "filter: a text, such as retry, alice or unknown", hint: "filter"),
    Binding(
      .filter, [.character("/")], in: [.sagas, .events], "filter: words, status:stuck, age>5m, !node:node-1",
      hint: "filter"),
    Binding(.filter, [.character("/")], in: [.page], "search in this page", hint: "search"),
    Binding(.nextMatch, [.character("n")], in: notHelp, "next match"),
    Binding(.previousMatch, [.character("N")], in: notHelp, "previous match"),
    Binding(.sortPrevious, [.character("<")], in: sorted, "sort by the column to the left"),
    Binding(.sortNext, [.character(">")], in: sorted, "sort by the column to the right"),
    Binding(.reverse, [.character("I")], in: sorted, "reverse the order"),
  ]

  private static let marking: [Binding] = [
    Binding(.mark, [.character(" ")], in: [.sagas], "mark the saga and go on to the next", hint: "mark"),
    Binding(.markRange, [.character("v")], in: [.sagas], "mark what the cursor passes, until v again"),
    Binding(.unmark, [.character("U")], in: [.sagas], "take all marks away"),
    Binding(.why, [.character("w")], in: [.sagas, .events, .page], "why the saga is where it is", hint: "why"),
  ]

  private static let keeping: [Binding] = [
    Binding(.copy, [.character("y")], in: notHelp, "copy the id or name to the clipboard", hint: "copy id"),
    Binding(.freeze, [.character("z")], in: notHelp, "freeze the picture; collection goes on", hint: "freeze"),
  ]

  /// Capital letters, each with a dialog before it; none of them is a movement key's capital.
  private static let acting: [Binding] = [
    Binding(
      .retry, [.character("R")], in: [.sagas, .page], "retry the saga, or the marked ones; asks first", hint: "retry"),
    Binding(
      .compensate, [.character("C")], in: [.sagas, .page], "compensate: have it undone; asks first", hint: "compensate"),
    Binding(
      .redrive, [.character("D")], in: [.events, .page], "redrive the dead letter; asks first", hint: "redrive"),
    Binding(.leaveUnsent, [.character("c")], in: [.actions], "leave what of the same plan is not sent yet"),
    Binding(
      .evict, [.character("E")], in: [.locks, .page], "evict the lock from its holder; asks first", hint: "evict"),
  ]

  private static let views: [Binding] =
    ViewID.allCases.map { view in
      Binding(.show(view), [.character(view.digit)], in: notHelp, "show \(view.name)")
    } + [
      Binding(.topics, [.character("t")], in: [.groups], "show the topics: what goes through them", hint: "topics"),
      Binding(.topics, [.character("t")], in: [.topics], "show the groups again", hint: "groups"),
      Binding(.members, [.character("t")], in: [.nodes], "show the members of the consumer groups", hint: "members"),
      Binding(.members, [.character("t")], in: [.members], "show the nodes again", hint: "nodes"),
      Binding(.patterns, [.character("t")], in: [.compensations], "show what fails, by error text", hint: "patterns"),
      Binding(.patterns, [.character("t")], in: [.patterns], "show the roll-backs again", hint: "roll-backs"),
      Binding(.nextView, [.tab], in: notHelp, "next view", hint: "view"),
      Binding(.previousView, [.backTab], in: notHelp, "previous view"),
    ]

  private static let program: [Binding] = [
    // The last of those that act to be hinted at: it sends nothing that mends.
    Binding(
      .giveUp, [.character("X")], in: [.sagas, .page], "give up: let it be as it is; asks first", hint: "give up"),
    Binding(.command, [.character(":")], in: notHelp, "type a command: :sagas, :filter …, :sort updated, :q"),
    Binding(.help, [.character("?"), .function(1)], "help for this view"),
    Binding(.theme, [.character("T")], "next theme"),
    Binding(.mouse, [.character("m")], "mouse on or off; off, text can be selected"),
    Binding(.redraw, [.control("l")], "draw the screen anew"),
    Binding(.suspend, [.control("z")], "suspend; fg brings it back"),
    Binding(.quit, [.character("q")], "back, then quit", hint: "quit"),
  ]
}

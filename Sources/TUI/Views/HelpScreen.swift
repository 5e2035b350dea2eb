import Core

/// The keys of what is in front, written from the key table.
struct HelpScreen {
  let scope: KeyTable.Scope
  var availability: [ActionName: ActionAvailability] = [:]
  var keys = KeyTable.standard

  private static let keyColumns = 22

  /// Which keys, then what they do.
  var lines: [StyledLine] { keyLines + notes }

  var keyLines: [StyledLine] {
    [StyledLine(" keys \(Self.title(scope))", .heading, .strong)]
      + keys.bindings(in: scope).map { binding in
        let names = binding.keys.map(\.name).joined(separator: " ")
        var line = StyledLine(
          "   \(names)" + String(repeating: " ", count: max(1, Self.keyColumns - names.count)), .key)
        if let action = binding.command.action, case .impossible(let why) = availability[action] {
          line.add("\(binding.sentence)  (not now: \(why))", .dim)
        } else {
          line.add(binding.sentence)
        }
        return line
      }
  }

  /// What the signs of the screen mean.
  private var notes: [StyledLine] {
    guard let notes = Self.notes(scope) else { return [] }
    return [StyledLine(), StyledLine(" what the columns say", .heading, .strong)]
      + notes.map { name, sentence in
        var line = StyledLine("   \(name)" + String(repeating: " ", count: max(1, Self.keyColumns - name.count)), .key)
        line.add(sentence)
        return line
      }
  }

  private static func notes(_ scope: KeyTable.Scope) -> [(String, String)]? {
    switch scope {
    case .groups: groupNotes
    case .topics: topicNotes
    case .locks: lockNotes
    case .services: serviceNotes
    case .nodes: HistoryNotes.nodes
    case .compensations: HistoryNotes.compensations
    case .patterns: HistoryNotes.patterns
    case .actions: actionNotes
    case .sagas, .events, .members, .page, .help: nil
    }
  }

  private static let lockNotes: [(String, String)] =
    LockVerdict.allCases.reversed().map { ($0.rawValue, LockStyle.meaning($0)) } + [
      ("AGE", "how long it is held; after a sign: at least so long"),
      ("TTL never", "it has no time to live"),
      ("WAITERS", "clients that wait; Redisson's locks tell"),
      ("P50 P95", "how long it was held, where its end was seen"),
      ("WAITED", "the share of them that somebody waited for"),
      ("exact, sampled", "by the server's own events, or what was seen"),
      ("-", "not known; it is never written as 0"),
    ]

  private static let groupNotes: [(String, String)] =
    LagVerdict.allCases.reversed().map { ($0.rawValue, LagStyle.meaning($0)) } + [
      ("OLDEST 4m12s", "how old the oldest unread message is, by its own time"),
      ("OLDEST ~4m12s", "estimated from earlier readings of the log's end"),
      ("OLDEST >4m12s", "at least: it was there before the first reading"),
      ("DRAIN", "until the lag is worked off; never: more arrives"),
      ("IN/s OUT/s", "messages that arrive and that it reads, per second"),
      ("TREND", "its lag over the last readings"),
      ("-", "not known; it is never written as 0"),
    ]

  private static let serviceNotes: [(String, String)] =
    ServiceVerdict.allCases.reversed().map { ($0.rawValue, ServiceStyle.meaning($0)) } + [
      ("SINCE 4m12s", "how long it holds; >4m12s: since before the first look"),
      ("TREND", "how long its last answers took; a gap is none"),
      ("UPTIME", "share of the last hour's readings in which it worked"),
      ("REQ/s P95", "from its metrics, between the last two scrapes"),
      ("-", "not known; it is never written as 0"),
    ]

  private static let actionNotes: [(String, String)] = [
    ("intended", "written into the audit log, not sent yet"),
    ("sent", "under way: no answer yet"),
    ("accepted", "taken by the other side; the saga is watched"),
    ("observed in 3.2s", "the saga moved as expected, so long after it was sent"),
    ("not observed", "taken, but the saga did not move as expected in time"),
    ("refused", "not taken, in the other side's words"),
    ("unknown", "it may have been done: look before sending it again"),
    ("skipped, cancelled", "not sent: the saga had moved, or the operator said so"),
  ]

  private static let topicNotes: [(String, String)] = [
    ("SKEW", "the busiest partition over the mean, 1.0 when even"),
    ("dead letter", "messages that could not be worked on"),
    ("-", "not known; it is never written as 0"),
  ]

  static func title(_ scope: KeyTable.Scope) -> String {
    switch scope {
    case .sagas: "in the lists of sagas"
    case .events: "in the list of events"
    case .groups: "in the list of consumer groups"
    case .topics: "in the list of topics"
    case .locks: "in the list of locks"
    case .services: "in the list of services"
    case .nodes: "in the list of nodes"
    case .members: "in the list of members"
    case .compensations: "in the list of roll-backs"
    case .patterns: "in the list of failure patterns"
    case .actions: "in the list of actions"
    case .page: "in the page of a saga, event, group, lock, service or action"
    case .help: "in the help"
    }
  }

  static func maxTop(scope: KeyTable.Scope, keys: KeyTable, layout: ScreenLayout) -> Int {
    max(0, HelpScreen(scope: scope, keys: keys).lines.count - layout.help.height)
  }

  func draw(into frame: inout Frame, _ layout: ScreenLayout, top: Int, glyphs: Glyphs) {
    let area = layout.help
    let lines = lines
    frame.fill(area)
    for (index, line) in lines.dropFirst(top).prefix(area.height).enumerated() {
      frame.put(line, x: area.x, y: area.y + index, width: area.width, ellipsis: glyphs.ellipsis)
    }
    let hidden = lines.count - top - area.height
    guard hidden > 0 else { return }
    let more = " \(hidden) more below "
    frame.put(more, x: area.width - more.count, y: area.y + area.height - 1, role: .accent)
  }
}

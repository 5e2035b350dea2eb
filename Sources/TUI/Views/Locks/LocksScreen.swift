import Core
import Text

extension ViewID {
  package static let locks = ViewID("locks")
}

/// The list of held and lost locks.
package struct LocksScreen: ListScreen {
  package static let id = ViewID.locks
  package static let place = "in the list of locks"
  package static let keys = ViewKeys(
    open: ("open the lock: holders, history", "open"), filter: "filter: words, status:immortal, node:HOLDER, age>5m",
    actions: [.releaseLock])
  package static let legend: [(String, String)] =
    LockVerdict.allCases.reversed().map { ($0.rawValue, LockStyle.meaning($0)) } + [
      ("AGE", "how long it is held; with a sign before it: at least"),
      ("TTL never", "it never expires"),
      ("WAITERS", "clients that wait; known for Redisson's locks"),
      ("P50 P95", "how long it was held, where its end was seen"),
      ("WAITED", "the share of acquisitions that others waited for"),
      ("exact, sampled", "by the server's own events, or by polling"),
      ("-", "not known; it is never written as 0"),
    ]

  package var list = ListState<LockRow, LockOrder>()
  private var read = LockList()

  package init() {}

  package let columns: [ListColumn<LockRow, LockOrder>] = [
    ListColumn("KEY", .by { (22, $0 >= 160 ? 60 : 34) }, priority: 0, order: .key) { $1.middle($0.id.key) },
    ListColumn("VERDICT", .exactly(11), priority: 1, order: .severity) { row, cell in
      let style = LockStyle(glyphs: cell.glyphs)
      return StyledLine(style.verdict(row.verdict), style.role(row.verdict))
    },
    ListColumn("HOLDER", .from(12, to: 44), priority: 5) { row, cell in
      cell.known(Truncation.middle(LockStyle.holders(row.holders), columns: cell.width, ellipsis: cell.glyphs.ellipsis))
    },
    ListColumn("AGE", .exactly(6), align: .right, priority: 2, order: .age) { row, cell in
      cell.known(LockStyle(glyphs: cell.glyphs).age(row.age), row.verdict == .overdue ? .stuck : .text)
    },
    ListColumn("TTL", .exactly(5), align: .right, priority: 3, order: .ttl) { row, cell in
      cell.known(LockStyle.ttl(row), row.isImmortal ? .critical : .text)
    },
    ListColumn("WAITERS", .exactly(7), align: .right, priority: 4, order: .waiters) { row, cell in
      cell.known(Quantity.count(row.waiters), row.waiters == 0 ? .dim : .text)
    },
    ListColumn("SAGA", .from(12, to: 38), priority: 6) { row, cell in
      cell.known(row.saga.map { Truncation.middle($0.id, columns: cell.width, ellipsis: cell.glyphs.ellipsis) })
    },
  ]

  package mutating func read(_ request: ReadRequest) {
    read = request.source.locks(list.query(request), now: request.now)
    list.take(read, height: request.height)
  }

  package func summaryHeight(_ context: DrawContext, body: Int) -> Int { LocksSummary.height(read, body: body) }

  package func summary(_ context: DrawContext, height: Int) -> [StyledLine] {
    LocksSummary(read: read, list: list, context: context).lines(height: height)
  }

  package func detail(of row: LockRow, _ context: DrawContext) -> DetailLines? {
    LockDetail(row: row, glyphs: context.glyphs).lines
  }

  package func silence(_ status: SystemStatus) -> Duration? { status.lockSilence }

  package func emptyState(_ status: SystemStatus) -> EmptyState? {
    guard status.locks.readAt == nil else { return nil }
    let patterns = status.locks.patterns.map(\.pattern) + status.locks.counted.map(\.pattern)
    let isServed = status.header.sources.contains { $0.kind == .redis }
    let notes = [
      isServed
        ? nil : StyledLine("no Redis server is configured: --redis URL, or `redis` of the context", .warning),
      patterns.isEmpty
        ? StyledLine("no lock is configured: give `locks` to the context or the preset", .warning)
        : StyledLine("configured: \(patterns.joined(separator: ", "))", .dim),
    ]
    return EmptyState("Locks are not read yet", notes: notes.compactMap { $0 }, isOfEvents: false)
  }

  package var emptyText: String {
    if read.total > 0 { return "no lock matches" }
    if read.patterns.isEmpty { return "no lock is configured: give `locks` to the context or the preset" }
    return "no lock is held"
  }

  package func open(_ row: LockRow) -> Layer? { .page(LockPage(row.id)) }
  package func copied(_ row: LockRow) -> String? { row.id.key }

  package func subjects(of scope: ActionName.Scope) -> [ActionSubject] {
    scope == .lock ? list.selected.map { [.lock($0.id)] } ?? [] : []
  }
}

/// The facts about one lock, in short lines.
struct LockDetail {
  let row: LockRow
  let glyphs: Glyphs

  var lines: DetailLines {
    var headline = StyledLine(Truncation.middle(row.id.key, columns: 40, ellipsis: glyphs.ellipsis), .heading, .strong)
    headline.add(": ")
    headline.add(row.reason, LockStyle(glyphs: glyphs).sentenceRole(row.verdict))
    return DetailLines(headline: headline, facts: [holding, belonging], needed: 0)
  }

  /// "held by 7c9e…:31 x2, renewed 3 times, lease 3.0s".
  private var holding: StyledLine {
    var line = StyledLine(row.age == nil ? "was held by " : "held by ", .dim)
    line.add(LockStyle.holders(row.holders), row.holders.isEmpty ? .dim : .text)
    if row.renewals > 0 { line.add(", renewed \(Quantity.counted(row.renewals, "time"))") }
    line.add(", lease \(lease)", .dim)
    return line
  }

  var lease: String {
    guard let lease = row.lease else { return Quantity.unknown }
    return (row.isLeaseConfigured ? "" : String(glyphs.atLeast)) + Quantity.age(lease)
  }

  /// "saga 7f3a running, redis, inventory:lock:{productId}".
  private var belonging: StyledLine {
    var line = StyledLine()
    if let saga = row.saga {
      line.add("saga ", .dim)
      line.add("\(saga.id) ", .accent)
      line.add("\(saga.status.name), ")
    }
    line.add("\(row.id.source), \(row.pattern)", .dim)
    return line
  }

  static func kind(_ kind: LockObservation.Kind?) -> String {
    switch kind {
    case .string: "string"
    case .redisson: "Redisson"
    case .fairQueue: "Redisson, fair"
    case .fenced: "Redisson, fenced"
    case .readWrite: "Redisson, readers and writer"
    case .multi: "Redisson, several values"
    case .jobs: "Sidekiq, unique jobs"
    case .other: "unknown kind"
    case nil: Quantity.unknown
    }
  }
}

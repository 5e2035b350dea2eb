package typealias CompensationQuery = ListQuery<CompensationOrder, SagaHandle>

package enum CompensationOrder: String, ListOrder {
  /// Failed ones first, then those under way, the stuck before the others, then the ended ones, newest first.
  case severity
  case id
  case started
  /// The longest first.
  case duration
  case step
  case error

  package static let standard = CompensationOrder.severity
}

/// The compensations: a window of the list, and sums over all of the retained sagas.
package struct CompensationList: ListView {
  package var window: ListWindow<CompensationView>
  package var sums: CompensationSums

  package init(_ window: ListWindow<CompensationView> = ListWindow(), sums: CompensationSums = CompensationSums()) {
    self.window = window
    self.sums = sums
  }
}

extension CompensationView: ListRow {
  package var rowID: SagaHandle { saga }
}

/// Sums over the roll-backs of the retained sagas.
package struct CompensationSums: Sendable, Equatable {
  /// A step of a type of saga that roll-backs begin with.
  package struct Cause: Sendable, Equatable {
    package var type: String
    /// `nil` where no step failed.
    package var step: String?
    package var count: Int
    /// Begun per second over the last minute.
    package var rate: Double?

    package init(type: String, step: String?, count: Int, rate: Double? = nil) {
      self.type = type
      self.step = step
      self.count = count
      self.rate = rate
    }
  }

  /// What many roll-backs have in common.
  package struct Concentration: Sendable, Equatable {
    package enum Kind: String, CaseIterable, Sendable {
      case error
      case step
      case node
      case product
    }

    package var kind: Kind
    package var name: String
    package var count: Int
    /// Of all roll-backs, 0 to 1.
    package var share: Double

    package init(kind: Kind, name: String, count: Int, share: Double) {
      self.kind = kind
      self.name = name
      self.count = count
      self.share = share
    }
  }

  /// Under way; those of them that make no progress; failed and waiting for a person; done.
  package var compensating = 0
  package var stuck = 0
  package var failed = 0
  package var compensated = 0
  /// Per second over the last minute: begun, done, failed.
  package var startRate: Double?
  package var doneRate: Double?
  package var failRate: Double?
  /// The same over the last five minutes, oldest first.
  package var startHistory: [Double?] = []
  package var doneHistory: [Double?] = []
  package var failHistory: [Double?] = []
  /// From the beginning of the roll-back to its end, of those that are done.
  package var mean: Duration?
  package var p95: Duration?
  /// Most first.
  package var causes: [Cause] = []
  /// The five biggest.
  package var concentrations: [Concentration] = []

  /// What is known of the events that they are taken from.
  package var coverage = SourceCoverage()

  package init() {}

  /// Begun and not done: what somebody or something still has to do.
  package var backlog: Int { compensating + failed }

  /// Rates end where the readings do.
  mutating func endRates() {
    (startRate, doneRate, failRate) = (nil, nil, nil)
    for place in causes.indices { causes[place].rate = nil }
  }
}

extension CompensationView: TableRow {
  package static let columns: [Column<CompensationView>] = [
    .init("COMPENSATION") { row, _ in .text(row.sagaID) },
    .init("OUTCOME") { row, _ in .text(row.outcome.name + (row.isStuck ? ",stuck" : "")) },
    .init("TYPE", isWide: true) { row, _ in .text(row.type) },
    .init("FAILED STEP") { row, _ in .text(row.failedStep) },
    .init("UNDONE") { row, _ in .words(row.undone.map(\.step)) },
    .init("REMAINING") { row, _ in .words(row.owed.map(\.step)) },
    .init("STARTED", .time, isWide: true) { row, _ in .time(row.startedAt) },
    .init("DURATION", .milliseconds) { row, now in .latency(row.duration(now: now)) },
    .init("TRIGGER") { row, _ in .text(row.trigger.name) },
    .init("TRIES", .number) { row, _ in .count(row.attempts) },
    .init("ERROR") { row, _ in .text(row.error) },
  ]
}

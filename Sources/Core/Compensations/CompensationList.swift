package typealias CompensationQuery = ListQuery<CompensationOrder, SagaHandle>

package enum CompensationOrder: String, ListOrder {
  /// Failed first, then running ones with the stuck ones first, then ended ones, newest first.
  case severity
  case id
  case started
  /// Longest first.
  case duration
  case step
  case error

  package static let standard = CompensationOrder.severity
}

/// The compensations: a window of the list, and sums over all retained sagas.
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

package struct CompensationSums: Sendable, Equatable {
  /// A failed step of a saga type that triggers roll-backs.
  package struct Cause: Sendable, Equatable {
    package var type: String
    /// `nil` if no step failed.
    package var step: String?
    package var count: Int
    /// Roll-backs started per second, over the last minute.
    package var rate: Double?

    package init(type: String, step: String?, count: Int, rate: Double? = nil) {
      self.type = type
      self.step = step
      self.count = count
      self.rate = rate
    }
  }

  /// A property that many roll-backs share.
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
    /// Share of all roll-backs, 0 to 1.
    package var share: Double

    package init(kind: Kind, name: String, count: Int, share: Double) {
      self.kind = kind
      self.name = name
      self.count = count
      self.share = share
    }
  }

  /// Numbers of roll-backs: running; running without progress; failed and waiting for a person; done.
  package var compensating = 0
  package var stuck = 0
  package var failed = 0
  package var compensated = 0
  /// Per second over the last minute: started, done, failed.
  package var startRate: Double?
  package var doneRate: Double?
  package var failRate: Double?
  /// The first two rates over the last five minutes, oldest first.
  package var startHistory: [Double?] = []
  package var doneHistory: [Double?] = []
  /// Duration of completed roll-backs, from start to end.
  package var mean: Duration?
  package var p95: Duration?
  /// Most frequent first.
  package var causes: [Cause] = []
  /// The five largest.
  package var concentrations: [Concentration] = []

  /// Coverage of the events that the sums are based on.
  package var coverage = SourceCoverage()

  package init() {}

  /// Started and not done.
  package var backlog: Int { compensating + failed }

  /// Clears the rates, because the sources no longer provide data.
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

import Text

/// Whether sources provide complete and current data.
package struct SourceCoverage: Sendable, Equatable {
  /// All sources respond. If `false`, the data is as of `asOf`.
  package var isCurrent = true
  /// All sources were read completely.
  package var isWhole = true
  /// The last success of the source that has been silent for the longest time; `nil` if a source never responded.
  package var asOf: Timestamp?
  package var reason = ""

  package init() {}

  /// For the sources that provide events.
  package init(_ sources: some Sequence<SourceStatus>, at now: Timestamp) {
    self.init(of: sources.filter(\.carriesEvents), at: now)
  }

  /// For the sources of one kind.
  package init(_ sources: some Sequence<SourceStatus>, of kind: SourceKind, at now: Timestamp) {
    self.init(of: sources.filter { $0.kind == kind }, at: now)
  }

  private init(of sources: [SourceStatus], at now: Timestamp) {
    let missing = sources.filter { !$0.isWhole(at: now) }.sorted { $0.name < $1.name }
    isWhole = missing.isEmpty
    isCurrent = missing.allSatisfy { $0.isCurrent(at: now) }
    let last = missing.filter { !$0.isCurrent(at: now) }.map(\.lastSuccess)
    asOf = last.contains(nil) ? nil : last.compactMap(\.self).min()
    reason = missing.map { $0.incompleteness(at: now) }.joined(separator: "; ")
  }

  /// The quality of data from these sources.
  package var quality: Quality { isWhole ? .exact : isCurrent ? .atLeast : .unknown }

  /// A count that missing data can only increase, such as stuck or ended sagas.
  package func known(_ count: Int) -> Known<Int64> {
    let number = Known<Int64>.exact(Int64(count))
    if !isCurrent { return number.last(at: asOf, reason) }
    return isWhole ? number : number.orMore(reason)
  }

  /// A count, share or percentile that missing data may change in both directions.
  package func exactly<Value>(_ value: Value?) -> Known<Value> {
    guard let value else { return .unknown(isWhole ? "" : reason) }
    if !isCurrent { return Known.exact(value).last(at: asOf, reason) }
    return isWhole ? .exact(value) : .unknown(reason)
  }
}

/// The data of the first screen.
package struct OverviewView: Sendable, Equatable {
  /// All types together; its `type` is empty.
  package var total: TypeView
  /// In the order of the configuration.
  package var types: [TypeView]
  /// Worst first, then newest.
  package var sagas: SagaList
  package var undecoded: Int
  /// Sagas dropped because of `retention` or `maxSagas`.
  package var evicted: Int
  /// Of these, the sagas that were still active or needed manual work; only `maxSagas` drops them.
  package var evictedOpen = 0
  /// Messages of sagas that had already been dropped.
  package var late: Int

  package var coverage = SourceCoverage()
  /// Steps that recently take much longer than usual.
  package var slowSteps: [SlowStep] = []
  /// The last progress of the saga that has been stuck for the longest time; `nil` if none is stuck.
  package var stuckSince: Timestamp?
  /// The last progress of the saga that became stuck last.
  package var newestStuck: Timestamp?

  package init(
    total: TypeView, types: [TypeView] = [], sagas: SagaList = SagaList(), undecoded: Int = 0, evicted: Int = 0,
    late: Int = 0
  ) {
    self.total = total
    self.types = types
    self.sagas = sagas
    self.undecoded = undecoded
    self.evicted = evicted
    self.late = late
  }
}

extension OverviewView {
  /// Why counts of sagas are lower bounds although all is read, as part of a sentence; `nil` if they are not.
  var incompleteness: String? {
    if undecoded > 0, evicted == 0, total.counts.sagas == 0 {
      return "\(Quantity.counted(undecoded, "message")) could not be decoded, and no others have sagas"
    }
    guard evictedOpen > 0 else { return nil }
    let number = Quantity.counted(evictedOpen, "saga")
    let verb = evictedOpen == 1 ? "was" : "were"
    return
      "\(number) without an end or with manual work to do \(verb) dropped because of `maxSagas`: use a higher value and restart"
  }

  /// The quality of the counts of sagas.
  package var countsQuality: Quality {
    coverage.quality == .exact && incompleteness != nil ? .atLeast : coverage.quality
  }

  /// A number of sagas that are stuck or have ended.
  package func known(_ count: Int) -> Known<Int64> {
    incompleteness.map(coverage.known(count).orMore) ?? coverage.known(count)
  }

  /// A number of sagas that have not ended.
  package func active(_ count: Int) -> Known<Int64> {
    coverage.quality == .exact ? known(count) : coverage.exactly(Int64(count))
  }
}

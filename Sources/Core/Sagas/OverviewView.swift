/// Whether the sources that something is made of tell all of now.
package struct SourceCoverage: Sendable, Equatable {
  /// All of them answer; else what is known is as of `asOf`.
  package var isCurrent = true
  /// All of them were read in full.
  package var isWhole = true
  /// The last success of the one that is longest silent; `nil` where one never answered.
  package var asOf: Timestamp?
  package var reason = ""

  package init() {}

  /// Of the sources that sagas are made of.
  package init(_ sources: some Sequence<SourceStatus>, at now: Timestamp) {
    self.init(of: sources.filter(\.carriesEvents), at: now)
  }

  /// Of the sources of one kind.
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

  /// Of what is taken from these sources.
  package var quality: Quality { isWhole ? .exact : isCurrent ? .atLeast : .unknown }

  /// A count of what can only grow by what was not read: sagas that are stuck, or over.
  package func known(_ count: Int) -> Known<Int64> {
    let number = Known<Int64>.exact(Int64(count))
    if !isCurrent { return number.last(at: asOf, reason) }
    return isWhole ? number : number.orMore(reason)
  }

  /// A count, a share or a percentile that what was not read may change either way.
  package func exactly<Value>(_ value: Value?) -> Known<Value> {
    guard let value else { return .unknown(isWhole ? "" : reason) }
    if !isCurrent { return Known.exact(value).last(at: asOf, reason) }
    return isWhole ? .exact(value) : .unknown(reason)
  }
}

/// What the first screen shows.
package struct OverviewView: Sendable, Equatable {
  /// Of all types together; its `type` is empty.
  package var total: TypeView
  /// In the order of the configuration.
  package var types: [TypeView]
  /// The worst first, then the newest.
  package var sagas: SagaList
  package var undecoded: Int
  /// Sagas dropped because of `retention` or `maxSagas`.
  package var evicted: Int
  /// Messages of sagas that had been dropped already.
  package var late: Int

  package var coverage = SourceCoverage()
  /// Steps that take much longer of late than they usually do.
  package var slowSteps: [SlowStep] = []
  /// The last progress of the saga that is stuck for longest; `nil` where none is stuck.
  package var stuckSince: Timestamp?
  /// The same of the saga that got stuck last.
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

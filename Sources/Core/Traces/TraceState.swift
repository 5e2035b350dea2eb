import Synchronization

/// Traces that somebody wants to see, between those who ask and the source that fetches. Safe on any thread.
package final class TraceRequests: Sendable {
  /// More at once are not remembered; who still wants one asks again.
  private static let most = 16

  private struct State {
    var wanted: [TraceID] = []
    var current: TraceID?
    var ring: (@Sendable () -> Void)?
  }

  private let state = Mutex(State())
  /// Where a browser finds a trace, with `{id}` for its id; `nil` where that is not configured.
  package let link: String?

  package init(link: String? = nil) {
    self.link = link
  }

  package func want(_ ids: [TraceID]) {
    let ring = state.withLock { state in
      for id in ids where id != state.current && !state.wanted.contains(id) && state.wanted.count < Self.most {
        state.wanted.append(id)
      }
      return ids.isEmpty ? nil : state.ring
    }
    ring?()
  }

  /// The one that was wanted first; it cannot be wanted again before the next is taken.
  package func take() -> TraceID? {
    state.withLock { state in
      state.current = state.wanted.isEmpty ? nil : state.wanted.removeFirst()
      return state.current
    }
  }

  /// `ring` is called on the thread of whoever wants a trace.
  package func onWant(_ ring: (@Sendable () -> Void)?) { state.withLock { $0.ring = ring } }
}

/// What is known of the traces of one saga.
package struct SagaTraces: Sendable, Equatable {
  /// The latest last.
  package var ids: [TraceID]
  /// What the trace store answered, for those that it was asked for.
  package var samples: [TraceSample]
  /// No trace store is configured.
  package var isOff: Bool
  /// Where a browser finds the latest.
  package var link: String?

  package init(ids: [TraceID], samples: [TraceSample], isOff: Bool, link: String? = nil) {
    self.ids = ids
    self.samples = samples
    self.isOff = isOff
    self.link = link
  }

  /// All that were asked for were answered.
  package var isSettled: Bool { isOff || samples.count == ids.count }
  package var found: [TraceSample] { samples.filter { $0.trace != nil } }
  package var calls: [TraceCall] {
    samples.compactMap(\.trace).flatMap { TraceCall.calls(in: TraceTree($0.spans), of: $0.id) }
  }
}

/// The traces that were fetched lately.
struct TraceState {
  private static let most = 64
  /// Of a saga's traces that are fetched, the latest.
  private static let fetched = 4
  /// A trace of a saga that goes on, or that was not found, is asked for again after this time.
  private static let refresh = Duration.seconds(5)
  /// Spans are reported after they have ended, mostly within seconds.
  private static let reportingTime = Duration.seconds(15)

  /// `nil` where no trace store is configured.
  let requests: TraceRequests?
  private var samples: [TraceID: TraceSample] = [:]
  private var askedAt: [TraceID: Timestamp] = [:]
  /// In the order in which they were fetched first.
  private var order: [TraceID] = []

  init(_ requests: TraceRequests?) {
    self.requests = requests
  }

  /// What is not known any more, because the store is down, does not take the place of what was.
  mutating func note(_ sample: TraceSample) {
    if samples[sample.id] == nil { order.append(sample.id) }
    askedAt[sample.id] = sample.time
    if sample.trace != nil || samples[sample.id]?.trace == nil { samples[sample.id] = sample }
    guard order.count > Self.most else { return }
    let oldest = order.removeFirst()
    (samples[oldest], askedAt[oldest]) = (nil, nil)
  }

  /// With `asks` what is not known, or may have grown since, is wanted from now on.
  func view(of saga: Saga, asks: Bool, now: Timestamp) -> SagaTraces {
    let ids = saga.traces.map(\.id)
    let fetched = Array(ids.suffix(Self.fetched))
    if asks, let requests {
      let end = saga.summary.endedAt
      requests.want(fetched.reversed().filter { isDue($0, sagaEnd: end, now: now) })
    }
    let link = ids.last.flatMap { id in requests?.link.map { $0.replacing("{id}", with: id.text) } }
    return SagaTraces(
      ids: requests == nil ? ids : fetched, samples: fetched.compactMap { samples[$0] }, isOff: requests == nil,
      link: link)
  }

  private func isDue(_ id: TraceID, sagaEnd: Timestamp?, now: Timestamp) -> Bool {
    guard let sample = samples[id] else { return true }
    if sample.trace != nil, let sagaEnd, sample.time > sagaEnd + Self.reportingTime { return false }
    return askedAt[id].map { now - $0 > Self.refresh } ?? true
  }
}

extension Store {
  /// What is known of the traces of a saga; `nil` when the saga is not kept. With `asks` the trace store is asked for what is not known yet.
  package func traces(of handle: SagaHandle, asks: Bool, now: Timestamp) -> SagaTraces? {
    if let past { return past.live.traces(of: handle, asks: asks, now: now) }
    return read { state in state.sagas[handle].map { state.traces.view(of: $0, asks: asks, now: now) } }
  }

  package func accept(_ sample: TraceSample) { fold { $0.traces.note(sample) } }
}

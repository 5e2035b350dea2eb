import Synchronization

/// Queue of traces to fetch, between the views that request them and the source. Safe on any thread.
package final class TraceRequests: Sendable {
  /// The maximum number of waiting requests; further ones are ignored and must be repeated.
  private static let most = 16

  private struct State {
    var wanted: [TraceID] = []
    var current: TraceID?
    var ring: (@Sendable () -> Void)?
  }

  private let state = Mutex(State())
  /// URL of a trace in a browser, with `{id}` as placeholder; `nil` if not configured.
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

  /// Removes the oldest request; the same trace cannot be requested again until the next call.
  package func take() -> TraceID? {
    state.withLock { state in
      state.current = state.wanted.isEmpty ? nil : state.wanted.removeFirst()
      return state.current
    }
  }

  /// `ring` is called on the requesting thread.
  package func onWant(_ ring: (@Sendable () -> Void)?) { state.withLock { $0.ring = ring } }
}

/// The known traces of one saga.
package struct SagaTraces: Sendable, Equatable {
  /// The latest is last.
  package var ids: [TraceID]
  /// The trace store's responses received so far.
  package var samples: [TraceSample]
  /// No trace store is configured.
  package var isOff: Bool
  /// URL of the latest trace in a browser.
  package var link: String?

  package init(ids: [TraceID], samples: [TraceSample], isOff: Bool, link: String? = nil) {
    self.ids = ids
    self.samples = samples
    self.isOff = isOff
    self.link = link
  }

  /// All requested traces have a response.
  package var isSettled: Bool { isOff || samples.count == ids.count }
  package var found: [TraceSample] { samples.filter { $0.trace != nil } }
  package var calls: [TraceCall] {
    samples.compactMap(\.trace).flatMap { TraceCall.calls(in: TraceTree($0.spans), of: $0.id) }
  }
}

/// The recently fetched traces.
struct TraceState {
  private static let most = 64
  /// The maximum number of traces fetched per saga; the latest are chosen.
  private static let fetched = 4
  /// A trace that may still grow, or that was not found, is requested again after this time.
  private static let refresh = Duration.seconds(5)
  /// Spans are reported after their end, usually within seconds.
  private static let reportingTime = Duration.seconds(15)

  /// `nil` if no trace store is configured.
  let requests: TraceRequests?
  private var samples: [TraceID: TraceSample] = [:]
  private var askedAt: [TraceID: Timestamp] = [:]
  /// In the order of their first fetch.
  private var order: [TraceID] = []

  init(_ requests: TraceRequests?) {
    self.requests = requests
  }

  /// A response without a trace does not replace a fetched trace.
  mutating func note(_ sample: TraceSample) {
    if samples[sample.id] == nil { order.append(sample.id) }
    askedAt[sample.id] = sample.time
    if sample.trace != nil || samples[sample.id]?.trace == nil { samples[sample.id] = sample }
    guard order.count > Self.most else { return }
    let oldest = order.removeFirst()
    (samples[oldest], askedAt[oldest]) = (nil, nil)
  }

  /// With `asks`, requests traces that are unknown or may have grown.
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
  /// The known traces of a saga; `nil` if the saga is not stored. With `asks`, missing ones are requested from the trace store.
  package func traces(of handle: SagaHandle, asks: Bool, now: Timestamp) -> SagaTraces? {
    if let past { return past.live.traces(of: handle, asks: asks, now: now) }
    return read { state in state.sagas[handle].map { state.traces.view(of: $0, asks: asks, now: now) } }
  }

  package func accept(_ sample: TraceSample) { fold { $0.traces.note(sample) } }
}

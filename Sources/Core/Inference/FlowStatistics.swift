/// What the flows of one kind of saga show of each event type: where it stands, what comes before and after it.
struct FlowStatistics {
  struct OfType {
    /// Flows that have it; of them those that are over; those that it begins; those that it is the last event of, and of them those that
    /// are over.
    var flows = 0
    var lastSoFar = 0
    var settled = 0
    var first = 0
    var last = 0
    var sumOfPlaces = 0.0
    var topics: Set<Int> = []
  }

  private(set) var types: [Int: OfType] = [:]
  private(set) var settledFlows = 0
  /// Per flow: it is over.
  private(set) var settled: [Bool] = []
  /// How long flows lasted.
  private(set) var durations = LogHistogram()
  let samples: TypedSamples

  init(_ flows: [Flow], in samples: TypedSamples) {
    self.samples = samples
    let spans = flows.compactMap { flow -> Duration? in
      guard let first = flow.events.first, let last = flow.events.last, first != last else { return nil }
      return samples.events[last].time - samples.events[first].time
    }
    for span in spans { durations.add(span) }
    settled = areSettled(flows)
    for (flow, isSettled) in zip(flows, settled) { add(flow, isSettled: isSettled) }
  }

  /// Which flows are over: nothing came of them for twice as long as flows last. Where the messages reach not that far, for twice as
  /// long as there is between a flow's events; where not even that far, all of them, for the most part of what flows end with is the same.
  private func areSettled(_ flows: [Flow]) -> [Bool] {
    let newest = samples.events.last?.time ?? .distantPast
    var gaps = LogHistogram()
    for flow in flows {
      for (one, next) in zip(flow.events, flow.events.dropFirst()) {
        gaps.add(samples.events[next].time - samples.events[one].time)
      }
    }
    for patience in [
      max(.seconds(2), (durations.quantile(0.95) ?? .zero) * 2), (gaps.quantile(0.95) ?? .zero) * 2,
    ] {
      let settled = flows.map { $0.events.last.map { samples.events[$0].time + patience < newest } ?? false }
      let count = settled.count { $0 }
      if count >= 3, 10 * count >= flows.count { return settled }
    }
    return flows.map { _ in true }
  }

  private mutating func add(_ flow: Flow, isSettled: Bool) {
    var order: [Int] = []
    for event in flow.events where !order.contains(samples.events[event].type) {
      order.append(samples.events[event].type)
    }
    for event in flow.events {
      types[samples.events[event].type, default: OfType()].topics.insert(samples.events[event].topic)
    }
    for (place, type) in order.enumerated() {
      types[type, default: OfType()].flows += 1
      types[type]?.sumOfPlaces += Double(place)
    }
    if let first = order.first { types[first]?.first += 1 }
    guard let last = order.last else { return }
    types[last]?.lastSoFar += 1
    guard isSettled else { return }
    settledFlows += 1
    for type in order { types[type]?.settled += 1 }
    types[last]?.last += 1
  }

  /// Event types in the order in which flows come to them.
  var ordered: [Int] {
    types.keys.sorted { left, right in
      let (one, other) = (place(of: left), place(of: right))
      return one != other ? one < other : EventType.precedes(samples.types[left], samples.types[right])
    }
  }

  private func place(of type: Int) -> Double {
    types[type].map { $0.flows == 0 ? 0 : $0.sumOfPlaces / Double($0.flows) } ?? 0
  }

  /// Flows begin with it.
  func begins(_ type: Int) -> Bool { types[type].map { $0.flows > 0 && 10 * $0.first >= 7 * $0.flows } ?? false }

  /// Flows that have it and are over ended with it. Where none of them is over, what tells of a failure or an undoing is taken at its
  /// word: it is rare.
  func ends(_ type: Int) -> Bool {
    guard let seen = types[type] else { return false }
    if seen.settled > 0 { return 10 * seen.last >= 8 * seen.settled }
    return samples.types[type].isBad && 10 * seen.lastSoFar >= 8 * seen.flows
  }
}

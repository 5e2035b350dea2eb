/// Statistics of each event type over the flows of one kind of saga: its position and neighbours.
struct FlowStatistics {
  struct OfType {
    /// Numbers of flows: with the type (`flows`), settled with it (`settled`), beginning with it (`first`), having it last (`lastSoFar`),
    /// settled and having it last (`last`).
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
  /// Per flow: whether it is over.
  private(set) var settled: [Bool] = []
  /// Durations of flows.
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

  /// A flow is over if it has no event for twice the usual duration of a flow. If the messages cover too little time, for twice the usual
  /// gap between a flow's events; otherwise all flows count as over, because most of them end the same way.
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

  /// Event types by their average position in flows.
  var ordered: [Int] {
    types.keys.sorted { left, right in
      let (one, other) = (place(of: left), place(of: right))
      return one != other ? one < other : EventType.precedes(samples.types[left], samples.types[right])
    }
  }

  private func place(of type: Int) -> Double {
    types[type].map { $0.flows == 0 ? 0 : $0.sumOfPlaces / Double($0.flows) } ?? 0
  }

  /// At least 70% of flows with the type begin with it.
  func begins(_ type: Int) -> Bool { types[type].map { $0.flows > 0 && 10 * $0.first >= 7 * $0.flows } ?? false }

  /// At least 80% of the settled flows with the type end with it. If no flow is settled, the name of a failure or compensation is trusted,
  /// because these are rare.
  func ends(_ type: Int) -> Bool {
    guard let seen = types[type] else { return false }
    if seen.settled > 0 { return 10 * seen.last >= 8 * seen.settled }
    return samples.types[type].isBad && 10 * seen.lastSoFar >= 8 * seen.flows
  }
}

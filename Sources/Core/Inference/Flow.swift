/// The events of one saga, joined by its ids, in order of time.
struct Flow {
  var events: [Int]

  /// Joins the events whose ids occur together. Flows are in the order of their first events. An event with only a composed id belongs to
  /// the latest flow with that id, because the same pair may meet again.
  static func all(of kind: IdentityFinder.Kind, in samples: TypedSamples) -> [Flow] {
    var groups = DisjointSets()
    var groupOfEvent: [(event: Int, group: Int)] = []
    var last: [Int: Int] = [:]
    for (index, event) in samples.events.enumerated() where kind.types.contains(event.type) {
      let ids = kind.identities.enumerated().compactMap { place, identity in
        identity.value(in: event).map { [place, $0] }
      }
      let composed = kind.composed?.value(in: event)
      guard let first = ids.first else {
        if let group = composed.flatMap({ last[$0] }) { groupOfEvent.append((index, group)) }
        continue
      }
      for other in ids.dropFirst() { groups.join(first, other) }
      groupOfEvent.append((index, groups.number(of: first)))
      if let composed { last[composed] = groups.number(of: first) }
    }
    var places: [Int: Int] = [:]
    var flows: [Flow] = []
    for (event, group) in groupOfEvent {
      let root = groups.root(group)
      if let place = places[root] {
        flows[place].events.append(event)
      } else {
        places[root] = flows.count
        flows.append(Flow(events: [event]))
      }
    }
    return flows
  }
}

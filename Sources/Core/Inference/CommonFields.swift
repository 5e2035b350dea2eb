/// Finds where the messages carry what every event has: type, time, node and the event's own id.
struct CommonFields {
  let set: SampleSet
  let tallies: [FieldTally]

  init(_ set: SampleSet) {
    self.set = set
    tallies = FieldTally.all(of: set)
  }

  /// In order of preference; empty where the topic's name is the type.
  func type() -> [FieldSource] {
    let found = choose(
      named: ["eventtype", "cetype", "messagetype", "eventname", "type", "event", "kind", "typeid"], isType)
    return isToldByTopic(found) ? [] : found
  }

  /// Each topic holds one type of its own, and is called like one: then its name is the one that people know. Dead letters keep the
  /// type that they had elsewhere.
  private func isToldByTopic(_ sources: [FieldSource]) -> Bool {
    let fields = sources.compactMap { set.fields.firstIndex(of: $0) }
    var types: [Int: Set<String>] = [:]
    for sample in set.samples where !EventName(set.topics[sample.topic]).isDeadLetter {
      types[sample.topic, default: []].insert(set.value(of: fields, in: sample) ?? "")
    }
    let isOneToOne =
      types.values.allSatisfy { $0.count == 1 }
      && types.values.reduce(into: Set()) { $0.formUnion($1) }.count == types.count
    return isOneToOne && 10 * types.keys.count { EventName(set.topics[$0]).isEventLike } >= 7 * types.count
  }

  func time() -> [FieldSource] {
    choose(named: [
      "timestamp", "eventtime", "occurredat", "cetime", "time", "ts", "createdat", "emittedat", "publishedat",
    ]) {
      tally in share(of: tally) { TimestampParser.parse($0).map(isPlausible) ?? false } > 0.95
    }
  }

  func node() -> [FieldSource] {
    choose(named: ["node", "nodeid", "nodename", "instance", "instanceid", "hostname", "host", "pod", "podname"]) {
      $0.values.count <= 200 && 4 * $0.values.count <= $0.count
    }
  }

  /// Where a failed event tells why.
  func error(among fields: Set<Int>) -> [FieldSource] {
    let names = ["errormessage", "error", "failurereason", "reason", "failuremessage", "cause", "message", "detail"]
    return choose(named: names) { tally in
      set.fields.firstIndex(of: tally.source).map(fields.contains) ?? false
    }
  }

  /// A field that is another in almost every message, whatever the message's type, and the same only where all of it is the same.
  func id(types: EventTypes) -> [FieldSource] {
    choose(named: ["eventid", "ceid", "messageid", "id"]) { tally in
      guard let field = set.fields.firstIndex(of: tally.source), 5 * tally.values.count >= 4 * tally.count else {
        return false
      }
      var owners: [Int: Int] = [:]
      var carriers: Set<Int> = []
      for (index, sample) in set.samples.enumerated() {
        guard let value = sample.cells.first(where: { $0.field == field })?.value else { continue }
        let type = types.typeOfName[types.nameOfSample[index]]
        carriers.insert(type)
        if owners.updateValue(type, forKey: value).map({ $0 != type }) ?? false { return false }
      }
      return carriers.count > 1
    }
  }

  private func choose(named names: [String], _ isFit: (FieldTally) -> Bool) -> [FieldSource] {
    let found = tallies.compactMap { tally -> (rank: Int, source: FieldSource)? in
      guard tally.source != .key, FieldName.depth(tally.source) <= 2,
        let rank = names.firstIndex(of: FieldName.normalized(tally.source)), isFit(tally)
      else { return nil }
      return (rank, tally.source)
    }
    return found.sorted { $0.rank != $1.rank ? $0.rank < $1.rank : FieldName.precedes($0.source, $1.source) }.map(
      \.source)
  }

  private func isType(_ tally: FieldTally) -> Bool {
    tally.values.count <= 300 && share(of: tally) { EventName($0).isEventLike && $0.count <= 100 } > 0.6
  }

  /// The share of messages whose value passes.
  private func share(of tally: FieldTally, _ passes: (String) -> Bool) -> Double {
    let passed = tally.values.reduce(0) { $0 + (passes(set.values[$1.key]) ? $1.value : 0) }
    return tally.count == 0 ? 0 : Double(passed) / Double(tally.count)
  }

  /// Years in which events are published.
  private func isPlausible(_ time: Timestamp) -> Bool {
    time > Timestamp(milliseconds: 946_684_800_000) && time < Timestamp(milliseconds: 4_102_444_800_000)
  }
}

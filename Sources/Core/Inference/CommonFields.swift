/// Finds the fields that every event has: type, time, node and event id.
struct CommonFields {
  let set: SampleSet
  let tallies: [FieldTally]

  init(_ set: SampleSet) {
    self.set = set
    tallies = FieldTally.all(of: set)
  }

  func time() -> [FieldSource] {
    choose(named: [
      "timestamp", "eventtime", "occurredat", "cetime", "time", "ts", "createdat", "emittedat", "publishedat",
      "senttime", "timesent",
      "occurredon", "updatetime", "creationdate", "eventdate", "date",
    ]) {
      tally in share(of: tally) { TimestampParser.parse($0).map(isPlausible) ?? false } > 0.95 && !isOfBeginnings(tally)
    }
  }

  /// Most messages share their value with messages on other topics from seconds before or after. Such a field is a creation time of an
  /// object, not the time of the event.
  private func isOfBeginnings(_ tally: FieldTally) -> Bool {
    guard let field = set.fields.firstIndex(of: tally.source), 2 * tally.values.count < tally.count else {
      return false
    }
    var seen: [Int: (first: Timestamp, last: Timestamp, topics: Set<Int>, count: Int)] = [:]
    for sample in set.samples {
      guard let value = sample.cells.first(where: { $0.field == field })?.value else { continue }
      var one = seen[value] ?? (sample.time, sample.time, [], 0)
      (one.first, one.last, one.count) = (min(one.first, sample.time), max(one.last, sample.time), one.count + 1)
      one.topics.insert(sample.topic)
      seen[value] = one
    }
    let shared = seen.values.filter { $0.topics.count > 1 && $0.last - $0.first > .seconds(2) }
    return 2 * shared.reduce(0) { $0 + $1.count } > tally.count
  }

  func node() -> [FieldSource] {
    choose(named: ["node", "nodeid", "nodename", "instance", "instanceid", "hostname", "host", "pod", "podname"]) {
      $0.values.count <= 200 && 4 * $0.values.count <= $0.count
    }
  }

  /// Fields with the reason of a failure.
  func error(among fields: Set<Int>) -> [FieldSource] {
    let names = [
      "errormessage", "error", "failurereason", "reason", "failuremessage", "reasonforincompletion", "cause", "message",
      "detail",
    ]
    return choose(named: names) { tally in
      set.fields.firstIndex(of: tally.source).map(fields.contains) ?? false
    }
  }

  /// A field that differs in almost every message, regardless of type, and repeats only in identical messages.
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

  /// The share of messages whose value satisfies `passes`, from 0 to 1.
  private func share(of tally: FieldTally, _ passes: (String) -> Bool) -> Double {
    let passed = tally.values.reduce(0) { $0 + (passes(set.values[$1.key]) ? $1.value : 0) }
    return tally.count == 0 ? 0 : Double(passed) / Double(tally.count)
  }

  /// Between the years 2000 and 2100.
  private func isPlausible(_ time: Timestamp) -> Bool {
    time > Timestamp(milliseconds: 946_684_800_000) && time < Timestamp(milliseconds: 4_102_444_800_000)
  }
}

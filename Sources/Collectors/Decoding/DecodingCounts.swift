import Core

/// Counts what the reader should know about decoding: messages that the rules do not fit, and wrong times.
package struct DecodingCounts: Sendable, Equatable {
  /// Maximum time by which an event may be ahead of the receiver's clock.
  static let believedAhead = Duration.seconds(300)
  private static let quarterHour: Int64 = 900
  /// Maximum delay in seconds between an event and its publication, when a constant offset is detected.
  private static let jitter: Int64 = 300
  private static let fewest = 3
  /// Offsets in quarter hours. Time zones other than UTC are at least 1 hour and at most 14 hours from UTC.
  private static let zones: ClosedRange<Int64> = 4...56
  private static let mostTypes = 20

  /// Events with a time that was rejected because it was too far in the future.
  package internal(set) var futureTimes = 0
  /// Tombstones without a saga.
  package internal(set) var tombstones = 0
  /// Number of events with and without a saga.
  private var withSaga = 0
  private var withoutSaga = 0
  /// Events of a saga that match no rule, by type.
  private(set) var unruled: [Symbol: Int] = [:]
  private var unreadableTimes = 0
  private var unreadableTime = ""
  /// Number of events with a time that was compared with the broker's, and the common difference in quarter hours; `nil` if it varies.
  private var compared = 0
  private var ahead: Int64?
  private var areLocal = false

  static func isBelieved(_ time: Timestamp, _ message: ConsumedMessage) -> Bool {
    time <= message.receivedAt || time <= message.receivedAt + believedAhead
  }

  /// Counts an event. Events of a definition without any rules do not count as unruled.
  mutating func note(_ link: SagaLink?, _ type: Symbol, _ fields: CompiledFields) {
    guard let link else {
      if !fields.definitions.isEmpty { withoutSaga += 1 }
      return
    }
    withSaga += 1
    guard link.rule == EventRule.none, !fields.definitions[Int(link.definition)].conditions.isEmpty else { return }
    if unruled.count < Self.mostTypes || unruled[type] != nil { unruled[type, default: 0] += 1 }
  }

  mutating func note(unreadable time: UnsafeRawBufferPointer) {
    unreadableTimes += 1
    if unreadableTimes == 1 { unreadableTime = Bytes.string(Bytes.prefix(time, 60)) }
  }

  mutating func note(_ reading: TimestampParser.Reading, brokerTime: Timestamp?) {
    guard let brokerTime, compared == 0 || ahead != nil else { return }
    let (difference, isTooFar) = reading.time.nanoseconds.subtractingReportingOverflow(brokerTime.nanoseconds)
    let seconds = isTooFar ? 0 : difference / 1_000_000_000
    let quarters = Int64((Double(seconds) / Double(Self.quarterHour)).rounded())
    let isNear = abs(seconds - quarters * Self.quarterHour) <= Self.jitter
    let isSame = compared == 0 || ahead == quarters
    ahead = !isTooFar && isNear && isSame && Self.zones.contains(abs(quarters)) ? quarters : nil
    areLocal = reading.isLocal
    compared += 1
  }

  /// The constant difference of event times from the broker's times in seconds, if it is a multiple of a quarter hour, as between time
  /// zones.
  package var offset: (seconds: Int64, isLocal: Bool)? {
    guard compared >= Self.fewest, let ahead else { return nil }
    return (ahead * Self.quarterHour, areLocal)
  }

  /// Notes for the reader, one sentence each. `known` are the names of events that have rules.
  package func notes(_ symbols: SymbolTable, known: [String] = []) -> [String] { timeNotes + sagaNotes(symbols, known) }

  var timeNotes: [String] {
    var notes: [String] = []
    if futureTimes > 0 {
      notes.append("\(Self.events(futureTimes)) with a time in the future: the broker's time counts")
    }
    if unreadableTimes > 0 {
      notes.append(
        "\(Self.events(unreadableTimes)) with a time that cannot be read, such as `\(unreadableTime)`: the broker's time counts; "
          + "`fields: {time: {from: …, format: …}}` says how it is written")
    }
    if let offset {
      let text = Self.text(offset.seconds)
      let advice = offset.isLocal ? ": set `zone` of `fields.time`, such as \(Self.zone(offset.seconds))" : ""
      notes.append("all times are \(text) \(offset.seconds < 0 ? "behind" : "ahead of") the broker's\(advice)")
    }
    return notes
  }

  private func sagaNotes(_ symbols: SymbolTable, _ known: [String]) -> [String] {
    var notes: [String] = []
    if withSaga == 0, withoutSaga > 0 {
      notes.append(
        "none of \(Self.events(withoutSaga)) names a saga: no source of `ids` finds anything; `sagatop doctor --topic NAME` shows what each finds"
      )
    }
    if !unruled.isEmpty {
      let types = unruled.sorted { ($1.value, symbols.text($0.key)) < ($0.value, symbols.text($1.key)) }
      let named = types.prefix(5).map { "\(symbols.text($0.key)) (\($0.value))" }.joined(separator: ", ")
      notes.append(
        "events that belong to sagas and have no rule: \(named)\(types.count > 5 ? ", …" : "")\(Self.hint(types[0].key, symbols, known))"
      )
    }
    return notes
  }

  /// A hint if a known name differs only in case.
  private static func hint(_ type: Symbol, _ symbols: SymbolTable, _ known: [String]) -> String {
    let name = symbols.text(type).lowercased()
    return known.first { $0.lowercased() == name }.map { "; there is a rule for `\($0)`: capitals count" } ?? ""
  }

  private static func events(_ count: Int) -> String { "\(count) event\(count == 1 ? "" : "s")" }

  private static func text(_ seconds: Int64) -> String {
    let minutes = abs(seconds) / 60
    return minutes % 60 == 0 ? "\(minutes / 60) h" : "\(minutes / 60) h \(minutes % 60) min"
  }

  /// Example of a time zone that has this offset during a part of the year.
  private static func zone(_ seconds: Int64) -> String {
    let minutes = abs(seconds) / 60
    let two = { (number: Int64) in number < 10 ? "0\(number)" : "\(number)" }
    let offset = "\"\(seconds < 0 ? "-" : "+")\(two(minutes / 60)):\(two(minutes % 60))\""
    let names: [Int64: String] = [
      -28_800: "America/Los_Angeles", -18_000: "America/New_York", -14_400: "America/New_York",
      -10_800: "America/Sao_Paulo",
      3_600: "Europe/Berlin", 7_200: "Europe/Berlin", 10_800: "Europe/Istanbul", 19_800: "Asia/Kolkata",
      28_800: "Asia/Shanghai", 32_400: "Asia/Seoul",
    ]
    return names[seconds].map { "\($0) or \(offset)" } ?? offset
  }
}

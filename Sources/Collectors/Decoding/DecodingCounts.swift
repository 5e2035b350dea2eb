import Core

/// What a decoder met that a reader should know: messages that its rules do not fit, and times that are not what they seem.
package struct DecodingCounts: Sendable, Equatable {
  /// An event's time may run ahead of the receiver's clock by this much.
  static let believedAhead = Duration.seconds(300)
  private static let quarterHour: Int64 = 900
  /// What is between an event and its publication, at most, where a constant offset is looked for.
  private static let jitter: Int64 = 300
  private static let fewest = 3
  /// No zone is nearer to UTC than an hour, but for UTC itself, or further than 14.
  private static let zones: ClosedRange<Int64> = 4...56
  private static let mostTypes = 20

  /// Events whose own time lay too far ahead to be believed.
  package internal(set) var futureTimes = 0
  /// Tombstones that named no saga.
  package internal(set) var tombstones = 0
  /// Events of a saga, and those that name none.
  private var withSaga = 0
  private var withoutSaga = 0
  /// Events of a saga that no rule matches, by their type.
  private(set) var unruled: [Symbol: Int] = [:]
  private var unreadableTimes = 0
  private var unreadableTime = ""
  /// Events whose time was held against the broker's, and the quarter hours that all of them are ahead of it; `nil` where they differ.
  private var compared = 0
  private var ahead: Int64?
  private var areLocal = false

  static func isBelieved(_ time: Timestamp, _ message: ConsumedMessage) -> Bool {
    time <= message.receivedAt || time <= message.receivedAt + believedAhead
  }

  /// An event of a definition that has no rules at all is none without one.
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

  /// How far all times are ahead of the broker's, in seconds, where it is a number of quarter hours as between two zones.
  package var offset: (seconds: Int64, isLocal: Bool)? {
    guard compared >= Self.fewest, let ahead else { return nil }
    return (ahead * Self.quarterHour, areLocal)
  }

  /// One sentence each, for whoever looks at the source.
  /// `known` are the names of events that have rules.
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

  /// The name that differs by capitals alone.
  private static func hint(_ type: Symbol, _ symbols: SymbolTable, _ known: [String]) -> String {
    let name = symbols.text(type).lowercased()
    return known.first { $0.lowercased() == name }.map { "; there is a rule for `\($0)`: capitals count" } ?? ""
  }

  private static func events(_ count: Int) -> String { "\(count) event\(count == 1 ? "" : "s")" }

  private static func text(_ seconds: Int64) -> String {
    let minutes = abs(seconds) / 60
    return minutes % 60 == 0 ? "\(minutes / 60) h" : "\(minutes / 60) h \(minutes % 60) min"
  }

  /// A zone that has this offset for a part of the year, as an example.
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

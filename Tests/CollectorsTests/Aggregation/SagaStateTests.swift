import Clients
import Core
import Glibc
import TestRandom
import TestSupport
import Testing
import Text

@testable import Collectors

@Suite("Saga state shared between writers")
struct SagaStateTests {
  private static let system: SystemDefinition = {
    let order = SagaDefinition(
      type: "order",
      identities: [
        .init(name: "orderId", sources: [.path(["orderId"])]), .init(name: "ref", sources: [.path(["ref"])]),
      ],
      steps: [StepDefinition(name: "payment"), StepDefinition(name: "shipping")],
      events: [
        EventRule(type: "placed", startsSaga: true),
        EventRule(type: "paid", effects: [.init(.completes, .named("payment"))]),
        EventRule(type: "refused", effects: [.init(.fails, .named("payment"))]),
        EventRule(type: "step", effects: [.init(.completes, .carried)]), EventRule(type: "done", ends: .completed),
      ])
    let trip = SagaDefinition(
      type: "trip", coordination: .orchestration, identities: [.init(name: "trip", sources: [.path(["trip"])])],
      events: [EventRule(type: "begun", startsSaga: true), EventRule(type: "over", ends: .failed)])
    return SystemDefinition(name: "shop", topics: ["t*"], sagas: [order, trip])
  }()
  private static let start = Timestamp(milliseconds: 1_769_508_000_000)
  private static let texts = ["plain", "with \"quotes\"", "line\nend \u{7}", "Größe 🚚", ""]

  private static func event(_ offset: Int64, _ random: inout SeededRandom, _ symbols: SymbolTable) -> Event {
    let kind = Int.random(in: 0..<2, using: &random)
    let rules = system.sagas[kind].events
    let rule = UInt16.random(in: 0..<UInt16(rules.count), using: &random)
    let saga = Int.random(in: 1...6, using: &random)
    let first = SagaKey(identity: 0, value: "a\(saga)")
    let second = SagaKey(identity: kind == 0 ? 1 : 0, value: "b\(saga)")
    let keys = kind == 1 ? [first] : [[first], [second], [first, second]].randomElement(using: &random) ?? [first]
    let link = SagaLink(
      definition: UInt16(kind), key: keys[0], otherKeys: Array(keys.dropFirst()),
      rule: Bool.random(using: &random) ? rule : nil,
      parent: Int.random(in: 0...5, using: &random) == 0 ? "p\(saga)" : nil,
      steps: Bool.random(using: &random) ? [symbols.symbol("payment")] : [],
      error: texts.randomElement(using: &random), product: Bool.random(using: &random) ? "book" : nil)
    let others =
      Int.random(in: 0...7, using: &random) == 0
      ? [SagaLink(definition: 1, key: SagaKey(identity: 0, value: "c\(saga)"), rule: 0)] : []
    var event = Event(
      type: symbols.symbol(rules[Int(rule)].type),
      time: start + .seconds(Int64.random(in: 0...60, using: &random)),
      origin: Origin(
        topic: symbols.symbol(["t1", "t2"].randomElement(using: &random) ?? "t1"),
        partition: Int32.random(in: 0...2, using: &random), offset: offset),
      node: symbols.symbol("n\(Int.random(in: 0...2, using: &random))"), version: symbols.symbol("1.\(saga)"),
      fingerprint: Int.random(in: 0...3, using: &random) == 0 ? UInt64.random(in: 1...9, using: &random) << 60 : 0,
      link: link, otherLinks: others,
      deadLetter: Int.random(in: 0...9, using: &random) == 0
        ? DeadLetter(originalTopic: symbols.symbol("t1"), error: "put aside", isRetry: Bool.random(using: &random))
        : nil)
    event.isTimeOfReading = Int.random(in: 0...9, using: &random) == 0
    if Int.random(in: 0...3, using: &random) == 0 { event.trace = TraceID(high: 0, low: UInt64(saga)) }
    return event
  }

  private static func events(_ random: inout SeededRandom, _ symbols: SymbolTable) -> [Event] {
    (0..<Int64.random(in: 1...80, using: &random)).map { event($0, &random, symbols) }
  }

  private static func store(_ symbols: SymbolTable) -> Store {
    Store(system, context: .init(name: "t"), symbols: symbols, now: { start + .seconds(100) })
  }

  /// All visible data of all sagas.
  private static func picture(_ store: Store) -> String {
    let now = start + .seconds(100)
    return store.sagas(SagaQuery(order: .id, limit: 1000), now: now).rows.map { row in
      var seen = row
      seen.handle = SagaHandle(slot: 0, generation: 0)
      let view = store.saga(row.handle, now: now)
      let events = view?.events.map {
        "\($0.type) \($0.place) \($0.time) \($0.node ?? "-") \($0.meaning) \($0.error ?? "-")"
      }
      return "\(seen) \(view?.ids ?? []) \(events ?? [])"
    }.sorted().joined(separator: "\n")
  }

  /// A possible result of log compaction: the last record of each key, and some of the older ones.
  private static func compacted(_ records: [StateRecord], _ random: inout SeededRandom) -> [StateRecord] {
    var last: [[UInt8]: Int] = [:]
    for (place, record) in records.enumerated() { last[record.key] = place }
    return records.enumerated().filter { last[$1.key] == $0 || Bool.random(using: &random) }.map(\.element)
  }

  @Test(
    "the result equals that of one reader for any distribution of events, with repetitions, compaction, and any publish and read order",
    arguments: 1...300)
  func union(seed: Int) throws {
    var random = SeededRandom(seed: UInt64(seed))
    let symbols = SymbolTable()
    let events = Self.events(&random, symbols)
    let whole = Self.store(symbols)
    whole.accept(EventBatch(events: events))

    var published: [StateRecord] = []
    let writers = Int.random(in: 1...4, using: &random)
    let owners = events.map { _ in Int.random(in: 0..<writers, using: &random) }
    for writer in 0..<writers {
      // Each event is read by one writer and, after a rebalance, sometimes by another one too.
      let share = zip(events, owners).filter { $1 == writer || Int.random(in: 0...3, using: &random) == 0 }.map(\.0)
      let limits = SagaParts.Limits(record: Int.random(in: 800...3000, using: &random), kept: 4000)
      guard var parts = SagaParts(writer: "w\(writer)", Self.system, symbols: symbols, limits: limits) else {
        throw TestFailure("no memory")
      }
      for event in share.shuffled(using: &random) {
        parts.add(event, readAt: nil)
        guard Int.random(in: 0...5, using: &random) == 0 else { continue }
        published += parts.changes()
        // Records that are not acknowledged are published again.
        if Bool.random(using: &random) { parts.published() }
      }
      published += parts.changes()
    }

    let others = SymbolTable()
    let merged = Self.store(others)
    var reader = StateRecordReader(Self.system, symbols: others)
    for record in Self.compacted(published, &random).shuffled(using: &random) {
      if let value = record.value { reader.take(value) }
      if Bool.random(using: &random) { reader.flush(to: merged) }
    }
    reader.flush(to: merged)
    let refused = reader.refused
    #expect(refused == 0)
    #expect(Self.picture(merged) == Self.picture(whole), "seed \(seed)")
  }

  @Test(
    "writers never share a key, and a later record of a key contains all of the earlier one",
    arguments: 1...50)
  func keys(seed: Int) throws {
    var random = SeededRandom(seed: UInt64(seed))
    let symbols = SymbolTable()
    let events = Self.events(&random, symbols)
    var owners: [[UInt8]: String] = [:]
    for writer in ["x", "y"] {
      var held: [[UInt8]: Set<Int64>] = [:]
      guard var parts = SagaParts(writer: writer, Self.system, symbols: symbols, limits: .init(record: 900, kept: 3000))
      else { throw TestFailure("no memory") }
      for event in events {
        parts.add(event, readAt: nil)
        guard Int.random(in: 0...3, using: &random) == 0 else { continue }
        for record in parts.changes() {
          #expect(owners[record.key] ?? writer == writer, "seed \(seed)")
          owners[record.key] = writer
          var reader = StateRecordReader(Self.system, symbols: symbols)
          if let value = record.value { reader.take(value) }
          let offsets = Set(reader.batch.events.map(\.origin.offset))
          #expect(offsets.isSuperset(of: held[record.key] ?? []), "seed \(seed)")
          held[record.key] = offsets
        }
        parts.published()
      }
    }
  }

  @Test(
    "a truncated, modified or foreign record is skipped as a whole and counted",
    arguments: 1...60)
  func damaged(seed: Int) throws {
    var random = SeededRandom(seed: UInt64(seed))
    let symbols = SymbolTable()
    guard var parts = SagaParts(writer: "w", Self.system, symbols: symbols) else { throw TestFailure("no memory") }
    for event in Self.events(&random, symbols) { parts.add(event, readAt: nil) }
    let records = parts.changes()
    let value = try #require(records.first?.value)
    var changed = value
    changed[Int.random(in: 0..<value.count, using: &random)] ^= UInt8.random(in: 1...255, using: &random)
    var other = Self.system
    other.sagas[0].events.removeFirst()
    guard var foreign = SagaParts(writer: "w", other, symbols: symbols) else { throw TestFailure("no memory") }
    foreign.add(
      Event(
        type: symbols.symbol("x"), time: Self.start,
        origin: Origin(topic: symbols.symbol("t1"), partition: 0, offset: 1),
        link: SagaLink(definition: 0, key: SagaKey(identity: 0, value: "1"))), readAt: nil)
    let strange = foreign.changes()
    let unknown = try #require(strange.first?.value)
    let newer = Array("{\"schema\":\"sagatop.state/v2\"}\n{}\n".utf8)
    for bytes in [
      Array(value.dropLast(Int.random(in: 1..<value.count, using: &random))), changed, unknown, newer, [],
      Array("x".utf8),
    ] {
      var reader = StateRecordReader(Self.system, symbols: symbols)
      reader.take(bytes)
      let (refused, isEmpty) = (reader.refused, reader.batch.events.isEmpty && reader.progress.isEmpty)
      #expect(refused == 1 && isEmpty, "seed \(seed)")
    }
  }

  @Test(
    "exported events of a store give the same sagas in another store after a round trip through a session file",
    arguments: 1...200)
  func export(seed: Int) throws {
    var random = SeededRandom(seed: UInt64(seed))
    let symbols = SymbolTable()
    let store = Self.store(symbols)
    store.accept(EventBatch(events: Self.events(&random, symbols)))
    let encoding = RecordedEvent(Self.system, symbols: symbols)
    var lines: [UInt8] = []
    store.eachEvent { for event in $0 { encoding.append(event, readAt: nil, to: &lines) } }
    let others = SymbolTable()
    let decoding = RecordedEvent(Self.system, symbols: others)
    let events = try lines.split(separator: UInt8(ascii: "\n")).map { line in
      try decoding.event(try #require(JSONNode(Array(line)))).event
    }
    let again = Self.store(others)
    again.accept(EventBatch(events: events.shuffled(using: &random)))
    #expect(Self.picture(again) == Self.picture(store), "seed \(seed)")
  }

  @Test("a text that does not fit into a record is dropped, but its event is kept")
  func longText() throws {
    let symbols = SymbolTable()
    guard
      var parts = SagaParts(
        writer: "w", Self.system, symbols: symbols, limits: .init(record: 500, event: 500, kept: 5000))
    else { throw TestFailure("no memory") }
    let long = SagaLink(
      definition: 0, key: SagaKey(identity: 0, value: "1"), rule: 2, steps: [],
      error: String(repeating: "x", count: 1000))
    parts.add(
      Event(
        type: symbols.symbol("refused"), time: Self.start,
        origin: Origin(topic: symbols.symbol("t1"), partition: 0, offset: 1), link: long),
      readAt: nil)
    let records = parts.changes()
    let cut = parts.cut
    #expect(cut == 1)
    var reader = StateRecordReader(Self.system, symbols: symbols)
    if let value = records[0].value { reader.take(value) }
    let link = reader.batch.events.first?.link
    #expect(link?.rule == 2 && link?.error == nil)
  }

  @Test("of several records with the same key the last one is decoded; a key with a tombstone is ignored")
  func latestRecords() {
    var latest = LatestRecords()
    func take(_ key: String, _ value: String?) {
      Array(key.utf8).withUnsafeBytes { key in
        guard let value else { return latest.take(key: key, value: nil) }
        Array(value.utf8).withUnsafeBytes { latest.take(key: key, value: $0) }
      }
    }
    func drained() -> [String] {
      var found: [String] = []
      latest.drain(at: Self.start) { found.append(String(decoding: $0, as: UTF8.self)) }
      return found.sorted()
    }
    for (key, value) in [("a", "1"), ("b", "2"), ("a", "3"), ("c", "4"), ("c", nil)] { take(key, value) }
    #expect(!latest.isDue(at: .distantPast))
    #expect(drained() == ["2", "3"])
    #expect(drained() == [])
    #expect(!latest.isDue(at: Self.start + .seconds(1)) && latest.isDue(at: Self.start + .seconds(2)))
    take("a", String(repeating: "x", count: 17 << 20))
    #expect(latest.isDue(at: Self.start))
  }

  @Test("expired keys get a single tombstone, the record with the saga's end after the others")
  func tombstones() throws {
    let symbols = SymbolTable()
    guard var parts = SagaParts(writer: "w", Self.system, symbols: symbols) else { throw TestFailure("no memory") }
    func add(_ id: String, rule: UInt16, after seconds: Int) {
      parts.add(
        Event(
          type: symbols.symbol("x"), time: Self.start,
          origin: Origin(topic: symbols.symbol("t1"), partition: 0, offset: Int64(seconds)),
          link: SagaLink(definition: 0, key: SagaKey(identity: 0, value: id), rule: rule)),
        readAt: nil, at: Self.start + .seconds(seconds))
    }
    func tombstones(after seconds: Int) -> [String] {
      parts.expire(at: Self.start + .seconds(seconds), retention: .seconds(100))
      let keys = parts.changes().filter { $0.value == nil }.map { String(decoding: $0.key, as: UTF8.self) }
      return keys.sorted()
    }
    let done: UInt16 = 4
    add("open", rule: 0, after: 0)
    add("over", rule: done, after: 0)
    add("late", rule: 0, after: 50)
    // No tombstone is written for a record that was not published yet.
    #expect(tombstones(after: 500) == [])
    parts.published()
    add("open", rule: 1, after: 90)
    #expect(tombstones(after: 120) == [])
    parts.published()
    #expect(tombstones(after: 160) == ["saga/order/late/w.3"])
    // The tombstone is published again until it is acknowledged.
    #expect(tombstones(after: 161) == ["saga/order/late/w.3"])
    parts.published()
    #expect(tombstones(after: 195) == ["saga/order/open/w.1"])
    parts.published()
    #expect(tombstones(after: 201) == ["saga/order/over/w.2"])
    parts.published()
    // Later events go to a new record.
    add("late", rule: 0, after: 300)
    #expect(parts.changes().map { String(decoding: $0.key, as: UTF8.self) } == ["saga/order/late/w.4"])
  }

  @Test("the read time of an event is stored only if its own time is later")
  func readingTime() throws {
    let symbols = SymbolTable()
    let encoding = RecordedEvent(Self.system, symbols: symbols)
    let link = SagaLink(definition: 0, key: SagaKey(identity: 0, value: "1"), rule: 0)
    for (ahead, expected) in [(5, Self.start), (-5, nil), (0, nil)] as [(Int, Timestamp?)] {
      var line: [UInt8] = []
      let origin = Origin(topic: symbols.symbol("t1"), partition: 0, offset: 1)
      let event = Event(type: symbols.symbol("placed"), time: Self.start + .seconds(ahead), origin: origin, link: link)
      encoding.append(event, readAt: Self.start, to: &line)
      let readAt = try encoding.event(try #require(JSONNode(Array(line.dropLast())))).readAt
      #expect(readAt == expected)
    }
  }

  @Test("an incomplete session file is not read")
  func sessionFile() throws {
    let folder = try TemporaryDirectory()
    let path = "\(folder.path)/deep/x.state"
    let header = StateHeader(Self.system)
    let facts = SessionFile.Facts(
      scope: "s", cluster: "c", time: Self.start, window: ReadWindow(wantedSince: Self.start, readSince: nil),
      offsets: [TopicPartition(topic: "t1", partition: 2): 17])
    #expect(throws: SessionFile.Failure.self) { try SessionFile(path, header) }
    let line = Array("{\"kind\":\"event\",\"topic\":\"\(String(repeating: "x", count: 80))\"}\n".utf8)
    try SessionFile.write(path, header, facts) { (write) throws(SessionFile.Failure) in
      for _ in 0..<100 { try write(line, 1) }
    }
    #expect(try SessionFile(path, header).facts() == facts)
    let whole = try Self.bytes(path)
    for count in stride(from: 0, to: whole.count, by: 7) {
      try Self.write(Array(whole.prefix(count)), to: path)
      #expect(throws: SessionFile.Failure.self, "\(count) bytes") { try SessionFile(path, header) }
    }
    var other = Self.system
    other.sagas.removeLast()
    try Self.write(whole, to: path)
    #expect(throws: SessionFile.Failure.self) { try SessionFile(path, StateHeader(other)) }
  }

  private static func bytes(_ path: String) throws -> [UInt8] {
    let file = try #require(fopen(path, "r"))
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 1 << 20)
    return Array(bytes.prefix(fread(&bytes, 1, 1 << 20, file)))
  }

  private static func write(_ bytes: [UInt8], to path: String) throws {
    let file = try #require(fopen(path, "w"))
    defer { fclose(file) }
    fwrite(bytes, 1, bytes.count, file)
  }
}

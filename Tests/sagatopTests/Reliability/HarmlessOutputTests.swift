import Configuration
import Core
import Reports
import TestRandom
import Testing
import Text

@testable import TUI
@testable import sagatop

@Suite("Hostile texts of the watched system")
struct HarmlessOutputTests {
  static let formats = ["json", "table", "wide", "csv", "markdown", "prometheus", "nagios"]
  static let views = [
    "overview", "sagas", "events", "lag", "locks", "services", "nodes", "compensations", "actions",
  ]

  /// The first character that a terminal, editor or shell may interpret as a command, or that hides or reorders text. Line feeds are
  /// allowed.
  private static func harm(in text: some StringProtocol) -> Unicode.Scalar? {
    text.unicodeScalars.first { scalar in
      switch scalar.properties.generalCategory {
      case .control: scalar != "\n"
      case .format, .privateUse, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned: true
      default: false
      }
    }
  }

  private static func expectHarmless(_ text: String, _ what: String) {
    guard let scalar = harm(in: text), let place = text.unicodeScalars.firstIndex(of: scalar) else { return }
    let around = text.unicodeScalars[place...].prefix(40).map { $0.escaped(asASCII: true) }.joined()
    Issue.record("\(what): U+\(String(scalar.value, radix: 16)): \(around)")
  }

  @Test(
    "no report, table, metric, picture or response contains control, format or private-use characters from it",
    arguments: 1...3 as ClosedRange<UInt64>)
  func reports(seed: UInt64) throws {
    let store = try HostileSystem(seed: seed).store
    let (now, settings) = (HostileSystem.now, try Self.settings())
    for format in Self.formats {
      let words = [
        "snapshot", "--brokers", "b:1", "-o", format, "--check", "stuck:1:2", "--check", "lag:1:2", "--check",
        "service",
      ]
      let text = try Self.text(words, settings, store, now)
      // Rows end with CR LF (RFC 4180).
      Self.expectHarmless(format == "csv" ? text.replacing("\r\n", with: "\n") : text, "\(format), seed \(seed)")
    }
    for view in Self.views {
      for format in ["screen", "svg"] {
        let words = ["snapshot", "--brokers", "b:1", "-o", format, "--view", view, "--size", "160x40"]
        Self.expectHarmless(try Self.text(words, settings, store, now), "\(format) of \(view), seed \(seed)")
      }
    }
    try incidents(of: store, seed)
  }

  static func settings() throws -> Settings {
    var overrides = Overrides()
    (overrides.brokers, overrides.preset, overrides.configuration) = ("b:1", "spring", nil)
    return try SettingsResolver(overrides: overrides, environment: ["HOME": "/nowhere"]).resolve()
  }

  static func text(_ words: [String], _ settings: Settings, _ store: Store, _ now: Timestamp) throws -> String {
    let invocation = try CommandLineParser.parse(words)
    let plan = try SnapshotPlan(invocation, settings)
    return try SnapshotRenderer(invocation: invocation, settings: settings, plan: plan).text(of: store, now: now).text
  }

  private func incidents(of store: Store, _ seed: UInt64) throws {
    let now = HostileSystem.now
    let rows = store.sagas(SagaQuery(limit: 8), now: now).rows
    #expect(rows.count > 3)
    for row in rows {
      let saga = try #require(store.saga(row.handle, now: now))
      let diagnosis = try #require(store.diagnosis(row.handle, now: now))
      let traces = store.traces(of: row.handle, asks: false, now: now)
      let why = WhyJSON.document(diagnosis, context: "a", isComplete: true, earlier: saga.earlier, traces: traces)
      for (name, text) in [
        ("why", WhyText.text(diagnosis)), ("why as JSON", JSONWriter.write(why, isPretty: true)),
        ("incident", IncidentMarkdown.text(saga, diagnosis, context: "a")),
        ("its picture", IncidentSVG.text(saga, diagnosis)),
      ] { Self.expectHarmless(text, "\(name), seed \(seed)") }
    }
    let period = Period(
      store.snapshot(now: now), actions: store.actions(ActionQuery(limit: .max), now: now).rows,
      since: now - .seconds(3600))
    Self.expectHarmless(PeriodReport.markdown(period), "period, seed \(seed)")
    Self.expectHarmless(PeriodReport.svg(period), "its picture, seed \(seed)")
  }

  private static let keys: [Key] =
    "123456789jjjjkjGgwtz/yyy?:<> I".map { Key.character($0) } + [
      .enter, .enter, .enter, .escape, .tab, .down, .pageDown, .right, .left,
    ]

  @Test("no screen, page or copied text contains one", arguments: 1...6 as ClosedRange<UInt64>)
  func screens(seed: UInt64) throws {
    let store = try HostileSystem(seed: seed).store
    var random = SeededRandom(seed: seed)
    let now = HostileSystem.now
    var app = App(header: store.header(now: now), size: Size(columns: 180, rows: 50))
    app.refresh(from: store, now: now)
    for _ in 0..<60 {
      let key = Self.keys[Int(random.next() % UInt64(Self.keys.count))]
      if case .copy(let text)? = app.handle(key, now: now) {
        let copied = ClipboardText(text)?.text ?? ""
        #expect(Self.harm(in: copied) == nil && !copied.contains("\n"), "seed \(seed)")
      }
      app.refresh(from: store, now: now)
      for row in app.frame(glyphs: .unicode).textRows {
        Self.expectHarmless(row, "seed \(seed), after \(key.name)")
        #expect(!row.contains("\n"))
      }
    }
  }
}

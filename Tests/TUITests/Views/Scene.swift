import Core
import Testing

@testable import TUI

/// A screen to be recorded: its data and the keys that open it.
struct Scene: Sendable, CustomTestStringConvertible {
  var name: String
  var source = Fixture()
  var keys: [Key] = []
  /// A variant of a screen that is recorded at all sizes. It is recorded at one size only.
  var isVariant = false
  /// Control for actions; `nil` if actions are not available.
  var control: FixtureControl?
  /// Also recorded at a large size.
  var isWide = false
  /// The displayed past time; `nil` if live.
  var past: PastMark?

  init(
    _ name: String, _ keys: [Key] = [], source: Fixture = Fixture(), isVariant: Bool = false, isWide: Bool = false
  ) {
    self.name = name
    self.keys = keys
    self.source = source
    self.isVariant = isVariant
    self.isWide = isWide
  }

  var sizes: [Size] {
    let large = [Size(columns: 200, rows: 60)]
    if control != nil, !isWide { return [(80, 24), (160, 45), (60, 12)].map { Size(columns: $0, rows: $1) } }
    let all = [Size(columns: 80, rows: 24), Size(columns: 120, rows: 40), Size(columns: 60, rows: 12)]
    return (isVariant ? Array(all.prefix(1)) : all) + (isWide ? large : [])
  }

  var testDescription: String { name }

  static func typed(_ text: String) -> [Key] { text.map { .character($0) } }

  func app(size: Size) -> App {
    var app = App(header: source.head, size: size, control: control)
    if let past { app.show(past: past) }
    app.refresh(from: source, now: Fixture.now)
    app.didDraw()
    for key in keys {
      _ = app.handle(key, now: Fixture.now)
      app.refresh(from: source, now: Fixture.now)
      app.didDraw()
    }
    return app
  }

  func frame(size: Size, glyphs: Glyphs) -> Frame {
    app(size: size).frame(glyphs: glyphs)
  }

  private static func empty(_ header: HeaderView) -> Fixture {
    Fixture(head: header, sagas: [], latest: [], undecoded: [], groups: [], topics: [], lagReadAt: nil)
  }

  static let all: [Scene] =
    [
      Scene("overview", isWide: true),
      Scene("overview-selected", [.down, .down, .character(" ")], isVariant: true),
      Scene("overview-types", source: Fixture(types: ["order", "친구-request", "OrderProcessingSaga"])),
      Scene(
        "connecting", source: empty(Fixture.makeHeader { $0 = SourceStatus(.kafka) })),
      Scene(
        "unreachable",
        source: empty(
          Fixture.makeHeader {
            $0 = SourceStatus(.kafka, phase: .down)
            $0.error = "10.0.0.7:9092: connection refused"
            $0.retryAt = Fixture.now + .seconds(3)
          })),
      Scene(
        "no-sagas",
        source: Fixture(
          head: Fixture.makeHeader { $0.notes = ["topic `delivery-started` does not exist yet"] }, sagas: [], latest: []
        )),
      Scene(
        "catching-up",
        source: Fixture(
          head: Fixture.makeHeader {
            $0.phase = .catchingUp
            $0.progress = 0.45
          }), isVariant: true),
      Scene(
        "source-down",
        source: Fixture(
          head: Fixture.makeHeader {
            $0.phase = .down
            $0.error = "all 3 brokers are down: kafka-1:9092: connection reset by peer"
            $0.lastSuccess = Fixture.now - .seconds(45)
            $0.retryAt = Fixture.now + .seconds(3)
          })),
      Scene("reading-inferred", [.character("i")], source: inferred, isWide: true),
      Scene(
        "reading-open", [.character("i")], source: Fixture(sagas: [], latest: [], undecoded: []), isVariant: true),
      Scene("reading-described", [.character("i")], source: described, isVariant: true),
      Scene(
        "unmatched", source: Fixture(head: unmatched, sagas: [], latest: [], undecoded: []), isVariant: true,
        isWide: true),
      Scene("protected", source: protected, isVariant: true),
      Scene("frozen", [.character("z")], isVariant: true),
      Scene("sagas", [.character("2")], isWide: true),
      Scene("sagas-marked", typed("2 vjjv>I"), isVariant: true),
      Scene("events", [.character("3")], isWide: true),
      Scene("help", [.character("?")]),
      Scene("changes", [.character("c")]),
      Scene("filter", typed("/type:order"), isVariant: true),
      Scene("filter-error", typed("/stat:x"), isVariant: true),
      Scene("command", typed(":sagsa"), isVariant: true),
      Scene("command-unknown", typed(":sagsa") + [.enter], isVariant: true),
      Scene("saga-failed", [.enter]),
      Scene("saga-stuck", [.down, .enter]),
      Scene("saga-compensating", [.down, .down, .enter]),
      Scene("saga-retried", [.down, .down, .down, .down, .enter]),
      Scene("saga-incomplete", [.down, .down, .down, .enter], isVariant: true),
      Scene("saga-completed", [.end, .up, .enter], isVariant: true),
      Scene(
        "saga-payload", [.down, .down, .enter, .end, .up, .enter]),
      Scene("saga-search", [.down, .down, .enter] + typed("/reser") + [.enter], isVariant: true),
      Scene("event-undecoded", [.character("3"), .down, .down, .down, .down, .down, .enter]),
      Scene("event-json", [.character("3"), .down, .down, .down, .down, .enter]),
      Scene("event-cut", [.character("3"), .down, .down, .down, .down, .down, .down, .enter], isVariant: true),
      Scene("event-dropped", [.character("3"), .enter]),
    ]
    + lag + locks + services + history + actions + traces + past

  /// The screen as it was twelve minutes ago.
  static func past(_ name: String, _ keys: [Key] = [], missing: Int = 0) -> Scene {
    var scene = Scene(
      name, keys, source: Fixture(head: Fixture.headWithServices), isVariant: !name.isEmpty && name != "past")
    scene.past = PastMark(Fixture.now - .seconds(720), missing: missing)
    scene.control = FixtureControl()
    return scene
  }

  private static let past: [Scene] = [
    past("past", missing: 1_204), past("past-refused", [.character("R")]), past("past-lag", [.character("4")]),
  ]

  private static let traces: [Scene] = [
    Scene("saga-calls", [.down, .enter], source: Fixture(traces: Fixture.sampleTraces), isVariant: true, isWide: true),
    Scene(
      "trace", [.down, .enter, .character("t"), .down, .down, .enter], source: Fixture(traces: Fixture.sampleTraces),
      isWide: true),
    Scene("trace-off", [.down, .enter, .character("t")], isVariant: true),
    Scene(
      "trace-missing", [.down, .enter, .character("t")],
      source: Fixture(
        traces: SagaTraces(
          ids: [Fixture.traceID], samples: [TraceSample(id: Fixture.traceID, time: Fixture.now, outcome: .missing)],
          isOff: false)), isVariant: true),
  ]

  private static func acting(
    _ name: String, _ keys: String, _ control: FixtureControl = FixtureControl(), source: Fixture = Fixture(),
    then more: [Key] = [], isWide: Bool = false
  ) -> Scene {
    var scene = Scene(name, typed(keys) + more, source: source, isWide: isWide)
    scene.control = control
    return scene
  }

  private static let inferred: Fixture = {
    var header = Fixture.makeHeader()
    (header.isInferred, header.doubts, header.unmatched) = (true, ["ends"], 318)
    let types: [(String, Int, EventName.Meaning?)] = [
      ("order-created", 212, .completes), ("stock-reserved", 209, .completes), ("stock-short", 3, .fails),
      ("payment-taken", 190, .completes), ("payment-refused", 19, .fails), ("stock-put-back", 19, nil),
      ("parcel-handed-out", 188, nil),
    ]
    let view = InferenceView(
      messages: 1158,
      sagas: [
        .init(
          type: "order", flows: 212, settled: 204,
          parts: [
            .init("ids", .sure, "`orderId` has 212 values in 7 event types; 212 of them connect several types"),
            .init(
              "types", .likely, "2 of 7 types have no known word: stock-put-back, parcel-handed-out"),
            .init("steps", .sure, "3 steps, each with a word of completion"),
            .init("ends", .unsure, "the last event of 16 of 204 ended sagas has a known meaning"),
          ], types: types.map { .init(name: $0.0, count: $0.1, meaning: $0.2) })
      ])
    let coverage = CoverageView(
      unknownTypes: [
        .init(name: "page-viewed", count: 300, ofSagas: 0), .init(name: "note\u{1b}[31m", count: 6, ofSagas: 6),
      ],
      unmatched: [
        .init(topic: "clicks", isTypeKnown: false, count: 300), .init(topic: "orders", isTypeKnown: true, count: 18),
      ], unmatchedCount: 318)
    return Fixture(head: header, inference: view, coverage: coverage)
  }()

  private static let described = Fixture(
    coverage: CoverageView(
      unseenTypes: [.init(saga: "order", type: "order-cancelled"), .init(saga: "order", type: "payment-refunded")]))

  private static let unmatched: HeaderView = {
    var header = Fixture.makeHeader()
    header.unmatched = 48_213
    return header
  }()

  private static let busy = Fixture(done: Fixture.sampleActions)

  private static let actions: [Scene] = [
    acting("actions", "9", source: busy, isWide: true),
    acting("actions-none", "9"),
    acting(
      "actions-audit", "9", source: Fixture(auditProblem: "line 17 does not follow line 16: it was cut or changed")),
    acting("actions-help", "9?", source: busy),
    acting("action-unknown", "9jjjjjj", source: busy, then: [.enter]),
    acting("action-saga", "j", source: busy, then: [.enter]),
    acting("action-keys", "jv"),
    acting(
      "action-greyed", "",
      FixtureControl(impossible: [.retry: "read-only", .compensate: "read-only", .giveUp: "read-only"])),
    acting(
      "action-reason", "R", FixtureControl(impossible: [.retry: "the saga has completed: retry is for failed, stuck"])),
    acting(
      "action-help", "?", FixtureControl(impossible: [.retry: "read-only", .compensate: "read-only"])),
    acting("dialog-single", "jR"),
    acting("dialog-focus", "jR", then: [.tab]),
    acting("dialog-many", "vjjR", FixtureControl(count: 12)),
    acting("dialog-protected", "jR1", FixtureControl(count: 300, isProtected: true)),
    acting("dialog-completed", ":compensate customer asked twice", FixtureControl(isCompleted: true), then: [.enter]),
    acting("dialog-wrong", "jR12", FixtureControl(count: 137), then: [.enter]),
    acting(
      "dialog-filter", "/status:stuck", FixtureControl(count: 57), then: [.enter, .character("R"), .control("a")]),
    acting(
      "dialog-refused", "jR",
      FixtureControl(
        refusal: ActionRefusal(
          .nothingToDo, "none of them can be retried",
          exclusions: [.init(id: "1004", reason: "the saga has completed: retry is for failed, stuck")]))),
    acting("dialog-running", "jRy", source: busy),
    acting("dialog-progress", "jR300", FixtureControl(count: 300), source: progressing, then: [.enter]),
  ]

  /// A run of many actions in progress.
  private static let progressing: Fixture = {
    var source = Fixture()
    let outcomes: [ActionOutcome] = [
      .observed(after: .seconds(3.2)), .accepted(nil), .sent, .unknown("connection reset after it was sent"),
      .refused(status: 409, message: "saga is being retried"),
    ]
    source.done = (1..<120).map { number in
      var record = Fixture.sampleActions[2]
      record.subject = "\(2000 + number)"
      record.stages.append(.init(time: Fixture.now, outcome: number < 90 ? outcomes[0] : outcomes[number % 5]))
      return record
    }
    return source
  }()

  private static let history: [Scene] = [
    Scene("compensations", [.character("8")], isWide: true),
    Scene("compensations-stuck", typed("8j"), isVariant: true),
    Scene("compensations-operator", typed("8jjjj"), isVariant: true),
    Scene("compensations-hostile", [.character("8"), .end], isVariant: true),
    Scene("compensations-none", [.character("8")], source: Fixture(rollBacks: [], patterns: []), isVariant: true),
    Scene("compensations-help", typed("8?"), isVariant: true),
    Scene("patterns", typed("8tjj"), isWide: true),
    Scene("patterns-hostile", typed("8t") + [.end], isVariant: true),
    Scene("patterns-none", typed("8t"), source: Fixture(rollBacks: [], patterns: []), isVariant: true),
    Scene("patterns-help", typed("8t?"), isVariant: true),
    Scene("patterns-sagas", typed("8t") + [.enter], isVariant: true),
    Scene("nodes", [.character("7")], isWide: true),
    Scene("nodes-skewed", typed("7j"), isVariant: true),
    Scene(
      "nodes-members", [.character("7")], source: Fixture(nodeView: Fixture.memberNodes), isVariant: true, isWide: true),
    Scene("nodes-help", typed("7?"), isVariant: true),
    Scene("members", typed("7t"), isWide: true),
  ]

  private static let watched = Fixture(head: Fixture.headWithServices)

  private static let services: [Scene] = [
    Scene("services", [.character("6")], source: watched, isWide: true),
    Scene("services-instance", typed("6jjjjj"), source: watched),
    Scene("services-filter", typed("6/status:down") + [.enter, .down], source: watched, isVariant: true),
    Scene("services-none", [.character("6")], source: Fixture(services: []), isVariant: true),
    Scene("services-help", typed("6?"), source: watched, isVariant: true),
    Scene("service-down", [.character("6"), .enter], source: watched),
    Scene("service-circuit", typed("6jj") + [.enter], source: watched),
    Scene("service-instances", typed("6jjjjj") + [.enter], source: watched, isVariant: true),
    Scene("service-hostile", [.character("6"), .end, .enter], source: watched, isVariant: true),
    Scene(
      "services-silent", [.character("6")],
      source: Fixture(
        head: {
          var header = Fixture.headWithServices
          header.sources[1].lastSuccess = Fixture.now - .seconds(45)
          return header
        }()), isVariant: true),
  ]

  private static let lag: [Scene] = [
    Scene("lag", [.character("4")], isWide: true),
    Scene("lag-reason", [.character("4"), .down, .down]),
    Scene("lag-rebalancing", typed("4/pricing") + [.enter, .down], isVariant: true),
    Scene("lag-many", typed("4>>") + [.end], source: Fixture(groups: Fixture.manyGroups)),
    Scene("lag-sorted", typed("4>>>>I"), isVariant: true),
    Scene("lag-no-match", typed("4/nobody") + [.enter], isVariant: true),
    Scene("lag-unlisted", [.character("4")], source: Fixture(isListed: false)),
    Scene("lag-stale", [.character("4")], source: Fixture(lagReadAt: Fixture.now - .seconds(45)), isVariant: true),
    Scene("lag-empty", [.character("4")], source: Fixture(groups: [], topics: []), isVariant: true),
    Scene(
      "lag-unread", [.character("4")],
      source: Fixture(
        head: Fixture.makeHeader {
          $0.phase = .down
          $0.error = "10.0.0.7:9092: connection refused"
        }, groups: [], topics: [], lagReadAt: nil), isVariant: true),
    Scene("lag-help", typed("4?"), isVariant: true),
    Scene("topics", typed("4t"), isWide: true),
    Scene("topics-help", typed("4t?"), isVariant: true),
    Scene("topics-readers", typed("4tj") + [.enter], isVariant: true),
    Scene("group-empty", [.character("4"), .enter]),
    Scene("group-stopped", [.character("4"), .down, .enter], isVariant: true),
    Scene("group-stalled", [.character("4"), .down, .down, .enter, .down, .down, .down, .enter]),
    Scene("group-huge", typed("4/evil") + [.enter, .enter, .down, .enter]),
    Scene("group-never", typed("4/new") + [.enter, .enter], isVariant: true),
    Scene("group-unknown", typed("4/legacy") + [.enter, .enter], isVariant: true),
    Scene("saga-group", [.down, .enter, .home, .down, .enter], isVariant: true),
    Scene("saga-service", [.down, .enter, .home, .enter], isVariant: true),
  ]

  private static let locks: [Scene] = [
    Scene("locks", [.character("5")], source: .locked(), isWide: true),
    Scene("locks-many", typed("5>>") + [.end], source: .locked(Fixture.manyLocks)),
    Scene("locks-no-match", typed("5/nobody") + [.enter], source: .locked(), isVariant: true),
    Scene("locks-free", [.character("5")], source: .locked([]), isVariant: true),
    Scene("locks-stale", [.character("5")], source: .locked(readAt: Fixture.now - .seconds(45)), isVariant: true),
    Scene("locks-unconfigured", [.character("5")], isVariant: true),
    Scene(
      "locks-unread", [.character("5")],
      source: .locked([], readAt: nil) {
        $0.phase = .down
        $0.error =
          "redis-1:6379: it asks for a password (NOAUTH): give redis://[user]:password@host; trying again, at least every 10 s"
      }),
    Scene("locks-help", typed("5?"), source: .locked(), isVariant: true),
    Scene("lock-immortal", [.character("5"), .enter], source: .locked()),
    Scene("lock-lost", typed("5jj") + [.enter], source: .locked(), isVariant: true),
    Scene("lock-hostile", typed("5G") + [.enter], source: .locked(), isVariant: true),
    Scene("lock-saga", [.character("5"), .enter, .down, .enter], source: .locked(), isVariant: true),
    Scene("overview-locks", source: .locked(), isVariant: true),
  ]

  private static let protected: Fixture = {
    var header = Fixture.makeHeader()
    header.isProtected = true
    header.isReadOnly = true
    return Fixture(head: header)
  }()
}

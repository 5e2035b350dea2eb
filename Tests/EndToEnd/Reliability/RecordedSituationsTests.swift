import Foundation
import Testing

@Suite("Recordings of unusual situations")
struct RecordedSituationsTests {
  /// The output of `snapshot` for a recording.
  private struct Report {
    let document: SnapshotDocument
    let code: Int32

    init(_ recording: String, preset: String = "spring", checks: [String] = []) throws {
      let folder = try Folder()
      try folder.write("contexts: {demo: {preset: \(preset), kafka: {brokers: \"127.0.0.1:1\"}}}\n", to: "c.yaml")
      try folder.write(recording, to: "r.jsonl")
      let words = ["-c", folder.path("c.yaml"), "snapshot", "--from", folder.path("r.jsonl"), "-o", "json"]
      let run = try Run.sagatop(words + checks.flatMap { ["--check", $0] })
      (document, code) = (try SnapshotDocument(run.output), run.code)
    }

    func check(_ name: String) -> String? {
      let checks = document.root["checks"] as? [[String: Any]] ?? []
      return checks.first { $0["name"] as? String == name }?["state"] as? String
    }

    var health: String { (document.root["health"] as? [String: Any])?["state"] as? String ?? "none" }
    var stuck: [[String: Any]] { document.items.filter { ($0["flags"] as? [String])?.contains("stuck") == true } }

    func group(_ name: String) -> [String: Any] {
      let groups = (document.root["lag"] as? [String: Any])?["groups"] as? [[String: Any]] ?? []
      return groups.first { $0["group"] as? String == name } ?? [:]
    }

    static func causes(of saga: [String: Any]) -> [String] {
      (saga["why"] as? [[String: Any]] ?? []).compactMap { $0["cause"] as? String }
    }
  }

  struct Unknown: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var verdict: String
    var recording: LagRecording

    init(_ name: String, _ verdict: String, _ recording: LagRecording) {
      (testDescription, self.verdict, self.recording) = (name, verdict, recording)
    }
  }

  static let unknowns: [Unknown] = [
    Unknown(
      "the end of one of two logs is not known", "unknown", LagRecording(ends: [(0, 50), nil], commits: [50, 50])),
    Unknown(
      "5,000 messages lie where nothing was committed", "unknown",
      LagRecording(ends: [(0, 100), (0, 5000)], commits: [100, nil])),
    Unknown("nothing was ever committed", "unknown", LagRecording(ends: [(0, 3100)], commits: [nil])),
    Unknown("no offsets are answered", "unknown", LagRecording(ends: [(0, 50)], commits: nil, error: "no answer")),
    Unknown(
      "a commit lies beyond the end", "recreated", LagRecording(ends: [(0, 100)], commits: [500], arriving: 1)),
    Unknown(
      "the topic was made anew", "recreated",
      LagRecording(ends: [(0, 100)], commits: [90], arriving: 1, anew: (second: 10, end: 40))),
    Unknown("the broker goes down", "unknown", LagRecording(ends: [(0, 50)], commits: [50], dies: true)),
  ]

  @Test("unknown lag and age are not ok", arguments: unknowns)
  func unknown(_ item: Unknown) throws {
    let checks = ["lag:1000000:2000000", "lag-time:1h:2h"]
    let report = try Report(item.recording.text, checks: checks)
    let group = report.group("inventory-service")
    #expect(report.code == 3 && checks.allSatisfy { report.check($0.prefix { $0 != ":" }.description) == "unknown" })
    #expect(group["verdict"] as? String == item.verdict && group["lag"] is NSNull && group["lagMs"] is NSNull)
    #expect(report.health != "ok", "\(group)")
  }

  @Test("the age of messages at the first poll is unknown: the first partition's 0 is not the group's age")
  func firstLook() throws {
    var recording = LagRecording(ends: [(0, 50), (0, 350)], commits: [50, 50])
    (recording.members, recording.length) = (0, 1)
    let report = try Report(recording.text, checks: ["lag-time:1h:2h", "lag:1000:2000"])
    #expect(report.check("lag-time") == "unknown" && report.check("lag") == "ok" && report.code == 3)
    let group = report.group("inventory-service")
    #expect(group["lag"] as? Int == 300 && group["verdict"] as? String == "empty")
    let reason = group["lagMsReason"] as? String
    #expect(group["lagMs"] is NSNull && reason?.hasPrefix("age of 1 of 2 partitions") ?? false)
  }

  @Test("each saga that waits for a stalled group names it", arguments: [0, 60])
  func stalled(ahead: Int) throws {
    let report = try Report(OrderRecording(ahead: ahead).text, checks: ["stuck", "lag-time:1h:2h"])
    #expect(report.check("stuck") == "critical" && report.health == "critical" && report.stuck.count > 30)
    for saga in report.stuck {
      #expect(Report.causes(of: saga).first == "group payment-service is stalled", "\(Report.causes(of: saga))")
    }
    let group = report.group("payment-service")
    #expect(group["verdict"] as? String == "stalled" && group["lag"] as? Int == 54)
    // A future timestamp gives no age. Then the time since the messages were first seen is a lower bound.
    #expect(group["lagCountQuality"] as? String == "exact")
    #expect((group["lagMs"] as? Double ?? 0) > 40_000)
    #expect(group["lagQuality"] as? String == (ahead == 0 ? "exact" : "atLeast"))
    #expect(report.check("lag-time") == (ahead == 0 ? "ok" : "unknown"))
  }

  @Test("a group without members is not ok if its producers' clocks are ahead")
  func clocksAhead() throws {
    let report = try Report(OrderRecording(ahead: 60, leaves: true).text, checks: ["lag-time:1h:2h"])
    let group = report.group("payment-service")
    #expect(group["verdict"] as? String == "empty" && group["lagQuality"] as? String == "atLeast")
    #expect(report.check("lag-time") == "unknown" && report.health == "critical")
  }

  @Test("without any offsets, no saga is reported as healthy")
  func noOffsets() throws {
    let report = try Report(OrderRecording(error: "no answer in time").text, checks: ["lag:1000000:2000000"])
    #expect(report.code == 3 && report.document.root["missing"] as? [String] == ["lag"] && !report.document.isComplete)
    #expect(!report.stuck.isEmpty)
    for saga in report.stuck {
      let first = (saga["why"] as? [[String: Any]])?.first ?? [:]
      #expect((first["evidence"] as? String ?? "").contains("no answer in time"), "\(first)")
      #expect(!"\(first)".contains("looks well"))
    }
  }

  @Test("after a broker failure everything that depends on it is unknown, since its last response")
  func brokerDown() throws {
    let checks = ["stuck", "lag:1000000:2000000", "health"]
    let report = try Report(OrderRecording(stops: 60, down: 40).text, checks: checks)
    #expect(report.code == 3 && report.health == "unknown")
    #expect(checks.allSatisfy { report.check($0.prefix { $0 != ":" }.description) == "unknown" })
    #expect(report.document.sagas["countsQuality"] as? String == "unknown" && report.document.sagas["asOf"] is String)
    #expect((report.document.sagas["counts"] as? [String: Any])?["stuck"] is NSNull)
  }

  @Test("a saga without any progress has no deadline and is not stuck")
  func neutral() throws {
    let start = 1_795_993_200
    let lines = [
      #"{"schema":"sagatop.recording/v1","version":"0.1.0","context":"demo","system":"nest","startedAt":"2026-11-29T23:00:00.000Z"}"#,
      #"{"at":\#(start)000000000,"kind":"status","reading":{"name":"kafka","phase":"up","lastSuccess":\#(start)000000000,"complete":true,"messages":1,"bytes":1}}"#,
      #"{"at":\#(start)100000000,"kind":"message","topic":"order-events","partition":0,"offset":3,"time":\#(start)050000000,"received":\#(start)100000000,"key":"c-9","headers":[],"body":"{\"type\":\"OrderCreated\",\"orderId\":\"o-9\",\"correlationId\":\"c-9\",\"timestamp\":\"2026-11-29T23:00:00.050Z\"}"}"#,
      #"{"at":\#(start + 300)000000000,"kind":"status","reading":{"name":"kafka","phase":"up","lastSuccess":\#(start + 300)000000000,"complete":true,"messages":1,"bytes":1}}"#,
      #"{"at":\#(start + 300)100000000,"kind":"end"}"#,
    ]
    let report = try Report(lines.joined(separator: "\n") + "\n", preset: "nest", checks: ["stuck"])
    #expect(report.check("stuck") == "ok" && report.code == 0 && report.stuck.isEmpty)
    let saga = try #require(report.document.items.first)
    #expect(report.document.items.count == 1 && saga["progressAt"] is NSNull && saga["deadlineMs"] is NSNull)
  }

  @Test("a request that waits for a person is never late")
  func person() throws {
    let start = 1_795_000_000
    func request(_ id: Int, _ type: String, at second: Int) -> String {
      #"{"at":\#(start + second)500000000,"kind":"message","topic":"friend.events","partition":0,"offset":\#(id * 2 + (type == "FriendRequestSent" ? 0 : 1)),"time":\#(start + second)400000000,"received":\#(start + second)500000000,"key":"\#(id)","headers":[],"body":"{\"__event_type__\":\"\#(type)\",\"friendship_id\":\#(id),\"user_id\":1}"}"#
    }
    var lines = [
      #"{"schema":"sagatop.recording/v1","version":"0.1.0","context":"demo","system":"chat","startedAt":"2026-11-18T00:00:00.000Z"}"#
    ]
    for second in 0..<400 {
      lines.append(
        #"{"at":\#(start + second)000000000,"kind":"status","reading":{"name":"kafka","phase":"up","lastSuccess":\#(start + second)000000000,"complete":true,"messages":1,"bytes":1}}"#
      )
      if second < 40 { lines.append(request(second + 1, "FriendRequestSent", at: second)) }
      // The previous requests were accepted after one second.
      if second > 0, second < 40 { lines.append(request(second, "FriendRequestAccepted", at: second)) }
    }
    lines.append(#"{"at":\#(start + 400)000000000,"kind":"end"}"#)
    let report = try Report(lines.joined(separator: "\n") + "\n", preset: "chat", checks: ["stuck"])
    #expect(report.check("stuck") == "ok" && report.stuck.isEmpty)
    #expect(report.document.counts["running"] == 1 && report.document.counts["completed"] == 39)
  }
}

import Foundation
import TestSupport
import Testing

/// Names with delimiters, quotes, control characters and invalid UTF-8, in every format, parsed by independent programs.
@Suite("Hostile names do not break any format", .serialized)
struct HostileNamesTests {
  private static let groups = [
    "quote\" back\\slash", "line\nbreak\r\ttab", "pipe|equals=quote'semicolon;comma,", "<tag attribute='1'>&amp;</tag>",
    "\u{1b}[31mred\u{7}", "{label=\"x\"} 1 # EOF", "`code` *star* [link](x)", "\u{202e}turned", "漢字 é 😀", "=cmd()",
    String(repeating: "long", count: 60) + "1", String(repeating: "long", count: 60) + "2",
  ]
  private static let key = Array("inventory:lock:\"\\\n|<".utf8) + [0xff, 0xfe]

  private func python(_ program: String, _ text: String) throws -> Run {
    let folder = try Folder()
    try folder.write(text, to: "text")
    return try Run.command("/usr/bin/python3", ["-c", "import sys\n" + program, folder.path("text")])
  }

  @Test("each format is parsed by an independent parser, which finds all the names")
  func formats() async throws {
    let (server, redis) = (try NoidaServer(), try await RedisServer.start())
    let producer = try TestProducer(server.brokers)
    try producer.createTopic("order-created", partitions: 1)
    try producer.write([.init("order-created", "{}", partition: 0)])
    try TestGroups(server.brokers).commit(
      Dictionary(uniqueKeysWithValues: Self.groups.map { ($0, ["order-created": [0: 0]]) }))
    _ = try redis.client().send([Array("SET".utf8), Self.key, [0xff, 0x22, 0x0a]])
    func snapshot(_ format: String, _ words: [String] = ["--sections", "lag,locks"]) throws -> String {
      let run = try Run.sagatop(
        ["snapshot", "--brokers", server.brokers, "--preset", "spring", "-o", format, "--redis"]
          + ["redis://127.0.0.1:\(redis.port)", "--timeout", "20s"] + words)
      #expect(run.code <= 2, "\(format): \(run.errors)")
      return run.output
    }
    let document = try SnapshotDocument(snapshot("json"))
    let found = (document.root["lag"] as? [String: Any])?["groups"] as? [[String: Any]] ?? []
    #expect(Set(found.compactMap { $0["group"] as? String }).isSuperset(of: Self.groups))
    let lock = (document.root["locks"] as? [[String: Any]])?.first
    #expect(lock?["key"] as? String == "inventory:lock:\"\\\n|<\\xff\\xfe")
    try read(csv: snapshot("csv"))
    try read(metrics: snapshot("prometheus"))
    try read(markdown: snapshot("markdown"))
    try read(line: snapshot("nagios", Self.groups.prefix(3).flatMap { ["--check", "lag[group=\($0)]:5:9"] }))
    for view in ["lag", "locks"] {
      let run = try python(
        "import xml.dom.minidom\nprint(len(xml.dom.minidom.parse(sys.argv[1]).getElementsByTagName('text')))",
        snapshot("svg", ["--view", view]))
      #expect(Int(run.output.trimmed) ?? 0 > 10, "\(run.errors)")
    }
    for text in [try snapshot("wide"), try snapshot("screen", ["--view", "lag"])] {
      #expect(!text.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" || $0 == "\u{202e}" })
    }
  }

  private func read(csv text: String) throws {
    let run = try python(
      """
      import csv
      rows = list(csv.reader(open(sys.argv[1], newline="")))
      groups = [row for row in rows if len(row) > 5 and row[0].startswith(('quote" back\\\\slash', 'pipe|equals'))]
      print(len(groups), len({len(row) for row in groups}))
      """, text)
    #expect(run.output == "4 2\n", "\(run.output)\(run.errors)")
  }

  private func read(metrics text: String) throws {
    let folder = try Folder()
    try folder.write(text, to: "m.prom")
    let lint = try Run.command("/bin/sh", ["-c", "promtool check metrics < '\(folder.path("m.prom"))'"])
    #expect(lint.code == 0, "\(lint.output)\(lint.errors)")
    let run = try python(
      """
      from prometheus_client.openmetrics.parser import text_string_to_metric_families
      for family in text_string_to_metric_families(open(sys.argv[1]).read()):
        if family.name == "sagatop_consumer_group_lag_messages":
          print(len(family.samples), any(s.labels["group"] == 'quote" back\\\\slash' for s in family.samples))
      """, text)
    #expect(run.output.hasSuffix(" True\n"), "\(run.output)\(run.errors)")
    #expect(Int(run.output.split(separator: " ").first ?? "") ?? 0 >= Self.groups.count)
  }

  private func read(markdown text: String) throws {
    let tables = text.components(separatedBy: "## ").dropFirst()
    #expect(tables.count >= 3)
    for table in tables {
      let rows = table.split(separator: "\n").dropFirst()
      let bars = rows.map { $0.replacingOccurrences(of: "\\|", with: "").filter { $0 == "|" }.count }
      #expect(Set(bars).count == 1 && rows.allSatisfy { $0.hasPrefix("|") }, "\(table)")
    }
    #expect(!text.contains("<tag"), "\(text)")
    #expect(!text.replacingOccurrences(of: "\\](x)", with: "").contains("](x)"), "\(text)")
  }

  private func read(line: String) throws {
    #expect(line.filter { $0 == "\n" }.count == 1 && line.hasPrefix("SAGATOP "), "\(line)")
    let folder = try Folder()
    try folder.write(line, to: "line")
    let run = try Run.command(
      "/usr/bin/perl",
      [
        "-MMonitoring::Plugin::Performance", "-e",
        #"open F, $ARGV[0]; my (undef, $data) = split /\|/, <F>, 2; "#
          + #"print $_->value, "\n" for Monitoring::Plugin::Performance->parse_perfstring($data)"#, folder.path("line"),
      ])
    #expect(run.output == "1\n1\n1\n", "\(line)\(run.output)\(run.errors)")
  }
}

import Foundation
import TestSupport
import Testing

/// Parses snapshots of one demo run, in every format, with independent programs.
@Suite("Every format is accepted by independent programs", .serialized)
struct FormatTests {
  private static let folder = Result { try snapshots() }

  private static func snapshots() throws -> Folder {
    let folder = try Folder()
    atexit { try? FormatTests.folder.get().remove() }
    let checks = "--check stuck:100000 --check 'lag[group=payment-service]:0' --check service --check completion-rate:0"
    try folder.write(
      """
      cd '\(folder.path)'
      take() { "$SAGATOP" snapshot "$@" --timeout 20s; echo $? > "$name.code"; }
      name=document take -o json --check stuck:100000 --check completion-rate:0 --to document.json
      name=metrics take -o prometheus --check stuck:100000 --to metrics.prom
      name=other take -o prometheus --label site=b --check stuck:100000 --to other.prom
      name=line take -o nagios \(checks) > line.txt
      name=csv take -o csv > tables.csv
      name=markdown take -o markdown --tables types > tables.md
      name=wide take -o wide --tables partitions,sagas > wide.txt
      name=chosen take --columns started,saga --sort started --tables sagas --no-headers > chosen.txt
      name=picture take -o svg --view lag > picture.svg
      name=screen take -o screen --view sagas --size 100x20 > screen.txt
      """, to: "script.sh")
    let run = try Run.command(
      "/usr/bin/env",
      [
        "SAGATOP=\(Binaries.sagatop)", Binaries.demo, "--broker", "noida", "--seed", "7", "--rate", "20", "--lead", "8",
        "--fault", "stock-out@2", "--fault", "lock-leak@2", "--", "/bin/sh", folder.path("script.sh"),
      ])
    guard run.code == 0 else { throw NeverHappened(what: "the demo ends well: \(run.errors)") }
    return folder
  }

  private func folder() throws -> Folder { try Self.folder.get() }

  /// Debian's Python, which finds Debian's packages.
  private func python(_ program: String, _ arguments: [String]) throws -> Run {
    try Run.command("/usr/bin/python3", ["-c", program] + arguments)
  }

  @Test(
    "each snapshot has the expected exit status",
    arguments: ["document", "metrics", "csv", "markdown", "wide", "picture", "screen"])
  func codes(name: String) throws {
    #expect(try folder().text("\(name).code") == "0\n")
  }

  @Test("the JSON document is valid for its schema, and the schema contains every member")
  func schema() throws {
    let run = try python(
      """
      import json, jsonschema, sys
      def strict(node):
        if isinstance(node, dict):
          if "properties" in node: node["additionalProperties"] = False
          for value in node.values(): strict(value)
        elif isinstance(node, list):
          for value in node: strict(value)
      schema = json.load(open(sys.argv[1])); strict(schema)
      jsonschema.Draft202012Validator.check_schema(schema)
      document = json.load(open(sys.argv[2]))
      for error in jsonschema.Draft202012Validator(schema).iter_errors(document):
        print(list(error.absolute_path), error.message[:300])
      # The demo's sagas are described: nothing is inferred.
      empty = ("missing", "countedKeys", "inference", "failuresAsOf", "nodesAsOf", "locksAsOf")
      for name in schema["properties"]:
        if document.get(name) in (None, [], {}) and name not in empty: print(name, "is empty")
      for name, shape in schema["$defs"].items():
        # Locks tell no 99th percentile.
        optional = set(shape.get("properties", {})) - set(shape.get("required", [])) - {"p99"}
        if optional: print(name, "need not have", optional)
      """, [Binaries.root.appendingPathComponent("docs/snapshot.schema.json").path, folder().path("document.json")])
    #expect(run.code == 0, "\(run.errors)")
    #expect(run.output.isEmpty, "\(run.output)")
  }

  @Test("promtool and an OpenMetrics parser accept the metrics; each metric is documented")
  func metrics() throws {
    let file = try folder().path("metrics.prom")
    let lint = try Run.command("/bin/sh", ["-c", "promtool check metrics < '\(file)'"])
    #expect(lint.code == 0 && lint.output.isEmpty && lint.errors.isEmpty, "\(lint.output)\(lint.errors)")
    let names = try python(
      """
      import sys
      from prometheus_client.openmetrics.parser import text_string_to_metric_families
      for family in text_string_to_metric_families(open(sys.argv[1]).read()):
        assert family.type == "gauge" and family.documentation and family.samples, family
        print(family.name)
      """, [file])
    #expect(names.code == 0, "\(names.errors)")
    let page = try String(contentsOf: Binaries.root.appendingPathComponent("docs/snapshot.md"), encoding: .utf8)
    let families = names.output.split(separator: "\n")
    #expect(families.count > 20)
    for family in families { #expect(page.contains("`\(family)`"), "\(family) is not on the page") }
  }

  @Test("node_exporter accepts the files of two contexts in one folder and has the series of both")
  func exporter() throws {
    let port = try LoopbackPort.free()
    let address = "127.0.0.1:\(port)"
    let pid = try Run.spawn(
      [
        "/usr/bin/prometheus-node-exporter", "--collector.disable-defaults", "--collector.textfile",
        "--collector.textfile.directory=\(folder().path(""))", "--web.listen-address=\(address)",
      ], environment: [:], output: "/dev/null", errors: "/dev/null")
    defer {
      kill(pid, SIGKILL)
      var status: Int32 = 0
      waitpid(pid, &status, 0)
    }
    let page = try eventually(within: 20, "node_exporter answers") {
      let run = try? python(
        "import sys, urllib.request; print(urllib.request.urlopen(sys.argv[1]).read().decode())",
        ["http://\(address)/metrics"])
      return run?.code == 0 ? run?.output : nil
    }
    #expect(page.contains("\nnode_textfile_scrape_error 0\n"))
    let series = page.split(separator: "\n").filter {
      $0.hasPrefix("sagatop_sagas{") && $0.contains("status=\"completed\"")
    }
    #expect(
      series.filter { $0.contains("site=\"\"") || !$0.contains("site=") }.count
        == series.filter { $0.contains("site=\"b\"") }.count)
    #expect(series.count >= 2)
  }

  @Test("a monitoring library parses the line of checks, and the exit status is the worst one")
  func nagios() throws {
    let folder = try folder()
    let line = try folder.text("line.txt")
    #expect(line.split(separator: "\n").count == 1 && line.hasPrefix("SAGATOP CRITICAL - "), "\(line)")
    #expect(try folder.text("line.code") == "2\n")
    let run = try Run.command(
      "/usr/bin/perl",
      [
        "-MMonitoring::Plugin::Performance", "-e",
        #"open F, $ARGV[0]; my (undef, $data) = split /\|/, <F>, 2; print join(" ", $_->label, $_->uom, $_->warning)"#
          + #", "\n" for Monitoring::Plugin::Performance->parse_perfstring($data)"#, folder.path("line.txt"),
      ])
    #expect(run.output == "stuck  100000\nlag payment-service  0\nservice  \ncompletion-rate % 0:\n", "\(run.errors)")
  }

  @Test("each CSV row has one field per title, and numbers are plain")
  func csv() throws {
    let run = try python(
      """
      import csv, sys
      width = None; tables = 0; sagas = 0
      for row in csv.reader(open(sys.argv[1], newline="")):
        if not row: width = None; continue
        if width is None: width, titles, tables = len(row), row, tables + 1; continue
        assert len(row) == width, row
        if titles[0] == "saga": sagas += 1; float(row[titles.index("age_ms")])
      print(tables, sagas > 50)
      """, [folder().path("tables.csv")])
    #expect(run.output == "13 True\n", "\(run.output)\(run.errors)")
  }

  @Test("selected columns are in their order, and rows are sorted")
  func chosen() throws {
    let lines = try folder().text("chosen.txt").split(separator: "\n").map { $0.split(separator: " ") }
    #expect(lines.count > 50)
    #expect(lines.allSatisfy { $0.count == 2 })
    #expect(lines.map { $0[0] } == lines.map { $0[0] }.sorted())
  }

  @Test("the picture is rendered by another program")
  func picture() throws {
    let run = try Run.command(
      "/usr/bin/env", ["rsvg-convert", "-o", folder().path("picture.png"), folder().path("picture.svg")])
    #expect(run.code == 0, "\(run.errors)")
  }

  @Test("Markdown, wide and screen output contain the data")
  func texts() throws {
    let folder = try folder()
    #expect(try folder.text("tables.md").contains("| order | "))
    #expect(try folder.text("wide.txt").contains("payment-service"))
    #expect(try folder.text("screen.txt").split(separator: "\n", omittingEmptySubsequences: false).count == 21)
  }
}

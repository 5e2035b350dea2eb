import Foundation
import TestSupport
import Testing

@Suite("Repeated snapshots, and waiting for a condition", .serialized)
struct WatchingTests {
  private static func lines(_ text: String) -> [[String: Any]] {
    text.split(separator: "\n").dropLast(text.hasSuffix("\n") ? 0 : 1).compactMap { line in
      try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
    }
  }

  private static func phase(_ line: [String: Any]) -> String? {
    (line["sources"] as? [[String: Any]])?.first { $0["name"] as? String == "kafka" }?["phase"] as? String
  }

  @Test("--watch continues through a broker restart, with a complete line each time, until it is stopped")
  func restart() throws {
    let server = try NoidaServer()
    let folder = try Folder()
    let command =
      "'\(Binaries.sagatop)' snapshot --brokers \(server.brokers) --preset spring --sections sources,lag --watch 200ms"
      + " --require kafka > out 2> errors"
    let program = try RunningProgram("/bin/sh", ["-c", "cd '\(folder.path)' && exec \(command)"])
    func wait(for phase: String) throws -> Int {
      try eventually("the last line says \(phase)") {
        let lines = Self.lines((try? folder.text("out")) ?? "")
        return lines.last.flatMap(Self.phase) == phase ? lines.count : nil
      }
    }
    let before = try wait(for: "up")
    server.stop()
    let during = try wait(for: "down")
    try server.restart()
    let after = try wait(for: "up")
    #expect(before < during && during < after)
    program.send(SIGINT)
    #expect(try program.end().code == 130)
    let text = try folder.text("out")
    #expect(text.hasSuffix("\n"))
    #expect(Self.lines(text).count == text.split(separator: "\n").count)
  }

  private static func sagas(_ line: [String: Any]) -> Int? {
    ((line["sagas"] as? [String: Any])?["items"] as? [Any])?.count
  }

  /// `OrderCreated` and three more of thirty orders, in Avro behind Confluent's frame with schema 7.
  private static var avro: [TestProducer.Record] {
    func text(_ text: String) -> [UInt8] { [UInt8(2 * text.utf8.count)] + Array(text.utf8) }
    return (0..<30).flatMap { order in
      ["OrderCreated", "PaymentCompleted", "OrderShipped", "OrderCompleted"].map { type in
        var record = TestProducer.Record("orders", "")
        record.value = [0, 0, 0, 0, 7] + text("A-\(order)") + text(type)
        return record
      }
    }
  }

  @Test("--watch begun while the schema registry is down is not complete, and infers when it is back")
  func registry() throws {
    let (broker, registry) = (try NoidaServer(), try RudeServer())
    try TestProducer(broker.brokers).write(Self.avro)
    let paths = ["/schemas/types", "/schemas/ids/7"]
    for path in paths { registry.answer(path, "", status: "503 Service Unavailable") }
    let folder = try Folder()
    let command =
      "'\(Binaries.sagatop)' snapshot --brokers \(broker.brokers) --schema-registry \(registry.url(""))"
      + " --since all --watch 200ms --timeout 4s > out 2> errors"
    let program = try RunningProgram("/bin/sh", ["-c", "cd '\(folder.path)' && exec \(command)"])
    func lines() -> [[String: Any]] { Self.lines((try? folder.text("out")) ?? "") }
    _ = try eventually("there is a line") { lines().first }
    let schema =
      #"{\"type\":\"record\",\"name\":\"E\",\"fields\":[{\"name\":\"orderId\",\"type\":\"string\"},{\"name\":\"type\",\"type\":\"string\"}]}"#
    registry.answer(paths[0], "[]")
    registry.answer(paths[1], #"{"schema":"\#(schema)"}"#)
    let last = try eventually(within: 60, "the sagas are there: \((try? folder.text("errors")) ?? "")") {
      lines().last { Self.sagas($0) == 30 }
    }
    #expect(last["complete"] as? Bool == true)
    for line in lines() where line["complete"] as? Bool == true {
      #expect(Self.sagas(line) == 30)
    }
    #expect(lines().first?["complete"] as? Bool == false)
    program.send(SIGINT)
    #expect(try program.end().code == 130)
  }

  @Test("a snapshot ends in usual time where a schema cannot be used, and tells how many messages it did not decode")
  func unusable() throws {
    let (broker, registry) = (try NoidaServer(), try RudeServer())
    let plain = TestProducer.Record("orders", #"{"orderId":"1"}"#)
    try TestProducer(broker.brokers).write(Self.avro + [plain, plain, plain])
    registry.answer("/schemas/types", "[]")
    registry.answer("/schemas/ids/7", "<html>")
    let began = ContinuousClock.now
    let run = try Run.sagatop([
      "snapshot", "-o", "json", "--brokers", broker.brokers, "--schema-registry", registry.url(""), "--preset",
      "spring", "--topics",
      "orders", "--timeout", "30s",
    ])
    #expect(ContinuousClock.now - began < .seconds(12) && run.code == 0, "\(run.errors)")
    let document = try #require(Self.lines(run.output.replacing("\n", with: " ") + "\n").first)
    #expect((document["sagas"] as? [String: Any])?["undecoded"] as? Int == 120)
    let reason = "schema 7: 127.0.0.1:\(registry.port) gives no schema for it"
    let text = run.output.replacing("\\/", with: "/")
    #expect(text.contains("120 messages of topic orders are not decoded: \(reason)"))
    #expect(document["complete"] as? Bool == true)
  }

  @Test("--watch ends silently with its reader, and with the signal's status on SIGTERM")
  func readerGone() throws {
    let words = "'\(Binaries.sagatop)' snapshot --brokers 127.0.0.1:1 --preset spring --timeout 0 --sections sources"
    let run = try Run.command(
      "/bin/sh", ["-c", "{ \(words) --watch 100ms; echo code $? >&2; } | head -n 2 | wc -l"])
    #expect(run.output.trimmed == "2")
    #expect(run.errors.contains("code 0"), "\(run.errors)")
    let ended = try Run.command(
      "/bin/sh", ["-c", "timeout --preserve-status -s TERM 1 \(words) --watch 10s > /dev/null"])
    #expect(ended.code == 143, "\(ended.errors)")
  }

  @Test("--watch with --to replaces the file each time")
  func file() throws {
    let folder = try Folder()
    let words = "'\(Binaries.sagatop)' snapshot --brokers 127.0.0.1:1 --preset spring --timeout 0 --sections sources"
    let run = try Run.command(
      "/bin/sh",
      [
        "-c",
        "cd '\(folder.path)' || exit; timeout -s INT 2 \(words) --watch 100ms -o prometheus --to m.prom & "
          + "until [ -f m.prom ]; do sleep 0.05; done; a=$(cat m.prom); until [ \"$a\" != \"$(cat m.prom)\" ]; "
          + "do sleep 0.05; done; wait $!; tail -n 1 m.prom; ls",
      ])
    #expect(run.output == "# EOF\nm.prom\n", "\(run.errors)")
  }

  @Test("--watch with --to continues if the file cannot be written for some time")
  func unwritable() throws {
    let folder = try Folder()
    let words = "'\(Binaries.sagatop)' snapshot --brokers 127.0.0.1:1 --preset spring --timeout 0 --sections sources"
    let run = try Run.command(
      "/bin/sh",
      [
        "-c",
        "cd '\(folder.path)' || exit; timeout --preserve-status -s INT 3 \(words) --watch 100ms --to new/out 2> errors & "
          + "until grep -q 'next attempt' errors; do sleep 0.05; done; mkdir new; "
          + "until [ -f new/out ]; do sleep 0.05; done; wait $!; echo $?",
      ])
    #expect(run.output == "130\n", "\(run.errors)")
  }

  @Test("--until exits with 0 when the condition holds, and with 2 and the reason on timeout")
  func until() throws {
    let sagatop = Binaries.sagatop
    let run = try Run.demo([
      "--broker", "noida", "--seed", "7", "--rate", "10", "--lead", "3", "--", "/bin/sh", "-c",
      "'\(sagatop)' snapshot --until 'completion-rate>0' --until 'active<1000000' --timeout 60s --tables types; "
        + "echo code $?; '\(sagatop)' snapshot --until 'undecoded>5' --timeout 2s --tables types; echo code $?; "
        + "'\(sagatop)' snapshot --watch 300ms --until 'active<0' --timeout 5s --sections sources | wc -l",
    ])
    let codes = run.output.split(separator: "\n").filter { $0.hasPrefix("code") }
    #expect(codes == ["code 0", "code 2"], "\(run.output)\(run.errors)")
    #expect(run.errors.contains("--until undecoded>5: timeout; undecoded is 0"), "\(run.errors)")
    #expect((run.output.split(separator: "\n").last.flatMap { Int($0) } ?? 0) >= 2)
  }

  @Test("no condition holds before anything was read")
  func unread() throws {
    let run = try Run.sagatop([
      "snapshot", "--brokers", "127.0.0.1:1", "--preset", "spring", "--until", "stuck==0", "--timeout", "1s",
    ])
    #expect(run.code == 2)
    #expect(run.errors.contains("--until stuck==0: timeout; stuck is unknown (kafka is "), "\(run.errors)")
  }
}

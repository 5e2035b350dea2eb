import Foundation
import Synchronization
import TestRandom
import TestSupport
import Testing

/// Faults of the local machine and of the connection to the broker. The program is observed during and after each fault.
@Suite("Faults of the machine and of the network", .serialized)
struct FaultyPlaceTests {
  private static let orders = 60

  /// A broker with orders, and `snapshot --watch` on it.
  private final class Watch {
    let server: NoidaServer
    let folder: Folder
    private let producer: TestProducer
    private var proxy: DelayingProxy?
    private var program: RunningProgram?

    init(_ makeProxy: (UInt16) throws -> DelayingProxy? = { _ in nil }) throws {
      (server, folder) = (try NoidaServer(), try Folder())
      producer = try TestProducer(server.brokers)
      try producer.createTopic("order-created", partitions: 2)
      try write(0..<FaultyPlaceTests.orders)
      proxy = try makeProxy(server.port)
    }

    func write(_ numbers: Range<Int>) throws {
      try producer.write(
        numbers.map {
          .init("order-created", #"{"orderId":\#($0),"eventId":"\#($0)"}"#, key: "\($0)", partition: Int32($0 % 2))
        })
    }

    /// `prefix` precedes the program on the command line: a resource limit or a variable.
    func start(_ prefix: String = "", _ more: String = "") throws {
      let line =
        "echo $$ > '\(folder.path("pid"))'; \(prefix) exec '\(Binaries.sagatop)' snapshot --watch 200ms -o json "
        + "--brokers \(proxy?.brokers ?? server.brokers) --preset spring --sections sagas \(more) > '\(folder.path("out"))'"
      program = try RunningProgram("/bin/sh", ["-c", line], environment: ["SWIFT_BACKTRACE": "enable=no"])
    }

    var pid: Int32 {
      get throws { try eventually("its pid") { (try? folder.text("pid")).flatMap { Int32($0.trimmed) } } }
    }

    var last: SnapshotDocument? {
      let lines = ((try? folder.text("out")) ?? "").components(separatedBy: "\n").dropLast()
      return lines.last.flatMap { try? SnapshotDocument($0) }
    }

    /// Waits for a new complete snapshot with this number of orders.
    @discardableResult
    func wait(for orders: Int, within seconds: Double = 20) throws -> SnapshotDocument {
      let lines = ((try? folder.text("out")) ?? "").components(separatedBy: "\n").count
      return try eventually(
        within: seconds, "a whole snapshot of \(orders) orders; it is \(last?.root["sources"] ?? "none")"
      ) {
        let count = ((try? folder.text("out")) ?? "").components(separatedBy: "\n").count
        guard count > lines, let document = last else { return nil }
        return document.isComplete && document.items.count == orders ? document : nil
      }
    }

    /// Checks that the program still runs and that SIGTERM ends it.
    func end() throws {
      let program = try #require(program)
      program.send(SIGTERM)
      let run = try program.end(within: 20)
      #expect(run.code == 143, "\(run.errors)")
    }
  }

  @Test("a round trip of 600 ms to the broker costs only time")
  func delay() throws {
    let watch = try Watch { try DelayingProxy(to: $0, delay: .milliseconds(600)) }
    try watch.start()
    try watch.wait(for: Self.orders)
    try watch.write(Self.orders..<Self.orders + 10)
    try watch.wait(for: Self.orders + 10)
    try watch.end()
  }

  /// Corrupts responses while it is on.
  private final class Spoiler: Sendable {
    let state = Mutex((isOn: true, number: UInt64(7), count: 0))

    /// Changes every third response.
    func change(_ answer: [UInt8], _ spoil: (inout [UInt8], inout SeededRandom) -> Void) -> [UInt8] {
      let seed = state.withLock { state -> UInt64? in
        state.number += 1
        guard state.isOn, state.number % 3 == 0, answer.count > 8 else { return nil }
        state.count += 1
        return state.number
      }
      guard let seed else { return answer }
      var (answer, random) = (answer, SeededRandom(seed: seed))
      spoil(&answer, &random)
      return answer
    }
  }

  @Test(
    "truncated or corrupted responses end nothing; afterwards everything is read once", arguments: ["cut", "garbled"])
  func spoiled(way: String) throws {
    let spoiler = Spoiler()
    let watch = try Watch { port in
      try DelayingProxy(to: port) { request, answer in
        spoiler.change(answer) { answer, random in
          if way == "cut" { answer.removeLast(Int(random.next() % UInt64(answer.count - 4))) }
          // Fetch responses are excluded, because the client does not check the checksums of batches. TCP detects such errors.
          guard way == "garbled", request.count > 5, request[5] != 1 else { return }
          for _ in 0..<4 {
            answer[4 + Int(random.next() % UInt64(answer.count - 4))] = UInt8(truncatingIfNeeded: random.next())
          }
        }
      }
    }
    try watch.start()
    // The client waits for the rest of a truncated response until its timeout.
    let fewest = way == "cut" ? 1 : 6
    try eventually(within: 60, "answers were spoiled") { spoiler.state.withLock { $0.count >= fewest } ? true : nil }
    spoiler.state.withLock { $0.isOn = false }
    try watch.write(Self.orders..<Self.orders + 10)
    try watch.wait(for: Self.orders + 10, within: 100)
    try watch.end()
  }

  @Test("suspended for three seconds, it reads what arrived in the meantime")
  func stopped() throws {
    let watch = try Watch()
    try watch.start()
    try watch.wait(for: Self.orders)
    kill(try watch.pid, SIGSTOP)
    try watch.write(Self.orders..<Self.orders + 10)
    _ = poll(nil, 0, 3000)
    kill(try watch.pid, SIGCONT)
    try watch.wait(for: Self.orders + 10, within: 10)
    try watch.end()
  }

  @Test("a broker suspended for three seconds loses nothing")
  func brokerStopped() throws {
    let watch = try Watch()
    try watch.start()
    try watch.wait(for: Self.orders)
    watch.server.suspend()
    _ = poll(nil, 0, 3000)
    watch.server.resume()
    try watch.write(Self.orders..<Self.orders + 10)
    try watch.wait(for: Self.orders + 10)
    try watch.end()
  }

  @Test("without a writable home directory it reads normally", arguments: ["/proc/none", "/nonexistent", ""])
  func home(path: String) throws {
    let watch = try Watch()
    try watch.start("export HOME='\(path)' XDG_STATE_HOME= XDG_CONFIG_HOME=;")
    try watch.wait(for: Self.orders)
    try watch.end()
  }
}

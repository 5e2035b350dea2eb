import Glibc
import TestSupport

/// CPU cost of the live screen that polls 10,000 locks and 200 endpoints per second, compared to a screen without any.
struct PollingBenchmark {
  private struct Figures {
    /// Share of one core.
    var share: Double
    /// Per second.
    var locks: Double
    var endpoints: Double
    var bytes: Double
  }

  private static let locks = 10_000
  private static let endpoints = 200
  private static let otherKeys = 990_000
  private static let span = Duration.seconds(20)
  private static let path = "/actuator/health"
  private static let body =
    #"{"status":"UP","components":{"db":{"status":"UP","details":{"database":"MySQL"}},"ping":{"status":"UP"}}}"#

  private let directory: TemporaryDirectory
  private let broker: MockCluster
  private let redis: RedisServer
  private let server: RudeServer

  init() async throws {
    directory = try TemporaryDirectory()
    broker = try MockCluster()
    redis = try await RedisServer.start()
    server = try RudeServer()
    server.answer(Self.path, Self.body)
  }

  func run(_ budgets: Budgets) throws {
    let program = try LiveProgram.path
    print("polling \(Self.locks) locks and \(Self.endpoints) endpoints each second, share of a core of the live screen")
    let idle = try measure(program, isIdle: true)
    print("    neither                        \(percent(idle.share))")
    let client = try redis.client()
    try client.sendAll(Self.locks) { ["SET", "lock:\($0)", "\(1_769_508_000_000 + $0)-node", "PX", "3600000"] }
    tell("among no other keys", try measure(program), idle)
    try client.send("DEBUG", "POPULATE", "\(Self.otherKeys)", "user:online")
    let many = try measure(program)
    tell("among 1,000,000 keys", many, idle)
    budgets.add(
      "10,000 locks among 1,000,000 keys, 200 endpoints", many.share * 100, .atMost(10), unit: " % of a core",
      ratio: "\(Budgets.text(many.share / idle.share)) times the idle screen", by: "polling")
    tell("the same, the list of locks in front", try measure(program, keys: "5"), idle)
  }

  private func tell(_ what: String, _ figures: Figures, _ idle: Figures) {
    let title = what.count < 30 ? what + String(repeating: " ", count: 30 - what.count) : what
    let ratio = (figures.share / idle.share * 10).rounded() / 10
    print("    \(title) \(percent(figures.share)): \(ratio) times as much")
    print(
      "        read per second: \(Int(figures.locks)) locks, \(Int(figures.endpoints)) endpoints; "
        + "drawn: \(Int(figures.bytes)) bytes")
  }

  private func percent(_ share: Double) -> String { "\((share * 10_000).rounded() / 100) %" }

  private func measure(_ program: String, isIdle: Bool = false, keys: String = "") throws -> Figures {
    try directory.write(configuration(isIdle: isIdle), to: "config.yaml")
    let live = try LiveProgram([program, "--config", "\(directory.path)/config.yaml"])
    let client = try redis.client()
    live.run(for: .seconds(2))
    live.type(keys)
    // After three polls of every lock, discovery is complete.
    let end = ContinuousClock.now + .seconds(60)
    let before = try looked(client)
    while !isIdle, try looked(client) - before < 3 * Self.locks, ContinuousClock.now < end {
      live.run(for: .seconds(1))
    }
    live.run(for: .seconds(8))
    let start = (
      time: ContinuousClock.now, used: try live.used, locks: try looked(client), asked: server.requests.count
    )
    let bytes = live.run(for: Self.span)
    let seconds = (ContinuousClock.now - start.time) / .seconds(1)
    let figures = Figures(
      share: (try live.used - start.used) / seconds, locks: Double(try looked(client) - start.locks) / seconds,
      endpoints: Double(server.requests.count - start.asked) / seconds, bytes: Double(bytes) / seconds)
    guard isIdle || figures.locks > 0.9 * Double(Self.locks) && figures.endpoints > 0.9 * Double(Self.endpoints) else {
      throw TestFailure(
        "only \(Int(figures.locks)) locks and \(Int(figures.endpoints)) endpoints were read in a second")
    }
    return figures
  }

  /// The number of PTTL commands, according to the server.
  private func looked(_ client: RedisTestClient) throws -> Int {
    let text = try client.send("INFO", "commandstats")
    let line = text.split(whereSeparator: \.isNewline).first { $0.hasPrefix("cmdstat_pttl:calls=") }
    return line.flatMap { Int($0.dropFirst(19).prefix(while: \.isNumber)) } ?? 0
  }

  private func configuration(isIdle: Bool) -> String {
    var text = "contexts:\n  bench:\n    preset: spring\n    kafka: {brokers: \"\(broker.brokers)\"}\n"
    guard !isIdle else { return text }
    text += "    redis: {servers: \"\(redis.url)\", interval: 1s}\n    locks: [\"lock:{id}\"]\n    services:\n"
    for number in 0..<Self.endpoints {
      text += "      service-\(number): {url: \"\(server.url(Self.path))\", interval: 1s}\n"
    }
    return text
  }
}

import Foundation
import TestSupport

extension Situation {
  static func all() async throws -> [Situation] {
    let idle = try NoidaServer()
    return kafka + recordings + (try await redis(idle)) + (try http(idle)) + documents()
  }

  /// Writes the first event of ten orders. They are running and not stuck yet.
  private static func write(_ brokers: String, topics: Bool = true, partitions: Int32 = 1, ahead: Int64 = 0) throws {
    let producer = try TestProducer(brokers)
    if topics { try producer.createTopic("order-created", partitions: partitions) }
    let now = Int64(Date().timeIntervalSince1970 * 1000) + ahead
    for number in 0..<10 {
      // Each message is written as a separate batch.
      try producer.write([
        TestProducer.Record(
          "order-created", #"{"orderId":\#(number),"eventId":"e-\#(number)"}"#, key: "\(number)",
          partition: Int32(number) % partitions, time: ahead == 0 ? 0 : now)
      ])
    }
  }

  private static func filled(partitions: Int32 = 1, ahead: Int64 = 0) throws -> NoidaServer {
    let server = try NoidaServer()
    try write(server.brokers, partitions: partitions, ahead: ahead)
    return server
  }

  private static func committed(_ offsets: [Int32: Int64], partitions: Int32 = 1, ahead: Int64 = 0) throws -> Scene {
    let server = try filled(partitions: partitions, ahead: ahead)
    try TestGroups(server.brokers).commit(["inventory-service": ["order-created": offsets]])
    return Scene(spring(server.brokers), servers: [server])
  }

  private static let kafka: [Situation] = [
    .sagas("refuses connections") { Scene(spring("127.0.0.1:1")) },
    .lag("refuses connections, and lag is asked for") { Scene(spring("127.0.0.1:1")) },
    .sagas("dies after its metadata were read") {
      let server = try filled()
      let proxy = try DelayingProxy(to: server.port, death: .init(api: 2))
      return Scene(spring(proxy.brokers), servers: [server, proxy])
    },
    .sagas("dies when half is read") {
      let cluster = try MockCluster()
      cluster.createTopic("order-created")
      try write(cluster.brokers, topics: false)
      let port = UInt16(cluster.brokers.split(separator: ":").last ?? "") ?? 0
      let proxy = try DelayingProxy(to: port, death: .init(api: 1, count: 6))
      return Scene(spring(proxy.brokers), servers: [cluster, proxy])
    },
    .sagas("dies when all is read") {
      let server = try filled()
      return Scene(spring(server.brokers), servers: [server]) { server.stop() }
    },
    .sagas("advertises an address that refuses connections", timeout: "4s") {
      let server = try filled()
      let proxy = try DelayingProxy(to: server.port, advertised: 1)
      return Scene(spring(proxy.brokers), servers: [server, proxy])
    },
    .sagas("one of three brokers is gone", timeout: "4s") {
      let cluster = try MockCluster(brokers: 3)
      cluster.createTopic("order-created", partitions: 3)
      for partition: Int32 in 0..<3 { cluster.setLeader(of: "order-created", partition, to: partition + 1) }
      try write(cluster.brokers, topics: false, partitions: 3)
      cluster.takeDown(2)
      return Scene(spring(cluster.brokers), servers: [cluster])
    },
    .lag("offsets are answered for no partition") {
      let cluster = try MockCluster()
      cluster.createTopic("order-created")
      try write(cluster.brokers, topics: false)
      cluster.refuse(.offsetFetch, with: MockCluster.groupAuthorizationFailed, times: 100_000)
      return Scene(spring(cluster.brokers), servers: [cluster])
    },
    .lag("a partition was never committed") { try committed([0: 5], partitions: 2) },
    .lag("a commit lies beyond the end") { try committed([0: 500]) },
    .lag("producers' clocks are a minute ahead", time: true) { try committed([0: 0], ahead: 60_000) },
  ]

  private static let recordings: [Situation] = [
    .recorded(
      "the offsets of one of two partitions are answered", LagRecording(ends: [(0, 50), (0, 350)], commits: [50])),
    .recorded("the end of one of two logs is not known", LagRecording(ends: [(0, 50), nil], commits: [50, 50])),
    .recorded("no offsets are answered", LagRecording(ends: [(0, 50)], commits: nil, error: "no answer in time")),
    .recorded("a partition was never committed", LagRecording(ends: [(0, 100), (0, 5000)], commits: [100, nil])),
    .recorded("nothing was ever committed", LagRecording(ends: [(0, 3100)], commits: [nil])),
    .recorded("a commit lies beyond the end", LagRecording(ends: [(0, 100)], commits: [500], arriving: 1)),
    .recorded("the broker goes down", LagRecording(ends: [(0, 50)], commits: [50], dies: true)),
  ]

  private static func redis(_ idle: NoidaServer) async throws -> [Situation] {
    let server = try await RedisServer.start()
    let client = try server.client()
    for key in ["7", "8"] { _ = try client.send("SET", "inventory:lock:\(key)", "holder", "PX", "600000") }
    let commands = [
      "+ping", "+scan", "+dbsize", "+type", "+pttl", "+getrange", "+hscan", "+llen", "+object", "+memory",
    ]
    for (user, keys) in [("blind", []), ("half", ["~inventory:lock:7"])] {
      let words = ["ACL", "SETUSER", user, "on", ">pw"] + keys + commands + ["+pubsub", "+role", "+info"]
      _ = try client.send(words.map { Array($0.utf8) })
    }
    let slow = try await RedisServer.start()
    _ = try slow.client().send("CLIENT", "PAUSE", "600000", "ALL")
    let loading = try RudeRedis { _ in "-LOADING Redis is loading the dataset in memory\r\n" }
    let rows: [Situation] = [
      .locks("refuses connections", "redis://127.0.0.1:1", idle),
      .locks("lets no key be read", "redis://blind:pw@127.0.0.1:\(server.port)", idle, server),
      .locks("lets some keys be read", "redis://half:pw@127.0.0.1:\(server.port)", idle, server),
      .locks("does not answer in time", slow.url, idle, slow, timeout: "8s"),
      .locks("is loading its data", "redis://127.0.0.1:\(loading.port)", idle, loading),
    ]
    return rows
  }

  private static func http(_ idle: NoidaServer) throws -> [Situation] {
    let server = try RudeServer()
    let bodies: [(path: String, name: String, bytes: [UInt8])] = [
      (
        "/cut", "a body is longer than what is read",
        Array(#"{"pad":"\#(String(repeating: "x", count: 300_000))","status":"DOWN"}"#.utf8)
      ),
      ("/damaged", "a body is damaged", Array(#"{"status":"UP","components":{"db":"#.utf8)),
      ("/compressed", "a body is compressed, and does not say so", [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3]),
      ("/packed", "a compressed body is damaged", [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 0xFF, 0xFF]),
      (
        "/utf16", "a body is UTF-16",
        [0xFF, 0xFE] + #"{"status":"DOWN"}"#.utf16.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
      ),
      ("/nan", "a body has a number that JSON does not know", Array(#"{"status":"UP","load":NaN}"#.utf8)),
      (
        "/deep", "a body is nested too deep",
        Array((String(repeating: "[", count: 3000) + String(repeating: "]", count: 3000)).utf8)
      ),
      ("/page", "a body is a page", Array("<html><body>Sign in</body></html>".utf8)),
      ("/empty", "a body is empty", []),
      ("/word", "a body has a word that nobody knows", Array(#"{"status":"RESTARTING"}"#.utf8)),
    ]
    for body in bodies {
      let isPacked = body.path == "/packed"
      server.answer(body.path, bytes: body.bytes, headers: isPacked ? ["Content-Encoding: gzip"] : [])
    }
    server.answer("/up", #"{"status":"UP"}"#)
    server.answer("/mark", bytes: [0xEF, 0xBB, 0xBF] + Array(#"{"status":"DOWN"}"#.utf8))
    server.answer(
      "/metrics",
      """
      http_request_duration_seconds_bucket{le="0.1"} 50
      http_request_duration_seconds_bucket{le="1"} x90
      http_request_duration_seconds_bucket{le="+Inf"} 100

      """)
    let rows = bodies.map { Situation.service($0.name, server, idle, $0.path) }
    return rows + [
      .service("does not answer", server, idle, "/hang"),
      .service("a body begins with a byte order mark, and says that it is down", server, idle, "/mark"),
      .service("it is up, and metrics have a bad line among a histogram's", server, idle, "/up", metrics: true),
    ]
  }

  private static let orders = """
      sagas: {order: {ids: {orderId: [id]}, steps: [work], events: {begun: {starts: true}, done: {completes: work}}}}
    """

  private static func documents() -> [Situation] {
    @Sendable func document(_ url: String, _ servers: [Any], kill: (() -> Void)? = nil) -> Scene {
      Scene(
        "{documents: {list: {url: \"\(url)\", interval: 200ms, timeout: 500ms, messages: {each: items.*}}}, fields: {type: type}, \(orders.trimmed)}",
        servers: servers, kill: kill)
    }
    @Sendable func command(_ script: String) -> Scene {
      Scene(
        "{commands: {lines: {run: [sh, -c, '\(script)'], interval: 200ms}}, fields: {type: type}, \(orders.trimmed)}")
    }
    let body = #"{"items":[{"id":"1","type":"begun"},{"id":"2","type":"begun"}]}"#
    return [
      .sagas("a document's server refuses connections", header: "document") { document("http://127.0.0.1:1/list", []) },
      .sagas("a document ends before its length", header: "document") {
        let server = try RudeServer()
        return document(server.url("/lie"), [server])
      },
      .sagas("a document is damaged", header: "document") {
        let server = try RudeServer()
        server.answer("/list", #"{"items":[{"id":"1","type":"#)
        return document(server.url("/list"), [server])
      },
      .sagas("a document is not given any more", header: "document") {
        let server = try RudeServer()
        server.answer("/list", body)
        return document(server.url("/list"), [server]) { server.answer("/list", "", status: "500 No") }
      },
      .sagas("a document is older than its interval", header: "document") {
        let server = try RudeServer()
        server.answer("/hang", body)
        return document(server.url("/hang"), [server]) { server.forget("/hang") }
      },
      .sagas("a command's output is older than its interval", header: "command") {
        let folder = try Folder()
        let script =
          #"echo "{\"id\":\"1\",\"type\":\"begun\"}"; while [ -e \#(folder.path("stop")) ]; do sleep 1; done"#
        let scene = command(script)
        scene.servers = [folder]
        scene.kill = { try? folder.write("", to: "stop") }
        scene.recorded = 20
        return scene
      },
      .sagas("a command fails at once", header: "command") { command("exit 3") },
      .sagas("a command fails in the middle", header: "command") {
        command(#"echo "{\"id\":\"1\",\"type\":\"begun\"}"; exit 3"#)
      },
    ]
  }
}

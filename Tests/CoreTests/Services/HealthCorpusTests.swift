import TestRandom
import Testing

@testable import Core

/// Health responses of the services of the preset systems, each with the expected verdict.
@Suite("Health response bodies")
struct HealthCorpusTests {
  struct Case: CustomTestStringConvertible, Sendable {
    var why: String
    var body: String
    var status = 200
    var reader = HealthBodyReader()
    var verdict: ServiceVerdict
    var says = ""

    var testDescription: String { why }
  }

  static let now = Timestamp(milliseconds: 1_769_508_000_000)

  private static func actuator(_ status: String, _ components: String) -> String {
    #"{"status":"\#(status)","components":{\#(components)}}"#
  }

  private static func circuit(_ name: String, _ state: String, rate: String) -> String {
    #""\#(name)":{"status":"CIRCUIT_\#(state)","details":{"failureRate":"\#(rate)","failureRateThreshold":"50.0%","#
      + #""slowCallRate":"0.0%","bufferedCalls":10,"failedCalls":6,"notPermittedCalls":3,"state":"\#(state)"}}"#
  }

  static let actuators: [Case] = [
    Case(
      why: "actuator: all is up", body: actuator("UP", #""db":{"status":"UP","details":{"database":"MySQL"}}"#),
      verdict: .up, says: "UP"),
    Case(
      why: "actuator: down names the part and its error",
      body: actuator("DOWN", #""db":{"status":"DOWN","details":{"error":"no connection"}},"ping":{"status":"UP"}"#),
      status: 503, verdict: .down, says: "says DOWN (HTTP 503): db is DOWN: no connection"),
    Case(
      why: "actuator: of nested parts the innermost says why",
      body: actuator(
        "DOWN", #""db":{"status":"DOWN","components":{"main":{"status":"UP"},"replica":{"status":"DOWN"}}}"#),
      status: 503, verdict: .down, says: "db/replica is DOWN"),
    Case(
      why: "actuator: out of service is down", body: #"{"status":"OUT_OF_SERVICE"}"#, status: 503, verdict: .down,
      says: "OUT_OF_SERVICE"),
    Case(why: "actuator: unknown is not up", body: #"{"status":"UNKNOWN"}"#, verdict: .unknown, says: "UNKNOWN"),
    Case(
      why: "actuator: up, but a part is down", body: actuator("UP", #""redis":{"status":"DOWN"}"#), verdict: .degraded,
      says: "partly down: redis is DOWN"),
    Case(
      why: "actuator: an open circuit makes the service degraded, and a part that does not know makes it nothing",
      body: actuator(
        "UP", #""circuitBreakers":{"status":"UNKNOWN","details":{\#(circuit("gateway", "OPEN", rate: "60.0%"))}}"#),
      verdict: .degraded, says: "circuit gateway is open, 60.0 % of its calls failed"),
    Case(
      why: "actuator: a half open circuit",
      body: actuator(
        "UP", #""circuitBreakers":{"status":"UP","details":{\#(circuit("gateway", "HALF_OPEN", rate: "-1.0%"))}}"#),
      verdict: .degraded, says: "circuit gateway is half open"),
    Case(
      why: "actuator: a closed circuit",
      body: actuator(
        "UP", #""circuitBreakers":{"status":"UP","details":{\#(circuit("gateway", "CLOSED", rate: "12.5%"))}}"#),
      verdict: .up),
    Case(
      why: "actuator of Spring Boot 2.0: details in place of components",
      body: #"{"status":"UP","details":{"db":{"status":"DOWN"}}}"#, verdict: .degraded, says: "db is DOWN"),
  ]

  /// Examples from the documentation of other frameworks.
  static let frameworks: [Case] = [
    Case(
      why: "MicroProfile: a check is down",
      body:
        #"{"status":"DOWN","checks":[{"name":"db","status":"DOWN","data":{"reason":"refused"}},{"name":"a","status":"UP"}]}"#,
      status: 503, verdict: .down, says: "db is DOWN: refused"),
    Case(
      why: "MicroProfile: all checks are up", body: #"{"status":"UP","checks":[{"name":"db","status":"UP"}]}"#,
      verdict: .up),
    Case(
      why: "ASP.NET: an entry is unhealthy",
      body:
        #"{"status":"Unhealthy","totalDuration":"0:1","entries":{"redis":{"status":"Unhealthy","exception":"It was not possible to connect"}}}"#,
      status: 503, verdict: .down, says: "redis is Unhealthy: It was not possible to connect"),
    Case(
      why: "ASP.NET: degraded",
      body: #"{"status":"Degraded","entries":{"disk":{"status":"Degraded","description":"9 % free"}}}"#,
      verdict: .degraded, says: "disk is Degraded: 9 % free"),
    Case(
      why: "Spring: a status of its own choice at a part is not known, though the whole is up",
      body: actuator("UP", #""card":{"status":"FATAL"}"#), verdict: .unknown, says: "card is `FATAL`"),
    Case(
      why: "Spring: a word among a part's details need not be about health",
      body: actuator("UP", #""ssl":{"status":"UP","details":{"validity":{"status":"WILL_EXPIRE_SOON"}}}"#), verdict: .up
    ),
    Case(
      why: "parts that are words", body: #"{"status":"ok","checks":{"database":"DOWN","queue":"ok"}}"#,
      verdict: .degraded, says: "database is DOWN"),
    Case(
      why: "a part that says healthy: false", body: #"{"status":"ok","dependencies":{"db":{"healthy":false}}}"#,
      verdict: .degraded, says: "db is false"),
    Case(
      why: "services beside a status", body: #"{"status":"ok","services":{"db":"DOWN"}}"#, verdict: .degraded,
      says: "db is DOWN"),
    Case(
      why: "parts that do not know", body: #"{"components":{"db":{"status":"UNKNOWN"}}}"#, verdict: .unknown,
      says: "do not know"),
    Case(
      why: "a connection that is open is no circuit",
      body: actuator("UP", #""socket":{"status":"UP","details":{"state":"OPEN"}}"#), verdict: .up, says: "UP"),
    Case(
      why: "of more parts than are kept the bad ones are",
      body: actuator(
        "UP", (0..<300).map { #""c\#($0)":{"status":"\#($0 == 290 ? "DOWN" : "UP")"}"# }.joined(separator: ",")),
      verdict: .degraded, says: "c290 is DOWN"),
    Case(
      why: "parts nested too deep",
      body: String(repeating: #"{"status":"UP","components":{"a":"#, count: 9) + #"{"status":"DOWN"}"#
        + String(repeating: "}}", count: 9),
      verdict: .unknown, says: "levels deep"),
    Case(
      why: "parts that are true or false", body: #"{"status":"ok","checks":{"database":false}}"#, verdict: .degraded,
      says: "database is false"),
    Case(
      why: "the advice is a line that can be pasted", body: #"{"status":"WILL_EXPIRE_SOON"}"#, verdict: .unknown,
      says: "`body: {down: [WILL_EXPIRE_SOON]}`"),
    Case(
      why: "a status twice with two words", body: #"{"status":"UP","status":"DOWN"}"#, verdict: .unknown,
      says: "more than once"),
  ]

  static let words: [Case] = [
    Case(
      why: "nest: ok, database connected",
      body: #"{"status":"ok","timestamp":"t","environment":"e","database":{"connected":true,"name":"shop"}}"#,
      verdict: .up, says: "ok"),
    Case(
      why: "nest: ok, database not connected", body: #"{"status":"ok","database":{"connected":false}}"#,
      verdict: .degraded, says: "database is not connected"),
    Case(
      why: "nest: the pool is healthy",
      body: #"{"status":"success","activeConnections":3,"maxConnections":20,"isHealthy":true}"#, verdict: .up),
    Case(
      why: "nest: the pool is not healthy, whatever its status",
      body: #"{"status":"success","activeConnections":20,"maxConnections":20,"isHealthy":false}"#, verdict: .down),
    Case(
      why: "terminus: a part is down",
      body:
        #"{"status":"error","info":{},"error":{"redis":{"status":"down"}},"details":{"redis":{"status":"down","message":"timeout"}}}"#,
      status: 503, verdict: .down, says: "redis is down: timeout"),
    Case(why: "lab: healthy", body: #"{"service":"order-service","status":"healthy"}"#, verdict: .up),
    Case(
      why: "lab: an API without health answers 200",
      body: #"{"service":"orders","action":"create","saga_id":"s-1","status":"completed"}"#, verdict: .unknown,
      says: "`completed`, which is none of the known words"),
    Case(
      why: "lab: a page of nginx", body: "<html><body>welcome</body></html>", verdict: .unknown, says: "is a page"),
    Case(
      why: "a page, where the operator says that the status is enough", body: "<html></html>",
      reader: ignoring, verdict: .up, says: "HTTP 200"),
    Case(why: "chat: healthy", body: #"{"status":"healthy","service":"User Service"}"#, verdict: .up),
    Case(
      why: "health+json: a check warns",
      body: #"{"status":"pass","checks":{"db:time":[{"status":"pass"},{"status":"warn","output":"250 ms"}]}}"#,
      verdict: .degraded, says: "db:time is warn: 250 ms"),
    Case(
      why: "health+json: warn", body: #"{"status":"warn","output":"disk 91 %"}"#, verdict: .degraded, says: "disk 91 %"),
    Case(why: "health+json: fail", body: #"{"status":"fail"}"#, status: 503, verdict: .down),
    Case(why: "a word alone", body: "OK\n", verdict: .up, says: "OK"),
    Case(why: "a word alone that is bad", body: "unhealthy", verdict: .down),
    Case(why: "a word as JSON", body: #""pass""#, verdict: .up),
    Case(why: "nothing at all", body: "", verdict: .unknown, says: "its body is empty"),
    Case(why: "204", body: "", status: 204, verdict: .up),
    Case(why: "a damaged body", body: #"{"status":"UP"#, verdict: .unknown, says: "damaged JSON"),
    Case(why: "a byte order mark is passed over", body: "\u{FEFF}{\"status\":\"DOWN\"}", verdict: .down, says: "DOWN"),
    Case(why: "no number of JSON", body: #"{"status":"UP","load":NaN}"#, verdict: .unknown, says: "damaged JSON"),
    Case(
      why: "nested too deep", body: String(repeating: "[", count: 300) + String(repeating: "]", count: 300),
      verdict: .unknown, says: "too deep"),
    Case(why: "a word that nobody knows", body: #"{"status":"FATAL"}"#, verdict: .unknown, says: "`FATAL`"),
    Case(why: "such a word alone", body: "mostly", verdict: .unknown, says: "`mostly`"),
    Case(
      why: "such a word, and a part that is down for certain",
      body: #"{"status":"UP_WITH_CAUTION","components":{"cache":{"status":"DOWN"}}}"#, verdict: .degraded,
      says: "cache is DOWN"),
    Case(why: "an HTTP status for the word", body: #"{"status":503,"title":"no"}"#, verdict: .unknown, says: "no word"),
    Case(
      why: "parts without a word for the whole", body: #"{"components":{"db":{"status":"UP"}}}"#, verdict: .up),
    Case(
      why: "parts without a word for the whole, one of them unknown",
      body: #"{"components":{"db":{"status":"UP"},"mq":{"status":"HM"}}}"#, verdict: .unknown, says: "mq is `HM`"),
    Case(why: "500 without a word", body: "oops", status: 500, verdict: .down, says: "HTTP 500"),
    Case(
      why: "502 of a proxy before it", body: "<html>Bad Gateway</html>", status: 502, verdict: .down, says: "HTTP 502"),
    Case(why: "404", body: #"{"status":404,"error":"Not Found"}"#, status: 404, verdict: .down, says: "HTTP 404"),
    Case(
      why: "401 is no verdict on its health", body: "", status: 401, verdict: .unknown, says: "does not let sagatop in"),
    Case(why: "429 neither", body: "", status: 429, verdict: .unknown),
    Case(why: "a redirect is not followed", body: "", status: 302, verdict: .unknown, says: "not followed"),
  ]

  static let maps: [Case] = [
    Case(
      why: "gateway: all are healthy",
      body: #"{"gateway":"healthy","services":{"user":{"status":"healthy","url":"http://u"}}}"#, verdict: .up),
    Case(
      why: "gateway: one is unreachable, which the gateway itself is not",
      body:
        #"{"gateway":"healthy","services":{"user":{"status":"healthy"},"chat":{"status":"unreachable","error":"timeout"}}}"#,
      status: 503, verdict: .degraded, says: "partly down: chat is unreachable: timeout"),
    Case(
      why: "gateway: all are gone",
      body: #"{"gateway":"healthy","services":{"user":{"status":"unhealthy"},"chat":{"status":"unreachable"}}}"#,
      status: 503, verdict: .down, says: "all 2 services"),
    Case(
      why: "circuits: all closed", body: #"{"user-service":{"state":"closed","failure_count":0,"retry_after":0.0}}"#,
      verdict: .up, says: "circuits are closed"),
    Case(
      why: "circuits: one is half open",
      body: #"{"user-service":{"state":"half_open","failure_count":5,"retry_after":45.2}}"#,
      verdict: .degraded, says: "circuit user-service is half open, 5 calls failed, tries again in 45s"),
    Case(
      why: "projections: up to date",
      body: #"{"projections":[{"name":"users","status":"up-to-date","last_update":"2026-01-27T09:00:00Z"}]}"#,
      verdict: .up),
    Case(
      why: "projections: one is being worked on",
      body: #"{"projections":[{"name":"users","status":"processing","last_update":"2026-01-27T09:59:00Z"}]}"#,
      verdict: .up),
    Case(
      why: "projections: one was last updated an hour ago",
      body:
        #"{"projections":[{"name":"a","status":"up-to-date"},{"name":"users","status":"processing","last_update":"2026-01-27T09:00:00Z"}]}"#,
      verdict: .degraded, says: "projection users is processing, last updated 1h00m ago"),
  ]

  static let own: [Case] = [
    Case(
      why: "a path of one's own", body: #"{"data":{"state":"Läuft"}}"#,
      reader: HealthBodyReader(path: ["data", "state"], words: HealthWords(up: ["läuft"])), verdict: .up),
    Case(
      why: "a path that is not there", body: #"{"data":{}}"#, reader: HealthBodyReader(path: ["data", "state"]),
      verdict: .unknown, says: "no `data.state`"),
    Case(
      why: "a word that is not known at one's own path", body: #"{"state":"blue"}"#,
      reader: HealthBodyReader(path: ["state"]), verdict: .unknown, says: "`blue`"),
    Case(
      why: "one's own words stand over the built-in ones", body: #"{"status":"ok"}"#,
      reader: HealthBodyReader(words: HealthWords(down: ["OK"])), verdict: .down),
    Case(
      why: "a number as the word", body: #"{"code":0}"#,
      reader: HealthBodyReader(path: ["code"], words: HealthWords(up: ["0"], down: ["1"])), verdict: .up),
  ]

  @Test("each body gives the expected verdict", arguments: actuators + frameworks + words + maps + own)
  func verdict(_ one: Case) {
    let answer = ServiceSample.Answer(
      status: one.status, phases: .init(total: .milliseconds(4)), body: one.reader.read(Array(one.body.utf8)))
    let judgement = InstanceJudge().judge(.answered(answer), at: Self.now)
    #expect(judgement?.verdict == one.verdict)
    #expect(judgement?.reason.contains(one.says) ?? false, "\(judgement?.reason ?? "")")
  }

  @Test(
    "invalid UTF-8 or a truncated body gives an unknown state with the reason",
    arguments: [
      ([0x1F, 0x8B, 8, 0], "compressed"), ([0xFF, 0xFE, 0x7B, 0], "UTF-16"), ([0x7B, 0, 0x22, 0], "UTF-16"),
    ] as [([UInt8], String)])
  func otherBytes(_ bytes: [UInt8], _ says: String) {
    #expect(HealthBodyReader().read(bytes).problem?.contains(says) ?? false)
    #expect(Self.ignoring.read(bytes) == HealthBody() && Self.ignoring.cut(at: "1 KiB") == HealthBody())
    #expect(HealthBodyReader().cut(at: "1 KiB").problem?.contains("longer than 1 KiB") ?? false)
  }

  private static let ignoring = {
    var reader = HealthBodyReader()
    reader.isIgnored = true
    return reader
  }()

  @Test("circuit breakers are read with rates, counts and waits")
  func circuits() {
    let body = HealthBodyReader().read(
      Array(
        Self.actuator(
          "UP", #""circuitBreakers":{"status":"UP","details":{\#(Self.circuit("pay", "OPEN", rate: "60.0%"))}}"#
        ).utf8))
    #expect(body.circuits == [.init("pay", .open, failureRate: 0.6, threshold: 0.5, failureCount: 6)])
    let map = HealthBodyReader().read(Array(#"{"u":{"state":"open","failure_count":5,"retry_after":45.5}}"#.utf8))
    #expect(map.circuits == [.init("u", .open, failureCount: 5, retryAfter: .milliseconds(45_500))])
  }

  @Test("random damage to a body never crashes and stays bounded")
  func damage() {
    var random = SeededRandom(seed: 7)
    let bodies = (Self.actuators + Self.frameworks + Self.words + Self.maps).map(\.body)
    for round in 0..<3000 {
      var bytes = Array(bodies[round % bodies.count].utf8)
      for _ in 0..<3 where !bytes.isEmpty {
        bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
      }
      let body = HealthBodyReader().read(bytes)
      #expect(body.components.count + body.circuits.count + body.projections.count <= 600)
    }
  }

  @Test("a hostile body is limited: thousands of parts, deep nesting, long texts")
  func hostile() {
    let many = (0..<5000).map { #""c\#($0)":{"status":"DOWN"}"# }.joined(separator: ",")
    #expect(HealthBodyReader().read(Array(Self.actuator("DOWN", many).utf8)).components.count == 200)
    let deep = String(repeating: "[", count: 100_000)
    let nested = HealthBodyReader().read(Array(deep.utf8))
    #expect(nested.components.isEmpty && nested.problem?.contains("too deep") ?? false)
    let long = String(repeating: "x", count: 100_000)
    let detail = HealthBodyReader().read(Array(#"{"status":"DOWN","error":"\#(long)"}"#.utf8)).detail
    #expect(detail?.count == 300)
  }
}

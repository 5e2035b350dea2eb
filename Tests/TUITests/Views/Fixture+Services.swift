@testable import Core
@testable import TUI

extension Fixture {
  private static func answer(_ status: Int, _ latency: Duration, _ text: String) -> ServiceSample.Answer {
    let bytes = Array(text.utf8)
    return ServiceSample.Answer(
      status: status,
      phases: .init(lookup: .microseconds(80), connect: .microseconds(240), firstByte: latency, total: latency),
      body: HealthBodyReader().read(bytes), excerpt: bytes, length: bytes.count)
  }

  private static func instance(
    _ host: String, node: String? = nil, _ verdict: ServiceVerdict, _ reason: String, _ answer: ServiceSample.Answer?,
    since age: Duration = .seconds(7200), _ change: (inout InstanceRow) -> Void = { _ in }
  ) -> InstanceRow {
    var row = InstanceRow(url: "http://\(host)/actuator/health", node: node, verdict: verdict, reason: reason)
    row.since = Since(now - age)
    row.readAt = now - .milliseconds(600)
    row.answer = answer
    row.answeredAt = answer.map { _ in now - .milliseconds(600) }
    row.latency = answer?.phases.total
    (row.p50, row.p99) = (.microseconds(4_100), .milliseconds(38))
    row.history = (0..<60).map { (round: Int) -> Double? in round == 20 ? nil : Double(4 + round * 7 % 23) }
    row.uptime = 1
    let circuits: [HealthBody.Circuit] = answer?.body.circuits ?? []
    row.circuits = circuits.map { CircuitRow($0, since: Since(now - .seconds(42))) }
    row.changes = [.init(time: now - age, verdict: verdict, reason: reason)]
    change(&row)
    return row
  }

  private static func service(_ name: String, _ instances: [InstanceRow], _ verdict: ServiceVerdict, _ reason: String)
    -> ServiceRow
  {
    ServiceRow(
      name: name, verdict: verdict, reason: reason, since: instances[0].since, isFlapping: instances[0].isFlapping,
      instances: instances)
  }

  private static func alone(_ name: String, _ instance: InstanceRow) -> ServiceRow {
    service(name, [instance], instance.verdict, instance.reason)
  }

  static let sampleServices: [ServiceRow] = [payment, gateway, order, inventory, delivery, legacy, hostile]

  private static let payment = alone(
    "payment-service",
    instance(
      "10.0.3.1:8085", node: "node-1", .down,
      "says DOWN (HTTP 503): db is DOWN: CannotGetJdbcConnectionException: Failed to obtain JDBC Connection",
      answer(
        503, .microseconds(3_900),
        #"{"status":"DOWN","components":{"db":{"status":"DOWN","details":{"error":"CannotGetJdbcConnectionException: Failed to obtain JDBC Connection"}},"ping":{"status":"UP"}}}"#
      ), since: .seconds(260)
    ) { row in
      row.uptime = 0.927
      row.changes.insert(.init(time: now - .seconds(7200), verdict: .up, reason: "says UP"), at: 0)
    })

  private static let gateway = alone(
    "api-gateway-of-the-whole-company",
    instance("10.0.0.2:8080", .down, "10.0.0.2:8080: connection refused", nil, since: .seconds(12)) { row in
      row.since?.isAtLeast = true
      row.uptime = 0
      row.isFlapping = true
      row.history = Array(repeating: nil, count: 12)
    })

  private static let order = alone(
    "order-service",
    instance(
      "10.0.1.1:8082", node: "node-2", .degraded, "circuit paymentService is open, 60.0 % of its calls failed",
      answer(
        200, .milliseconds(412),
        #"{"status":"UP","components":{"circuitBreakers":{"status":"UNKNOWN","details":{"paymentService":{"status":"CIRCUIT_OPEN","details":{"failureRate":"60.0%","failureRateThreshold":"50.0%","state":"OPEN"}},"stock":{"status":"UP","details":{"failureRate":"-1.0%","state":"CLOSED"}}}}}}"#
      ), since: .seconds(42)
    ) { row in
      var metrics = MetricsState()
      for (second, count) in [(0, 100.0), (10, 520)] {
        var reading = MetricsPage()
        reading.counters = [.init("ok", count * 0.99, isError: false), .init("failed", count / 100, isError: true)]
        let buckets = [MetricsPage.Bucket(0.1, count / 2), .init(0.5, count), .init(.infinity, count)]
        reading.histograms = [.init(series: "", buckets: buckets)]
        reading.gauges = [.init("queue_length", 7)]
        reading.firstBadLine = "# oops{"
        reading.badLines = second / 10
        metrics.note(reading, at: now - .seconds(11 - second))
      }
      row.metrics = metrics
    })

  private static let up = answer(200, .microseconds(2_400), #"{"status":"UP"}"#)

  private static let inventory = service(
    "inventory-service",
    [
      instance("10.0.2.1:8084", node: "node-1", .up, "says UP", up),
      instance(
        "10.0.2.2:8084", node: "node-2", .down, "10.0.2.2:8084: no answer within 2.0 s", nil, since: .seconds(95)),
      instance("10.0.2.3:8084", .up, "says UP", up),
    ], .degraded, "1 of 3 instances is down: node-2: 10.0.2.2:8084: no answer within 2.0 s")

  private static let delivery = alone("delivery-service", instance("10.0.4.1:8086", node: "node-3", .up, "says UP", up))

  private static let legacy = ServiceRow(
    name: "legacy", verdict: .unknown, reason: "not asked yet",
    instances: [InstanceRow(url: "http://legacy/status", verdict: .unknown, reason: "not asked yet")])

  private static let hostile = alone(
    hostileName,
    instance(
      "\u{1b}]0;x\u{07}", node: "\u{9b}31m노드", .up, "says \u{1b}[2Jup",
      answer(
        200, .seconds(1_000_000_000),
        "{\"status\":\"UP\",\"checks\":{\"\\u001b[31m\":{\"status\":\"\\u0007\"}},\"projections\":[{\"name\":\"p\u{7f}\",\"status\":\"x\",\"last_update\":\"1970-01-01\"}]}"
      ), since: .seconds(-5)
    ) { row in row.history = [.infinity, .nan, -1, 1e300] })

  func services(_ query: ServiceQuery, now: Timestamp) -> ServiceList {
    ServiceList(query.window(of: services, now: now), of: services)
  }

  func service(_ name: String, now: Timestamp) -> ServiceRow? { services.first { $0.name == name } }

  /// A header that includes the services source.
  static let headWithServices: HeaderView = {
    var header = makeHeader()
    var source = SourceStatus(.services, phase: .up)
    source.lastSuccess = now - .milliseconds(600)
    header.sources.append(source)
    header.services = .init(up: 2, total: 7)
    return header
  }()
}

@testable import Core

/// A service with several instances, polled every two seconds.
struct ServiceScenario {
  static let start = Timestamp(milliseconds: 1_700_000_000_000)

  var state: ServiceState
  var now = ServiceScenario.start
  private let count: Int

  init(instances: Int = 1, slow: Duration? = nil) {
    count = instances
    let places = (1...instances).map {
      ServiceDefinition.Instance(
        url: "http://10.0.0.\($0)/health", node: "node-\($0)", metrics: "http://10.0.0.\($0)/m")
    }
    state = ServiceState([ServiceDefinition(name: "shop", instances: places, slow: slow)])
  }

  static func answer(
    _ body: String = #"{"status":"UP"}"#, status: Int = 200, latency: Duration = .milliseconds(5),
    certificateEnd: Timestamp? = nil
  ) -> ServiceSample.Outcome {
    .answered(
      ServiceSample.Answer(
        status: status, phases: .init(total: latency), body: HealthBodyReader().read(Array(body.utf8)),
        certificateEnd: certificateEnd))
  }

  static let refused = ServiceSample.Outcome.failed("connection refused")

  /// A poll two seconds after the previous one. `outcomes` are those of the first instances.
  mutating func read(_ outcomes: ServiceSample.Outcome...) {
    now = now + .seconds(2)
    for (place, outcome) in outcomes.enumerated() {
      state.note(ServiceSample(service: "shop", instance: place, time: now, outcome: outcome))
    }
  }

  var row: ServiceRow {
    state.rows(now: now).first ?? ServiceRow(name: "", verdict: .unknown)
  }

  var instance: InstanceRow { row.instances[0] }
}

import Testing

@testable import Demo

@Suite("The circuit breaker")
struct CircuitBreakerTests {
  private func breaker(failed: [Bool], at now: Int64 = 0) -> CircuitBreaker {
    var breaker = CircuitBreaker()
    for outcome in failed where breaker.permit(at: now) { breaker.record(failed: outcome, at: now) }
    return breaker
  }

  private let half = [true, false, true, false, true, false, true, false, true, false]

  @Test("opens when half of ten calls failed, and not before the tenth call")
  func opening() {
    #expect(breaker(failed: half).state == .open)
    #expect(breaker(failed: Array(half.dropLast())).state == .closed)
    #expect(breaker(failed: [Bool](repeating: false, count: 6) + half.prefix(4)).state == .closed)
  }

  @Test("an open circuit breaker counts rejected calls")
  func notPermitted() {
    var open = breaker(failed: half)
    let isPermitted = open.permit(at: 4999)
    #expect(!isPermitted)
    #expect(open.notPermittedCalls == 1)
    #expect(open.state == .open)
  }

  @Test("after its wait it permits three calls, then closes on success or opens again on failure")
  func trial() {
    for (failed, expected) in [(false, CircuitBreaker.State.closed), (true, .open)] {
      var breaker = breaker(failed: half)
      let permitted = (0..<4).map { _ in breaker.permit(at: 5000) }
      #expect(permitted == [true, true, true, false])
      #expect(breaker.state == .halfOpen)
      for _ in 0..<3 { breaker.record(failed: failed, at: 5100) }
      #expect(breaker.state == expected)
    }
  }

  @Test("health shows an open circuit breaker in Spring's format, and the service stays up")
  func health() {
    var health = ServiceHealth()
    health.circuits = [ServiceHealth.Circuit(name: "paymentGateway", breaker: breaker(failed: half))]
    let circuit = health.body["components"]?["circuitBreakers"]?["details"]?["paymentGateway"]
    #expect(circuit?["status"] == .string("CIRCUIT_OPEN"))
    #expect(circuit?["details"]?["failureRate"] == .string("50.0%"))
    #expect(circuit?["details"]?["state"] == .string("OPEN"))
    #expect(health.body["status"] == .string("UP"))
    #expect(health.httpStatus == 200)
  }

  @Test("a service without its database is down and responds with 503")
  func down() {
    let health = ServiceHealth(databaseError: "no connection")
    #expect(health.body["status"] == .string("DOWN"))
    #expect(health.body["components"]?["db"]?["status"] == .string("DOWN"))
    #expect(health.httpStatus == 503)
  }
}

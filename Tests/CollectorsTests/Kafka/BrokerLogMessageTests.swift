import Testing

@testable import Clients
@testable import Collectors

@Suite("errors of an unreadable cluster")
struct BrokerLogMessageTests {
  @Test(
    "a librdkafka log line is reported in plain words",
    arguments: [
      (
        "[thrd:10.0.0.1:9092/bootstrap]: 10.0.0.1:9092/bootstrap: Connect to ipv4#10.0.0.1:9092 failed: "
          + "Connection refused (after 0ms in state CONNECT, 1 identical error(s) suppressed)",
        "10.0.0.1:9092: Connect to 10.0.0.1:9092 failed: Connection refused"
      ),
      (
        "sagatop#consumer-5: kafka:9092/bootstrap: Failed to resolve 'kafka:9092': Name or service not known "
          + "(after 1ms in state CONNECT)",
        "kafka:9092: Failed to resolve 'kafka:9092': Name or service not known"
      ),
      (
        "[thrd:GroupCoordinator]: GroupCoordinator: a:1: Disconnected (after 4ms in state UP): connection refused",
        "a:1: Disconnected"
      ),
      (
        "[thrd:main]: a:1/2: SASL authentication error: bad password",
        "a:1/2: SASL authentication error: bad password; check `sasl.username`, `sasl.password` and `sasl.mechanism`"
      ),
      (
        "[thrd:ssl://a:1/bootstrap]: ssl://a:1/bootstrap: Disconnected while requesting ApiVersion: might be caused by "
          + "incorrect security.protocol configuration (connecting to a SSL listener?) (after 0ms in state APIVERSION_QUERY)",
        "ssl://a:1: it closed the connection at once: where it wants TLS, set `security.protocol` to ssl or sasl_ssl"
      ),
      (
        "[thrd:a:1/bootstrap]: a:1/bootstrap: Receive failed: Invalid response size 1213486160 (0..100000000): increase "
          + "receive.message.max.bytes (after 1ms in state APIVERSION_QUERY)",
        "a:1: an HTTP server answers there, and no broker: is the port right?"
      ),
      ("[thrd:main]: Group \"sagatop-reader\" received op FETCH", nil),
      ("", nil), ("[thrd: error", "[thrd: error"), ("sagatop#consumer-5: error", "error"),
    ] as [(String, String?)])
  func complaint(line: String, text: String?) {
    #expect(BrokerLogMessage.text(line, client: "sagatop#consumer-5") == text)
  }

  private func ids(_ numbers: ClosedRange<Int32>) -> [TopicPartition] {
    numbers.map { TopicPartition(topic: "orders", partition: $0) }
  }

  @Test("unreadable partitions are listed with their leader, at most three per leader")
  func missing() {
    var missing = MissingPartitions()
    #expect(missing.text == nil && missing.isEmpty)
    missing.add(ids(0...1), leader: "b:2")
    #expect(missing.text == "b:2 does not answer for orders[0], orders[1]")
    missing.add(ids(2...9), leader: "a:1")
    missing.add(ids(10...10), leader: nil)
    #expect(!missing.isEmpty)
    #expect(
      missing.text == "a:1 does not answer for orders[2], orders[3], orders[4] and 5 more partitions; "
        + "b:2 does not answer for orders[0], orders[1]; no broker leads orders[10]")
    #expect(missing.list.map(\.partition) == Array(0...10))
    #expect(missing.list.map(\.leader) == ["b:2", "b:2"] + Array(repeating: "a:1", count: 8) + [nil])
  }
}

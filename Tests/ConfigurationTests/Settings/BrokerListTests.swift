import Testing

@testable import Configuration

@Suite("Addresses of brokers")
struct BrokerListTests {
  @Test(
    "hosts, IPv6 addresses, ports and blanks are parsed",
    arguments: [
      ("localhost", ["localhost"]), ("a:9092,b:9093", ["a:9092", "b:9093"]), (" a:1 , b:65535 ", ["a:1", "b:65535"]),
      ("[::1]:9092,[fe80::1]", ["[::1]:9092", "[fe80::1]"]), ("10.0.0.7:9092", ["10.0.0.7:9092"]),
    ])
  func understood(text: String, brokers: [String]) throws {
    #expect(try BrokerList.parse(text) == brokers)
  }

  @Test(
    "an invalid address is quoted alone",
    arguments: [
      ("", ""), ("a:9092,", ""), ("a,,b", ""), ("a:0", "a:0"), ("a:65536", "a:65536"), ("a:+9092", "a:+9092"),
      ("a:", "a:"), ("a:port", "a:port"), (":9092", ":9092"), ("ok:1,a b:2", "a b:2"), ("::1", "::1"),
      ("[::1", "[::1"), ("[::1]9092", "[::1]9092"), ("kafka://a:9092", "kafka://a:9092"), ("a:٩", "a:٩"),
    ])
  func refused(text: String, part: String) throws {
    let error = try #require(throws: BrokerList.Invalid.self) { try BrokerList.parse(text) }
    #expect(error.message.hasSuffix("found `\(part)`"))
  }
}

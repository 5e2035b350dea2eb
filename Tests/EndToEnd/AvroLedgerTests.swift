import Foundation
import Testing

@Suite("The shop with Avro and Protobuf gives the same sagas as with JSON", .serialized)
struct AvroLedgerTests {
  /// Uses the same expectations as `LedgerTests`, which tests the shop with JSON.
  @Test("every saga, with schema changes, duplicates, late events and invalid messages")
  func configured() throws {
    let snapshot = try ShopLedger.compare(
      [
        "--style", "avro", "--rate", "40", "--lead", "10", "--fault", "duplicates", "--fault", "reorder", "--fault",
        "stock-out@4", "--fault", "poison@3",
      ], atLeast: 300)
    let schemas = snapshot.sources.first { $0["name"] as? String == "schemas" }
    #expect(schemas?["phase"] as? String == "up", "\(schemas ?? [:])")
    #expect(snapshot.sagas["undecoded"] as? Int == 1)
  }

  @Test("also without a description of the topics")
  func inferred() throws {
    let words =
      "B=$(sed -n 's/ *brokers: //p' $SAGATOP_CONFIG); R=$(sed -n 's/.*schemaRegistry: {url: \\(.*\\)}/\\1/p' $SAGATOP_CONFIG); "
      + "unset SAGATOP_CONFIG; exec \(Binaries.sagatop) snapshot -o json --timeout 20s --brokers $B --schema-registry $R"
    _ = try ShopLedger.compare(
      ["--style", "avro", "--rate", "40", "--lead", "10"], command: ["sh", "-c", words], atLeast: 300)
  }
}

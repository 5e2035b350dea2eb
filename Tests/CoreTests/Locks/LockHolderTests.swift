import Testing

@testable import Core

@Suite("Lock holders")
struct LockHolderTests {
  @Test(
    "only milliseconds before a dash give the acquisition time",
    arguments: [
      ("1769508000000-x8f2k", 1_769_508_000_000), ("1769508000000-", nil), ("1769508000000", nil),
      ("1769508000-abc", nil), ("999999999999999-abc", nil), ("9999999999999-abc", nil),
      ("7c9e6679-7425-40de-944b-e07fc1f90ae7", nil), ("", nil), ("node-1", nil),
    ] as [(String, Int64?)])
  func times(_ text: String, _ milliseconds: Int64?) {
    let holder = LockHolder(value: Array(text.utf8))
    #expect(holder.takenAt == milliseconds.map { Timestamp(milliseconds: $0) })
    #expect(holder.token == text)
  }

  private static let uuid = "7c9e6679-7425-40de-944b-e07fc1f90ae7"

  @Test("Redisson's field gives client, thread and hold count")
  func redisson() throws {
    let holder = try #require(LockHolder(field: Array("\(Self.uuid):31".utf8), value: Array("2".utf8)))
    #expect(holder.token == Self.uuid)
    #expect(holder.thread == "31")
    #expect(holder.count == 2)
    #expect(holder.text == "\(Self.uuid):31 x2")
  }

  @Test(
    "any other field has no holder",
    arguments: [("mode", "write"), ("\(uuid)", "1"), ("\(uuid):", "1"), ("\(uuid):31", "one"), ("not-a-uuid:1", "1")])
  func others(_ field: String, _ value: String) {
    #expect(LockHolder(field: Array(field.utf8), value: Array(value.utf8)) == nil)
  }

  @Test("a long or binary token is truncated and escaped")
  func hostile() {
    let long = LockHolder(value: [UInt8](repeating: UInt8(ascii: "a"), count: 5000))
    #expect(long.token.utf8.count < 110)
    #expect(LockHolder(value: [0xff, 0x41]).token == "\\xffA")
  }
}

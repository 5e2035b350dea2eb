import Testing

@testable import Core

@Suite("Recognition of ids")
struct MessageIDTests {
  private static let spelling = "0f8fad5b-d9cb-469f-a165-70867728950e"

  @Test(
    "all spellings of a GUID give the same id",
    arguments: [
      spelling, "0F8FAD5B-D9CB-469F-A165-70867728950E", "{0F8FAD5B-D9CB-469F-A165-70867728950E}",
      "(0f8fad5b-d9cb-469f-a165-70867728950e)", "0f8fad5bd9cb469fa16570867728950e", "0F8FAD5BD9CB469FA16570867728950E",
      "urn:uuid:0f8fad5b-d9cb-469f-a165-70867728950e",
    ])
  func guid(_ text: String) {
    #expect(MessageID.canonical(text) == Self.spelling)
    let bytes = Array(text.utf8)
    #expect(bytes.withUnsafeBytes { MessageID.canonical($0) } == Self.spelling)
  }

  @Test(
    "any other text is unchanged",
    arguments: [
      "7", "007", "o-1", "0000018c0000004a-0242ac1500000002", "0f8fad5b-d9cb-469f-a165-70867728950", "Ü",
      "0f8fad5b_d9cb_469f_a165_70867728950e", "{0f8fad5b-d9cb-469f-a165-70867728950e)",
      "00-0af7651916cd43dd8448eb211c80319c",
      "0f8fad5bd-9cb-469f-a165-70867728950e", "gf8fad5bd9cb469fa16570867728950e",
    ])
  func other(_ text: String) {
    #expect(MessageID.canonical(text) == text)
  }

  @Test(
    "placeholders that programs write for a missing id are ignored",
    arguments: [
      "", "null", "undefined", "none", "00000000-0000-0000-0000-000000000000", "00000000000000000000000000000000",
    ])
  func none(_ text: String) {
    #expect(MessageID.canonical(text) == nil)
    let bytes = Array(text.utf8)
    #expect(bytes.withUnsafeBytes { MessageID.canonical($0) } == nil)
  }
}

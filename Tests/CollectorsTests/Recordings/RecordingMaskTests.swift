import Core
import TestRandom
import TestSupport
import Testing
import Text

@testable import Collectors

@Suite("Masked recordings")
struct RecordingMaskTests: RecordingSuite {
  let folder: TemporaryDirectory
  let symbols = SymbolTable()

  init() throws { folder = try TemporaryDirectory() }

  @Test("masked values become consistent pseudonyms, and the file does not contain them")
  func mask() throws {
    var random = SeededRandom(seed: 3)
    let mask = RecordingMask([.path(["customer", "email"]), .path(["items", "*", "owner"]), .key], random: &random)
    try record(path("m"), 9, mask: mask) { number in
      number == 8
        ? "secret text"
        : #"{"id":"\#(number)","customer":{"email":"secret\#(number % 2)@x"},"items":[{"owner":"secret\#(number % 2)@x"}]}"#
    }
    let text = String(decoding: try FileBytes.read(path("m")), as: UTF8.self)
    #expect(!text.contains("secret") && !text.contains("key-1"))
    let (_, played) = try play([path("m")])
    let emails = played.bodies.compactMap { JSONNode(Array($0.utf8))?.value(at: ["customer", "email"])?.text }
    #expect(emails.count == 8 && Set(emails).count == 2 && emails[0] == emails[2] && emails[0].hasPrefix("masked-"))
    #expect(played.bodies.first?.contains(#""owner":"\#(emails[0])""#) ?? false && played.undecoded.count == 1)
  }

  @Test(
    "masked values are found in embedded documents, after a schema id, in lists and in headers",
    arguments: [
      #"{"payload":"{\"customer\":{\"email\":\"secret\"},\"id\":1}"}"#,
      #"{"payload":"{\"deeper\":\"{\\\"customer\\\":{\\\"email\\\":\\\"secret\\\"}}\"}"}"#,
      #"[{"customer":[{"email":["secret",{"a":"secret"}]},{"email":"secret"}]}]"#,
      #""{\"customer\":{\"email\":\"secret\"}}""#,
      "\0\0\0\0\u{7}" + #"{"customer":{"email":"secret"},"id":1}"#,
      #"{"customer":{"email":"x"},"customer":{"email":"secret"}}"#,
      #"{"customer":{"\u0065mail":"secret"}}"#, #"{"customer":{"email":"secret""#,
    ])
  func maskedPlaces(body: String) throws {
    var random = SeededRandom(seed: 3)
    let mask = RecordingMask([.path(["customer", "email"]), .header("user")], random: &random)
    let message = OriginalMessage(
      origin: Origin(topic: symbols.symbol("orders"), partition: 0, offset: 0), receivedAt: .distantPast,
      headers: ["user", "other", "user"].map { .init(name: Array($0.utf8), value: Array("\($0)-secret".utf8)) },
      body: Array(body.utf8))
    let masked = mask.masked(message)
    #expect(!String(decoding: masked.body ?? [], as: UTF8.self).contains("secret"))
    #expect(masked.headers.map { $0.value == Array("other-secret".utf8) } == [false, true, false])
    let frame = body.utf8.first == 0 ? 5 : 0
    #expect(masked.body?.prefix(frame) == message.body?.prefix(frame))
    #expect(body.hasSuffix("secret\"") || JSONNode(Array(masked.body?.dropFirst(frame) ?? [])) != nil)
  }
}

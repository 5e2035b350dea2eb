import Testing

@testable import Core

@Suite("Stored message texts")
struct MessageStoreTests {
  @Test("are returned unchanged")
  func roundTrip() {
    var messages = MessageStore(bytes: 1 << 20)
    let arena = Array("padkeynode: node-1\nce_type: a: b\n{}".utf8)
    let slice = MessageSlice(start: 3, keyLength: 3, headersLength: 27, bodyLength: 2, fullBodyLength: 99)
    let ref = messages.keep(slice, of: arena)
    let expected = Message(
      key: Array("key".utf8), headers: [("node", "node-1"), ("ce_type", "a: b")], body: Array("{}".utf8),
      fullBodyLength: 99)
    #expect(messages.message(ref) == expected)
  }

  @Test("are dropped oldest first when the space is full, and then not found")
  func bounded() {
    var messages = MessageStore(bytes: 1 << 19)
    let refs = (0..<100).map { number in
      messages.keep(
        MessageSlice(bodyLength: 20_000, fullBodyLength: 20_000),
        of: Array(repeating: UInt8(number), count: 20_000))
    }
    #expect(messages.message(refs[0]) == nil)
    for (number, ref) in refs.enumerated() {
      if let message = messages.message(ref) { #expect(message.body.first == UInt8(number)) }
    }
    #expect(messages.message(refs[99]) != nil)
    #expect(messages.message(.none) == nil)
    #expect(messages.message(MessageRef(position: 12345)) == nil)
  }

  @Test("a slice outside its arena is not stored")
  func outside() {
    var messages = MessageStore(bytes: 1 << 20)
    #expect(messages.keep(MessageSlice(start: 5, bodyLength: 10, fullBodyLength: 10), of: [1, 2]) == .none)
  }
}

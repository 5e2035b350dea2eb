import TestRandom
import Testing

@testable import Core

@Suite("Saga keys preserve their text and find their saga")
struct SagaKeyTests {
  /// Texts in every format that is stored compactly, and texts that are almost in such a format.
  static let texts = [
    "", "7", "order-1", "123456789012345", "1234567890123456", "é", "a\0", "a", "A",
    "5f0c9a3e-8d1b-4c57-9a2e-100000000000", "5F0c9a3e-8d1b-4c57-9a2e-100000000000",
    "5f0c9a3e-8d1b-4c57-9a2e+100000000000", "5g0c9a3e-8d1b-4c57-9a2e-100000000000",
    "5o0c9a3e-8d1b-4c57-9a2e-100000000000", "5f0c9a3e8d1b4c579a2e100000000000", "5f0c9a3e8d1b4c579a2e10000000000g",
    "00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff",
    "tenant/5f0c9a3e-8d1b-4c57-9a2e-100000000000", String(repeating: "x", count: 300), "e\u{301}", "\u{e9}",
  ]

  @Test("a key returns its text byte for byte, and differs from keys of other texts and kinds")
  func equality() {
    for text in Self.texts {
      let key = SagaKey(identity: 3, value: text)
      #expect(Array(key.value.utf8) == Array(text.utf8))
      for other in Self.texts {
        let isSame = Array(other.utf8) == Array(text.utf8)
        #expect((key == SagaKey(identity: 3, value: other)) == isSame, "\(text) and \(other)")
        #expect(key != SagaKey(identity: 4, value: other))
      }
    }
  }

  @Test("an id has the key of its canonical spelling", arguments: texts + ["null", "undefined", "none", "nobody"])
  func canonical(text: String) {
    let guid = "5f0c9a3e-8d1b-4c57-9a2e-100000000000"
    for spelling in [text, "{\(guid)}", "urn:uuid:\(guid)", guid.uppercased()] {
      let key = Array(spelling.utf8).withUnsafeBytes { SagaKey(identity: 1, id: $0) }
      #expect(key == MessageID.canonical(spelling).map { SagaKey(identity: 1, value: $0) }, "\(spelling)")
    }
  }

  @Test("the index finds what a dictionary finds, while keys are added and removed", arguments: 1...50)
  func index(seed: Int) {
    var random = SeededRandom(seed: UInt64(seed))
    var index = SagaIndex()
    var known: [SagaKey: Int32] = [:]
    var keys: [Int32: SagaKey] = [:]
    for slot in 0..<Int32(2000) {
      let key = SagaKey(identity: 0, value: "order-\(Int.random(in: 0...700, using: &random))")
      // Few hash values for many keys, to cause collisions.
      let hash = { (key: SagaKey) in index.hash(of: key) % 97 }
      let found = index.slot(of: hash(key)) { keys[$0] == key }
      #expect(found == known[key], "seed \(seed)")
      if let found {
        index.remove(hash(key), slot: found)
        (known[key], keys[found]) = (nil, nil)
      } else {
        index.insert(hash(key), slot: slot)
        (known[key], keys[slot]) = (slot, key)
      }
    }
    for (key, slot) in known { #expect(index.slot(of: index.hash(of: key) % 97) { keys[$0] == key } == slot) }
  }
}

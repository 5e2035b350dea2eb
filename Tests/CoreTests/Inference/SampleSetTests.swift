import Testing

@testable import Core

@Suite("Messages that are decoded later replace their first samples")
struct SampleSetTests {
  @Test("the removal of a readable message leaves the number of unread messages")
  func unread() {
    var samples = Samples()
    samples.add("no JSON")
    samples.add(#"{"type":"OrderPlaced"}"#)
    var set = samples.set
    set.remove([("events", 0, 2), ("events", 0, 2), ("other", 0, 1)])
    #expect(set.count == 1 && set.unread == 1)
    set.remove([("events", 0, 1)])
    set.remove([("events", 0, 1)])
    #expect(set.count == 0 && set.unread == 0)
  }
}

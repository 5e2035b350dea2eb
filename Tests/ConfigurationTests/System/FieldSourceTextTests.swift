import Core
import Testing

@testable import Configuration

@Suite("Where a field is found")
struct FieldSourceTextTests {
  @Test(
    "a path, a header, the key or the topic",
    arguments: [
      ("key", .key), ("topic", .topic), ("header:node", .header("node")), ("header:a:b", .header("a:b")),
      ("orderId", .path(["orderId"])), ("data.orderId", .path(["data", "orderId"])),
      ("items.*.id", .path(["items", "*", "id"])), ("$.key", .path(["key"])), ("$.topic.x", .path(["topic", "x"])),
      ("Key", .path(["Key"])), ("a b.ü", .path(["a b", "ü"])),
    ] as [(String, FieldSource)])
  func understood(text: String, source: FieldSource) {
    #expect(FieldSourceText.parse(text) == source)
    #expect(FieldSourceText.parse(FieldSourceText.text(source)) == source)
  }

  @Test(
    "no empty name, and at most sixteen",
    arguments: ["", ".", "a.", ".a", "a..b", "$.", "header:", "a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q"])
  func refused(text: String) {
    #expect(FieldSourceText.parse(text) == nil)
  }
}

import Core
import Testing

@testable import Configuration

@Suite("Where a field is found")
struct FieldSourceTextTests {
  @Test(
    "a path, a header, the key or one of its members, the topic, or a template of these",
    arguments: [
      ("key", .key), ("topic", .topic), ("header:node", .header("node")), ("header:a:b", .header("a:b")),
      ("orderId", .path(["orderId"])), ("data.orderId", .path(["data", "orderId"])),
      ("items.*.id", .path(["items", "*", "id"])), ("items.0.id", .path(["items", "0", "id"])),
      ("items.-1.id", .path(["items", "-1", "id"])), ("$.key", .path(["key"])), ("$.topic.x", .path(["topic", "x"])),
      ("Key", .path(["Key"])), ("a b.ü", .path(["a b", "ü"])), ("key.orderId", .keyPath(["orderId"])),
      ("key.payload.id", .keyPath(["payload", "id"])), ("$.a[0]", .path(["a[0]"])),
      ("{topic} {status}", .template([.field(.topic), .text(" "), .field(.path(["status"]))])),
      ("{header:a:b}/{key}", .template([.field(.header("a:b")), .text("/"), .field(.key)])),
      ("{{{id}}}", .template([.text("{"), .field(.path(["id"])), .text("}")])), ("{orderId}", .path(["orderId"])),
      ("saga {$.key}", .template([.text("saga "), .field(.path(["key"]))])),
    ] as [(String, FieldSource)])
  func understood(text: String, source: FieldSource) throws {
    #expect(try FieldSourceText.parse(text) == source)
    #expect(try FieldSourceText.parse(FieldSourceText.text(source)) == source)
  }

  @Test(
    "at most sixteen names, and none of them empty",
    arguments: [
      "", ".", "a.", ".a", "a..b", "$.", "header:", "a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q", "key.", "key..id", "{}", "{a",
      "a}",
      "{a..b}", "{{a}}",
    ])
  func refused(text: String) {
    #expect(throws: FieldSourceText.Invalid.self) { try FieldSourceText.parse(text) }
  }

  @Test(
    "syntax of other path languages is refused, and the error contains the correct syntax",
    arguments: [
      ("Header:node", "header:node"), ("headers:node", "header:node"), ("items[0].id", "items.0.id"),
      ("data[\"id\"]", "data.id"), ("$[0].id", "0.id"), ("/data/order/id", "data.order.id"), ("$orderId", "orderId"),
    ])
  func hints(text: String, meant: String) {
    let error = #expect(throws: FieldSourceText.Invalid.self) { try FieldSourceText.parse(text) }
    #expect(error?.message.contains("did you mean `\(meant)`?") == true, "\(error?.message ?? "")")
  }

  @Test(
    "a doubtful source is accepted with a warning, unless it is marked as intended",
    arguments: [
      ("headers.orderId", "header:orderId"), ("header.orderId", "header:orderId"), ("value.orderId", "`orderId`"),
      ("$.headers.orderId", nil), ("data.value.x", nil), ("value", nil),
    ] as [(String, String?)])
  func doubts(text: String, meant: String?) {
    let doubt = FieldSourceText.doubt(text)
    #expect((doubt != nil) == (meant != nil))
    if let meant { #expect(doubt?.contains(meant) == true) }
  }
}

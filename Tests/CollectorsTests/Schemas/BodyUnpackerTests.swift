import Testing

@testable import Collectors

@Suite("Compressed bodies")
struct BodyUnpackerTests {
  /// The unpacked body; for a damaged body the reason in brackets; `nil` if the body is not compressed.
  private static func unpack(_ hex: String, encoding: String? = nil, named name: String = "content-encoding") throws
    -> String?
  {
    var unpacker = BodyUnpacker()
    let (body, names, values) = (try #require(Hex.bytes(hex)), Array(name.utf8), Array((encoding ?? "").utf8))
    return body.withUnsafeBytes { body in
      names.withUnsafeBytes { name in
        values.withUnsafeBytes { value in
          let headers = encoding == nil ? [] : [ConsumedMessage.Header(name: name, value: value)]
          return switch unpacker.unpack(body, headers: headers) {
          case .plain: nil
          case .unpacked(let bytes): Bytes.string(bytes)
          case .damaged(let reason): "[\(reason)]"
          }
        }
      }
    }
  }

  // {"orderId":7}, compressed by Python's gzip, zlib and zstd.
  private static let gzip = "1f8b0800000000000203ab56ca2f4a492df24c51b232af0500836831ac0d000000"
  private static let zlib = "789cab56ca2f4a492df24c51b232af050020b20477"
  private static let deflate = "ab56ca2f4a492df24c51b232af0500"
  private static let zstd = "28b52ffd00586900007b226f726465724964223a377d"

  @Test("gzip and zstd are recognised by their first bytes, all formats by the header")
  func encodings() throws {
    let document = #"{"orderId":7}"#
    #expect(try Self.unpack(Self.gzip) == document)
    #expect(try Self.unpack(Self.zstd) == document)
    #expect(try Self.unpack(Self.gzip, encoding: "gzip") == document)
    #expect(try Self.unpack(Self.zlib, encoding: "deflate", named: "Content-Encoding") == document)
    #expect(try Self.unpack(Self.deflate, encoding: "Deflate") == document)
    #expect(try Self.unpack(Self.zstd, encoding: "zstd") == document)
    // A snappy block: its length, a literal of seven bytes, and a copy with offset 4.
    #expect(try Self.unpack("0b 18 61626364656667 01 04", encoding: "snappy") == "abcdefgdefg")
    #expect(
      try Self.unpack("82534e4150505900 00000001 00000001 00000005 03 08 616263", encoding: "snappy") == "abc")
  }

  @Test("all members of a gzip body and all frames of a zstd body are unpacked")
  func members() throws {
    let document = #"{"orderId":7}"#
    #expect(try Self.unpack(Self.gzip + Self.gzip + Self.gzip) == document + document + document)
    #expect(try Self.unpack(Self.gzip + Self.gzip, encoding: "gzip") == document + document)
    #expect(try Self.unpack(Self.zstd + Self.zstd) == document + document)
    // Padding, as on tapes, is not a member.
    #expect(try Self.unpack(Self.gzip + "0000") == document)
    #expect(try Self.unpack(Self.gzip + "1f00") == document)
    // An empty member, and a frame that decoders skip.
    #expect(try Self.unpack("1f8b08000000000002ff03000000000000000000" + Self.gzip) == document)
    #expect(try Self.unpack("502a4d18 04000000 00000000" + Self.zstd, encoding: "zstd") == document)
    #expect(try Self.unpack(Self.gzip + "1f") == "[gzip body: cut off]")
    #expect(try Self.unpack(Self.gzip + String(Self.gzip.prefix(40))) == "[gzip body: cut off]")
    #expect(try Self.unpack(Self.gzip + "1f8bffffffff") == "[gzip body: damaged]")
    #expect(try Self.unpack(Self.zstd + String(Self.zstd.prefix(30))) == "[zstd body: cut off]")
  }

  @Test("the limit is one of all members together")
  func manyMembers() throws {
    guard var encoder = ZstdEncoder(), let frame = encoder.pack([UInt8](repeating: 0x61, count: 5 << 20), isEnd: true)
    else { throw CancellationError() }
    let hex = frame.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    #expect(try Self.unpack(hex)?.utf8.count == 5 << 20)
    #expect(try Self.unpack(hex + hex) == "[zstd body: more than 8 MiB]")
  }

  @Test("a zstd body that fills the library's buffer exactly is whole", arguments: [1, 2, 3])
  func exactly(buffers: Int) throws {
    guard var encoder = ZstdEncoder(),
      let frame = encoder.pack([UInt8](repeating: 0x61, count: buffers << 17), isEnd: true)
    else { throw CancellationError() }
    let hex = frame.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    #expect(try Self.unpack(hex)?.utf8.count == buffers << 17)
    #expect(try Self.unpack(hex + hex)?.utf8.count == buffers << 18)
  }

  @Test("an uncompressed body is unchanged, regardless of its header")
  func plain() throws {
    #expect(try Self.unpack("7b7d") == nil)
    #expect(try Self.unpack("7b7d", encoding: "gzip") == nil)
    #expect(try Self.unpack("0a", encoding: "utf-8") == nil)
  }

  @Test("a zstd frame with a window of more than eight megabytes is refused before memory is allocated")
  func window() throws {
    let frame = { (window: String) in "28b52ffd00 \(window) 090000 78" }
    #expect(try Self.unpack(frame("68")) == "x")
    #expect(try Self.unpack(frame("70")) == "[zstd body: damaged]")
    #expect(try Self.unpack(frame("88")) == "[zstd body: damaged]")
  }

  @Test("damaged or endless data gives a reason")
  func damage() throws {
    #expect(try Self.unpack(String(Self.gzip.prefix(40))) == "[gzip body: cut off]")
    #expect(try Self.unpack(String(Self.zstd.prefix(30))) == "[zstd body: cut off]")
    #expect(try Self.unpack("ffffffffff", encoding: "gzip") == "[gzip body: damaged]")
    #expect(try Self.unpack("ffffffff0f 00 61", encoding: "snappy") == "[snappy body: more than 8 MiB]")
    #expect(try Self.unpack("05 fd0f", encoding: "snappy") == "[snappy body: damaged]")
  }
}

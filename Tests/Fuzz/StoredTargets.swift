import CNcurses
import Core
import TestSupport
import Text

@testable import Actions
@testable import Collectors
@testable import TUI

/// Targets for files, compressed data, schemas and keyboard input.
extension FuzzTarget {
  private static let at = Timestamp(milliseconds: 1_769_508_000_000)

  private static func bytes(_ hex: String) -> [UInt8] {
    let digits = hex.utf8.compactMap { Character(Unicode.Scalar($0)).hexDigitValue }
    return stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(digits[$0] * 16 + digits[$0 + 1]) }
  }

  /// The header of a real recording, followed by lines of each kind.
  static var recordings: FuzzTarget {
    get throws {
      let lines = try recordedLines()
      let head = lines[0]
      var byKind: [String: [[UInt8]]] = [:]
      for line in lines.dropFirst() {
        let kind = JSONValue(line)?["kind"]?.text ?? ""
        if line.count < 2000, byKind[kind, default: []].count < 4 { byKind[kind, default: []].append(line) }
      }
      let made = [
        #"{"at":1769508000000000000,"kind":"pods","reading":{"time":1769508000000000000,"changes":[{"pod":{"namespace":"s","name":"a","phase":"running"}},{"gone":["s","a"]}]}}"#,
        #"{"at":1769508000000000000,"kind":"actions","actions":[]}"#, #"{"at":1769508000000000000,"kind":"end"}"#,
      ].map { Array($0.utf8) }
      let seeds = (byKind.values.flatMap { $0 } + made).map { head + [10] + $0 + [10] }
      return FuzzTarget(name: "recordings", seeds: seeds) {
        let folder = try TemporaryDirectory()
        let (path, system) = (folder.path + "/r", SystemDefinition.templates)
        return { bytes in
          Files.write(bytes, to: path)
          let (symbols, clock) = (SymbolTable(), ObservationClock())
          let store = Store(system, context: .init(name: "fuzz"), symbols: symbols, now: { clock.time })
          guard
            let player = try? RecordingPlayer([path], system: system, clock: clock, symbols: symbols, sink: store)
          else { return }
          while player.step() {}
          _ = store.groups(GroupQuery(limit: 5), now: clock.time)
          _ = store.locks(LockQuery(limit: 5), now: clock.time)
          _ = store.services(ServiceQuery(limit: 5), now: clock.time)
          _ = store.header(now: clock.time)
        }
      }
    }
  }

  private static func recordedLines() throws -> [[UInt8]] {
    var packed = try Files.read(Files.test("sagatopTests/Reliability/Fixtures/shop.jsonl.zst"))[...]
    var text: [UInt8] = []
    guard var decoder = ZstdDecoder() else { return [] }
    repeat { if !decoder.unpack(&packed, into: &text) { break } } while !packed.isEmpty || decoder.isFull
    return text.split(separator: 10).map(Array.init)
  }

  static var packed: FuzzTarget {
    let seeds = [
      "1f8b0800000000000203ab56ca2f4a492df24c51b232af0500836831ac0d000000",
      "789cab56ca2f4a492df24c51b232af050020b20477",
      "28b52ffd00586900007b226f726465724964223a377d", "0d0c7b226f726465724964223a377d", "04224d18604082",
    ].map(bytes)
    return FuzzTarget(name: "packed", seeds: seeds, longest: 512) {
      var unpacker = BodyUnpacker()
      let name = Array("content-encoding".utf8)
      let encodings = ["gzip", "deflate", "zstd", "snappy", "lz4", "br"].map { Array($0.utf8) }
      return { bytes in
        if var decoder = ZstdDecoder() {
          var (rest, unpacked) = (bytes[...], [UInt8]())
          for _ in 0..<4 where decoder.unpack(&rest, into: &unpacked) && unpacked.count < 1 << 20 {}
        }
        bytes.withUnsafeBytes { bytes in
          _ = unpacker.unpack(bytes, headers: [])
          name.withUnsafeBytes { name in
            for encoding in encodings {
              encoding.withUnsafeBytes { _ = unpacker.unpack(bytes, headers: [.init(name: name, value: $0)]) }
            }
          }
        }
      }
    }
  }

  static var audit: FuzzTarget {
    let line = { (kind: String, more: String) in
      Array(
        #"{"schema":"sagatop.audit/v1","record":"\#(kind)","time":"2026-01-27T10:00:00.000Z","intent":"i","operator":"me@h","context":"a","action":"retry","type":"order","subject":"7","attempt":1,"idempotencyKey":"k","request":"POST /x","digest":"d","reason":"r"\#(more),"previous":"\#(String(repeating: "0", count: 64))"}"#
          .utf8) + [10]
    }
    let seeds = [
      line("planned", #","count":3"#), line("intended", ""), line("pause", ""),
      line(
        "outcome",
        #","outcome":"accepted","status":202,"message":"ok","watchedUntil":"2026-01-27T10:01:00Z","latencyMs":1.5"#),
      line("outcome", #","outcome":"observed","afterMs":12.5"#),
    ]
    return FuzzTarget(name: "audit", seeds: seeds + [seeds[0] + seeds[1] + seeds[3]]) {
      let folder = try TemporaryDirectory()
      let path = folder.path + "/audit.jsonl"
      return { bytes in
        Files.write(bytes, to: path)
        var reader = AuditReader(path: path, capacity: 10)
        _ = reader.read()
        _ = reader.records(now: at)
      }
    }
  }

  private static let schemas = [
    #"{"type":"record","name":"All","fields":[{"name":"a","type":"long"},{"name":"u","type":["null","string",{"type":"array","items":"All"},{"type":"map","values":"double"}]},{"name":"d","type":{"type":"bytes","logicalType":"decimal","precision":9,"scale":2}},{"name":"t","type":{"type":"long","logicalType":"timestamp-micros"}},{"name":"e","type":{"type":"enum","name":"E","symbols":["A","B"]}},{"name":"f","type":{"type":"fixed","name":"F","size":12,"logicalType":"duration"}},{"name":"day","type":{"type":"int","logicalType":"date"}}]}"#,
    #""string""#, #"{"type":"array","items":"null"}"#,
  ]

  static var avro: FuzzTarget {
    FuzzTarget(
      name: "avro",
      seeds: ["0a00020404d20101", "0e026162630404d2020001020304050607080910111202", "06666f6f"].map(bytes)
    ) {
      let compiled = try schemas.map { try AvroSchema(Array($0.utf8)) }
      let output = JSONOutput()
      return { bytes in
        for schema in compiled {
          output.clear()
          let isRead = bytes.withUnsafeBytes { (try? AvroReader.read($0, schema, into: output)) != nil }
          if isRead, !output.isFull, JSONValue(Array(output.bytes)) == nil { fatalError("what was read is no JSON") }
        }
      }
    }
  }

  static var avroSchema: FuzzTarget {
    FuzzTarget(name: "avro-schema", seeds: schemas.map { Array($0.utf8) }) { { bytes in _ = try? AvroSchema(bytes) } }
  }

  private static let proto = """
    syntax = "proto3"; package shop; import "google/protobuf/timestamp.proto"; import "google/protobuf/any.proto";
    message M { int64 order_id = 1; string text = 2; repeated int32 n = 3; map<string, M> tags = 4; google.protobuf.Timestamp at = 5;
      oneof what { bytes raw = 6; double d = 7; } enum E { A = 0; B = 1; } E e = 8; google.protobuf.Any any = 9; M inner = 10; }
    """

  static var protobuf: FuzzTarget {
    get throws {
      let seeds = [
        "0807", "0a0708d60110c0843d", "0807120378797a1a03010203220b0a016112060801120178", "2a0608d60110e807",
        "5204080152020802",
      ]
      return FuzzTarget(name: "protobuf", seeds: seeds.map(bytes)) {
        let (schema, reader) = (try ProtobufSchema(Array(proto.utf8)), ProtobufHolder())
        return { bytes in
          bytes.withUnsafeBytes { bytes in
            guard let document = try? reader.reader.read(bytes, schema, [0]) else { return }
            if JSONValue(Array(document.json)) == nil { fatalError("what was read is no JSON") }
          }
        }
      }
    }
  }

  /// A class, because a closure cannot capture a noncopyable value.
  private final class ProtobufHolder {
    let reader = ProtobufReader()
  }

  static var protobufSchema: FuzzTarget {
    FuzzTarget(name: "protobuf-schema", seeds: [Array(proto.utf8)]) {
      { bytes in _ = try? ProtobufSchema(bytes) }
    }
  }

  /// Each pair of bytes is a character, or an ncurses key if the highest bit of the second byte is set. If the next lower bit is set, the
  /// screen reads the store afterwards, as it does after a typed key but not after a pasted one.
  static var keys: FuzzTarget {
    let typed = { (text: String) -> [UInt8] in text.utf8.flatMap { [$0, 0x40] as [UInt8] } }
    return FuzzTarget(
      name: "keys",
      seeds: ["2/status:stuck\rjjw\u{1b}", "4jt5 v:sort age\r", "3\r\r?q", "2 RyC1234\r", "1Tmz[[]]L"].map(typed),
      longest: 64
    ) {
      let screen = KeyScreen()
      return { bytes in screen.press(bytes) }
    }
  }

  /// A screen with a store that contains some of everything.
  private final class KeyScreen {
    private let store: Store

    init() { store = EventReader(.templates).filled() }

    func press(_ bytes: [UInt8]) {
      var app = App(header: store.header(now: at), size: Size(columns: 100, rows: 20))
      var pastes = PasteFilter()
      for place in stride(from: 0, to: bytes.count - 1, by: 2) {
        let (low, high) = (Int32(bytes[place]), bytes[place + 1])
        let code = high & 0x80 == 0 ? low | Int32(high & 0x3f) << 8 : Int32(SG_KEY_CODES) + low
        // The mouse position comes from ncurses, which has no screen here.
        guard Int(code) != SG_KEY_MOUSE, let key = pastes.key(code) else { continue }
        _ = app.handle(key, now: at)
        if high & 0x40 != 0 { app.refresh(from: store, now: at) }
      }
      app.refresh(from: store, now: at)
      _ = app.frame(glyphs: .unicode)
    }
  }
}

extension EventReader {
  /// The store after some messages.
  func filled() -> Store {
    for number in 0..<40 {
      let body =
        #"{"orderId":"\#(number % 9)","tenant":"t","items":[{"id":\#(number % 5)}],"type":"t\#(number % 3)","reason":"r"}"#
      take(Array("topic-\(number % 3)\0k\(number % 9)\0error\0x\0\(body)".utf8))
    }
    return store
  }
}

import Glibc
import Testing
import Text

@testable import Collectors

/// Messages written by fastavro and python-protobuf, and their JSON according to `Oracle/make.py`. SAGATOP_ORACLE selects another
/// directory of such files.
@Suite("Decoding compared with reference libraries")
struct SchemaOracleTests {
  private static var directory: String {
    let here = #filePath.split(separator: "/").dropLast().joined(separator: "/")
    return getenv("SAGATOP_ORACLE").map { String(cString: $0) } ?? "/\(here)/Oracle"
  }

  private struct Line {
    var schema: [UInt8]
    var cases: [(index: Int32, bytes: [UInt8], expected: JSONValue)]
  }

  private static func lines(_ name: String) throws -> [Line] {
    let bytes = try #require(TestFile.read("\(directory)/\(name)"))
    return try bytes.split(separator: UInt8(ascii: "\n")).map { line in
      // The whole line exceeds the maximum nesting depth, so each case is parsed separately.
      let line = Array(line)
      let start = try #require(line.firstRange(of: Array(#", "cases": ["#.utf8)))
      let head = try #require(JSONValue(line[..<start.lowerBound] + [UInt8(ascii: "}")]))
      let schema = Array(try #require(head["schema"]?.text).utf8)
      let cases = try Self.cases(line[start.upperBound...])
      return Line(schema: schema, cases: cases)
    }
  }

  private static func cases(_ bytes: ArraySlice<UInt8>) throws -> [(Int32, [UInt8], JSONValue)] {
    let end = try #require(bytes.lastIndex(of: UInt8(ascii: "]")))
    let list = [UInt8(ascii: "[")] + bytes[..<end] + [UInt8(ascii: "]")]
    let elements = try #require(JSONValue(list)?.elements)
    return try elements.map { element in
      let index = Int32(element["index"]?.scalar ?? "0") ?? 0
      return (index, try #require(Hex.bytes(element["hex"]?.text ?? "")), try #require(element["json"]))
    }
  }

  /// The path and values of the first difference; `nil` if there is none. The file marks numbers with their type.
  private static func difference(_ found: JSONValue, _ expected: JSONValue, at path: String = "") -> String? {
    func differs() -> String { "\(path): found \(found), expected \(expected)" }
    if case .object(let members) = expected, members.count == 1 {
      let (name, value) = (members[0].name, members[0].value)
      guard name == "object" else {
        guard case .number(let digits) = found, let text = value.text else { return differs() }
        if name == "number" { return digits == text ? nil : differs() }
        if name == "single" { return Float(digits) == Float(text) ? nil : differs() }
        return Double(digits) == Double(text) ? nil : differs()
      }
      guard case .object(let wanted) = value, case .object(let given) = found,
        wanted.map(\.name).sorted() == given.map(\.name).sorted()
      else { return differs() }
      return wanted.lazy.compactMap { member in
        found[member.name].flatMap { difference($0, member.value, at: "\(path).\(member.name)") }
      }.first
    }
    if case .array(let wanted) = expected, case .array(let given) = found {
      guard wanted.count == given.count else { return differs() }
      return zip(given, wanted).enumerated().lazy.compactMap { place, pair in
        difference(pair.0, pair.1, at: "\(path)[\(place)]")
      }.first
    }
    return found == expected ? nil : differs()
  }

  @Test("Avro written by fastavro")
  func avro() throws {
    let output = JSONOutput()
    var count = 0
    for line in try Self.lines("avro.jsonl") {
      let schema = try AvroSchema(line.schema)
      for (_, bytes, expected) in line.cases {
        output.clear()
        count += 1
        do throws(AvroReader.Fault) {
          _ = try bytes.withBytes { (bytes) throws(AvroReader.Fault) in
            try AvroReader.read(bytes, schema, into: output)
          }
        } catch {
          Issue.record("\(error) in \(String(decoding: line.schema, as: UTF8.self)): \(bytes)")
          continue
        }
        let found = try #require(JSONValue(Array(output.bytes)), "\(String(decoding: output.bytes, as: UTF8.self))")
        let difference = Self.difference(found, expected)
        #expect(difference == nil, "\(String(decoding: line.schema, as: UTF8.self))")
      }
    }
    #expect(count >= 40)
  }

  @Test("Protobuf written by python-protobuf")
  func protobuf() throws {
    let reader = ProtobufReader()
    var count = 0
    for line in try Self.lines("protobuf.jsonl") {
      let schema = try ProtobufSchema(line.schema)
      for (index, bytes, expected) in line.cases {
        count += 1
        let json = try bytes.withUnsafeBytes { Array(try reader.read($0, schema, [index]).json) }
        let found = try #require(JSONValue(json), "\(String(decoding: json, as: UTF8.self))")
        let difference = Self.difference(found, expected)
        #expect(difference == nil, "\(String(decoding: line.schema, as: UTF8.self))")
      }
    }
    #expect(count >= 40)
  }
}

extension [UInt8] {
  /// The standard library's function with typed errors.
  func withBytes<Result, Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try withUnsafeBufferPointer { (buffer) throws(Failure) -> Result in try body(UnsafeRawBufferPointer(buffer)) }
  }
}

enum Hex {
  /// `nil` if the text is not hexadecimal. Blanks are ignored.
  static func bytes(_ text: String) -> [UInt8]? {
    let digits = text.filter { $0 != " " }.compactMap(\.hexDigitValue)
    guard digits.count % 2 == 0, digits.count == text.count(where: { $0 != " " }) else { return nil }
    return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
  }
}

enum TestFile {
  static func read(_ path: String) -> [UInt8]? {
    guard let file = fopen(path, "r") else { return nil }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var part = [UInt8](repeating: 0, count: 1 << 16)
    while case let count = fread(&part, 1, part.count, file), count > 0 { bytes += part[..<count] }
    return bytes
  }
}

import Core
import Testing
import Text

@testable import Collectors

@Suite("A recorded line contains the complete observation")
struct RecordedKindsTests {
  /// Encodes and parses the node, as writing to a file and reading it does.
  private func written(_ node: JSONNode) throws -> JSONNode { try #require(JSONNode(node.bytes)) }

  @Test("a source's status", arguments: UInt64(1)...100)
  func status(seed: UInt64) throws {
    var made = Observations(seed: seed)
    let status = made.status()
    #expect(try RecordedStatus.status(try written(RecordedStatus.node(status))) == status)
  }

  @Test("a poll of consumer groups", arguments: UInt64(1)...100)
  func lag(seed: UInt64) throws {
    var made = Observations(seed: seed)
    let (reading, recorded) = (made.lag(), RecordedLag(symbols: made.symbols))
    let read = try recorded.reading(try written(recorded.node(reading)))
    #expect(read.partitions == reading.partitions)
    #expect(read.groups == reading.groups)
    #expect(read.gone == reading.gone && read.found == reading.found && read.time == reading.time)
    #expect(read.took == reading.took && read.requests == reading.requests && read.isListed == reading.isListed)
    #expect(read.incompleteness == reading.incompleteness)
  }

  @Test("a poll of locks", arguments: UInt64(1)...100)
  func locks(seed: UInt64) throws {
    var made = Observations(seed: seed)
    let reading = made.locks()
    let read = try RecordedLocks.reading(try written(RecordedLocks.node(reading)))
    #expect(read.locks == reading.locks && read.gone == reading.gone && read.events == reading.events)
    #expect(read.counts == reading.counts && read.progress == reading.progress && read.passes == reading.passes)
    #expect(read.source == reading.source && read.time == reading.time && read.isExact == reading.isExact)
    #expect(read.took == reading.took && read.dropped == reading.dropped)
  }

  @Test("a poll of a service", arguments: UInt64(1)...200)
  func service(seed: UInt64) throws {
    var made = Observations(seed: seed)
    let reading = made.service()
    #expect(try RecordedService.reading(try written(RecordedService.node(reading))) == reading)
  }

  @Test("an operator's action", arguments: UInt64(1)...100)
  func action(seed: UInt64) throws {
    var made = Observations(seed: seed)
    let record = made.action()
    #expect(try RecordedAction.record(try written(RecordedAction.node(record))) == record)
  }

  @Test("a message, byte by byte", arguments: UInt64(1)...300)
  func message(seed: UInt64) throws {
    var made = Observations(seed: seed)
    let (message, time) = (made.message(), made.time())
    var bytes: [UInt8] = []
    RecordedMessage(symbols: made.symbols).append(message, at: time, to: &bytes)
    #expect(bytes.last == UInt8(ascii: "\n") && bytes.count { $0 == UInt8(ascii: "\n") } == 1)
    var line = RecordedLine()
    #expect(line.read(bytes.dropLast()) == time)
    #expect(Bytes.string(line.topic) == made.symbols.text(message.origin.topic))
    #expect(line.partition == message.origin.partition && line.offset == message.origin.offset)
    #expect(line.brokerTime == message.brokerTime && line.receivedAt == message.receivedAt)
    line.withParts { key, body, headers in
      #expect(Array(key) == message.key && body.map { Array($0) } == message.body)
      #expect(headers.map { Array($0) } == message.headers.flatMap { [$0.name, $0.value] })
    }
  }

  @Test(
    "a negative offset is damaged",
    arguments: [
      #"{"time":1,"ends":[["a",0,-9223372036854775808,9]]}"#, #"{"time":1,"ends":[["a",0,0,-1]]}"#,
      #"{"time":1,"ends":[["a",0,0,9]],"stable":[["a",0,-5]]}"#, #"{"time":1,"found":[["a",0,-1,5,true,null]]}"#,
      #"{"time":1,"groups":[{"name":"g","commits":[["a",0,-9223372036854775808]]}]}"#,
    ])
  func negativeOffset(line: String) throws {
    let node = try #require(JSONNode(Array(line.utf8)))
    #expect(throws: DamagedLine.self) { try RecordedLag(symbols: SymbolTable()).reading(node) }
  }

  @Test("incomplete lines count as damaged and stop nothing", arguments: UInt64(1)...50)
  func damaged(seed: UInt64) throws {
    var made = Observations(seed: seed)
    let nodes = [
      RecordedStatus.node(made.status()), RecordedLag(symbols: made.symbols).node(made.lag()),
      RecordedLocks.node(made.locks()), RecordedService.node(made.service()), RecordedAction.node(made.action()),
    ]
    for node in nodes {
      let members = try #require(node.members)
      let less = JSONNode.object(members.enumerated().filter { _ in made.flag() }.map(\.element))
      _ = try? RecordedStatus.status(less)
      _ = try? RecordedLag(symbols: made.symbols).reading(less)
      _ = try? RecordedLocks.reading(less)
      _ = try? RecordedService.reading(less)
      _ = try? RecordedAction.record(less)
    }
  }

  @Test("pseudonyms are SipHash-2-4, checked with its authors' test vector")
  func sipHash() {
    let hash = SipHash(key: (0x0706_0504_0302_0100, 0x0f0e_0d0c_0b0a_0908))
    #expect(hash.of((0..<15).map { UInt8($0) }) == 0xa129_ca61_49be_45e5)
  }

  @Test(
    "in a status of an earlier version the kind is the first word of the name",
    arguments: [("kafka", SourceKind.kafka), ("redis 10.0.0.7:6379", .redis), ("document orders", .document)])
  func statusWithoutKind(_ name: String, _ kind: SourceKind) throws {
    let line = JSONNode.object([("name", .string(name)), ("phase", .string("up"))])
    let status = try RecordedStatus.status(line)
    #expect(status.kind == kind && status.name == name)
    #expect(throws: DamagedLine.self) {
      try RecordedStatus.status(.object([("name", .string("unheard")), ("phase", .string("up"))]))
    }
  }
}

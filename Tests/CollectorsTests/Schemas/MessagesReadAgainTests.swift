import Core
import TestSupport
import Testing
import Text

@testable import Collectors

@Suite("Messages that are read again because others of their partition were dropped")
struct MessagesReadAgainTests {
  private static let topic = Symbol(number: 1)
  private static let place = HeldMessages.Place(topic: topic, partition: 0)

  private static func origin(_ offset: Int64) -> Origin { Origin(topic: topic, partition: 0, offset: offset) }

  private func verdicts(
    _ again: inout MessagesReadAgain, _ offsets: ClosedRange<Int64>
  ) -> [MessagesReadAgain.Verdict] {
    offsets.map { again.note(Self.origin($0)) }
  }

  @Test("up to the offset that was read before, only the dropped messages are taken")
  func verdicts() {
    var again = MessagesReadAgain()
    again.add(Self.place, .init(offsets: [3, 5]), takenUntil: 7)
    #expect(verdicts(&again, 3...8) == [.told, .known, .told, .known, .new, .new])
    // Everything is read again: the same offsets of a partition that was created anew are new.
    #expect(verdicts(&again, 3...8) == Array(repeating: .new, count: 6))
    again.add(Self.place, .init(offsets: [3, 5]), takenUntil: 7)
    #expect(again.note(Origin(topic: Self.topic, partition: 1, offset: 4)) == .new)
    again.forget(Self.place)
    #expect(verdicts(&again, 3...6) == Array(repeating: .new, count: 4))
  }

  @Test("messages that are dropped a second time do not hide how far the partition was read")
  func twice() {
    var again = MessagesReadAgain()
    again.add(Self.place, .init(offsets: [3, 5, 8]), takenUntil: 10)
    #expect(verdicts(&again, 3...5) == [.told, .known, .told])
    again.add(Self.place, .init(offsets: [5]), takenUntil: 6)
    #expect(verdicts(&again, 5...10) == [.told, .known, .known, .told, .known, .new])
  }

  @Test("from the first message that was dropped beyond the limit, all messages are taken again")
  func unlisted() {
    var dropped = DroppedMessages(most: 2)
    for offset in [3, 5, 9, 7] as [Int64] { dropped.add(Self.origin(offset), .number(8), isOut: true) }
    var again = MessagesReadAgain()
    for (place, part) in dropped.take() { again.add(place, part, takenUntil: 10) }
    #expect(verdicts(&again, 3...9) == [.told, .known, .told, .known, .new, .new, .new])
    #expect(dropped.isEmpty)
  }

  @Test("a partition that is not read any more has no dropped messages")
  func forgotten() {
    var dropped = DroppedMessages()
    for offset in 0..<3 as Range<Int64> { dropped.add(Self.origin(offset), .number(8), isOut: true) }
    dropped.add(Origin(topic: Self.topic, partition: 1, offset: 0), .number(8), isOut: true)
    dropped.forget(Self.place)
    #expect(dropped.note(isReadAgain: true)?.hasPrefix("1 message did not fit") ?? false)
    dropped.forget(.init(topic: Self.topic, partition: 1))
    #expect(dropped.isEmpty && !dropped.isOut && dropped.note(isReadAgain: true) == nil)
  }

  @Test("the offset up to which a partition was read is lowered to messages that are not listed")
  func taken() {
    var taken = TakenOffsets()
    for offset in [4, 9, 6] as [Int64] { taken.note(Self.origin(offset)) }
    #expect(taken[Self.place] == 10)
    taken.lower(Self.place, to: 7)
    #expect(taken[Self.place] == 7)
    taken.note(Self.origin(.max))
    #expect(taken[Self.place] == .max)
    taken.forget(Self.place)
    #expect(taken[Self.place] == 0)
  }
}

@Suite("Messages held in memory while the registry refuses their schema")
struct HeldMessagesTests {
  /// The decoding part of a reader.
  private final class Intake {
    private var held: HeldMessages
    private let symbols = SymbolTable()
    private var decoder: Decoder
    private(set) var batch = EventBatch()
    private let topic = Array("orders".utf8)

    init(_ registry: SchemaRegistry, keepsAll: Bool, most: Int) {
      decoder = Decoder(CompiledFields(Reading.system, symbols: symbols), symbols: symbols)
      held = HeldMessages(SchemaSettings(), registry, keepsAll: keepsAll, most: most)
    }

    var notes: [String] { held.notes }
    var isAwaiting: Bool { held.isAwaiting }

    func decode(_ offset: Int64, _ body: [UInt8]) {
      let origin = Origin(topic: symbols.symbol("orders"), partition: 0, offset: offset)
      let time = Timestamp(milliseconds: 1_769_508_000_000)
      topic.withUnsafeBytes { topicName in
        body.withUnsafeBytes { body in
          let message = ConsumedMessage(
            origin: origin, brokerTime: time, receivedAt: time, key: UnsafeRawBufferPointer(start: nil, count: 0),
            body: body)
          held.decode(message, topicName: topicName, with: &decoder, into: &batch)
        }
      }
    }

    func resume() { held.resume(with: &decoder, into: &batch) }
  }

  @Test(
    "messages that waited for a schema and do not fit are dropped when it is refused, each is reported once, and a note counts them",
    arguments: [
      (false, "3 messages did not fit into memory and will be read again when their schemas arrive"),
      (true, "3 older messages did not fit into memory and will not be decoded, also if their schemas arrive"),
    ])
  func refused(keepsAll: Bool, note: String) async throws {
    let server = try RudeServer()
    server.answer("/schemas/types", "[]")
    server.answer(
      "/schemas/ids/8", #"{"error_code":40403,"message":"Schema 8 not found"}"#, status: "404 Not Found")
    let registry = SchemaRegistry(.init(url: server.url("")), sink: CollectingSink())
    let intake = Intake(registry, keepsAll: keepsAll, most: 2)
    // The registry is not started yet: all messages wait.
    for offset in 0..<5 as Range<Int64> { intake.decode(offset, [0, 0, 0, 0, 8, 2]) }
    #expect(intake.isAwaiting && intake.batch.undecoded.isEmpty)
    registry.start()
    defer { registry.stop() }
    try #require(
      await waitUntil {
        intake.resume()
        return !intake.isAwaiting
      })
    #expect(intake.batch.undecoded.map(\.origin.offset) == Array(0..<5))
    #expect(intake.notes.first == note && intake.notes.count == 2, "\(intake.notes)")
    #expect(intake.notes.last?.hasPrefix("2 messages of topic orders are not decoded: schema 8: ") ?? false)
  }
}

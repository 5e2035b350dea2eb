import Testing
import Text

@testable import Core

/// Messages of one system for the inference.
struct Samples {
  private(set) var set = SampleSet()
  private var offset: Int64 = 0

  mutating func add(
    _ body: String, topic: String = "events", key: [UInt8] = [], headers: [(String, String)] = [],
    at seconds: Int64? = nil
  ) {
    offset += 1
    let time = ShopFixture.start + .seconds(seconds ?? offset)
    set.add(
      Message(
        key: key, headers: headers.map { (name: $0.0, value: $0.1) }, body: Array(body.utf8),
        fullBodyLength: body.utf8.count), topic: topic, partition: 0, offset: offset, time: time)
  }
}

@Suite("Profile of messages without sagas")
struct ProfileTests {
  struct Shape: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var type: FieldSource
    var id: FieldSource
    var fill: @Sendable (inout Samples) -> Void

    init(
      _ testDescription: String, type: FieldSource, id: FieldSource, _ fill: @escaping @Sendable (inout Samples) -> Void
    ) {
      (self.testDescription, self.type, self.id, self.fill) = (testDescription, type, id, fill)
    }
  }

  static let guid: [UInt8] = Array(1...16).map { 0xF0 ^ $0 }

  static let shapes: [Shape] = [
    Shape("one loan, with its customer in each message", type: .path(["kind"]), id: .path(["loanId"])) { samples in
      for kind in ["LoanRequested", "IncomeChecked", "LoanGranted"] {
        samples.add(#"{"kind":"\#(kind)","loanId":"L-77","customerId":"c-5","at":"2026-01-27T10:00:00Z"}"#)
      }
    },
    Shape(
      "the type in a header, the id two levels down", type: .header("eventType"), id: .path(["data", "trip", "id"])
    ) {
      samples in
      for kind in ["trip.asked", "flight.booked", "hotel.refused"] {
        samples.add(#"{"data":{"trip":{"id":4411}}}"#, headers: [("eventType", kind)])
      }
    },
    Shape("a key that is a JSON object", type: .path(["type"]), id: .keyPath(["claimId"])) { samples in
      for kind in ["ClaimFiled", "ClaimAssessed", "ClaimPaid"] {
        samples.add(#"{"type":"\#(kind)"}"#, key: Array(#"{"claimId":"9001","region":"eu"}"#.utf8))
      }
    },
    Shape("a key of 16 bytes that is a GUID", type: .path(["type"]), id: .key) { samples in
      for kind in ["ParcelAccepted", "ParcelSorted", "ParcelDelivered"] {
        samples.add(#"{"type":"\#(kind)"}"#, key: guid)
      }
    },
    Shape("the topic tells the type, and a reference the case", type: .topic, id: .path(["reference"])) { samples in
      for topic in ["visa-applied", "visa-checked", "visa-refused"] {
        samples.add(#"{"reference":"VX-31"}"#, topic: topic)
      }
    },
    Shape("CloudEvents in headers, with an opaque body", type: .header("ce_type"), id: .header("ce_subject")) {
      samples in
      for (number, kind) in ["OrderPlaced", "OrderPacked", "OrderShipped"].enumerated() {
        samples.add(
          "\u{0}\u{1}\u{2}", headers: [("ce_id", "e-\(number)"), ("ce_type", kind), ("ce_subject", "order-12")])
      }
    },
    Shape(
      "a text that is JSON in an envelope", type: .header("event"), id: .path(["payload", "rentalId"])
    ) { samples in
      for kind in ["RentalRequested", "CarAssigned", "RentalStarted"] {
        samples.add(#"{"payload":"{\"rentalId\":\"r-8\"}"}"#, headers: [("event", kind), ("id", kind + "-1")])
      }
    },
    Shape("two sagas with an event id of their own", type: .path(["action"]), id: .path(["ticketNumber"])) { samples in
      for (number, kind) in ["TICKET_OPENED", "SEAT_HELD", "TICKET_OPENED", "SEAT_HELD"].enumerated() {
        samples.add(#"{"action":"\#(kind)","ticketNumber":\#(number / 2 + 40),"messageId":"m-\#(number)"}"#)
      }
    },
    Shape("words of another language", type: .path(["typ"]), id: .path(["bestellId"])) { samples in
      for kind in ["BestellungAngelegt", "LagerReserviert", "ZahlungErhalten"] {
        samples.add(#"{"typ":"\#(kind)","bestellId":"b-1","nutzer":"u-4"}"#)
      }
    },
    Shape("a GUID in two spellings", type: .path(["name"]), id: .path(["workflowId"])) { samples in
      let guid = "0f8fad5b-d9cb-469f-a165-70867728950e"
      samples.add(#"{"name":"TransferStarted","workflowId":"\#(guid)"}"#)
      samples.add(#"{"name":"MoneyTaken","workflowId":"{\#(guid.uppercased())}"}"#)
    },
  ]

  @Test("the correct type and id are among the first three candidates", arguments: shapes)
  func candidates(shape: Shape) {
    var samples = Samples()
    shape.fill(&samples)
    let profile = MessageProfile(samples.set)
    #expect(profile.types.prefix(3).map(\.source).contains(shape.type), "\(profile.types.prefix(5).map(\.source))")
    #expect(profile.ids.prefix(3).map(\.source).contains(shape.id), "\(profile.ids.prefix(5).map(\.source))")
    #expect(profile.ids.allSatisfy { $0.rejection != nil })
    let inferred = Inference.system(of: samples.set, name: "few")
    if let saga = inferred.sagas.first {
      #expect(inferred.isProvisional && saga.definition.identities.flatMap(\.sources).contains(shape.id))
    } else {
      #expect(inferred.likelyIDs == profile.ids.prefix(3).map(\.source))
    }
  }

  @Test(
    "the format of a value is shown, not the value",
    arguments: [
      ("Ada Lovelace", "Xxx Xxxxxxxx"), ("DE89-3704", "XX99-9999"), ("été 5€", "xxx 9?"), ("", ""),
    ])
  func masked(value: String, mask: String) { #expect(MessageProfile.masked(value) == mask) }
}

@Suite("Hints")
struct InferenceHintTests {
  /// The inferred system of one trip. Only the types of the events differ.
  private func trip(_ types: [String], hints: InferenceHints) -> InferredSystem {
    var samples = Samples()
    for type in types { samples.add(#"{"type":"\#(type)","tripId":"7","tenant":"a"}"#) }
    return Inference.system(of: samples.set, name: "trip", hints: hints)
  }

  @Test("with a named id, one saga is shown")
  func one() {
    let inferred = trip(["TripAsked", "FlightBooked"], hints: InferenceHints(ids: [.path(["tripId"])]))
    #expect(inferred.sagas.map(\.definition.type) == ["trip"] && inferred.sagas.first?.flows == 1)
    #expect(!inferred.isProvisional)
  }

  @Test(
    "with one or two sagas, only a word of success that nothing follows completes them",
    arguments: [
      ("Paid", nil), ("PaymentTaken", nil), ("TripConfirmed", nil), ("TripCompleted", .completed),
      ("Delivered", .completed),
      ("SagaFinished", .completed),
    ] as [(String, SagaStatus?)])
  func few(last: String, end: SagaStatus?) {
    let inferred = trip(["TripAsked", "FlightBooked", last], hints: InferenceHints(ids: [.path(["tripId"])]))
    let definition = inferred.sagas.first?.definition
    #expect(definition?.events.first { $0.type == last }?.ends == end)
    #expect(definition?.isCompletedBySteps == (end != nil))
  }

  @Test("an id may consist of several fields")
  func template() {
    let source = FieldSource.template([.field(.path(["tenant"])), .text("/"), .field(.path(["tripId"]))])
    let inferred = trip(["TripAsked", "FlightBooked"], hints: InferenceHints(ids: [source]))
    #expect(inferred.sagas.first?.definition.identities == [.init(name: "tripId", sources: [source])])
    #expect(inferred.unfound.isEmpty)
  }

  @Test("a source without values is reported, and the rest is inferred without it")
  func unfound() {
    let hints = InferenceHints(ids: [.path(["orderId"])], type: [.header("kind"), .topic])
    #expect(trip(["TripAsked"], hints: hints).unfound == [.path(["orderId"]), .header("kind")])
  }
}

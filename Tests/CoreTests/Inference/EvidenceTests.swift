import Testing

@testable import Core

@Suite("Evidence from flows and from members other than the type")
struct EvidenceTests {
  /// Flows of event types with their frequency, and the status that each type is inferred to end a saga with.
  struct EndCase: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var flows: [(types: [String], count: Int)]
    var ends: [String: SagaStatus?]

    init(_ testDescription: String, _ flows: [([String], Int)], _ ends: [String: SagaStatus?]) {
      self.testDescription = testDescription
      self.flows = flows.map { (types: $0.0, count: $0.1) }
      self.ends = ends
    }
  }

  static let endCases: [EndCase] = [
    EndCase(
      "a word of completion that flows end with completes",
      [(["TripAsked", "FlightBooked", "TripCompleted"], 6)], ["TripCompleted": .completed]),
    EndCase(
      "a word of a step completes where others fail at that step",
      [(["TripAsked", "FlightBooked", "HotelBooked"], 8), (["TripAsked", "FlightBooked", "HotelFailed"], 2)],
      ["HotelBooked": .completed, "FlightBooked": nil]),
    EndCase(
      "where all end with a step's word, the next step may not have answered: it is not known how they ended",
      [(["TripAsked", "FlightBooked", "HotelBooked"], 9)], ["HotelBooked": .ended]),
    EndCase(
      "what is refunded later was complete",
      [
        (["TripAsked", "FlightBooked", "TripCompleted"], 6),
        (["TripAsked", "FlightBooked", "TripCompleted", "TripRefunded"], 3),
      ], ["TripCompleted": .completed, "TripRefunded": .compensated]),
    EndCase(
      "what is closed after it was refused was not mended",
      [(["TripAsked", "FlightBooked", "TripClosed"], 5), (["TripAsked", "TripRejected", "TripClosed"], 5)],
      ["TripClosed": .ended]),
    EndCase(
      "a word that nobody knows ends, and it is not known how",
      [(["TripAsked", "FlightBooked", "TripQuxed"], 6)], ["TripQuxed": .ended]),
    EndCase(
      "what stops a saga may be meant or not",
      [(["TripAsked", "FlightBooked", "TripCompleted"], 6), (["TripAsked", "TripSuspended"], 3)],
      ["TripSuspended": .ended, "TripCompleted": .completed]),
    EndCase(
      "a word of completion that only failed flows end with completes nothing",
      [(["TripAsked", "FlightFailed", "TripClosed"], 4), (["TripAsked", "FlightBooked", "TripDone"], 4)],
      ["TripClosed": nil, "TripDone": .completed]),
    EndCase(
      "a notice behind the end ends nothing",
      [(["TripAsked", "FlightBooked", "TripCompleted", "EmailSent"], 6)],
      ["TripCompleted": .completed, "EmailSent": nil]),
    EndCase(
      "types of which now the one, now the other comes last end nothing by themselves",
      [(["TripAsked", "FlightBooked", "HotelBooked"], 4), (["TripAsked", "HotelBooked", "FlightBooked"], 4)],
      ["FlightBooked": nil, "HotelBooked": nil]),
    EndCase(
      "what is closed, where nothing ends in another way, may have come to nothing",
      [(["IssueOpened", "IssueLabeled", "IssueClosed"], 9)], ["IssueClosed": .ended]),
    EndCase(
      "a verb alone that ends what failed as well as what did not ends it, and it is not known how",
      [(["StockAsked", "StockReserved", "Success"], 6), (["StockAsked", "StockRefused", "Success"], 3)],
      ["Success": .ended]),
    EndCase(
      "an issue is opened and closed", [(["opened", "labeled", "closed"], 9)], ["closed": .ended]),
    EndCase(
      "a beginning and an end of what the id does not name are no evidence of a saga",
      [(["VideoOpened", "VideoFinished"], 9)], ["VideoFinished": .ended]),
    EndCase(
      "what flows begin with does not end them",
      [(["TripCompleted", "FlightBooked", "HotelQuxed"], 5)], ["TripCompleted": nil, "HotelQuxed": .ended]),
  ]

  @Test("position in flows and words of its name together decide whether a type ends flows", arguments: endCases)
  func ends(row: EndCase) throws {
    let flows = row.flows.flatMap { flow in Array(repeating: flow.types, count: flow.count) }
    var samples = Samples()
    for (number, types) in flows.enumerated() {
      for (place, type) in types.enumerated() {
        samples.add(
          #"{"type":"\#(type)","tripId":"trip-\#(number)"}"#, at: Int64(number * 100 + place))
      }
    }
    let hints = InferenceHints(ids: [.path(["tripId"])])
    let definition = try #require(Inference.system(of: samples.set, name: "ends", hints: hints).sagas.first?.definition)
    for (type, status) in row.ends {
      let rule = definition.events.first { $0.type == type }
      #expect(rule?.ends == status, "\(type) ends \(String(describing: rule?.ends))")
    }
  }

  /// Events of one type with a member for the outcome, and the inferred meaning.
  static let outcomes: [(type: String, member: String, values: [String], meaning: EventName.Meaning?)] = [
    ("PaymentProcessed", "status", ["FAILED", "FAILED", "FAILED"], .fails),
    ("PaymentProcessed", "success", ["false", "false", "false", "false", "true"], .fails),
    ("PaymentProcessed", "status", ["OK", "OK", "FAILED"], .completes),
    ("PaymentProcessed", "result", ["CANCELLED", "CANCELLED"], .compensates),
    ("PaymentProcessed", "errorMessage", ["no funds", "no funds"], .halts),
    ("PaymentProcessed", "errorMessage", ["", "null"], .completes),
    ("PaymentQuxed", "status", ["OK", "OK"], .completes),
    ("PaymentQuxed", "error", ["no funds"], .fails),
    ("PaymentQuxed", "colour", ["FAILED"], nil),
    ("PaymentFailed", "status", ["OK", "OK"], .fails),
    ("PaymentRequested", "status", ["FAILED", "FAILED"], .begins),
  ]

  @Test("a member overrides a name that means success or nothing, but never a failure", arguments: outcomes)
  func outcome(type: String, member: String, values: [String], meaning: EventName.Meaning?) {
    var samples = Samples()
    for value in values { samples.add(#"{"type":"\#(type)","\#(member)":"\#(value)"}"#) }
    let typed = TypedSamples(samples.set, types: [TypeSource(.path(["type"]))], time: [], vocabulary: .standard)
    #expect(typed.types.map(\.meaning) == [meaning])
  }

  /// Six flows that end well and three that fail. Each event is a type and further members of its body.
  private func inferred(
    good: [(String, String)], bad: [(String, String)], topicIsType: Bool = false, typeMember: String = "type"
  ) throws -> SagaDefinition {
    var samples = Samples()
    for number in 0..<9 {
      for (place, (type, more)) in (number % 3 == 2 ? bad : good).enumerated() {
        let body = topicIsType ? "" : #""\#(typeMember)":"\#(type)","#
        samples.add(
          #"{\#(body)"orderId":"order-\#(number)"\#(more)}"#, topic: topicIsType ? type : "events",
          at: Int64(number * 100 + place))
      }
    }
    let hints = InferenceHints(ids: [.path(["orderId"])])
    return try #require(Inference.system(of: samples.set, name: "mixed", hints: hints).sagas.first?.definition)
  }

  @Test(
    "a type that means success but has an error in some messages fails in those",
    arguments: [
      (#","rejectionReason":"no stock""#, #","rejectionReason":null"#, FieldSource.path(["rejectionReason"])),
      (#","errors":[{"code":"E1","message":"none left"}]"#, #","errors":[]"#, .path(["errors", "*", "code"])),
    ])
  func mixed(error: String, none: String, source: FieldSource) throws {
    let definition = try inferred(
      good: [("OrderSubmitted", none), ("StockChecked", none), ("OrderProcessed", none)],
      bad: [("OrderSubmitted", none), ("StockChecked", none), ("OrderProcessed", error)])
    let rules = definition.events.filter { $0.type == "OrderProcessed" }
    #expect(rules.map(\.ends) == [.failed, .completed])
    #expect(rules.map(\.conditions) == [[.init(source, ["*"])], []])
  }

  @Test(
    "if a fixed value means no error, this value and a missing one mean success, any other means failure",
    arguments: [
      ("errorCount", "0", "3"), ("failed", "false", "true"), ("isCancelled", "false", "true"), ("timedOut", "0", "1"),
    ])
  func flags(member: String, none: String, error: String) throws {
    let definition = try inferred(
      good: [("JobQueued", ""), ("JobStarted", ""), ("JobFinished", #","\#(member)":\#(none)"#)],
      bad: [("JobQueued", ""), ("JobStarted", ""), ("JobFinished", #","\#(member)":\#(error)"#)])
    let rules = definition.events.filter { $0.type == "JobFinished" }
    #expect(rules.map(\.ends) == [.completed, .failed])
    #expect(rules.map(\.conditions) == [[.init(.path([member]), [none, ""])], []])
  }

  @Test("a failure that a later event repairs does not change the end")
  func mended() throws {
    let begin = [("OrderPlaced", ""), ("PaymentFailed", ""), ("PaymentRetried", "")]
    let definition = try inferred(
      good: begin + [("PaymentSucceeded", ""), ("OrderCompleted", "")], bad: begin + [("OrderRejected", "")])
    #expect(definition.events.first { $0.type == "OrderCompleted" }?.ends == .completed)
    #expect(definition.events.first { $0.type == "OrderRejected" }?.ends != .completed)
  }

  @Test(
    "a boolean member about the type's subject gives the outcome; other boolean members do not",
    arguments: [
      ("SeatReserved", "reserved", true), ("BookingPayment", "paymentCompleted", true),
      ("PaymentAuthorizeReply", "authorized", true), ("OrderCreated", "paid", false),
    ])
  func truths(type: String, member: String, isTold: Bool) throws {
    let begin = [("TripAsked", ""), ("CarBooked", "")]
    let definition = try inferred(
      good: begin + [(type, #","\#(member)":true"#)], bad: begin + [(type, #","\#(member)":false"#)])
    let rules = definition.events.filter { $0.type == type }
    #expect(rules.first?.ends == (isTold ? .failed : .ended))
    #expect(rules.count == (isTold ? 2 : 1) && rules.last?.ends != .failed)
    #expect(rules.first?.conditions == (isTold ? [.init(.path([member]), ["false"])] : []))
  }

  @Test("dead letters get a separate name and fail the step that they should have started, until it completes")
  func deadLetters() throws {
    var samples = Samples()
    var second: Int64 = 0
    for number in 0..<12 {
      func add(_ type: String, topic: String = "shop") {
        second += 1
        samples.add(#"{"type":"\#(type)","orderId":"order-\#(number)"}"#, topic: topic, at: second)
      }
      for type in ["OrderPlaced", "StockReserved", "PaymentTaken", "OrderCompleted"] {
        add(type)
        // Two of six dead-lettered messages were sent again.
        let isLetter = (type == "OrderPlaced" && number % 4 == 0) || (type == "StockReserved" && number % 4 == 1)
        if isLetter { add(type, topic: "shop.DLT") }
        if isLetter, number < 10 { break }
      }
    }
    let definition = try #require(Inference.system(of: samples.set, name: "letters").sagas.first?.definition)
    for (type, step) in [("OrderPlaced", "stock"), ("StockReserved", "payment")] {
      let rules = definition.events.filter { $0.type == type }
      #expect(rules.map(\.ends) == [.failed, nil])
      #expect(rules.map(\.conditions) == [[.init(.topic, ["shop.DLT"])], []])
      #expect(rules.first?.effects == [.init(.fails, .named(step))])
    }
    #expect(definition.events.first { $0.type == "OrderCompleted" }?.ends == .completed)
  }

  @Test("request and reply ids are not the saga's id if another id links several of them")
  func conversations() throws {
    var samples = Samples()
    for number in 0..<9 {
      for (place, step) in ["Reserve", "Deduct", "Credit"].enumerated() {
        for (turn, type) in ["\(step)Requested", "\(step)Confirmed"].enumerated() {
          samples.add(
            #"{"type":"\#(type)","sagaId":"s-\#(number)-\#(place)","transferId":"transfer-\#(number)"}"#,
            topic: turn == 0 ? "commands" : "events", at: Int64(number * 100 + place * 10 + turn))
        }
      }
    }
    let inferred = Inference.system(of: samples.set, name: "conversations").sagas
    #expect(inferred.map(\.flows) == [9])
    #expect(inferred.first?.definition.identities.map(\.name) == ["transferId"])
  }

  @Test("a creation time is not the time of later events", arguments: [true, false])
  func beginnings(isOfBeginnings: Bool) {
    var samples = Samples()
    for number in 0..<9 {
      for (place, type) in ["order-placed", "stock-reserved", "payment-taken", "order-completed"].enumerated() {
        let second = 10 + number * 5 + (isOfBeginnings ? 0 : place * 60)
        let time = "2026-01-27T10:\(10 + second / 60):\(10 + second % 60 % 50)Z"
        samples.add(
          #"{"orderId":"order-\#(number)","createdAt":"\#(time)"}"#, topic: type, at: Int64(number * 5 + place * 60))
      }
    }
    let fields = Inference.system(of: samples.set, name: "beginnings").system.fields
    #expect(fields.time == (isOfBeginnings ? [] : [.path(["createdAt"])]))
  }

  @Test("a failure without later events fails its saga, even if other sagas are compensated")
  func failures() throws {
    let begin = [("RideAsked", ""), ("DriverAssigned", ""), ("RideFinished", "")]
    var samples = Samples()
    for number in 0..<12 {
      let end =
        number % 4 == 0
        ? ["PaymentFailed"] : number % 4 == 1 ? ["PriceRejected", "DriverReleased", "RideCancelled"] : ["PaymentTaken"]
      for (place, type) in (begin.map(\.0) + end).enumerated() {
        samples.add(#"{"type":"\#(type)","rideId":"ride-\#(number)"}"#, at: Int64(number * 100 + place))
      }
    }
    let definition = try #require(Inference.system(of: samples.set, name: "rides").sagas.first?.definition)
    #expect(definition.events.first { $0.type == "PaymentFailed" }?.ends == .failed)
    #expect(definition.events.first { $0.type == "RideCancelled" }?.ends == .compensated)
  }

  @Test("a numeric result of a reply means an HTTP status or an exit status")
  func numbers() throws {
    let good = [
      ("stock.request", ""), ("stock.response", #","statusCode":200"#), ("pay.request", ""),
      ("pay.response", #","statusCode":201"#), ("order.done", #","statusCode":200"#),
    ]
    let bad = [
      ("stock.request", ""), ("stock.response", #","statusCode":200"#), ("pay.request", ""),
      ("pay.response", #","statusCode":409"#), ("order.done", #","statusCode":500"#),
    ]
    let definition = try inferred(good: good, bad: bad, topicIsType: true)
    func rule(_ type: String) -> EventRule? { definition.events.first { $0.type == type } }
    #expect(rule("order.done 200")?.ends == .completed)
    #expect(rule("order.done 500")?.ends == .failed)
    #expect(rule("pay.response 409")?.effects.map(\.transition) == [.fails])
    #expect(OutcomeFinder.word(for: "0", in: .path(["exitCode"])) == "success")
    #expect(OutcomeFinder.word(for: "137", in: .path(["exitCode"])) == "failure")
    #expect(OutcomeFinder.word(for: "3", in: .path(["state"])) == "3")
  }

  @Test("a release without a failure is no compensation")
  func given() throws {
    let definition = try inferred(
      good: [("RentalStarted", ""), ("DepositHeld", ""), ("CarReturned", ""), ("DepositReleased", "")],
      bad: [("RentalStarted", ""), ("DepositHeld", ""), ("CarDamaged", ""), ("DepositForfeited", "")])
    #expect(definition.events.first { $0.type == "DepositReleased" }?.ends == .ended)
    #expect(!definition.events.contains { $0.effects.contains { $0.transition == .compensates } })
  }

  @Test("a type that is equal in every message is ignored; unknown words end sagas with an unknown result")
  func constant() throws {
    let constant = #","eventType":"com.example.Sent""#
    let definition = try inferred(
      good: [("Alpha", constant), ("Beta", constant), ("Gamma", constant)],
      bad: [("Alpha", constant), ("Delta", constant)], typeMember: "kind")
    #expect(definition.events.first { $0.type == "Gamma" }?.ends == .ended)
    #expect(!definition.events.contains { $0.ends == .completed })
  }

  @Test("events without a rule, rules without events, and events without a saga are counted")
  func coverage() {
    var maker = EventMaker()
    let store = maker.store([ShopFixture.trip])
    var stranger = maker.event("Clicked", at: 5, topic: "clicks")
    stranger.link = nil
    var nameless = maker.event("Paid", at: 6, topic: "payments")
    nameless.link = nil
    let events = [
      maker.event("TripAsked", at: 1), maker.event("FlightBooked", at: 2), maker.event("Noted", at: 3),
      maker.event("Noted", at: 4), stranger, nameless,
    ]
    store.accept(EventBatch(events: events))
    let view = store.coverage
    #expect(
      view.unknownTypes == [.init(name: "Noted", count: 2, ofSagas: 2), .init(name: "Clicked", count: 1, ofSagas: 0)])
    #expect(view.unseenTypes.count == ShopFixture.trip.events.count - 3)
    #expect(!view.unseenTypes.contains { ["TripAsked", "FlightBooked", "Paid"].contains($0.type) })
    #expect(
      view.unmatched == [
        .init(topic: "clicks", isTypeKnown: false, count: 1), .init(topic: "payments", isTypeKnown: true, count: 1),
      ])
    #expect(view.unmatchedCount == 2)
  }
}

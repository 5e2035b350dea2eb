import Testing

@testable import Core

@Suite("Messages without sagas do not give completed sagas")
struct NoSagaTests {
  struct Shape: Sendable, CustomTestStringConvertible {
    var testDescription: String
    /// Topic and body of each message of a flow. `#` is replaced by the flow's number, `@` by "OK", or by "ERROR" in every sixth flow.
    var messages: [(topic: String, body: String)]
    var headers: [(String, String)] = []

    init(_ testDescription: String, headers: [(String, String)] = [], _ messages: [(String, String)]) {
      self.testDescription = testDescription
      self.messages = messages.map { (topic: $0.0, body: $0.1) }
      self.headers = headers
    }

    func add(to samples: inout Samples) {
      for number in 0..<24 {
        for (place, message) in messages.enumerated() {
          let put = { (text: String) in
            text.replacing("#", with: "a1b2-\(1000 + number * 7)").replacing(
              "@", with: number % 6 == 0 ? "ERROR" : "OK")
          }
          samples.add(
            put(message.body), topic: message.topic, headers: headers.map { ($0.0, put($0.1)) },
            at: Int64(number * 50 + place))
        }
      }
    }
  }

  static let shapes: [Shape] = [
    Shape(
      "a request and its reply, tied by a header", headers: [("kafka_correlationId", "#")],
      [("price.requests", #"{"sku":"s1"}"#), ("price.replies", #"{"price":3}"#)]),
    Shape(
      "a reply that tells how it went",
      [
        ("quote-request", ##"{"correlationId":"#","symbol":"x"}"##),
        ("quote-response", ##"{"correlationId":"#","status":"@"}"##),
      ]),
    Shape(
      "commands of several types and their results, by the id of the command",
      [
        ("commands", ##"{"commandId":"#","type":"CreateUser"}"##),
        ("command-results", ##"{"commandId":"#","type":"CommandAccepted"}"##),
      ]),
    Shape(
      "requests of a web server",
      [
        ("http", ##"{"type":"HttpRequestStarted","correlationId":"#"}"##),
        ("http", ##"{"type":"CacheMissed","correlationId":"#"}"##),
        ("http", ##"{"type":"HttpRequestFinished","correlationId":"#","code":200}"##),
      ]),
    Shape(
      "spans of traces",
      [
        (
          "spans",
          ##"{"traceId":"#","spanId":"1#","name":"GET /x","kind":"SERVER","duration":7,"status":{"code":"@"}}"##
        ),
        (
          "spans",
          ##"{"traceId":"#","spanId":"2#","name":"GET /y","kind":"CLIENT","duration":3,"status":{"code":"OK"}}"##
        ),
      ]),
    Shape(
      "log lines",
      [
        ("logs", ##"{"level":"info","message":"job started","event":"job_started","correlation_id":"#"}"##),
        ("logs", ##"{"level":"debug","message":"cache missed","event":"cache_missed","correlation_id":"#"}"##),
        ("logs", ##"{"level":"info","message":"job completed","event":"job_completed","correlation_id":"#"}"##),
      ]),
  ]

  @Test("calls and log lines are not sagas, alone or among sagas", arguments: shapes)
  func calls(shape: Shape) throws {
    var samples = Samples()
    shape.add(to: &samples)
    #expect(Inference.system(of: samples.set, name: "calls").sagas.isEmpty)
    let order = Shape(
      "orders",
      ["OrderPlaced", "PaymentTaken", "OrderDelivered"].map {
        ("orders", #"{"type":"\#($0)","event":"\#($0)","orderId":"o-"# + ##"#"}"##)
      })
    order.add(to: &samples)
    let beside = Inference.system(of: samples.set, name: "beside").sagas
    #expect(beside.map(\.flows) == [24])
    #expect(beside.first?.definition.identities.map(\.name) == ["orderId"])
  }

  @Test("a request and its reply with the id of an entity are a saga of two messages")
  func business() throws {
    var samples = Samples()
    Shape(
      "bookings",
      [
        ("booking-request", ##"{"bookingId":"#","guests":2}"##),
        ("booking-reply", ##"{"bookingId":"#","status":"@"}"##),
      ]
    ).add(to: &samples)
    let saga = try #require(Inference.system(of: samples.set, name: "bookings").sagas.first)
    #expect(saga.flows == 24 && saga.definition.identities.map(\.name) == ["bookingId"])
  }

  @Test(
    "an id belongs to a participant only if it does not identify an action",
    arguments: [
      ("customerId", true), ("userid", true), ("productorder_id", false), ("accountNumber", true), ("uid", true),
      ("riderId", true), ("seller_id", true),
      ("productOrderId", false), ("customerOrderId", false), ("rideRequestId", false), ("merchantReference", false),
      ("orderId", false),
    ])
  func parties(name: String, isOfParty: Bool) {
    #expect(IdentityCandidate(name: name, fields: [0]).isOfParty == isOfParty)
  }

  @Test("step names are not saga ids; the key of a process instance is")
  func steps() throws {
    var samples = Samples()
    for number in 0..<12 {
      let steps = ["order", "collect-money", "ship-parcel"]
      let last = number % 4 == 0 ? "ELEMENT_TERMINATED" : "ELEMENT_COMPLETED"
      let told =
        steps.map { ("ELEMENT_ACTIVATED", $0) } + [("ELEMENT_COMPLETED", steps[1]), (last, steps[2]), (last, "order")]
      for (place, (intent, element)) in told.enumerated() {
        let value = #"{"elementId":"\#(element)","processInstanceKey":\#(2_251_799_813_685_249 + number * 97)}"#
        samples.add(
          #"{"intent":"\#(intent)","valueType":"PROCESS_INSTANCE","value":\#(value)}"#, at: Int64(number * 100 + place))
      }
    }
    let sagas = Inference.system(of: samples.set, name: "engine").sagas
    #expect(sagas.allSatisfy { $0.definition.identities.map(\.name) == ["processInstanceKey"] })
  }

  @Test("for CloudEvents with a constant type, the topics give the types")
  func cloudEvents() throws {
    var samples = Samples()
    let body = ##"{"specversion":"1.0","type":"com.example.sent","id":"e-#","data":{"orderId":"#"}}"##
    Shape("orders", ["orders.submitted", "payment.captured", "orders.completed"].map { ($0, body) }).add(to: &samples)
    let system = Inference.system(of: samples.set, name: "events")
    #expect(system.system.fields.type == [.topic] && system.sagas.map(\.flows) == [24])
  }

  @Test("an orchestrator's end event is recognised for any name of the saga")
  func whole() throws {
    var samples = Samples()
    for number in 0..<12 {
      let isBad = number % 4 == 0
      var told = [("RoutingSlipActivityCompleted", #","activityName":"ReserveSeat""#)]
      told +=
        isBad
        ? [
          ("RoutingSlipActivityFaulted", #","activityName":"TakePayment""#),
          ("RoutingSlipActivityCompensated", #","activityName":"ReserveSeat""#), ("RoutingSlipFaulted", ""),
        ] : [("RoutingSlipActivityCompleted", #","activityName":"TakePayment""#), ("RoutingSlipCompleted", "")]
      for (place, (type, more)) in told.enumerated() {
        samples.add(
          #"{"type":"\#(type)","trackingNumber":"t-\#(1000 + number)"\#(more)}"#, at: Int64(number * 100 + place))
      }
    }
    let definition = try #require(Inference.system(of: samples.set, name: "slips").sagas.first?.definition)
    #expect(definition.coordination == .orchestration)
    #expect(definition.events.first { $0.type == "RoutingSlipCompleted" }?.ends == .completed)
    #expect(definition.events.first { $0.type == "RoutingSlipFaulted" }?.ends != .completed)
  }
}

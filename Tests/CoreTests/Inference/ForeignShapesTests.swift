import TestMessages
import Testing

@testable import Core

@Suite("Foreign systems are inferred without a configuration and without false claims")
struct ForeignShapesTests {
  /// The value that a message of the step has at the source; `nil` if it has none.
  private func value(_ source: FieldSource, _ shape: ForeignShape, _ step: ForeignShape.Step) -> String? {
    if source == shape.type { return step.type }
    switch source {
    case .topic: return "events"
    case .path(let path):
      let name = path.filter { $0 != "*" }.joined(separator: ".")
      let json = step.more[name] ?? shape.constant[name]
      return json == "null" || json == "[]" ? nil : json.map { String($0.filter { !"\"[]".contains($0) }) }
    case .template(let parts):
      let texts = parts.map { part in
        switch part {
        case .text(let text): text
        case .field(let source): value(source, shape, step)
        }
      }
      return texts.contains(nil) ? nil : texts.compactMap(\.self).joined()
    default: return nil
    }
  }

  /// Statuses with which the inferred rules end a saga of these steps, the last one first.
  private func ends(
    _ steps: [ForeignShape.Step], _ shape: ForeignShape, _ system: SystemDefinition
  ) -> [SagaStatus] {
    steps.reversed().compactMap { step in
      let sources = system.fields.type + [.topic]
      let type = shape.type == .topic ? step.type : sources.lazy.compactMap { value($0, shape, step) }.first
      let rule = system.sagas[0].events.first { rule in
        rule.type == type
          && rule.conditions.allSatisfy { condition in
            let value = value(condition.source, shape, step)
            return condition.values.contains { $0 == "*" ? value?.isEmpty == false : $0 == value ?? "" }
          }
      }
      return rule?.ends
    }
  }

  @Test(
    "no rule reports completed for a failed saga, nor failed or compensated for a completed one",
    arguments: ForeignShape.all)
  func noLie(shape: ForeignShape) throws {
    let bare = Inference.system(of: shape.set, name: "shape")
    #expect(bare.sagas.isEmpty == (shape.isHidden || shape.isLifecycle), "\(bare.unproven)")
    guard !shape.isHidden else { return }
    let hints = InferenceHints(ids: [shape.id])
    let inferred = shape.isLifecycle ? Inference.system(of: shape.set, name: "shape", hints: hints) : bare
    let definition = try #require(inferred.sagas.first?.definition, "nothing was found")
    #expect(definition.identities.flatMap(\.sources).contains(shape.id))
    for saga in shape.sagas {
      let last = ends(saga.steps, shape, inferred.system).first
      switch saga.isGood {
      case true: #expect(last != .failed && last != .compensated, "\(saga.steps.map(\.type))")
      case false: #expect(last != .completed, "\(saga.steps.map(\.type))")
      case nil: #expect(last == nil, "\(saga.steps.map(\.type))")
      }
    }
  }

  @Test(
    "if nothing is found, the correct id and type are among the first three candidates",
    arguments: ForeignShape.all)
  func profile(shape: ForeignShape) {
    let profile = MessageProfile(shape.set)
    let types = profile.types.prefix(3).map(\.source)
    #expect(types.contains(shape.type) || OutcomeFinder.isOutcome(shape.type), "\(types)")
    #expect(profile.ids.prefix(3).map(\.source).contains(shape.id))
  }

  @Test(
    "commands and replies with different names for one id give one saga with one name, in any order",
    arguments: 0..<6)
  func twoNames(turn: Int) {
    let topics = ["stock", "payment", "replies"]
    var messages: [(topic: Int, body: String, time: Int64)] = []
    for number in 1...12 {
      let time = InferenceScenario.start + Int64(number * 500)
      for (topic, step) in [(0, "Stock"), (1, "Payment")] {
        messages.append((topic, #"{"type":"Reserve\#(step)","meta":{"b_saga_id":"s-\#(number)-0000"}}"#, time))
        messages.append((2, #"{"type":"\#(step)Reserved","meta":{"a_saga_id":"s-\#(number)-0000"}}"#, time))
      }
    }
    // Topics are read one after another, in any order.
    let order = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]]
    func inferred(_ order: [Int]) -> InferredSystem {
      var set = SampleSet()
      for topic in order {
        for (offset, one) in messages.filter({ $0.topic == topic }).enumerated() {
          let body = Array(one.body.utf8)
          set.add(
            Message(key: [], headers: [], body: body, fullBodyLength: body.count), topic: topics[topic], partition: 0,
            offset: Int64(offset), time: Timestamp(milliseconds: one.time))
        }
      }
      return Inference.system(of: set, name: "two names")
    }
    #expect(!inferred(order[0]).sagas.isEmpty)
    #expect(inferred(order[turn]).system == inferred(order[0]).system)
  }

  @Test(
    "one hint is enough for systems that are not recognised",
    arguments: ForeignShape.all.filter { $0.isHidden || $0.isLifecycle }
  )
  func hint(shape: ForeignShape) {
    let inferred = Inference.system(of: shape.set, name: "shape", hints: InferenceHints(ids: [shape.id]))
    #expect(inferred.sagas.map(\.flows) == [18])
  }

  @Test("for a single saga only the words of names decide, and the result is marked as uncertain")
  func few() throws {
    var samples = Samples()
    for (place, type) in ["Created", "StockReserved", "PaymentCompleted", "Delivered"].enumerated() {
      samples.add(#"{"type":"\#(type)","orderId":"7"}"#, at: Int64(place * 1000))
    }
    let inferred = Inference.system(of: samples.set, name: "few")
    let saga = try #require(inferred.sagas.first)
    #expect(inferred.isProvisional && InferenceView(inferred).doubts.contains("ids"))
    #expect(saga.definition.events.first { $0.type == "Delivered" }?.ends == .completed)
    #expect(saga.definition.events.first { $0.type == "PaymentCompleted" }?.ends == nil, "a step's word is no end")
    var unnamed = Samples()
    for (place, type) in ["Created", "StockReserved", "Delivered"].enumerated() {
      unnamed.add(#"{"type":"\#(type)","warehouseId":"7"}"#, at: Int64(place * 1000))
    }
    #expect(Inference.system(of: unnamed.set, name: "few").sagas.isEmpty)
  }

  @Test("a saga whose answer has no id is found by its two participants, who may meet again")
  func composed() throws {
    var samples = Samples()
    for number in 1...40 {
      let (one, other) = (number % 8, number % 8 * 10 + (number > 36 ? 1 : number % 5))
      let pair = #""sender_id":\#(one),"receiver_id":\#(other)"#
      samples.add(#"{"type":"InviteSent","invite_id":\#(number),\#(pair)}"#, at: Int64(number * 1000))
      let isKept = number % 2 == 0
      samples.add(
        #"{"type":"\#(isKept ? "InviteAccepted" : "InviteDeclined")","invite_id":\#(isKept ? number : 0),\#(pair)}"#,
        at: Int64(number * 1000 + 300))
    }
    let inferred = Inference.system(of: samples.set, name: "pairs")
    let definition = try #require(inferred.sagas.first?.definition)
    #expect(definition.identities.map(\.ignored) == [["0"], []])
    #expect(
      definition.identities.last?.sources
        == [.template([.field(.path(["sender_id"])), .text("-"), .field(.path(["receiver_id"]))])])
    #expect(definition.events.first { $0.type == "InviteSent" }?.startsSaga == true)
    #expect(definition.events.first { $0.type == "InviteDeclined" }?.ends == .compensated)
  }

  @Test("the same number in two tenants gives two sagas")
  func tenants() throws {
    func identities(_ member: String, _ second: (String) -> String) throws -> [FieldSource] {
      var samples = Samples()
      for number in 1...20 {
        for (place, type) in ["OrderCreated", "OrderPaid", "OrderShipped"].enumerated() {
          for scope in ["a", second(type)] where scope == "a" || number % 3 == 0 {
            samples.add(
              #"{"type":"\#(type)","\#(member)":"\#(scope)","orderId":\#(number)}"#,
              at: Int64(number * 100 + place * 10 + (scope == "a" ? 0 : 3)))
          }
        }
      }
      return try #require(Inference.system(of: samples.set, name: "scopes").sagas.first).definition.identities.flatMap(
        \.sources)
    }
    let scoped = FieldSource.template([.field(.path(["tenant"])), .text("/"), .field(.path(["orderId"]))])
    #expect(try identities("tenant") { _ in "b" } == [scoped])
    #expect(try identities("depot") { _ in "b" } == [.path(["orderId"])], "a member that no tenant is called by")
  }

  @Test("if events without an id cannot be attributed, the ids are marked as uncertain")
  func lost() throws {
    var samples = Samples()
    for number in 1...40 {
      samples.add(#"{"type":"InvoiceSent","invoice_id":\#(number)}"#, at: Int64(number * 1000))
      let isKept = number % 2 == 0
      samples.add(
        #"{"type":"\#(isKept ? "InvoicePaid" : "InvoiceDeclined")","invoice_id":\#(isKept ? number : 0)}"#,
        at: Int64(number * 1000 + 300))
    }
    let view = InferenceView(Inference.system(of: samples.set, name: "lost"))
    #expect(view.doubts.contains("ids"))
    let evidence = view.sagas.first?.parts.first { $0.name == "ids" }?.evidence
    #expect(evidence?.hasSuffix("20 events have no value for it and belong to no saga") == true, "\(evidence ?? "")")
  }
}

import Core
import TestMessages
import TestSupport
import Testing

@testable import Collectors

@Suite("Inference in the background")
struct InferenceWorkerTests {
  private final class Statuses: ObservationSink {
    func accept(_ batch: EventBatch) {}
    func accept(_ status: SourceStatus) {}
    func accept(_ reading: LagSample) {}
    func accept(_ reading: LockSample) {}
    func accept(_ reading: ServiceSample) {}
    func accept(_ actions: [ActionRecord]) {}
    func accept(_ sample: TraceSample) {}
    func accept(_ sample: PodSample) {}
  }

  private let symbols = SymbolTable()
  private let sampler: Sampler

  init() {
    sampler = Sampler(symbols: symbols, next: Statuses())
  }

  private func publish(_ messages: some Sequence<InferenceScenario.Published>, from offset: Int64 = 0) {
    for (place, message) in messages.enumerated() {
      let arena = Array(message.key.utf8) + Array(message.body.utf8)
      let origin = Origin(topic: symbols.symbol(message.topic), partition: 0, offset: offset + Int64(place))
      let time = Timestamp(milliseconds: message.time)
      let text = MessageSlice(
        keyLength: message.key.utf8.count, bodyLength: message.body.utf8.count, fullBodyLength: message.body.utf8.count)
      sampler.accept(
        EventBatch(
          arena: arena, undecoded: [UndecodedMessage(origin: origin, time: time, reason: "not read", text: text)]))
    }
  }

  @Test("a system is reported once, when two attempts agree")
  func found() async {
    var scenario = InferenceScenario(seed: 5)
    scenario.shop(orders: 60)
    publish(scenario.published)
    let isTold = Flag()
    let finder = InferenceWorker(sampler, name: "x", interval: .milliseconds(20)) { isTold.raise() }
    finder.start()
    #expect(await waitUntil { isTold.isRaised })
    #expect(finder.found?.sagas.map(\.definition.type) == ["order"])
    #expect(finder.found?.system == scenario.inferred().system.named("x"))
    finder.stop()
  }

  @Test("messages that could not be decoded at first count once they are, and only then")
  func withdrawn() async throws {
    var scenario = InferenceScenario(seed: 5)
    scenario.shop(orders: 60)
    let origins = scenario.published.enumerated().map { place, message in
      Origin(topic: symbols.symbol(message.topic), partition: 0, offset: Int64(place))
    }
    sampler.accept(
      EventBatch(
        arena: [0, 0, 0, 0, 7],
        undecoded: origins.map {
          UndecodedMessage(
            origin: $0, time: Timestamp(milliseconds: 1), reason: "no schema",
            text: MessageSlice(bodyLength: 5, fullBodyLength: 5))
        }))
    #expect(sampler.samples.count == origins.count && sampler.samples.unread == origins.count)
    var decoded = EventBatch()
    decoded.withdrawn = origins
    sampler.accept(decoded)
    #expect(sampler.samples.count == 0 && sampler.samples.unread == 0)
    publish(scenario.published)
    #expect(sampler.infer(name: "x").system == scenario.inferred().system.named("x"))
  }

  @Test("inference continues while no sagas are found, and ends when stopped")
  func nothing() async {
    var scenario = InferenceScenario(seed: 5)
    let finder = InferenceWorker(sampler, name: "x", interval: .milliseconds(5)) {}
    finder.start()
    scenario.shop(orders: 60)
    #expect(finder.found == nil)
    publish(scenario.published)
    #expect(await waitUntil { finder.found != nil })
    finder.stop()
    let unstarted = InferenceWorker(sampler, name: "x") {}
    unstarted.start()
    unstarted.stop()
  }
}

extension SystemDefinition {
  fileprivate func named(_ name: String) -> Self {
    var result = self
    result.name = name
    return result
  }
}

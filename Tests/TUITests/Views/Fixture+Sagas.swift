import Core

@testable import TUI

extension Fixture {
  static let escapes = "card \u{1b}[31mdeclined\u{1b}]0;owned\u{07} by issuer"
  static let uuid = "7f3a2c1e-88d4-4e0b-9c55-1f2d3a4b91c2"

  static let sampleSagas: [SagaRow] = [
    failed, stuck, compensating, incomplete, retried, running, compensated, completed, korean,
  ]

  private static func ago(_ milliseconds: Int64) -> Timestamp { now - .milliseconds(milliseconds) }

  private static func handle(_ slot: Int32) -> SagaHandle { SagaHandle(slot: slot, generation: 1) }

  /// A step. `start` and `end` are milliseconds before `now`.
  private static func step(
    _ name: String, _ status: StepStatus, _ start: Int64, _ end: Int64?, node: String = "node-1", error: String? = nil
  ) -> StepView {
    StepView(
      name: name, status: status, service: "\(name)-service",
      attempts: [
        .init(
          startedAt: ago(start), endedAt: end.map { ago($0) }, hasFailed: status == .failed, node: node, error: error)
      ])
  }

  private static func step(_ name: String, _ start: Int64, _ end: Int64, node: String = "node-1") -> StepView {
    step(name, .completed, start, end, node: node)
  }

  private static func undone(_ step: StepView, at time: Int64?, status: StepStatus, error: String? = nil) -> StepView {
    var step = step
    step.status = status
    step.compensatedAt = time.map { ago($0) }
    step.compensationNode = time.map { _ in "node-3" }
    step.compensationError = error
    return step
  }

  private static let delivery = StepView(name: "delivery", status: .pending)

  private static let failed = SagaRow(
    handle: handle(1), id: "1004", type: "order", status: .failed, step: "inventory", startedAt: ago(95_000),
    updatedAt: ago(90_000), endedAt: ago(90_000), progressAt: ago(90_000), node: "node-3", failedStep: "payment",
    error: "stock service answered 500: shelf is locked",
    steps: [
      undone(step("order", 95_000, 94_600), at: nil, status: .compensating),
      undone(
        step("inventory", 94_600, 94_100), at: 90_000, status: .compensationFailed,
        error: "stock service answered 500: shelf is locked"),
      step("payment", .failed, 94_100, 92_000, node: "node-2", error: escapes), delivery,
    ])

  private static let stuck = SagaRow(
    handle: handle(2), id: uuid, type: "order", status: .running, flags: .stuck, step: "payment",
    startedAt: ago(252_900), updatedAt: ago(252_000), progressAt: ago(252_000), deadline: .seconds(30), node: "node-2",
    steps: [
      step("order", 252_900, 252_600), step("inventory", 252_600, 252_000, node: "node-2"),
      awaiting(step("payment", .running, 252_000, nil, node: "node-2"), group: "payment-service"), delivery,
    ])

  private static func awaiting(_ step: StepView, group: String) -> StepView {
    var step = step
    step.group = group
    return step
  }

  private static let compensating = SagaRow(
    handle: handle(3), id: "19bb7a51-0000-4f8e-a1a2-55aa66bb0a7e", type: "order", status: .compensating,
    step: "order", startedAt: ago(3_400), updatedAt: ago(900), progressAt: ago(900), deadline: .seconds(30),
    node: "node-1", failedStep: "payment", error: escapes,
    steps: [
      undone(step("order", 3_400, 3_100), at: nil, status: .compensating),
      undone(step("inventory", 3_100, 2_500, node: "node-3"), at: 900, status: .compensated),
      step("payment", .failed, 2_500, 1_800, node: "node-2", error: escapes), delivery,
    ])

  private static let incomplete = SagaRow(
    handle: handle(4), id: "998", type: "order", status: .running, flags: [.incomplete, .inconsistent],
    step: "delivery", startedAt: ago(12_000), updatedAt: ago(2_000), progressAt: ago(2_000), deadline: .seconds(60),
    node: nil,
    steps: [
      StepView(name: "order", status: .pending), StepView(name: "inventory", status: .pending),
      step("payment", 12_000, 2_000), step("delivery", .running, 2_000, nil),
    ])

  private static let retried = SagaRow(
    handle: handle(5), id: "1012", type: "order", status: .running, step: "payment", startedAt: ago(8_000),
    updatedAt: ago(1_500), progressAt: ago(1_500), deadline: .seconds(30), node: "node-2",
    steps: [
      step("order", 8_000, 7_800), step("inventory", 7_800, 7_000),
      StepView(
        name: "payment", status: .running, service: "payment-service",
        attempts: [
          .init(
            startedAt: ago(7_000), endedAt: ago(6_000), hasFailed: true, node: "node-1", error: "timeout after 1 s"),
          .init(
            startedAt: ago(5_000), endedAt: ago(3_800), hasFailed: true, node: "node-2",
            error: "결제 승인 거부: 한도를 초과했습니다 (코드 51), 카드사에 문의하십시오"),
          .init(startedAt: ago(1_500), node: "node-2"),
        ]), delivery,
    ])

  private static let running = SagaRow(
    handle: handle(6), id: "c01d77f0-1b1b-4c4c-8d8d-9e9e9e9e77f0", type: "order", status: .running, step: "delivery",
    startedAt: ago(400), updatedAt: ago(20), progressAt: ago(20), deadline: .seconds(60), node: "node-3",
    steps: [
      step("order", 400, 330), step("inventory", 330, 200), step("payment", 200, 20, node: "node-3"),
      step("delivery", .running, 20, nil, node: "node-3"),
    ])

  private static let compensated = SagaRow(
    handle: handle(7), id: "1001", type: "order", status: .compensated, step: "inventory", startedAt: ago(65_000),
    updatedAt: ago(62_000), endedAt: ago(62_000), progressAt: ago(62_000), node: "node-1", failedStep: "inventory",
    error: "stock short",
    steps: [
      undone(step("order", 65_000, 64_700), at: 62_000, status: .compensated),
      step("inventory", .failed, 64_700, 64_000, error: "stock short"), StepView(name: "payment", status: .pending),
      delivery,
    ])

  private static let completed = SagaRow(
    handle: handle(8), id: "1002", type: "order", status: .completed, step: "delivery", startedAt: ago(30_000),
    updatedAt: ago(29_200), endedAt: ago(29_200), progressAt: ago(29_200), node: "node-2",
    steps: [
      step("order", 30_000, 29_900), step("inventory", 29_900, 29_700, node: "node-2"),
      step("payment", 29_700, 29_400, node: "node-3"), step("delivery", 29_400, 29_200, node: "node-2"),
    ])

  private static let korean = SagaRow(
    handle: handle(9), id: "주문-2026-0001", type: "order", status: .completed, step: "delivery",
    startedAt: ago(7_200_000),
    updatedAt: ago(7_199_000), endedAt: ago(7_199_000), progressAt: ago(7_199_000), node: "서울-1",
    steps: [
      step("order", 7_200_000, 7_199_800), step("inventory", 7_199_800, 7_199_500),
      step("payment", 7_199_500, 7_199_200), step("delivery", 7_199_200, 7_199_000),
    ])
}

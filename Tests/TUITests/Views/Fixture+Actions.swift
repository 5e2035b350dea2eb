import Core
import Synchronization

@testable import TUI

extension Fixture {
  static let alice = ActionRecord.Operator(name: "alice@jump-1", sudoUser: "alice", sshConnection: "10.1.2.3 50122")

  private static func record(
    _ action: ActionName, _ subject: String, _ secondsAgo: Double, _ stages: [(Double, ActionOutcome)],
    intent: String = "2026-01-27-a1", reason: String = "", change: (inout ActionRecord) -> Void = { _ in }
  ) -> ActionRecord {
    var record = ActionRecord(
      intent: intent, action: action, context: "prod", subject: subject, type: action.scope == .saga ? "order" : "",
      operator: alice, reason: reason, idempotencyKey: "\(intent)-\(subject)-1",
      request: "publish inventory-reserved key \(subject)", digest: String(repeating: "5e", count: 32),
      latency: stages.count > 1 ? .milliseconds(12) : nil, intendedAt: now - .seconds(secondsAgo))
    record.stages += stages.map { .init(time: now - .seconds(secondsAgo) + .seconds($0.0), outcome: $0.1) }
    change(&record)
    return record
  }

  /// One action per outcome, the latest first.
  static let sampleActions: [ActionRecord] = [
    record(.retry, uuid, 2, [], intent: "2026-01-27-c3"),
    record(.retry, "1012", 4, [(0.1, .sent)], intent: "2026-01-27-c2"),
    record(.retry, "1004", 9, [(0.1, .sent), (0.2, .accepted(nil))], reason: "gateway is back"),
    record(
      .compensate, "1010", 60, [(0.1, .sent), (0.2, .accepted("202 queued")), (3.4, .observed(after: .seconds(3.2)))]),
    record(.releaseLock, "inventory:lock:1", 130, [(0.1, .refused(status: nil, message: "the holder has changed"))]),
    record(.retry, "998", 200, [(0.1, .sent), (0.3, .refused(status: 409, message: escapes))]),
    record(
      .compensate, "1007", 300, [(0.1, .sent), (10.1, .unknown("no answer within 10s: it may have been done"))],
      reason: "고객 요청"
    ) {
      $0.request = "POST http://10.0.0.9:3000/saga/compensate/1007"
      $0.operator = .init(name: "bob@laptop")
      $0.attempt = 2
    },
    record(.retry, "1001", 400, [(0.1, .sent), (0.2, .accepted(nil)), (30.2, .notObserved(after: .seconds(30)))]),
    record(.redrive, "payment.dlq/0@17", 500, [(0.1, .skipped("the message is no longer there"))]),
    record(.giveUp, "1002", 600, [(0.1, .cancelled)]),
  ]

  func actions(_ query: ActionQuery, now: Timestamp) -> ActionList {
    var list = ActionList(query.window(of: done, now: now), problem: auditProblem)
    for record in done { list.counts[record.outcome.name, default: 0] += 1 }
    return list
  }

  func actions(of intent: String) -> [ActionRecord] { done.filter { $0.intent == intent } }

  func find(id: String, type: String?) -> [SagaHandle] {
    sagas.filter { $0.id == id && (type == nil || $0.type == type) }.map(\.handle)
  }
}

/// Sends no requests. Returns the configured plans and records all calls.
final class FixtureControl: ActionControl {
  struct Calls {
    var plans: [ActionRequest] = []
    var runs: [ActionConfirmation.Answer] = []
    var cancelled: [String] = []
    var resumed: [String] = []
    /// Reason why the run is paused.
    var pause: String?
    var waiting: [ActionReply] = []
    var replies: [ActionReply] = []
  }

  let calls = Mutex(Calls())
  let refusal: ActionRefusal?
  let impossible: [ActionName: String]
  private let count: Int
  /// Replies are held until `answer` is called.
  private let isSlow: Bool
  private let runRefusal: ActionRefusal?
  private let isProtected: Bool
  private let isCompleted: Bool
  private let concerns: [ActionConcern]

  /// Every plan is for `count` sagas.
  init(
    count: Int = 1, isProtected: Bool = false, isCompleted: Bool = false, refusal: ActionRefusal? = nil,
    impossible: [ActionName: String] = [:], isSlow: Bool = false, runRefusal: ActionRefusal? = nil,
    concerns: [ActionConcern] = []
  ) {
    self.concerns = concerns
    self.isSlow = isSlow
    self.runRefusal = runRefusal
    self.count = count
    self.isProtected = isProtected
    self.isCompleted = isCompleted
    self.refusal = refusal
    self.impossible = impossible
  }

  func availability(of action: ActionName, on subject: ActionSubject) -> ActionAvailability {
    impossible[action].map { .impossible($0) } ?? .possible
  }

  func begin(_ task: ActionTask) {
    let reply: ActionReply
    switch task {
    case .plan(let request):
      calls.withLock { $0.plans.append(request) }
      reply = .planned(request, refusal.map { .failure($0) } ?? .success(plan(for: request)))
    case .run(let plan, let answer):
      calls.withLock { $0.runs.append(answer) }
      let isMet = plan.confirmation.isMet(by: answer)
      reply = .started(plan, isMet ? runRefusal : ActionRefusal(.notConfirmed, "the answer does not fit"))
    }
    calls.withLock { if isSlow { $0.waiting.append(reply) } else { $0.replies.append(reply) } }
  }

  func answer() {
    calls.withLock { calls in
      calls.replies += calls.waiting
      calls.waiting = []
    }
  }

  func takeReplies() -> [ActionReply] {
    calls.withLock { calls in
      defer { calls.replies = [] }
      return calls.replies
    }
  }

  func cancel(intent: String) { calls.withLock { $0.cancelled.append(intent) } }
  func resume(intent: String) { calls.withLock { ($0.pause, $0.resumed) = (nil, $0.resumed + [intent]) } }

  func runState(of intent: String) -> ActionRunState? { calls.withLock { ActionRunState(pause: $0.pause) } }

  private func plan(for wish: ActionRequest) -> ActionPlan {
    var items: [ActionPlan.Item] = [
      .init(
        subject: .saga(.init(slot: 2, generation: 1)), id: Fixture.uuid, type: "order", status: .running, flags: .stuck,
        step: "payment", attempt: 2, idempotencyKey: "k",
        warning: "bob@laptop retried it 12s ago: unknown, no answer within 10s")
    ]
    for number in 1..<max(1, count) {
      items.append(
        .init(
          subject: .saga(.init(slot: Int32(number) + 10, generation: 1)), id: "\(2000 + number)", type: "order",
          status: .failed, step: number % 2 == 0 ? "payment" : "inventory"))
    }
    if isCompleted { items[0].status = .completed; items[0].flags = [] }
    var plan = ActionPlan(
      intent: "2026-01-27-a1", action: wish.action, kind: "http", context: "prod", isProtected: isProtected,
      reason: wish.reason, items: items,
      request: [
        "POST http://10.0.0.9:3000/saga/retry/\(Fixture.uuid)", "Authorization: Bearer ***",
        "Idempotency-Key: a1-7f3a-2",
        "Content-Type: application/json", "", #"{"reason":"","by":"alice@jump-1"}"#,
      ],
      expectation: "payment-completed or status completed within 30s",
      confirmation: isCompleted
        ? .typeEnding("91c2")
        : isProtected || count > ActionConfirmation.mostByYes
          ? .typeCount(count) : count > 1 ? .yesAfterSample(count: count) : .yes)
    plan.confirmation.concerns = concerns
    guard count > 1 else { return plan }
    plan.exclusions =
      (0..<7).map { .init(id: "\(3000 + $0)", reason: "the saga has completed: retry is for failed, stuck") }
      + [.init(id: "\u{1b}[31m9", reason: "the saga has no `correlationId`")]
    return plan
  }
}

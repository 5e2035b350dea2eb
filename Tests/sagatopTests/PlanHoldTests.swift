import Core
import Testing

@testable import sagatop

@Suite("A run with a confirmed plan")
struct PlanHoldTests {
  @Test(
    "a plan with other sagas, or another number, is not run, and the difference is reported",
    arguments: [
      (nil, nil, nil), ("1-abc", 1, nil), ("1-abd", nil, "--plan says 1-abd, and the plan is now 1-abc with 1"),
      ("1-abc", 2, "--expect-count says 2, and the plan has 1"), (nil, 0, "--expect-count says 0, and the plan has 1"),
    ] as [(String?, Int?, String?)])
  func difference(id: String?, count: Int?, told: String?) {
    let item = ActionPlan.Item(subject: .system, id: "7")
    var plan = ActionPlan(
      intent: "i", action: .replay, kind: "http", context: "test", items: [item], confirmation: ActionConfirmation(.yes)
    )
    plan.fingerprint = "1-abc"
    var options = Invocation.ActionOptions()
    (options.planID, options.expectedCount) = (id, count)
    let difference = ActCommand.difference(plan, options)
    #expect((difference == nil) == (told == nil) && difference?.contains(told ?? "") ?? true, "\(difference ?? "")")
  }
}

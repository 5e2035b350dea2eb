import Actions
import Clients
import Collectors
import Configuration
import Core
import Glibc
import Reports
import TUI

/// `sagatop retry`, `compensate` and `act`: reads the system, plans, asks for confirmation, runs, and watches the result.
struct ActCommand {
  private let action: ActionName
  private let invocation: Invocation
  private let settings: Settings
  private let filter: Filter?
  private let prompt: ConfirmationPrompt
  private let interrupts: Interrupts
  private let wakeup: WakeUp
  private let watch: Monitor
  private let gate: ActionExecutor

  init(invocation: Invocation, settings: Settings) throws {
    let name = invocation.command == .act ? invocation.words.first ?? "" : invocation.command.rawValue
    guard let action = ActionName(rawValue: name) else { throw UsageError(message: "no action is called `\(name)`") }
    self.action = action
    self.invocation = invocation
    self.settings = settings
    filter = try invocation.filter.map { text throws(CommandFailure) in try Self.filter(text, action.scope) }
    // The monitor starts threads, which must inherit the signal mask.
    interrupts = try Interrupts()
    prompt = ConfirmationPrompt(options: invocation.action, isProtected: settings.isProtected, interrupts: interrupts)
    let wakeup = try WakeUp.make()
    self.wakeup = wakeup
    let also: Set<SourceKind> = action.scope == .deadLetter ? [.lag] : action.scope == .lock ? [.redis] : []
    watch = try Monitor(settings, reads: SourceKind.eventSources.union(also)) { wakeup.ring() }
    gate = ActionWiring.gate(settings, store: watch.store)
  }

  private static func filter(_ text: String, _ scope: ActionName.Scope) throws(CommandFailure) -> Filter {
    do throws(FilterError) {
      let vocabulary = scope == .deadLetter ? EventRow.vocabulary : SagaRow.vocabulary
      return try Filter(parsing: text, for: vocabulary, decidesAction: true)
    } catch {
      throw CommandFailure("--filter: \(error.message)", code: ExitCode.usage)
    }
  }

  func run() -> Int32 {
    // A read-only context is refused without reading the system.
    if case .failure(let refusal) = gate.plan(ActionRequest(action, .subjects([]))), refusal.kind == .readOnly {
      return report(refusal, missing: [])
    }
    watch.start()
    defer {
      gate.close()
      watch.stop()
    }
    switch FirstCatchUpWait.wait(
      until: SteadyClock.now() + invocation.timeout, wakeup, interrupts, isReady: { watch.store.isComplete })
    {
    case .done: break
    case .interrupted(let number): return ExitCode.signal(number)
    case .timeout:
      // A plan from incomplete data would show sagas as stuck that are not.
      FirstCatchUpWait.complainOfMissing(in: watch.store, at: SystemClock.now())
      return ExitCode.unknown
    }
    let (selection, missing) = selection()
    switch gate.plan(request(selection)) {
    case .failure(let refusal): return report(refusal, missing: missing)
    case .success(let plan): return carryOut(plan, missing)
    }
  }

  private func request(_ selection: ActionRequest.Selection) -> ActionRequest {
    let options = invocation.action
    var request = ActionRequest(action, selection, reason: options.reason)
    request.again = options.isAgain
    request.newKey = options.isNewKey
    request.rate = options.rate
    request.concurrency = options.concurrency
    request.filterText = invocation.filter ?? ""
    request.resumes = options.resumes
    return request
  }

  private func selection() -> (ActionRequest.Selection, [ActionPlan.Exclusion]) {
    if let filter { return (.filter(filter), []) }
    let words = invocation.command == .act ? Array(invocation.words.dropFirst()) : invocation.words
    return SubjectWords(scope: action.scope, store: watch.store, now: SystemClock.now()).selection(words)
  }

  private func carryOut(_ plan: ActionPlan, _ missing: [ActionPlan.Exclusion]) -> Int32 {
    let report = PlanReport(plan, missing: missing, isVerbose: invocation.action.isVerbose)
    let isJSON = invocation.format == .json
    Output.write(report.planText, to: isJSON ? STDERR_FILENO : STDOUT_FILENO)
    if invocation.action.isDryRun {
      if isJSON { Output.write(report.json(nil), to: STDOUT_FILENO) }
      return ExitCode.fine
    }
    if let difference = Self.difference(plan, invocation.action) {
      return self.report(ActionRefusal(.notConfirmed, difference), missing: missing)
    }
    guard let answer = prompt.answer(plan) else {
      if isJSON { Output.write(report.json(nil), to: STDOUT_FILENO) }
      return interrupts.taken.map(ExitCode.signal) ?? ExitCode.unknown
    }
    if let refusal = gate.run(plan, answer: answer) { return self.report(refusal, missing: missing) }
    follow(plan)
    let results = watch.store.actions(of: plan.intent)
    // The problem is printed here because it could not be written to the log.
    if let problem = watch.store.actions(ActionQuery(limit: 0), now: SystemClock.now()).problem {
      Output.complain(problem)
    }
    if isJSON { Output.write(report.json(results), to: STDOUT_FILENO) }
    if let number = interrupts.taken { return ExitCode.signal(number) }
    let left = filter == nil ? plan.exclusions.count + missing.count : 0
    return Self.code(results, leftOut: left)
  }

  /// The difference to the plan that the operator reviewed. `nil` if there is none.
  static func difference(_ plan: ActionPlan, _ options: Invocation.ActionOptions) -> String? {
    if let count = options.expectedCount, count != plan.items.count {
      return "nothing was done: --expect-count says \(count), and the plan has \(plan.items.count)"
    }
    guard let id = options.planID, id != plan.fingerprint else { return nil }
    return "nothing was done: --plan says \(id), and the plan is now \(plan.fingerprint) with \(plan.items.count)"
  }

  /// Prints each outcome as it arrives, until all are known or the operator stops waiting.
  private func follow(_ plan: ActionPlan) {
    var told: [ActionRecord.ID: String] = [:]
    while !leaves(plan) {
      let isOver = !gate.isUnderWay(plan.intent)
      tell(plan, isOver: isOver, &told)
      if isOver { return }
      if let why = gate.runState(of: plan.intent)?.pause { ask(plan, why) }
      // Waits for a fixed time instead of for each event: with high traffic, events arrive all the time.
      interrupts.waitForNext(atMost: .milliseconds(plan.items.count > 50 ? 250 : 100))
    }
    // Requests in flight may still get their response.
    gate.close()
    tell(plan, isOver: true, &told)
  }

  private func ask(_ plan: ActionPlan, _ why: String) {
    if prompt.goesOn(why) {
      gate.resume(intent: plan.intent)
    } else {
      gate.cancel(intent: plan.intent)
      Output.complain("the remaining requests are not sent: `sagatop runs resume \(plan.intent)` sends them")
    }
  }

  /// Whether to exit without waiting for outcomes: on the second signal, or if the terminal is closed.
  private func leaves(_ plan: ActionPlan) -> Bool {
    let isFirst = !interrupts.hasAny
    guard let signal = interrupts.takeNext() else { return false }
    gate.cancel(intent: plan.intent)
    guard isFirst, signal == SIGINT else { return true }
    Output.complain("no further requests are sent; interrupt again to exit without waiting for outcomes")
    return false
  }

  /// An unknown outcome may be observed later and is then printed again.
  private func tell(_ plan: ActionPlan, isOver: Bool, _ told: inout [ActionRecord.ID: String]) {
    for record in watch.store.actions(of: plan.intent) where record.outcome.isFinal || isOver {
      guard told[record.id] != record.outcome.name else { continue }
      told[record.id] = record.outcome.name
      Output.write(
        PlanReport.outcomeText(record), to: invocation.format == .json ? STDERR_FILENO : STDOUT_FILENO)
    }
  }

  private func report(_ refusal: ActionRefusal, missing: [ActionPlan.Exclusion]) -> Int32 {
    if invocation.format == .json {
      Output.write(
        PlanReport.json(refused: refusal, action: action, context: settings.context, missing: missing),
        to: STDOUT_FILENO)
    }
    let isMissing = refusal.kind == .nothingToDo && refusal.exclusions.isEmpty && !missing.isEmpty
    if !isMissing { Output.complain("\(action.rawValue): \(refusal.message)") }
    for left in missing { Output.complain("\(action.rawValue): \(left.id): \(left.reason)") }
    for left in refusal.exclusions.dropFirst() { Output.complain("\(action.rawValue): \(left.id): \(left.reason)") }
    return Self.code(refusal.kind)
  }

  static func code(_ kind: ActionRefusal.Kind) -> Int32 {
    switch kind {
    case .readOnly, .undefined: ExitCode.notPermitted
    case .nothingToDo, .tooMany: ExitCode.critical
    case .notConfirmed: ExitCode.unknown
    case .audit: ExitCode.inputOutput
    }
  }

  /// The exit status for the worst outcome. From worst: unknown, failed again, not done, done but not observed.
  static func code(_ results: [ActionRecord], leftOut: Int) -> Int32 {
    var code = leftOut > 0 ? ExitCode.critical : ExitCode.fine
    for record in results {
      switch record.outcome {
      case .unknown, .intended, .sent: return ExitCode.unknown
      case .refused, .skipped, .cancelled: code = max(code, ExitCode.critical)
      case .failedAgain: code = ExitCode.failedAgain
      case .notObserved: code = max(code, ExitCode.warning)
      case .accepted, .observed: break
      }
    }
    return code
  }
}

import Core

/// From a capital letter to the question, and from there to a decision.
extension UIState {
  /// Looking at more marks than this, to say whether an action is possible, would cost time in each frame.
  private static let mostAsked = 50

  /// What each action would be done to now; those without anything are left out.
  func subjects(in content: Content) -> [ActionName: [ActionSubject]] {
    var subjects: [ActionName: [ActionSubject]] = [:]
    for action in ActionName.allCases {
      let chosen = self.subjects(of: action.scope, in: content)
      if !chosen.isEmpty { subjects[action] = chosen }
    }
    return subjects
  }

  private func subjects(of scope: ActionName.Scope, in content: Content) -> [ActionSubject] {
    switch scope {
    case .saga: chosenSagas(in: content).map { .saga($0) }
    case .lock: chosenLock(in: content).map { [.lock($0)] } ?? []
    case .deadLetter:
      chosenEvent(in: content).map {
        [.deadLetter(topic: $0.topic, partition: $0.partition, offset: $0.offset)]
      } ?? []
    case .system: [.system]
    }
  }

  /// The marked ones, else the one under the cursor, or whose page is open.
  private func chosenSagas(in content: Content) -> [SagaHandle] {
    if let page = pages.last {
      switch page.subject {
      case .saga(let handle, _): return [handle]
      case .event(let row): return row.saga.map { [$0] } ?? []
      case .action: return content.actionSaga.map { [$0] } ?? []
      case .group, .lock, .service: return []
      }
    }
    guard view.hasSagas else { return [] }
    if !marks.isEmpty { return marks.sorted { ($0.slot, $0.generation) < ($1.slot, $1.generation) } }
    return selectedSaga(in: content).map { [$0.handle] } ?? []
  }

  private func chosenLock(in content: Content) -> LockKey? {
    if let page = pages.last {
      guard case .lock(let key) = page.subject else { return nil }
      return key
    }
    return view == .locks ? selectedLock(in: content)?.id : nil
  }

  private func chosenEvent(in content: Content) -> EventRow? {
    if let page = pages.last {
      guard case .event(let row) = page.subject else { return nil }
      return row
    }
    return view == .events ? selectedEvent(in: content) : nil
  }

  /// Which actions there are for what is in front, and which of them are possible.
  func availability(in content: Content, _ control: any ActionControl) -> [ActionName: ActionAvailability] {
    var none: [ActionName: ActionAvailability] = [:]
    if pages.isEmpty, view.hasSagas {
      for action in ActionName.allCases where action.scope == .saga {
        none[action] = .impossible("there is no saga here")
      }
    }
    return subjects(in: content).reduce(into: none) { result, entry in
      let answers = entry.value.prefix(Self.mostAsked).lazy.map { control.availability(of: entry.key, on: $0) }
      result[entry.key] = answers.first { $0.isPossible } ?? answers.first
    }
  }

  /// Opens the question, or says why there is none.
  mutating func act(_ action: ActionName, reason: String = "", now: Timestamp, content: Content) -> Intent? {
    guard !refusesWhileFrozen(now: now) else { return nil }
    let word = ActionStyle.name(action)
    let subjects = subjects(in: content)[action] ?? []
    if subjects.isEmpty, content.availability[action] == nil {
      say("\(word): nothing here that it could be done to", isError: true, now: now)
      return nil
    }
    let hasFilter = action.scope == .saga && pages.isEmpty && view.hasSagas && filter.isActive
    switch content.availability[action] {
    case .impossible(let why) where !hasFilter || subjects.isEmpty:
      say("\(word): \(why)", isError: true, now: now)
      return nil
    case nil:
      say("\(word): no action can be done from here", isError: true, now: now)
      return nil
    default: break
    }
    let wish = ActionRequest(action, .subjects(subjects), reason: reason)
    dialog = ActionDialog(
      wish, alternative: hasFilter ? ActionRequest(action, .filter(filter.filter), reason: reason) : nil)
    return .plan(wish)
  }

  /// A key while the dialog is open.
  mutating func answer(_ key: Key, keys: KeyTable) -> Intent? {
    guard var dialog else { return nil }
    if case .control = key {
      switch keys.command(for: key, in: scope) {
      case .redraw: return .redraw
      case .suspend: return .suspend
      default: break
      }
    }
    dialog.complaint = nil
    self.dialog = dialog
    switch (dialog.phase, key) {
    case (_, .escape):
      self.dialog = nil
    case (_, .up): scroll(by: -1)
    case (_, .down): scroll(by: 1)
    case (_, .pageUp): scroll(by: -10)
    case (_, .pageDown): scroll(by: 10)
    case (.refused, .control("a")), (.asking, .control("a")): return choose()
    case (.asking(let plan), _): return answer(key, to: plan)
    case (.running(let plan), .character("c")):
      self.dialog?.isCancelling = true
      return .cancelActions(intent: plan.intent)
    case (_, .enter), (_, .character("q")), (_, .character("n")):
      self.dialog = nil
    default: break
    }
    return nil
  }

  private mutating func scroll(by distance: Int) {
    guard let top = dialog?.top else { return }
    dialog?.top = max(0, top + distance)
  }

  private mutating func choose() -> Intent? {
    guard dialog?.alternative != nil else { return nil }
    dialog?.swap()
    return dialog.map { .plan($0.wish) }
  }

  private mutating func answer(_ key: Key, to plan: ActionPlan) -> Intent? {
    guard let dialog else { return nil }
    let isTyped = plan.confirmation.typed != nil
    switch key {
    case .enter where isTyped: return acceptTyped(plan)
    case .enter where dialog.focus == .confirm: return confirm(plan, .yes)
    case .enter:
      self.dialog = nil
    case .tab, .backTab, .left, .right:
      if !isTyped { self.dialog?.focus = dialog.focus == .cancel ? .confirm : .cancel }
    case .pasted: self.dialog?.complaint = "a confirmation is typed, not pasted"
    case _ where isTyped: _ = self.dialog?.typed.apply(key)
    case .character("y"), .character("Y"): return confirm(plan, .yes)
    case .character("n"), .character("N"), .character("q"):
      self.dialog = nil
    default: break
    }
    return nil
  }

  private mutating func acceptTyped(_ plan: ActionPlan) -> Intent? {
    guard let text = dialog?.typed.text, !text.isEmpty else {
      dialog = nil
      return nil
    }
    guard plan.confirmation.isMet(by: .typed(text)) else {
      dialog?.complaint = "that is not \(plan.confirmation.typed ?? "it"): nothing is sent"
      return nil
    }
    return confirm(plan, .typed(text))
  }

  private mutating func confirm(_ plan: ActionPlan, _ answer: ActionConfirmation.Answer) -> Intent? {
    guard dialog?.isSeen == true else { return nil }
    return .runActions(plan, answer)
  }
}

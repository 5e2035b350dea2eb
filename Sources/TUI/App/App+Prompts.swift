import Core
import Text

/// Prompts in the last line of the screen, the dialog of an action, and their results.
extension App {
  private static let historyLength = 100
  /// Limit of subjects that are checked for the availability of an action, because the check runs for each frame.
  private static let mostAsked = 50

  // MARK: Filter, search and commands

  mutating func find(_ command: Command, now: Timestamp) {
    switch (command, frontPage) {
    case (.filter, nil):
      guard !refusesWhileFrozen(now: now) else { return }
      let filter = frontList.filter
      prompt = Prompt(.filter, text: filter.text, original: filter)
    case (.filter, let page?): prompt = Prompt(.search, text: page.document.search)
    case (_, nil): _ = run(command == .nextMatch ? .down : .up, now: now)
    default: search(command == .nextMatch ? 1 : -1, now: now)
    }
  }

  /// Selects the next line of the page that contains the search text; wraps around.
  private mutating func search(_ direction: Int, now: Timestamp) {
    guard var page = frontPage, !page.document.search.isEmpty else {
      return say("nothing is searched for: press \(key(.filter)) first", isError: true, now: now)
    }
    let lines = page.lines(context(.ascii)).filter { $0.id != nil }
    guard !lines.isEmpty else { return }
    let start = page.document.current(in: lines.compactMap(\.id)) ?? 0
    let needle = page.document.search.lowercased()
    for step in 1...lines.count {
      let index = ((start + direction * step) % lines.count + lines.count) % lines.count
      guard lines[index].line.text.lowercased().contains(needle), let id = lines[index].id else { continue }
      page.document.select(id)
      return front = .page(page)
    }
    say("not found: \(page.document.search)", isError: true, now: now)
  }

  mutating func typed(_ key: Key, now: Timestamp) -> Effect? {
    guard var prompt else { return nil }
    let lines = history[prompt.kind] ?? []
    switch key {
    case .enter: return accept(prompt, now: now)
    case .escape, .control("c"):
      cancel(prompt)
      return nil
    case .backspace where prompt.editor.isEmpty:
      cancel(prompt)
      return nil
    case .tab, .backTab: complete(&prompt, by: key == .tab ? 1 : -1)
    case .up, .control("p"): prompt.recall(by: 1, from: lines)
    case .down, .control("n"): prompt.recall(by: -1, from: lines)
    default: guard prompt.editor.apply(key) else { return nil }
    }
    if key != .tab, key != .backTab { (prompt.completion, prompt.error) = (nil, nil) }
    self.prompt = prompt
    if prompt.kind == .filter { preview(prompt.editor.text) }
    // A partly completed text is not an error.
    if prompt.completion != nil { self.prompt?.error = nil }
    return nil
  }

  private func complete(_ prompt: inout Prompt, by step: Int) {
    let completion = Completion(kind: prompt.kind, app: self)
    prompt.complete(by: step) { completion.candidates(for: $0) }
  }

  /// Applies the filter while it is typed. While it cannot be parsed, the last valid filter stays.
  private mutating func preview(_ text: String) {
    do throws(FilterError) {
      try filter(by: text)
    } catch {
      prompt?.error = error.message
    }
  }

  private mutating func filter(by text: String) throws(FilterError) {
    guard case .list(var list) = front else { return }
    let name = text.hasPrefix("@") ? String(text.dropFirst()) : nil
    if let name, savedFilters[name] == nil {
      // The beginning of a known name is not an error while it is typed.
      if prompt != nil, savedFilters.keys.contains(where: { $0.hasPrefix(name) }) { return }
      throw FilterError.unknownName(name, among: savedFilters.keys.sorted())
    }
    try list.filter(by: name.flatMap { savedFilters[$0] } ?? text)
    front = .list(list)
  }

  private mutating func set(_ filter: ListFilter) {
    guard case .list(var list) = front else { return }
    list.filter = filter
    front = .list(list)
  }

  private mutating func cancel(_ prompt: Prompt) {
    if prompt.kind == .filter { set(prompt.original) }
    self.prompt = nil
  }

  private mutating func accept(_ prompt: Prompt, now: Timestamp) -> Effect? {
    let text = prompt.editor.text
    remember(text, prompt.kind)
    self.prompt = nil
    switch prompt.kind {
    case .filter: apply(filter: text, now: now)
    case .search:
      guard var page = frontPage else { return nil }
      page.document.search = text
      front = .page(page)
      if !text.isEmpty { search(1, now: now) }
    case .command: return command(text, now: now)
    }
    return nil
  }

  private mutating func remember(_ text: String, _ kind: Prompt.Kind) {
    guard !text.isEmpty, history[kind]?.last != text else { return }
    history[kind, default: []].append(text)
    if history[kind, default: []].count > Self.historyLength { history[kind, default: []].removeFirst() }
  }

  private mutating func apply(filter text: String, now: Timestamp) {
    do throws(FilterError) {
      try filter(by: text)
    } catch {
      say("filter: \(error.message)", isError: true, now: now)
    }
  }

  private mutating func command(_ text: String, now: Timestamp) -> Effect? {
    do throws(TypedCommand.Misunderstood) {
      switch try TypedCommand(parsing: text, orders: viewType.orderWords) {
      case .nothing: break
      case .filter(let text):
        guard !refusesWhileFrozen(now: now) else { return nil }
        closePages()
        apply(filter: text, now: now)
      case .sort(let order): sort(by: order, now: now)
      case .columns(let names): choose(columns: names, now: now)
      case .saga(let id): question = .saga(id)
      case .act(let action, let reason): return act(action, reason: reason, now: now)
      case .run(.quit): return .quit
      case .run(let command): return run(command, now: now)
      }
    } catch {
      say(error.message, isError: true, now: now)
    }
    return nil
  }

  private mutating func choose(columns names: [String], now: Timestamp) {
    closePages()
    guard case .list(var list) = front else { return }
    if let wrong = list.choose(columns: names) { return say("columns: \(wrong)", isError: true, now: now) }
    front = .list(list)
    let usual = "the usual columns, of \(list.columnNames.joined(separator: ", "))"
    say(names.isEmpty ? usual : "columns \(names.joined(separator: ", "))", now: now)
  }

  /// Stores how the list in front is shown, if that has changed.
  mutating func remember() -> Effect? {
    guard replay == nil else { return nil }
    let (list, was) = (frontList, preferences)
    preferences.views[list.id.name] = list.preference
    return preferences == was ? nil : .remember(preferences)
  }

  /// Sorts the list in front if it has this order, otherwise the first view that has it.
  private mutating func sort(by order: String, now: Timestamp) {
    guard !refusesWhileFrozen(now: now) else { return }
    closePages()
    if case .list(var list) = front, list.sort(by: order) { return front = .list(list) }
    guard let view = Views.all.first(where: { $0.orderWords.contains(order) }) else { return }
    show(view.id)
    _ = views[view.id]?.sort(by: order)
  }

  /// Closes the pages above the topmost list.
  private mutating func closePages() {
    while case .page? = opened.last { opened.removeLast() }
  }

  // MARK: Actions

  /// The subjects that an action would apply to now.
  private func subjects(of scope: ActionName.Scope) -> [ActionSubject] {
    if scope == .system { return [.system] }
    return if let page = frontPage { page.subjects(of: scope) } else { frontList.subjects(of: scope) }
  }

  /// For unchanged subjects, the availability is determined once a second.
  mutating func readAvailability(_ control: any ActionControl, now: Timestamp) {
    let subjects = ActionName.allCases.map { self.subjects(of: $0.scope) }
    if let known = availableFor, known.scope == scopeBelowHelp, known.subjects == subjects, now > known.at,
      now - known.at < .seconds(1)
    {
      return
    }
    availableFor = (scopeBelowHelp, subjects, now)
    availability = availability(control)
  }

  /// The actions that apply to the front layer, and whether each is possible.
  func availability(_ control: any ActionControl) -> [ActionName: ActionAvailability] {
    var result: [ActionName: ActionAvailability] = [:]
    let keys = viewType.keys
    for action in ActionName.allCases {
      if frontPage == nil, keys.actions.contains(action), let why = keys.noSubject {
        result[action] = .impossible(why)
      }
      let subjects = subjects(of: action.scope)
      guard !subjects.isEmpty else { continue }
      let answers = subjects.prefix(Self.mostAsked).lazy.map { control.availability(of: action, on: $0) }
      result[action] = answers.first { $0.isPossible } ?? answers.first
    }
    return result
  }

  /// Opens the dialog, or shows a notice with the reason why the action is not possible.
  mutating func act(_ action: ActionName, reason: String = "", now: Timestamp) -> Effect? {
    guard !refusesInPast(now: now), !refusesWhileFrozen(now: now) else { return nil }
    let word = ActionStyle.name(action)
    let subjects = subjects(of: action.scope)
    let filter = frontPage == nil ? frontList.filterForActions : nil
    switch availability[action] {
    case nil:
      say("\(word): not applicable here", isError: true, now: now)
      return nil
    case .impossible(let why) where filter == nil || subjects.isEmpty:
      say("\(word): \(why)", isError: true, now: now)
      return nil
    default: break
    }
    var request = ActionRequest(action, .subjects(subjects), reason: reason)
    request.shown = filter
    dialog = ActionDialog(request, alternative: filter.map { all($0, request) })
    return .act(.plan(request))
  }

  /// The same request for all rows that match the filter of the list in front.
  private func all(_ filter: Filter, _ request: ActionRequest) -> ActionRequest {
    var wish = request
    wish.selection = .filter(filter)
    wish.filterText = frontList.filterText
    return wish
  }

  /// Handles a key while the dialog is open.
  mutating func answer(_ key: Key) -> Effect? {
    if case .control = key, let command = keys.command(for: key, in: scope), command == .redraw || command == .suspend {
      return command == .redraw ? .redraw : .suspend
    }
    guard var dialog else { return nil }
    let answer = dialog.answer(key)
    self.dialog = answer.isClosed ? nil : dialog
    return answer.effect
  }

  mutating func begin(_ task: ActionTask) {
    guard let control else { return }
    if case .run(let plan, _) = task { pending.add(plan) }
    control.begin(task)
  }

  /// Handles the replies to plans and confirmations that arrived since the last call.
  mutating func takeReplies(now: Timestamp) {
    for reply in control?.takeReplies() ?? [] {
      switch reply {
      case .planned(let request, let result):
        if dialog?.request == request { dialog?.planned(result) }
      case .started(let plan, nil):
        dialog?.started(plan, refusal: nil)
        actionsWereSent()
      case .started(let plan, let refusal?):
        pending.remove(plan)
        if dialog?.plan == plan {
          dialog?.started(plan, refusal: refusal)
        } else {
          say("\(ActionStyle.name(plan.action)): nothing was sent: \(refusal.message)", isError: true, now: now)
        }
      }
    }
  }

  private mutating func actionsWereSent() {
    for id in views.keys { views[id]?.actionsWereSent() }
    for place in opened.indices {
      guard case .list(var list) = opened[place] else { continue }
      list.actionsWereSent()
      opened[place] = .list(list)
    }
  }
}

/// Intents that were confirmed on this screen and may have unsent requests.
struct PendingActions: Sendable {
  /// Number of items by intent.
  private var intents: [String: Int] = [:]
  private(set) var count = 0
  /// Why one of the runs is paused; `nil` if none is.
  private(set) var pause: String?
  /// The previous key has shown the warning that quitting cancels unsent requests.
  var hasWarned = false

  mutating func add(_ plan: ActionPlan) {
    intents[plan.intent] = plan.items.count
    count += plan.items.count
  }

  mutating func remove(_ plan: ActionPlan) {
    count -= intents.removeValue(forKey: plan.intent) ?? 0
  }

  /// Counts the items without an outcome. An intent is removed once all its items have one.
  mutating func count(in source: some ContentSource) {
    var open: [String: Int] = [:]
    for (intent, count) in intents {
      open[intent] = count - source.actions(of: intent).count { $0.outcome != .intended && $0.outcome != .sent }
    }
    intents = intents.filter { open[$0.key, default: 0] > 0 }
    count = intents.keys.reduce(0) { $0 + open[$1, default: 0] }
  }

  mutating func notePauses(_ control: (any ActionControl)?) {
    pause = intents.keys.sorted().lazy.compactMap { control?.runState(of: $0)?.pause }.first
  }

  /// Shown while a plan runs whose dialog is not open.
  func line(_ glyphs: Glyphs, _ keys: KeyMap) -> StyledLine {
    guard count > 0 else { return StyledLine() }
    let number = Quantity.grouped(count)
    let view = keys.name(of: .showTab(ActionsScreen.tab), in: .page) ?? "actions"
    guard let pause else { return StyledLine("\(glyphs.running) \(number) to send (\(view))   ", .running) }
    let resume = keys.name(of: .resumePending, in: .list(.actions)).map { ", \($0) goes on" } ?? ""
    return StyledLine("\(glyphs.stuck) \(number) paused (\(view)\(resume)): \(pause)   ", .warning, .strong)
  }
}

extension LineEditor {
  /// Returns false if the key does not edit text.
  mutating func apply(_ key: Key) -> Bool {
    switch key {
    case .character(let character): insert(character)
    case .pasted(let text): for character in text { insert(character.isNewline ? " " : character) }
    case .backspace: deleteBackward()
    case .delete: deleteForward()
    case .left, .control("b"): move(by: -1)
    case .right, .control("f"): move(by: 1)
    case .home, .control("a"): moveToStart()
    case .end, .control("e"): moveToEnd()
    case .control("u"): deleteToStart()
    case .control("w"): deleteWord()
    default: return false
    }
    return true
  }
}

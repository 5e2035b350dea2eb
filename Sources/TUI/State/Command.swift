import Core

/// What keys can be bound to. The raw value is the name by which a configuration remaps it.
package enum Command: String, CaseIterable, Sendable {
  case up, down, pageUp, pageDown, halfPageUp, halfPageDown, first, last
  case open, close, unfold, fold
  case filter, nextMatch, previousMatch
  case sortPrevious, sortNext, reverse
  case mark, markRange, unmark
  case freeze, copy, why
  case retry, compensate, giveUp, redrive, evict, leaveUnsent
  case nextView, previousView, showOverview, showSagas, showEvents, showLag, showLocks, showServices, showNodes,
    showCompensations, showActions, topics, members, patterns
  case pausePlay, stepOn, faster, slower, seekBack, seekForward
  case command, help, theme, mouse, redraw, suspend, quit

  package static func show(_ view: ViewID) -> Command {
    switch view {
    case .overview: .showOverview
    case .sagas: .showSagas
    case .events: .showEvents
    case .lag: .showLag
    case .locks: .showLocks
    case .services: .showServices
    case .nodes: .showNodes
    case .compensations: .showCompensations
    case .actions: .showActions
    }
  }

  /// What it does to the watched system, if anything.
  package var action: ActionName? {
    switch self {
    case .retry: .retry
    case .compensate: .compensate
    case .giveUp: .giveUp
    case .redrive: .redrive
    case .evict: .releaseLock
    default: nil
    }
  }

  var shownView: ViewID? { ViewID.allCases.first { Self.show($0) == self } }
}

/// How a service is, from the best to the worst.
package enum ServiceVerdict: String, Sendable, CaseIterable, Comparable {
  case up
  /// Not asked yet, or it could not be asked, or it does not know.
  case unknown
  /// It answers, but slowly, or a part of it does not work.
  case degraded
  case down

  package static func < (left: ServiceVerdict, right: ServiceVerdict) -> Bool { left.severity < right.severity }

  private var severity: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}

/// A verdict with the sentence that decided it.
package struct ServiceJudgement: Sendable, Equatable {
  package var verdict: ServiceVerdict
  package var reason: String

  package init(_ verdict: ServiceVerdict, _ reason: String) {
    self.verdict = verdict
    self.reason = reason
  }
}

/// An instant that may lie before the first look.
package struct Since: Sendable, Equatable {
  package var time: Timestamp
  /// It was so when it was first looked at.
  package var isAtLeast: Bool

  package init(_ time: Timestamp, isAtLeast: Bool = false) {
    self.time = time
    self.isAtLeast = isAtLeast
  }
}

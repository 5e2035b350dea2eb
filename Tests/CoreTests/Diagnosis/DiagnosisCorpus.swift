import Testing

@testable import Core

/// An observed situation and the cause that must be listed first.
struct DiagnosisCase: Sendable, CustomTestStringConvertible {
  var name: String
  /// `nil` if no cause must be found.
  var first: CauseKind?
  /// Part of the first cause's sentence or evidence.
  var words = ""
  var id = "1"
  /// Time of the diagnosis, in seconds.
  var at = 120.0
  var build: @Sendable (DiagnosisScene) -> Void

  var testDescription: String { name }
}

typealias Scene = DiagnosisScene

enum DiagnosisCorpus {
  static let all =
    services + groups + messages + locks + nodes + brokers + steps + compensations + ends + times + calls + pods

  /// A saga waits at `step` since second 100. By default it is diagnosed at second 120.
  static func waiting(_ step: String, _ more: @escaping @Sendable (Scene) -> Void) -> @Sendable (Scene) -> Void {
    { scene in
      scene.usual()
      scene.waits(at: step, since: 100)
      more(scene)
    }
  }
}

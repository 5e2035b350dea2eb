import Testing

@testable import Core

/// A situation as it would be observed, and the cause that comes first.
struct DiagnosisCase: Sendable, CustomTestStringConvertible {
  var name: String
  /// `nil` where nothing is to be explained.
  var first: CauseKind?
  /// Part of the first cause's sentence or evidence.
  var words = ""
  var id = "1"
  /// The second at which it is asked.
  var at = 120.0
  var build: @Sendable (DiagnosisScene) -> Void

  var testDescription: String { name }
}

typealias Scene = DiagnosisScene

enum DiagnosisCorpus {
  static let all = services + groups + messages + locks + nodes + brokers + steps + compensations + ends + times + calls

  /// Sagas wait since second 100 and are asked about at 120, unless told otherwise.
  static func waiting(_ step: String, _ more: @escaping @Sendable (Scene) -> Void) -> @Sendable (Scene) -> Void {
    { scene in
      scene.usual()
      scene.waits(at: step, since: 100)
      more(scene)
    }
  }
}

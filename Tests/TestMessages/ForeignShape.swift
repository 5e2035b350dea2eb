import Core
import Testing

/// Format of a foreign system's events: location of type and id, names of the events, and how sagas end.
package struct ForeignShape: Sendable, CustomTestStringConvertible {
  /// The type of an event and further members of its body.
  package struct Step: Sendable, ExpressibleByStringLiteral {
    package var type: String
    package var more: [String: String] = [:]

    package init(stringLiteral type: String) { self.type = type }

    /// `more` maps a member's path to its JSON text.
    package init(_ type: String, _ more: [String: String]) { (self.type, self.more) = (type, more) }
  }

  package struct Sent: Sendable {
    package var topic: String
    package var key: String
    package var headers: [(name: String, value: String)]
    package var body: String
    package var time: Int64
  }

  package var testDescription: String
  package var type: FieldSource
  package var id: FieldSource
  package var good: [Step]
  package var bad: [[Step]]
  package var waiting: [[Step]]
  /// Members of every message: JSON text by path.
  package var constant: [String: String]
  /// The shape can be inferred only with a hint.
  package var isHidden: Bool
  /// One participant begins and ends it, so it is a saga only by a hint.
  package var isLifecycle: Bool

  package init(
    _ testDescription: String, type: FieldSource, id: FieldSource, good: [Step], bad: [[Step]], waiting: [[Step]],
    constant: [String: String] = [:], isHidden: Bool = false, isLifecycle: Bool = false
  ) {
    self.testDescription = testDescription
    (self.type, self.id) = (type, id)
    (self.good, self.bad, self.waiting) = (good, bad, waiting)
    (self.constant, self.isHidden, self.isLifecycle) = (constant, isHidden, isLifecycle)
  }

  /// Sagas in sequence: nine succeed, six fail and three wait. `isGood` is `nil` for waiting ones.
  package var sagas: [(id: String, steps: [Step], isGood: Bool?)] {
    (0..<18).map { number in
      let letter = String("abcdefghijklmnopqr".dropFirst(number).prefix(1))
      let id = isHidden ? "box-" + String(repeating: letter, count: 6) : "a-\(1000 + number * 7)"
      switch number % 6 {
      case 1, 4: return (id, bad[number / 3 % bad.count], false)
      case 3: return (id, waiting[number / 6 % waiting.count], nil)
      default: return (id, good, true)
      }
    }
  }

  package var messages: [Sent] {
    sagas.enumerated().flatMap { number, saga in
      saga.steps.enumerated().map { place, step in
        sent(
          saga.id, step, at: InferenceScenario.start + Int64(number * 20_000 + place * 600), serial: number * 20 + place
        )
      }
    }
  }

  package var set: SampleSet {
    var set = SampleSet()
    for (offset, one) in messages.enumerated() {
      let message = Message(
        key: Array(one.key.utf8), headers: one.headers, body: Array(one.body.utf8), fullBodyLength: one.body.utf8.count)
      set.add(
        message, topic: one.topic, partition: 0, offset: Int64(offset), time: Timestamp(milliseconds: one.time))
    }
    return set
  }

  package func sent(_ id: String, _ step: Step, at time: Int64, serial: Int) -> Sent {
    var sent = Sent(topic: "events", key: "", headers: [], body: "", time: time)
    var members: [(path: [String], json: String)] = [(["sentAt"], "\(time)"), (["serial"], "\(serial)")]
    put(step.type, at: type, &sent, &members)
    put(id, at: self.id, &sent, &members)
    for (path, json) in constant.merging(step.more, uniquingKeysWith: { $1 }).sorted(by: { $0.key < $1.key }) {
      members.append((path.split(separator: ".").map(String.init), json))
    }
    sent.body = Self.object(members)
    return sent
  }

  private func put(
    _ value: String, at source: FieldSource, _ sent: inout Sent, _ members: inout [(path: [String], json: String)]
  ) {
    switch source {
    case .path(let path): members.append((path, "\"\(value)\""))
    case .header(let name): sent.headers.append((name, value))
    case .topic: sent.topic = value
    case .key: sent.key = value
    default: break
    }
  }

  /// Members with the same first path element are put into one object.
  private static func object(_ members: [(path: [String], json: String)]) -> String {
    var names: [String] = []
    for member in members where !names.contains(member.path[0]) { names.append(member.path[0]) }
    let texts = names.map { name -> String in
      let inner = members.filter { $0.path[0] == name }
      let value =
        inner[0].path.count == 1
        ? inner[inner.count - 1].json : object(inner.map { (Array($0.path.dropFirst()), $0.json) })
      return "\"\(name)\":\(value)"
    }
    return "{\(texts.joined(separator: ","))}"
  }
}

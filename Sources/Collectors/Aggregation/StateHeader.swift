import Core
import Text

/// The first line of every file and record of state: identifies the definitions with which its lines were written.
package struct StateHeader: Sendable, Equatable {
  static let schema = "sagatop.state/v1"

  let line: [UInt8]

  /// The digest covers everything that decoding and indices depend on: names and order of sagas, ids, events, and the sources of fields.
  /// Deadlines, services and actions may change without a new digest.
  package init(_ system: SystemDefinition) {
    let sagas = system.sagas.map { saga in
      "\(saga.type) \(saga.identities) \(saga.events) \(saga.stepSources) \(saga.parentSources) \(saga.errorSources) "
        + "\(saga.productSources)"
    }
    let digest = SHA256.hex("\(sagas) \(system.fields)").prefix(32)
    line =
      RecordedObject.make { object in
        object.text("schema", Self.schema)
        object.text("definitions", String(digest))
      }.bytes + [UInt8(ascii: "\n")]
  }

  /// Why lines after a different header are not read.
  static func difference(_ found: ArraySlice<UInt8>) -> String {
    guard let node = JSONNode(Array(found)), let schema = node.text("schema") else { return "it is no state of sagas" }
    return schema == Self.schema
      ? "it was written by other definitions of sagas"
      : "its format is \(schema), and this program reads \(Self.schema)"
  }
}

/// How far a partition of a source topic is covered by the state written before this line.
package struct StateProgress: Sendable, Equatable {
  private static let kind = "progress"

  package var topic: String
  package var partition: Int32
  /// The next offset.
  package var next: Int64
  /// Everything that was written to the partition before this time, by the writer's clock, is in the state.
  package var until: Timestamp
  /// Interval at which the progress is written.
  package var interval: Duration

  var line: [UInt8] {
    RecordedObject.make { object in
      object.text("kind", Self.kind)
      object.text("topic", topic)
      object.whole("partition", partition)
      object.whole("next", next)
      object.time("until", until)
      object.duration("interval", interval)
    }.bytes + [UInt8(ascii: "\n")]
  }

  init(topic: String, partition: Int32, next: Int64, until: Timestamp, interval: Duration) {
    self.topic = topic
    self.partition = partition
    self.next = next
    self.until = until
    self.interval = interval
  }

  /// `nil` if the line is of another kind.
  init?(_ node: JSONNode) throws(DamagedLine) {
    guard node.text("kind") == Self.kind else { return nil }
    topic = try DamagedLine.need(node.text("topic"))
    partition = try DamagedLine.need(node.whole("partition"))
    next = try DamagedLine.need(node.whole("next"))
    until = try DamagedLine.need(node.time("until"))
    interval = try DamagedLine.need(node.duration("interval"))
  }
}

import Core
import Text

/// The first line of a recording: what was watched, and by whom it can be read.
package struct RecordingHeader: Sendable, Equatable {
  package static let schema = "sagatop.recording/v1"

  /// Of the program that wrote it.
  package var version: String
  package var context: String
  package var isProtected: Bool
  /// The name of the system's definition: of a preset, mostly.
  package var system: String
  package var startedAt: Timestamp
  /// What was made unreadable, as it was asked for.
  package var masked: [String]

  package init(
    version: String, context: String, isProtected: Bool = false, system: String, startedAt: Timestamp,
    masked: [String] = []
  ) {
    self.version = version
    self.context = context
    self.isProtected = isProtected
    self.system = system
    self.startedAt = startedAt
    self.masked = masked
  }

  var line: [UInt8] {
    RecordedObject.make { object in
      object.text("schema", Self.schema)
      object.text("version", version)
      object.text("context", context)
      object.flag("protected", isProtected)
      object.text("system", system)
      object.text("startedAt", startedAt.iso8601)
      object.list("masked", masked.map(JSONNode.string))
    }.bytes + [UInt8(ascii: "\n")]
  }

  init?(_ line: [UInt8]) {
    guard let node = JSONNode(line), node.text("schema") == Self.schema, let version = node.text("version"),
      let start = node.text("startedAt").flatMap(TimestampParser.parse)
    else { return nil }
    self.init(
      version: version, context: node.text("context") ?? "", isProtected: node.flag("protected"),
      system: node.text("system") ?? "", startedAt: start, masked: node.list("masked").compactMap(\.text))
  }
}

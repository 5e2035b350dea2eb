/// Where a system's messages carry what every event has, in order of preference. What a list does not find is looked for
/// where CloudEvents and W3C trace context have it, before the rest falls back as said at each field.
package struct EventFields: Sendable, Equatable {
  /// Falls back to the topic's name.
  package var type: [FieldSource]
  /// Falls back to the broker's timestamp.
  package var time: [FieldSource]
  /// The form of times that are in none of the usual ones.
  package var timeFormat: TimeFormat?
  /// Whose clock a time without a zone is of; `nil` is UTC.
  package var timeZone: ZoneOffsets?
  /// The event's own id, by which duplicates are known; falls back to topic, partition and offset.
  package var id: [FieldSource]
  /// The instance that published it.
  package var node: [FieldSource]
  /// The version of the program that published it.
  package var version: [FieldSource]
  /// Paths of a text that is JSON itself: what lies below them is looked for in it, too. The first that is there is opened.
  package var envelope: [FieldSource]

  package init(
    type: [FieldSource] = [], time: [FieldSource] = [], id: [FieldSource] = [], node: [FieldSource] = [],
    version: [FieldSource] = [], envelope: [FieldSource] = []
  ) {
    self.type = type
    self.time = time
    self.id = id
    self.node = node
    self.version = version
    self.envelope = envelope
  }
}

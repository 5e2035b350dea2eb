import Text

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
  /// The id of the trace that it belongs to; falls back to the headers `traceparent`, `b3`, `X-B3-TraceId`, `uber-trace-id`.
  package var trace: [FieldSource] = []

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

/// Where in a message a value is found.
package indirect enum FieldSource: Sendable, Hashable {
  /// Names of nested JSON members from the outside in; `["data", "orderId"]` is `data.orderId`. Of an array, `*` takes all elements, a
  /// number one of them, counted from 0, and a negative number one counted from the end: `-1` is the last.
  case path([String])
  /// A Kafka header, by its exact name.
  case header(String)
  case key
  /// A member of the key, which is a JSON document, in the words of `path`.
  case keyPath([String])
  case topic
  /// Texts and sources in turn. It gives nothing where one of its sources gives nothing.
  case template([Part])

  package enum Part: Sendable, Hashable {
    case text(String)
    case field(FieldSource)
  }

  /// The sources that it is made of; itself, where it is no template.
  package var fields: [FieldSource] {
    guard case .template(let parts) = self else { return [self] }
    return parts.compactMap { if case .field(let source) = $0 { source } else { nil } }
  }

  /// The value in a message that has neither key nor headers, such as a part of a document. `topic` is the name of what was read.
  package func text(in message: JSONValue, topic: String) -> String? {
    switch self {
    case .path(let names): return message.scalar(at: names[...]).flatMap { $0.isEmpty ? nil : $0 }
    case .topic: return topic
    case .header, .key, .keyPath: return nil
    case .template(let parts):
      var result = ""
      for part in parts {
        switch part {
        case .text(let text): result += text
        case .field(let source):
          guard let value = source.text(in: message, topic: topic) else { return nil }
          result += value
        }
      }
      return result
    }
  }
}

extension JSONValue {
  /// The first text, number or truth value at a path of `FieldSource`.
  fileprivate func scalar(at path: ArraySlice<String>) -> String? {
    guard let name = path.first else { return scalar }
    guard let elements else { return self[name]?.scalar(at: path.dropFirst()) }
    if name == "*" { return elements.lazy.compactMap { $0.scalar(at: path.dropFirst()) }.first }
    guard let index = Int(name) else { return nil }
    let place = index < 0 ? elements.count + index : index
    return elements.indices.contains(place) ? elements[place].scalar(at: path.dropFirst()) : nil
  }
}

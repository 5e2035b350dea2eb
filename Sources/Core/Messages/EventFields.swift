import Text

/// Where a system's messages contain the common fields of events, in order of preference. If a list finds nothing, the places of
/// CloudEvents and W3C trace context are tried, then the fallback stated at each field.
package struct EventFields: Sendable, Equatable {
  /// Falls back to the topic's name.
  package var type: [FieldSource]
  /// Falls back to the broker's timestamp.
  package var time: [FieldSource]
  /// The format of times that match none of the usual forms.
  package var timeFormat: TimeFormat?
  /// The time zone of times without a zone; `nil` is UTC.
  package var timeZone: ZoneOffsets?
  /// The event's own id, which identifies duplicates; falls back to topic, partition and offset.
  package var id: [FieldSource]
  /// The instance that published it.
  package var node: [FieldSource]
  /// The version of the program that published it.
  package var version: [FieldSource]
  /// Paths of a text that is itself JSON: fields are also searched for in it. The first existing one is opened.
  package var envelope: [FieldSource]
  /// The id of its trace; falls back to the headers `traceparent`, `b3`, `X-B3-TraceId`, `uber-trace-id`.
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

/// The place of a value in a message.
package indirect enum FieldSource: Sendable, Hashable {
  /// Names of nested JSON members, outermost first; `["data", "orderId"]` is `data.orderId`. In an array, `*` selects all elements, a
  /// number one element, starting at 0, and a negative number counts from the end: `-1` is the last.
  case path([String])
  /// A Kafka header, by its exact name.
  case header(String)
  case key
  /// A member of the key, which is a JSON document, with a path as in `path`.
  case keyPath([String])
  case topic
  /// Texts and sources in order. It has no value if one of its sources has none.
  case template([Part])

  package enum Part: Sendable, Hashable {
    case text(String)
    case field(FieldSource)
  }

  /// The sources that it contains; itself if it is not a template.
  package var fields: [FieldSource] {
    guard case .template(let parts) = self else { return [self] }
    return parts.compactMap { if case .field(let source) = $0 { source } else { nil } }
  }

  /// The value in a message without key and headers, such as a part of a document. `topic` is the name of the source document.
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
  /// The first string, number or boolean at a path of `FieldSource`.
  fileprivate func scalar(at path: ArraySlice<String>) -> String? {
    guard let name = path.first else { return scalar }
    guard let elements else { return self[name]?.scalar(at: path.dropFirst()) }
    if name == "*" { return elements.lazy.compactMap { $0.scalar(at: path.dropFirst()) }.first }
    guard let index = Int(name) else { return nil }
    let place = index < 0 ? elements.count + index : index
    return elements.indices.contains(place) ? elements[place].scalar(at: path.dropFirst()) : nil
  }
}

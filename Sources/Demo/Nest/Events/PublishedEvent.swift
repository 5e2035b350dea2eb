/// An event as it was published.
struct PublishedEvent {
  let type: String
  let stream: NestEvent.Stream
  let aggregateId: String
  /// Milliseconds since 1970.
  let time: Int64
  let body: JSON

  /// As the API's traces show it.
  var json: JSON {
    .members([
      "timestamp": .string(Clock.text(time)), "eventType": .string(type),
      "aggregateType": .string(stream.rawValue.capitalizedWord), "aggregateId": .string(aggregateId), "data": body,
    ])
  }
}

extension String {
  fileprivate var capitalizedWord: String { prefix(1).uppercased() + dropFirst() }
}

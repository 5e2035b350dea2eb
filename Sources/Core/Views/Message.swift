/// The text of one Kafka message as it was received, cut to the bound.
package struct Message: Sendable, Equatable {
  package var key: [UInt8]
  package var headers: [(name: String, value: String)]
  package var body: [UInt8]
  /// The length of the body as it was received; more than `body.count` where it was cut.
  package var fullBodyLength: Int

  package init(key: [UInt8], headers: [(name: String, value: String)], body: [UInt8], fullBodyLength: Int) {
    self.key = key
    self.headers = headers
    self.body = body
    self.fullBodyLength = fullBodyLength
  }

  package static func == (left: Message, right: Message) -> Bool {
    left.key == right.key && left.body == right.body && left.fullBodyLength == right.fullBodyLength
      && left.headers.elementsEqual(right.headers) { $0 == $1 }
  }
}

/// Where the bytes of one message lie in the arena of its `EventBatch`: key, then headers, then body, back to back.
package struct MessageSlice: Sendable {
  package var start: Int
  package var keyLength: Int
  /// Headers as `name: value` lines, each ended by a line feed.
  package var headersLength: Int
  /// The part of the body that was kept.
  package var bodyLength: Int
  /// The length of the body as it was received.
  package var fullBodyLength: Int

  package init(
    start: Int = 0, keyLength: Int = 0, headersLength: Int = 0, bodyLength: Int = 0, fullBodyLength: Int = 0
  ) {
    self.start = start
    self.keyLength = keyLength
    self.headersLength = headersLength
    self.bodyLength = bodyLength
    self.fullBodyLength = fullBodyLength
  }

  package var length: Int { keyLength + headersLength + bodyLength }
}

/// Why a recording cannot be written or read, in one sentence.
package struct RecordingError: Error, Equatable, CustomStringConvertible {
  package var description: String

  package init(_ description: String) {
    self.description = description
  }
}

/// Why a command ends without having done what it was asked for.
struct CommandFailure: Error, Equatable {
  var message: String
  var code: Int32

  init(_ message: String, code: Int32) {
    self.message = message
    self.code = code
  }
}

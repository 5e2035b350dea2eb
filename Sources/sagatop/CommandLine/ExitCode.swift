/// Exit statuses: those of sysexits.h above 63, and those of monitoring plug-ins from 0 to 3.
enum ExitCode {
  static let fine: Int32 = 0
  static let warning: Int32 = 1
  static let critical: Int32 = 2
  static let unknown: Int32 = 3
  /// For actions: a saga failed again afterwards.
  static let failedAgain: Int32 = 4
  static let usage: Int32 = 64
  /// The requested object does not exist.
  static let noInput: Int32 = 66
  static let inputOutput: Int32 = 74
  static let notPermitted: Int32 = 77
  static let configuration: Int32 = 78

  static func signal(_ number: Int32) -> Int32 { 128 + number }
}

/// An error that ends a command, with the exit status.
struct CommandFailure: Error, Equatable {
  var message: String
  var code: Int32

  init(_ message: String, code: Int32) {
    self.message = message
    self.code = code
  }
}

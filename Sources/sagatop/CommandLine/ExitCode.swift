/// What the program's end tells scripts (sysexits.h above 63, a monitor's states below).
enum ExitCode {
  static let fine: Int32 = 0
  static let warning: Int32 = 1
  static let critical: Int32 = 2
  static let unknown: Int32 = 3
  /// Of actions: a saga failed again after it.
  static let failedAgain: Int32 = 4
  static let usage: Int32 = 64
  /// What was asked about is not there.
  static let noInput: Int32 = 66
  static let inputOutput: Int32 = 74
  static let notPermitted: Int32 = 77
  static let configuration: Int32 = 78

  static func signal(_ number: Int32) -> Int32 { 128 + number }
}

/// Why a command ends without having done what it was asked for.
struct CommandFailure: Error, Equatable {
  var message: String
  var code: Int32

  init(_ message: String, code: Int32) {
    self.message = message
    self.code = code
  }
}

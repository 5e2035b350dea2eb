/// A command line that cannot be understood, told as it stands; exit code 64.
struct UsageError: Error, Equatable {
  var message: String
}

/// An invalid command line; exit code 64.
struct UsageError: Error, Equatable {
  var message: String
}

/// Which of a file's contexts is meant.
enum ContextChoice {
  /// The one that the file says, or its only one.
  case current
  case named(String)
  /// None of them: what the command line says stands for itself.
  case none
}

/// What the command line says over any file. `nil` says nothing.
package struct Overrides: Sendable, Equatable {
  package var configuration: String?
  package var context: String?
  package var preset: String?
  package var brokers: String?
  /// URLs, separated by commas.
  package var redis: String?
  package var since: Duration?
  package var theme: String?
  package var isASCII: Bool?
  package var hasColor: Bool?
  package var hasMouse: Bool?
  package var isReadOnly: Bool?
  package var log: String?

  package init() {}
}

import Core

/// What the program runs with, after flags, environment, context and file were laid over each other.
package struct Settings: Sendable {
  package struct Kafka: Sendable {
    package var brokers: String
    package var properties: [(name: String, value: String)]
  }

  package var context: String
  package var isProtected = false
  package var isReadOnly = false
  package var kafka: Kafka
  /// How far back to read at the start; `nil` reads everything that is there.
  package var since: Duration?
  package var system: SystemDefinition
  package var limits = StoreLimits()
  package var theme = "default"
  /// `nil` lets the terminal's locale decide.
  package var isASCII: Bool?
  package var hasColor = true
  package var hasMouse = false
  package var log: String?
}

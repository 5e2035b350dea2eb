/// Why a Kafka client could not be made.
package struct KafkaError: Error, Equatable, CustomStringConvertible {
  package var description: String
}

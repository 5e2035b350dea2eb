/// Where in a message a field is found.
package enum FieldSource: Sendable, Hashable {
  /// Names of nested JSON objects from the outside in; `["data", "orderId"]` is `data.orderId`. A step of `*` takes all
  /// elements of an array.
  case path([String])
  /// A Kafka header, by its exact name.
  case header(String)
  case key
  case topic
}

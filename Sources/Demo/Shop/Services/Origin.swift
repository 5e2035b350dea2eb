/// Which instance did a piece of work.
struct Origin: Hashable {
  let service: Service
  let node: String

  /// The instance's name, as its Kafka client gives it.
  var name: String { "\(service.rawValue)-\(node)" }
}

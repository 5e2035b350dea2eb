import Core

/// Why a broker of a cluster cannot be reached that the cluster itself names. A broker behind a forwarded port often advertises an address
/// that only its own network knows: then the first connection works, and no other does.
enum BrokerAddress {
  /// "broker 1 advertises kafka-1:9092, which cannot be resolved"; `nil` where the complaint is about none of the brokers, or about an
  /// address that the operator gave.
  static func sentence(_ complaint: String?, brokers: [Int32: String], bootstrap: String) -> String? {
    guard let complaint else { return nil }
    let known = Set(bootstrap.split(separator: ",").map { $0.filter { $0 != " " } })
    let found = brokers.sorted { $0.key < $1.key }.first { !known.contains($0.value) && complaint.contains($0.value) }
    return found.map { "broker \($0.key) advertises \($0.value), which \(fault(complaint))" }
  }

  static func sentence(
    for address: String, _ complaint: String?, brokers: [Int32: String], bootstrap: String
  ) -> String? {
    sentence(complaint, brokers: brokers.filter { $0.value == address }, bootstrap: bootstrap)
  }

  private static func fault(_ complaint: String) -> String {
    let text = complaint.lowercased()
    if text.contains("refused") { return "refuses connections" }
    if text.contains("resolve") { return "cannot be resolved" }
    if text.contains("timed out") || text.contains("timeout") { return "does not answer" }
    return "cannot be reached"
  }
}

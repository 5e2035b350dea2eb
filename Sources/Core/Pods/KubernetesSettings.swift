/// The pods to watch, the client to use, and the mapping from pods to services.
package struct KubernetesSettings: Sendable, Equatable {
  package static let labels = ["app.kubernetes.io/name", "app"]

  /// The client with its fixed arguments.
  package var command = ["kubectl"]
  /// A context of the client's configuration; `nil` for the current one.
  package var context: String?
  /// `nil` for the namespace of the client's context, `*` for all namespaces.
  package var namespace: String?
  package var selector: String?
  /// Label selector of the jobs that are read as events; `*` for all, `nil` for none.
  package var jobs: String?
  /// Labels with the service's name; the first that a pod has is used.
  package var labels = labels
  /// Service name by label value, if the two differ.
  package var services: [String: String] = [:]

  package init() {}

  /// The command line that watches one kind of resource or lists the names of its objects.
  package func words(_ resource: String, selector: String?, isList: Bool = false) -> [String] {
    var words = command
    if let context { words += ["--context", context] }
    if let namespace { words += namespace == "*" ? ["--all-namespaces"] : ["--namespace", namespace] }
    words += ["get", resource]
    if let selector { words += ["--selector", selector] }
    return words + (isList ? ["--output", "name"] : ["--output", "json", "--watch", "--output-watch-events"])
  }
}

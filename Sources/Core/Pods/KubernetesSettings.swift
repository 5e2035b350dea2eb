/// Which pods are watched, with which client, and whose instances they are.
package struct KubernetesSettings: Sendable, Equatable {
  package static let labels = ["app.kubernetes.io/name", "app"]

  /// The client and what always stands behind it.
  package var command = ["kubectl"]
  /// Of the client's configuration; `nil` is its current one.
  package var context: String?
  /// `nil` is the one of the client's context, `*` all of them.
  package var namespace: String?
  package var selector: String?
  /// Which jobs are read as events; `*` is all of them, `nil` none.
  package var jobs: String?
  /// Labels that name the service of a pod, the first that a pod has counts.
  package var labels = labels
  /// By the label's value, where the service is called otherwise.
  package var services: [String: String] = [:]

  package init() {}

  /// The words that watch one kind of resource, or that list the names of what is there.
  package func words(_ resource: String, selector: String?, isList: Bool = false) -> [String] {
    var words = command
    if let context { words += ["--context", context] }
    if let namespace { words += namespace == "*" ? ["--all-namespaces"] : ["--namespace", namespace] }
    words += ["get", resource]
    if let selector { words += ["--selector", selector] }
    return words + (isList ? ["--output", "name"] : ["--output", "json", "--watch", "--output-watch-events"])
  }
}

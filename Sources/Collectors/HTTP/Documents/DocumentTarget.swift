import Clients
import Core

/// A document and how its server is spoken to.
package struct DocumentTarget: Sendable {
  package var definition: DocumentDefinition
  /// Whole, without credentials.
  package var url: String
  package var access: HTTPAccess

  package init(definition: DocumentDefinition, url: String, access: HTTPAccess = HTTPAccess()) {
    self.definition = definition
    self.url = url
    self.access = access
  }

  static let bodyLimit = 4 << 20

  var target: HTTPTarget {
    HTTPTarget(
      url: url, timeout: max(.milliseconds(10), definition.timeout), access: access, accepts: "application/json",
      bodyLimit: Self.bodyLimit)
  }
}

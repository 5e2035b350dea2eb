/// Where the audit log of a context lies, and who shares it.
package struct AuditSettings: Sendable, Equatable {
  /// An absolute path.
  package var path: String
  /// The system's group whose members write to it too; `nil` keeps it to its owner.
  package var group: String?
  /// No action is planned without a reason.
  package var requiresReason: Bool

  package init(path: String, group: String? = nil, requiresReason: Bool = false) {
    self.path = path
    self.group = group
    self.requiresReason = requiresReason
  }
}

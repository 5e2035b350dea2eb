/// What a program needs to know before it puts another app in the place of this one.
extension App {
  /// An action is asked about or under way: its sagas would go with the store.
  package var hasUnsent: Bool { dialog != nil || pending.count > 0 }
}

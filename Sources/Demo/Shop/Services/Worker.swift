/// What a service does with the events that its instances read. One worker serves all instances of a service: it
/// stands for the service's code and its database.
protocol Worker: AnyObject {
  /// Works on an event and calls `job.finish()` in the end, at once or later.
  func handle(_ job: Job)

  /// Drops what an instance that is gone was at.
  func abandon(_ origin: Origin)
}

extension Worker {
  func abandon(_ origin: Origin) {}
}

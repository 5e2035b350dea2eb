/// The notification service: tells the customer; nobody waits for it.
final class NotificationWorker: Worker {
  func handle(_ job: Job) {
    job.work(5...20, "notification", job.finish)
  }
}

/// An event being processed by one instance. If the instance stops, its jobs stop too.
final class Job {
  let event: ReceivedEvent
  let origin: Origin
  let context: ShopContext
  private let publisher: Publisher
  private let isAlive: () -> Bool
  private let completion: () -> Void

  init(
    event: ReceivedEvent, origin: Origin, context: ShopContext, publisher: Publisher,
    isAlive: @escaping () -> Bool, completion: @escaping () -> Void
  ) {
    self.event = event
    self.origin = origin
    self.context = context
    self.publisher = publisher
    self.isAlive = isAlive
    self.completion = completion
  }

  var orderId: Int { event.orderId }

  /// Calls `action` after `milliseconds`, unless the instance has stopped.
  func after(milliseconds: Int, _ action: @escaping () -> Void) {
    context.loop.after(milliseconds: milliseconds) { if self.isAlive() { action() } }
  }

  /// Calls `action` after the processing time of this order for `purpose`. `range` is in milliseconds.
  func work(_ range: ClosedRange<Int>, _ purpose: String, _ action: @escaping () -> Void) {
    after(milliseconds: context.book.chance.pick(range, orderId, purpose + " time"), action)
  }

  /// Publishes an event of this instance; `then` is called after the broker has acknowledged it.
  func publish(_ event: ShopEvent, then: @escaping () -> Void) {
    publisher.publish(event, from: origin, trace: self.event.trace) { if self.isAlive() { then() } }
  }

  /// Runs `action` only if the instance is still running.
  func ifAlive(_ action: () -> Void) {
    if isAlive() { action() }
  }

  /// Marks the event as processed, so that it can be committed.
  func finish() {
    completion()
  }

  func log(_ text: String) {
    context.log.write(origin.name, text)
  }
}

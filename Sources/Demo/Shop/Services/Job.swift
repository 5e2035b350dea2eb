/// One event in the hands of one instance. When the instance stops, its jobs stop too, wherever they are.
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

  /// Calls `action` after so many milliseconds, unless the instance has stopped by then.
  func after(milliseconds: Int, _ action: @escaping () -> Void) {
    context.loop.after(milliseconds: milliseconds) { if self.isAlive() { action() } }
  }

  /// Calls `action` after the time that this order takes for `purpose`, in milliseconds.
  func work(_ range: ClosedRange<Int>, _ purpose: String, _ action: @escaping () -> Void) {
    after(milliseconds: context.book.chance.pick(range, orderId, purpose + " time"), action)
  }

  /// Publishes an event in the name of this instance; `then` is called when the broker has it.
  func publish(_ event: ShopEvent, then: @escaping () -> Void) {
    publisher.publish(event, from: origin, trace: self.event.trace) { if self.isAlive() { then() } }
  }

  /// Runs `action` with whatever comes later only if the instance still runs.
  func ifAlive(_ action: () -> Void) {
    if isAlive() { action() }
  }

  /// The event is processed and may be committed.
  func finish() {
    completion()
  }

  func log(_ text: String) {
    context.log.write(origin.name, text)
  }
}

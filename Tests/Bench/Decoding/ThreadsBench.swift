import Core
import Glibc

/// Decodes on two threads, each with the messages of its own partition and with a decoder of its own, into one store, against one thread.
struct ThreadsBench {
  private static let runs = 5

  func run() {
    let messages = ShopMessages(Shop.events(orders: 100_000))
    print("decode and fold on threads, \(messages.count) events")
    let one = Rate.best(of: Self.runs, by: .wall) { Self.run(messages, threads: 1) }
    let two = Rate.best(of: Self.runs, by: .wall) { Self.run(messages, threads: 2) }
    print("  one thread: \(Int(one.perSecond)) events/s")
    let gain = (two.perSecond / one.perSecond * 100).rounded() / 100
    print("  two threads: \(Int(two.perSecond)) events/s, \(gain) times as many")
    print("  budget: 1.6 times, on two cores that nothing else uses")
  }

  private static func run(_ messages: ShopMessages, threads: Int) -> Int {
    let symbols = SymbolTable()
    let store = Shop.store(symbols)
    let work = { (part: Int) in
      _ = messages.decode(symbols, part: part, of: threads) { batch in store.accept(batch) }
    }
    guard threads > 1 else {
      work(0)
      return messages.count
    }
    let others = (1..<threads).map { part in Worker { work(part) } }
    work(0)
    for other in others { other.join() }
    return messages.count
  }
}

/// A thread that runs a closure to its end.
final class Worker {
  private var thread = pthread_t()

  init(_ body: @escaping () -> Void) {
    let box = Unmanaged.passRetained(Box(body))
    pthread_create(&thread, nil, runBox, box.toOpaque())
  }

  func join() { pthread_join(thread, nil) }
}

private final class Box {
  let body: () -> Void

  init(_ body: @escaping () -> Void) { self.body = body }
}

private func runBox(_ box: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  if let box { Unmanaged<Box>.fromOpaque(box).takeRetainedValue().body() }
  return nil
}

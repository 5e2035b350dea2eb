/// The stock of all products, stored in Redis. A change requires the product's lock, because reading and writing are separate commands.
final class Inventory {
  enum Result {
    case taken
    case refused(reason: String)
    case unknown(RedisFailure)
  }

  private let connection: RedisConnection
  private let context: ShopContext

  init(connection: RedisConnection, context: ShopContext) {
    self.connection = connection
    self.context = context
  }

  /// Sets the initial stock.
  func fill() throws(RedisFailure) {
    for product in Product.catalogue {
      let units = context.book.scenario == .lastUnit && product.id == Product.lastUnit ? 1 : 1_000_000
      _ = try connection.send(["SET", Self.key(product.id), String(units)])
    }
  }

  /// The Redis version for the health document.
  var version: String {
    guard case .text(let info)? = try? connection.send(["INFO", "server"]) else { return "unknown" }
    let line = info.split(whereSeparator: \.isNewline).first { $0.hasPrefix("redis_version:") }
    return line.map { String($0.dropFirst("redis_version:".count)) } ?? "unknown"
  }

  func take(_ quantity: Int, of productId: Int, for orderId: Int) -> Result {
    guard (1...1000).contains(quantity) else { return .refused(reason: "invalid quantity: \(quantity)") }
    do {
      guard var available = try connection.send(["GET", Self.key(productId)]).integerValue else {
        return .refused(reason: "unknown product: \(productId)")
      }
      // Depends on the scheduled time of the order, so that the outcome is independent of timing.
      if Product.scarce.contains(productId), context.strikes(.stockOut, orderId) { available = 0 }
      guard available >= quantity else {
        return .refused(reason: "stock short: requested \(quantity), available \(available)")
      }
      _ = try connection.send(["SET", Self.key(productId), String(available - quantity)])
      return .taken
    } catch {
      return .unknown(error)
    }
  }

  func putBack(_ quantity: Int, of productId: Int) {
    do {
      _ = try connection.send(["INCRBY", Self.key(productId), String(quantity)])
    } catch {
      context.log.write("inventory-service", "\(error): \(quantity) of product \(productId) were not put back")
    }
  }

  private static func key(_ productId: Int) -> String { "inventory:stock:\(productId)" }
}

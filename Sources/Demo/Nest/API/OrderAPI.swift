/// Accepts customer orders over HTTP. Repeated requests create no second order.
final class OrderAPI {
  /// First number of these orders, to avoid the numbers of the book.
  private static let firstNumber = 1_000_000_000
  private static let mostKeys = 100_000

  private let context: NestContext
  private let orchestrator: Orchestrator
  private var orderIds: [String: String] = [:]
  private var count = 0

  init(context: NestContext, orchestrator: Orchestrator) {
    self.context = context
    self.orchestrator = orchestrator
  }

  func take(_ request: HTTPRequest) -> HTTPResponse {
    guard let body = JSONParser.parse(request.body), let userId = body["userId"]?.stringValue,
      case .array(let list)? = body["items"], let items = Self.items(list)
    else { return .failure(400, "expected userId and items with productId, quantity and price") }
    let key =
      request.headers["idempotency-key"] ?? body["idempotencyKey"]?.stringValue
      ?? MD5.hexadecimal(userId + items.map(\.json.text).joined())
    if let existing = orderIds[key] {
      return HTTPResponse(
        409,
        .members([
          "statusCode": .integer(409), "error": .string("DUPLICATE_ORDER"),
          "message": .string("This order was placed before"), "existingOrderId": .string(existing),
          "idempotencyKey": .string(key),
        ]))
    }
    let order = context.book.order(
      Self.firstNumber + count, placed: context.elapsed, userId: userId, items: items,
      address: body["shippingAddress"]?.stringValue ?? "")
    guard let node = orchestrator.place(order) else { return .failure(503, "Service Unavailable") }
    count += 1
    if orderIds.count >= Self.mostKeys { orderIds = [:] }
    orderIds[key] = order.id
    return HTTPResponse(
      201,
      .members([
        "orderId": .string(order.id), "correlationId": .string(order.correlationId), "status": .string("pending"),
        "totalAmount": .integer(order.totalAmount), "nodeId": .string(node), "idempotencyKey": .string(key),
      ]))
  }

  private static func items(_ list: [JSON]) -> [NestOrder.Item]? {
    guard (1...100).contains(list.count) else { return nil }
    var items: [NestOrder.Item] = []
    for item in list {
      guard let product = item["productId"]?.stringValue, let quantity = item["quantity"]?.integerValue,
        let price = item["price"]?.integerValue, (1...1000).contains(quantity), (0...1_000_000_000).contains(price)
      else { return nil }
      items.append(NestOrder.Item(productId: product, quantity: quantity, price: price))
    }
    return items
  }
}

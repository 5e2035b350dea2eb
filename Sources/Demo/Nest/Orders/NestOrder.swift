/// One customer's order as the nest's API takes it.
struct NestOrder: Equatable {
  struct Item: Equatable {
    let productId: String
    let quantity: Int
    /// In won.
    let price: Int

    var productName: String { "Product " + (productId.split(separator: "-").last ?? "") }

    var json: JSON {
      .members([
        "productId": .string(productId), "productName": .string(productName), "quantity": .integer(quantity),
        "price": .integer(price),
      ])
    }
  }

  /// Tells orders apart for chance: small for those of the book, large for those that came over HTTP.
  let number: Int
  let id: String
  let correlationId: String
  /// When it is placed, in milliseconds since the nest opened.
  let placedMilliseconds: Int
  let userId: String
  let items: [Item]
  let shippingAddress: String

  /// In won.
  var totalAmount: Int { items.reduce(0) { $0 &+ $1.price &* $1.quantity } }
}

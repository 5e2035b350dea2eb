/// One customer's order, as the shop's web front would hand it to the order service.
struct Order: Equatable {
  let id: Int
  /// When it is placed, in milliseconds since the shop opened.
  let scheduledMilliseconds: Int
  let userId: Int
  let product: Product
  let quantity: Int

  /// In won.
  var totalPrice: Int { product.price * quantity }
}

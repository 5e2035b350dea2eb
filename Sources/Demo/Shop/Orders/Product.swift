/// Something the shop sells.
struct Product: Equatable {
  let id: Int
  let name: String
  /// In won.
  let price: Int

  static let catalogue = [
    Product(id: 1, name: "무선 기계식 키보드", price: 129_000),
    Product(id: 2, name: "Ergonomic Mouse", price: 59_900),
    Product(id: 3, name: "27인치 모니터", price: 349_000),
    Product(id: 4, name: "USB-C 허브 (7포트)", price: 45_500),
    Product(id: 5, name: "Noise Cancelling Headphones", price: 289_000),
    Product(id: 6, name: "한정판 원두 커피 1kg", price: 32_000),
    Product(id: 7, name: "Standing Desk", price: 512_000),
    Product(id: 8, name: "노트북 파우치", price: 27_900),
  ]

  /// The products that `stock-out` leaves without stock.
  static let scarce: Set<Int> = [2, 4, 6]
  /// The product on whose lock `lock-leak` leaves its mark.
  static let leaked = 1
  /// The product of which `last-unit` sells the last unit.
  static let lastUnit = 6
}

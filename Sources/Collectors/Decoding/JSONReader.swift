import CSimdjson

/// The paths that are wanted of every message, compiled once. Safe on any thread when built.
final class JSONPlan: @unchecked Sendable {
  // Read-only after the initialiser that fills it through `add`, which is why sharing it is safe.
  fileprivate let plan: OpaquePointer?
  private(set) var pathCount = 0

  init() {
    plan = sg_json_plan_new()
  }

  deinit {
    sg_json_plan_free(plan)
  }

  /// The path's number; equal paths share one. To be called before the plan is shared.
  func add(_ names: [String]) -> Int {
    guard let plan else { return -1 }
    let copies = names.map { name in
      let copy = UnsafeMutablePointer<CChar>.allocate(capacity: name.utf8.count + 1)
      for (index, byte) in name.utf8.enumerated() { copy[index] = CChar(bitPattern: byte) }
      copy[name.utf8.count] = 0
      return copy
    }
    defer { copies.forEach { $0.deallocate() } }
    let path = Int(sg_json_plan_add(plan, copies.map { UnsafePointer($0) }, copies.count))
    pathCount = max(pathCount, path + 1)
    return path
  }
}

/// Reads documents by a plan. Belongs to one thread.
final class JSONReader {
  private let plan: JSONPlan
  private let reader: OpaquePointer?
  private let capacity: Int
  private let values: UnsafeMutablePointer<sg_json_value>
  private var count = 0
  /// Per path the position of its first value, or -1.
  private var first: [Int32]

  init(_ plan: JSONPlan) {
    self.plan = plan
    reader = sg_json_reader_new()
    capacity = max(1, plan.pathCount) * SG_JSON_MOST_VALUES
    values = .allocate(capacity: capacity)
    first = Array(repeating: -1, count: plan.pathCount)
  }

  deinit {
    sg_json_reader_free(reader)
    values.deallocate()
  }

  /// Reads a document; `nil` when it is one, else the reason why it is not. What it finds lives until the next call.
  func read(_ document: UnsafeRawBufferPointer) -> String? {
    reset()
    guard let reader, let plan = plan.plan else { return "no memory to read JSON" }
    let error = sg_json_read(reader, plan, document.baseAddress, document.count, values, capacity, &count)
    guard error == 0 else {
      count = 0
      return String(cString: sg_json_error(error))
    }
    for index in stride(from: count - 1, through: 0, by: -1) { first[Int(values[index].path)] = Int32(index) }
    return nil
  }

  func reset() {
    for index in first.indices { first[index] = -1 }
    count = 0
  }

  /// The first string, number or truth value at a path.
  func value(at path: Int) -> UnsafeRawBufferPointer? {
    guard path >= 0, first[path] >= 0 else { return nil }
    return text(Int(first[path]))
  }

  /// All of them, in the order of the document.
  func forEachValue(at path: Int, _ body: (UnsafeRawBufferPointer) -> Void) {
    guard path >= 0, first[path] >= 0 else { return }
    for index in Int(first[path])..<count where Int(values[index].path) == path {
      if let text = text(index) { body(text) }
    }
  }

  private func text(_ index: Int) -> UnsafeRawBufferPointer? {
    let value = values[index]
    return value.kind == Int32(SG_JSON_NULL) ? nil : UnsafeRawBufferPointer(start: value.text, count: value.length)
  }
}

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

  /// The path's number; equal paths share one. With `whole` arrays and objects are given, too. To be called before the plan is shared.
  func add(_ names: [String], whole: Bool = false) -> Int {
    guard let plan else { return -1 }
    let copies = names.map { name in
      let copy = UnsafeMutablePointer<CChar>.allocate(capacity: name.utf8.count + 1)
      for (index, byte) in name.utf8.enumerated() { copy[index] = CChar(bitPattern: byte) }
      copy[name.utf8.count] = 0
      return copy
    }
    defer { copies.forEach { $0.deallocate() } }
    let path = Int(sg_json_plan_add(plan, copies.map { UnsafePointer($0) }, copies.count, whole ? 1 : 0))
    pathCount = max(pathCount, path + 1)
    return path
  }
}

/// Reads documents by a plan. Belongs to one thread.
struct JSONReader: ~Copyable {
  private let plan: JSONPlan
  private let reader: OpaquePointer?
  /// What the last document had; lives until the next is read.
  private(set) var fields = JSONFields()

  init(_ plan: JSONPlan) {
    self.plan = plan
    reader = plan.plan.flatMap { sg_json_reader_new($0) }
  }

  deinit {
    sg_json_reader_free(reader)
  }

  /// `nil` when the bytes are a document, else the reason why they are not.
  mutating func read(_ document: UnsafeRawBufferPointer) -> String? {
    guard let reader else { return "no memory to read JSON" }
    let error = sg_json_read(reader, document.baseAddress, document.count, &fields.found)
    return error == 0 ? nil : String(cString: sg_json_error(error))
  }

  /// As after a document without any of the fields.
  mutating func clear() { fields = JSONFields() }
}

import CSimdjson

/// The paths to read in every document, compiled once. Thread-safe after it is built.
final class JSONPlan: @unchecked Sendable {
  // `add` changes it only during setup. It is read-only afterwards, so sharing it is safe.
  fileprivate let plan: OpaquePointer?
  private(set) var pathCount = 0

  init() {
    plan = sg_json_plan_new()
  }

  deinit {
    sg_json_plan_free(plan)
  }

  /// The number of the path; equal paths share one. `whole`: arrays and objects are also returned. Must be called before the plan is
  /// shared.
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

/// Parses documents by a plan. Belongs to one thread.
struct JSONReader: ~Copyable {
  private let plan: JSONPlan
  private let reader: OpaquePointer?
  /// The fields of the last document; valid until the next one is read.
  private(set) var fields = JSONFields()

  init(_ plan: JSONPlan) {
    self.plan = plan
    reader = plan.plan.flatMap { sg_json_reader_new($0) }
  }

  deinit {
    sg_json_reader_free(reader)
  }

  /// Returns `nil` on success, otherwise the reason.
  mutating func read(_ document: UnsafeRawBufferPointer) -> String? {
    guard let reader else { return "no memory to read JSON" }
    let error = sg_json_read(reader, document.baseAddress, document.count, &fields.found)
    return error == 0 ? nil : String(cString: sg_json_error(error))
  }

  /// Sets the state of a document without any of the fields.
  mutating func clear() { fields = JSONFields() }
}

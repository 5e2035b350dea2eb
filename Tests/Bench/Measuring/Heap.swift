import CSimdjsonPass

/// Heap memory in use.
enum Heap {
  static var bytes: Int { sg_heap_bytes() }

  /// The number of allocations of this thread.
  static var allocations: Int { Int(sg_allocations()) }
}

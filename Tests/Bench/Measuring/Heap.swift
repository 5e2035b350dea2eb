import CSimdjsonPass

/// What the allocator has given out and not got back.
enum Heap {
  static var bytes: Int { sg_heap_bytes() }

  /// How often this thread has asked for memory.
  static var allocations: Int { Int(sg_allocations()) }
}

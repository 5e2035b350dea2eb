import CSimdjson

/// The requested fields of one document. Borrowed from its reader.
struct JSONFields {
  var found = sg_json_fields()

  /// The first string, number or boolean at a path.
  func value(at path: Int) -> UnsafeRawBufferPointer? {
    guard let first = first(at: path) else { return nil }
    return text(first)
  }

  func has(_ path: Int) -> Bool { first(at: path) != nil }

  /// Calls `body` for all values at a path, in document order.
  func forEachValue(at path: Int, _ body: (UnsafeRawBufferPointer) -> Void) {
    guard let first = first(at: path), let values = found.values else { return }
    for index in first..<Int(found.count) where Int(values[index].path) == path {
      if let text = text(index) { body(text) }
    }
  }

  /// The JSON text of an array or object, for a path added with `whole`.
  func whole(at path: Int) -> UnsafeRawBufferPointer? {
    guard let first = first(at: path), let value = found.values?[first], value.kind == Int32(SG_JSON_WHOLE) else {
      return nil
    }
    return UnsafeRawBufferPointer(start: value.text, count: value.length)
  }

  private func first(at path: Int) -> Int? {
    guard found.count > 0, path >= 0, let first = found.first?[path], first >= 0 else { return nil }
    return Int(first)
  }

  private func text(_ index: Int) -> UnsafeRawBufferPointer? {
    guard let value = found.values?[index], value.kind != Int32(SG_JSON_NULL), value.kind != Int32(SG_JSON_WHOLE) else {
      return nil
    }
    return UnsafeRawBufferPointer(start: value.text, count: value.length)
  }
}

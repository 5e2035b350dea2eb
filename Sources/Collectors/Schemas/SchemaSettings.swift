import Core

extension SchemaSettings.File {
  /// Why the file is not a valid schema; `nil` if it is valid.
  package var problem: String? {
    do throws(SchemaFault) {
      _ = try compiled()
      return nil
    } catch {
      return error.reason
    }
  }

  func compiled() throws(SchemaFault) -> MessageSchema {
    if path.hasSuffix(".avsc") { return .avro(try AvroSchema(bytes)) }
    if path.hasSuffix(".proto") { return .protobuf(try ProtobufSchema(bytes, message: message)) }
    return .protobuf(try ProtobufSchema(descriptors: bytes, message: message))
  }
}

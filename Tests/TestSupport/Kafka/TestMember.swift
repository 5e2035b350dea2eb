import CKafka
import Glibc
import Synchronization

/// A consumer group member that reads and commits on its own thread.
package final class TestMember: Sendable {
  private final class Life: Sendable {
    let handle: Shared
    let isEnding = Atomic(false)
    let isDying = Atomic(false)
    let read = Atomic(0)
    let hasEnded = Atomic(false)

    init(_ handle: OpaquePointer) {
      self.handle = Shared(handle)
    }

    func run() {
      while !isEnding.load(ordering: .relaxed) {
        guard let message = rd_kafka_consumer_poll(handle.pointer, 20) else { continue }
        if message.pointee.err == RD_KAFKA_RESP_ERR_NO_ERROR { read.add(1, ordering: .relaxed) }
        rd_kafka_message_destroy(message)
      }
      if !isDying.load(ordering: .relaxed) { rd_kafka_consumer_close(handle.pointer) }
      // A dying member does not notify the group.
      rd_kafka_destroy_flags(handle.pointer, Int32(RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE))
      hasEnded.store(true, ordering: .releasing)
    }
  }

  /// `@unchecked Sendable`: librdkafka's handles are thread-safe.
  private final class Shared: @unchecked Sendable {
    let pointer: OpaquePointer

    init(_ pointer: OpaquePointer) { self.pointer = pointer }
  }

  private let life: Life

  /// With `isCommitting` false it reads but never commits. The group notices a dead member after six seconds.
  package init(
    _ brokers: String, group: String, topics: [String], clientID: String, isCommitting: Bool = true
  ) throws {
    let configuration = rd_kafka_conf_new()
    let properties = [
      "bootstrap.servers": brokers, "group.id": group, "client.id": clientID, "log_level": "0",
      "auto.offset.reset": "earliest", "enable.auto.commit": isCommitting ? "true" : "false",
      "auto.commit.interval.ms": "50", "session.timeout.ms": "6000", "heartbeat.interval.ms": "200",
      "partition.assignment.strategy": "range", "fetch.wait.max.ms": "50",
    ]
    for (name, value) in properties { rd_kafka_conf_set(configuration, name, value, nil, 0) }
    guard let handle = rd_kafka_new(RD_KAFKA_CONSUMER, configuration, nil, 0) else {
      rd_kafka_conf_destroy(configuration)
      throw TestFailure("librdkafka gives no consumer")
    }
    rd_kafka_poll_set_consumer(handle)
    let list = rd_kafka_topic_partition_list_new(1)
    defer { rd_kafka_topic_partition_list_destroy(list) }
    for topic in topics { rd_kafka_topic_partition_list_add(list, topic, -1) }
    rd_kafka_subscribe(handle, list)
    life = Life(handle)
    var thread = pthread_t()
    let retained = Unmanaged.passRetained(life)
    guard pthread_create(&thread, nil, runMember, retained.toOpaque()) == 0 else {
      retained.release()
      throw TestFailure("no thread for a member")
    }
    pthread_detach(thread)
  }

  deinit {
    life.isEnding.store(true, ordering: .relaxed)
  }

  /// The number of messages read.
  package var read: Int { life.read.load(ordering: .relaxed) }

  /// Leaves the group properly.
  package func leave() async {
    life.isEnding.store(true, ordering: .relaxed)
    _ = await waitUntil { life.hasEnded.load(ordering: .acquiring) }
  }

  /// Exits without leaving the group.
  package func die() async {
    life.isDying.store(true, ordering: .relaxed)
    await leave()
  }

  fileprivate static func run(_ pointer: UnsafeMutableRawPointer) {
    Unmanaged<Life>.fromOpaque(pointer).takeRetainedValue().run()
  }
}

private func runMember(_ pointer: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  if let pointer { TestMember.run(pointer) }
  return nil
}

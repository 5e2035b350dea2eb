import Clients
import Core

/// Reads one server, or all masters of its cluster, in rounds. Belongs to one thread.
final class RedisReader {
  static let firstDelay = Duration.milliseconds(500)
  private static let longestDelay = Duration.seconds(10)
  private static let topologyInterval = Duration.seconds(10)

  private let settings: RedisSettings
  private let sink: any ObservationSink
  private let stop: StopSignal
  private let now: @Sendable () -> Timestamp
  private let random: @Sendable () -> Double
  private var nodes: [RedisNode]
  /// `nil` if the server is not part of a cluster.
  private var topology: RedisTopology?
  private var topologyAt: ContinuousClock.Instant?
  private var status: SourceStatus

  init(
    _ settings: RedisSettings, sink: any ObservationSink, stop: StopSignal, now: @escaping @Sendable () -> Timestamp,
    random: @escaping @Sendable () -> Double
  ) {
    self.settings = settings
    self.sink = sink
    self.stop = stop
    self.now = now
    self.random = random
    nodes = [RedisNode(settings.address, settings, stop: stop, now: now)]
    status = SourceStatus(.redis, name: settings.name)
  }

  /// Runs until it is stopped.
  func run() {
    while !stop.isStopped {
      let start = ContinuousClock.now
      round()
      if stop.isStopped { return }
      report()
      if nodes.count == 1, case .unsupported? = nodes[0].failure { return }
      rest(since: start)
    }
  }

  private func round() {
    findNodes()
    var reading = LockSample(source: settings.name, time: now(), isExact: true)
    var parts: [RedisNode.Part] = []
    for node in nodes where node.retryAt <= .now {
      do throws(RedisError) {
        parts.append(try node.round())
        (node.failure, node.delay) = (nil, Self.firstDelay)
      } catch {
        if error == .stopped { return }
        fail(node, error)
      }
    }
    for part in parts { handOver(part.moved) }
    guard !parts.isEmpty else { return }
    combine(parts.map(\.reading), into: &reading)
    sink.accept(reading)
  }

  /// Combines the results of the nodes. The result is exact only if all slots are read, and all nodes responded and are exact.
  private func combine(_ parts: [LockSample], into reading: inout LockSample) {
    let isWhole = parts.count == nodes.count && topology?.isWhole ?? true
    reading.locks = parts.flatMap(\.locks)
    reading.gone = parts.flatMap(\.gone)
    reading.events = parts.flatMap(\.events).sorted { $0.time < $1.time }
    reading.isExact = isWhole && parts.allSatisfy(\.isExact)
    reading.took = parts.map(\.took).reduce(.zero, +)
    reading.time = now()
    reading.passes = isWhole ? parts.map(\.passes).min() ?? 0 : 0
    reading.progress = parts.map(\.progress).reduce(0, +) / Double(nodes.count)
    reading.dropped = parts.reduce(0) { $0 &+ $1.dropped }
    let counts = parts.compactMap(\.counts)
    if isWhole, counts.count == parts.count, let first = counts.first {
      reading.counts = first.indices.map { place in counts.reduce(0) { $0 &+ $1[place] } }
    }
  }

  /// Passes redirected keys to the node that stores them.
  private func handOver(_ moved: [(key: [UInt8], to: RedisRedirection)]) {
    guard !moved.isEmpty else { return }
    topologyAt = nil
    for (key, redirection) in moved {
      nodes.first { $0.address.place == .host(redirection.host) }?.add(key, isAsking: redirection.isAsking)
    }
  }

  /// Requests the list of masters from the first node that responds. Masters that stay keep their connections and locks.
  private func findNodes() {
    if let topologyAt, ContinuousClock.now - topologyAt < Self.topologyInterval { return }
    for node in nodes where node.retryAt <= .now {
      do throws(RedisError) {
        topology = try ask(node)
        topologyAt = .now
        if let topology, !topology.masters.isEmpty { follow(topology) }
        return
      } catch {
        if error == .stopped { return }
        fail(node, error)
      }
    }
  }

  private func ask(_ node: RedisNode) throws(RedisError) -> RedisTopology? {
    guard case .host(let host) = node.address.place else { return nil }
    return try RedisTopology.ask(node.connect(), host: host.name)
  }

  private func follow(_ topology: RedisTopology) {
    let old = nodes
    let others = settings.peers.filter { $0 != settings.address }.map(\.place)
    // If several servers are configured, the first one also reads the masters that are not configured.
    let isFirst = settings.peers.first.map { $0 == settings.address } ?? true
    let wanted = topology.masters.filter {
      .host($0) == settings.address.place || isFirst && !others.contains(.host($0))
    }
    if wanted.isEmpty { return }
    nodes = wanted.map { master in
      if let node = old.first(where: { $0.address.place == .host(master) }) { return node }
      var address = settings.address
      address.place = .host(master)
      return RedisNode(address, settings, stop: stop, now: now)
    }
  }

  private func fail(_ node: RedisNode, _ error: RedisError) {
    node.disconnect()
    node.failure = error
    node.retryAt = .now + node.delay * (0.8 + 0.4 * random())
    node.delay = min(node.delay * 2, Self.longestDelay)
    // A failover may have changed the master.
    topologyAt = nil
  }

  /// Waits until the next round. During the first pass, the pause is as long as the work, so that the server has half of the time for
  /// other clients.
  private func rest(since start: ContinuousClock.Instant) {
    let took = ContinuousClock.now - start
    if nodes.allSatisfy({ $0.failure != nil }), let next = nodes.map(\.retryAt).min() { return wait(until: next) }
    let isComplete = nodes.allSatisfy { $0.isComplete || $0.failure != nil }
    wait(
      until: .now + (!isComplete ? min(took, settings.interval) : max(settings.interval - took, settings.interval / 4)))
  }

  private func wait(until end: ContinuousClock.Instant) {
    while !stop.isStopped, ContinuousClock.now < end {
      let listening = nodes.filter { $0.descriptor != nil }
      let ready = stop.wait(
        listening.compactMap { node in node.descriptor.map { ($0, RedisConnection.readable) } },
        atMost: end - ContinuousClock.now)
      for (node, events) in zip(listening, ready) where events != 0 { node.serveEvents() }
    }
  }
}

extension RedisReader {
  private func report() {
    let failed = nodes.filter { $0.failure != nil }
    let isComplete = nodes.allSatisfy(\.isComplete)
    status.isComplete = status.isComplete || isComplete
    status.progress = nodes.map(\.progress).reduce(0, +) / Double(nodes.count)
    status.notes = nodes.flatMap(\.notes)
    if failed.count == nodes.count { return reportDown(failed[0]) }
    let reasons = nodes.compactMap(\.deficiency) + (topology?.unknown ?? []).map { "\(settings.address.name): \($0)" }
    status.latency = nodes.compactMap(\.latency).max()
    status.phase = !reasons.isEmpty ? .degraded : !isComplete ? .catchingUp : .up
    status.lastSuccess = now()
    status.error = reasons.first.map { $0 + (reasons.count > 1 ? "; and \(reasons.count - 1) more" : "") }
    status.retryAt = failed.isEmpty ? nil : now()
    sink.accept(status)
  }

  /// Reports that no server can be read.
  private func reportDown(_ node: RedisNode) {
    guard let failure = node.failure else { return }
    // The server is reachable and responds after it has loaded its data.
    status.phase = failure.code == "LOADING" ? .degraded : .down
    if case .unsupported(let reason) = failure {
      (status.error, status.retryAt) = ("\(node.address.name): \(reason)", nil)
    } else {
      let most = Self.longestDelay.components.seconds
      status.error = "\(node.address.name): \(failure.sentence); trying again, at least every \(most) s"
      status.retryAt = now() + max(.zero, node.retryAt - .now)
    }
    sink.accept(status)
  }
}

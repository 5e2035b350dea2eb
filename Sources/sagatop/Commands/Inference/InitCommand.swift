import Clients
import Collectors
import Configuration
import Core
import TUI
import Text

/// `sagatop init`: reads a system, prints a configuration for it, and exits.
struct InitCommand {
  /// Maximum time to wait for new messages if nothing is found in the existing ones.
  private static let patience = Duration.seconds(120)
  private static let redisPatience = Duration.seconds(10)
  private static let progressInterval = Duration.seconds(5)
  private static let glance = Duration.milliseconds(200)

  let invocation: Invocation
  let settings: Settings

  init(invocation: Invocation, settings: Settings) throws(CommandFailure) {
    self.invocation = invocation
    var settings = settings
    settings.system.documents = Self.documents(settings)
    self.settings = settings
    guard settings.kafka.brokers.isEmpty, settings.system.documents.isEmpty else { return }
    throw CommandFailure("init: no source could be read", code: ExitCode.unknown)
  }

  /// Adds the inferred message rules to each document. Documents without a result are dropped.
  private static func documents(_ settings: Settings) -> [DocumentDefinition] {
    Monitor.documents(settings).compactMap { document in
      do throws(DocumentProbe.Failure) { return try DocumentProbe.find(document) } catch {
        Output.complain(settings.secrets.mask("document \(document.definition.name): \(error.reason)"))
        return nil
      }
    }
  }

  func run() throws -> Int32 {
    let interrupts = try Interrupts()
    let wakeup = try WakeUp.make()
    let watch = try Monitor(settings, reads: SourceKind.eventSources.union([.lag])) { wakeup.ring() }
    guard let sampler = watch.sampler else { throw ConfigurationError(["init: there is nothing to infer"]) }
    watch.start()
    let keys = keys()
    defer { watch.stop() }
    let inferred = look(sampler, watch.store, wakeup, interrupts)
    let end = FirstCatchUpWait.wait(until: SteadyClock.now() + invocation.timeout, wakeup, interrupts) {
      watch.store.isComplete
    }
    if case .interrupted(let number) = end { return ExitCode.signal(number) }
    Output.complain(SystemInference.summary(inferred))
    FirstCatchUpWait.complainOfMissing(in: watch.store, at: SystemClock.now())
    // Without messages, the output would be a configuration without content.
    if inferred.messages == 0, !watch.store.isComplete { return ExitCode.unknown }
    var surroundings = surroundings(watch.store, keys)
    if inferred.sagas.isEmpty || !InferenceView(inferred).doubts.isEmpty { surroundings.profile = sampler.profile }
    try Delivery(path: invocation.output, interrupts: interrupts).finish(InferredText.text(inferred, surroundings))
    return watch.store.isComplete ? Self.code(inferred) : ExitCode.unknown
  }

  /// 0: found; 1: found, but some parts are uncertain; 2: nothing found.
  private static func code(_ inferred: InferredSystem) -> Int32 {
    if inferred.sagas.isEmpty { return ExitCode.critical }
    return InferenceView(inferred).doubts.isEmpty ? ExitCode.fine : ExitCode.warning
  }

  /// Reads for the requested duration. By default until the existing messages are read, and longer if nothing was found in them.
  private func look(
    _ sampler: Sampler, _ store: Store, _ wakeup: WakeUp, _ interrupts: Interrupts
  ) -> InferredSystem {
    let start = SteadyClock.now()
    let end = start + (invocation.duration ?? Self.patience)
    var progressAt = start + Self.progressInterval
    var next = start
    while true {
      let now = SteadyClock.now()
      let isOver = now >= end || sampler.isFull || interrupts.taken != nil
      if isOver || (invocation.duration == nil && sampler.isComplete && now >= next) {
        let inferred = sampler.infer(name: settings.system.name)
        if isOver || !inferred.sagas.isEmpty { return inferred }
        next = now + Self.progressInterval
      }
      if now >= progressAt {
        progressAt = now + Self.progressInterval
        Output.complain(progress(sampler.samples.count, store, rest: end - now))
      }
      wakeup.wait(atMost: Self.glance)
    }
  }

  /// Includes the error of a source that returns nothing, because it is the likely reason.
  private func progress(_ messages: Int, _ store: Store, rest: Duration) -> String {
    let errors = store.sources.filter { $0.carriesEvents }.compactMap(\.error)
    let reason = errors.first.map { "; \(settings.secrets.mask($0))" } ?? ""
    return "\(Quantity.grouped(messages)) messages read, \(Quantity.age(rest)) left at most\(reason)"
  }

  private func surroundings(_ store: Store, _ keys: KeyFamilies?) -> InferredText.Surroundings {
    let now = SystemClock.now()
    var readers: [String: Set<String>] = [:]
    for row in store.groups(GroupQuery(limit: .max), now: now).rows {
      for partition in store.group(row.name, now: now)?.partitions ?? [] {
        readers[partition.topic, default: []].insert(row.name)
      }
    }
    return InferredText.Surroundings(
      context: settings.system.name, brokers: settings.kafka.brokers, properties: settings.kafka.properties.map(\.name),
      groups: readers.mapValues { $0.sorted() }, redis: settings.redis.servers, keys: keys,
      server: settings.http.server, documents: settings.system.documents)
  }

  /// The key families of all servers together.
  private func keys() -> KeyFamilies? {
    guard !settings.redis.servers.isEmpty else { return nil }
    var families = KeyFamilies()
    for server in settings.redis.servers {
      if let reason = RedisKeySampler(server).add(to: &families, atMost: Self.redisPatience) {
        Output.complain(settings.secrets.mask("redis \(server.name): \(reason)"))
      }
    }
    return families
  }
}

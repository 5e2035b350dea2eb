import Core
import TestRandom

/// Random observations of every kind, with values that are hard to encode: quotes, control characters, invalid UTF-8, `nil`.
struct Observations {
  private var random: SeededRandom
  let symbols = SymbolTable()

  init(seed: UInt64) { random = SeededRandom(seed: seed) }

  mutating func flag() -> Bool { random.next() % 2 == 0 }
  mutating func count(_ limit: Int) -> Int { Int(random.next() % UInt64(limit)) }
  mutating func maybe<Value>(_ make: (inout Observations) -> Value) -> Value? { flag() ? make(&self) : nil }
  mutating func list<Value>(_ make: (inout Observations) -> Value) -> [Value] {
    (0..<count(4)).map { _ in make(&self) }
  }

  mutating func text() -> String {
    let letters = ["a", "\"", "\\", "\n", "\u{1}", "\u{1f}", "é", "漢", "😀", " ", "/", "0", "\u{7f}", "\u{2028}"]
    return (0..<count(12)).map { _ in letters[count(letters.count)] }.joined()
  }

  mutating func bytes() -> [UInt8] {
    flag() ? Array(text().utf8) : (0..<count(20)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
  }

  mutating func time() -> Timestamp {
    Timestamp(nanoseconds: 1_700_000_000_000_000_000 + Int64(count(1_000_000_000_000)))
  }
  mutating func duration() -> Duration { .nanoseconds(Int64(count(1_000_000_000_000))) }
  mutating func number() -> Double { flag() ? Double(count(1_000_000)) / 7 : [0, 1e300, 1e-9, .infinity][count(4)] }

  mutating func message() -> OriginalMessage {
    let body = maybe { $0.bytes() }
    return OriginalMessage(
      origin: Origin(topic: symbols.symbol("t" + text()), partition: Int32(count(5)), offset: Int64(count(1 << 40))),
      brokerTime: maybe { $0.time() }, receivedAt: time(), key: bytes(),
      headers: list { OriginalMessage.Header(name: $0.bytes(), value: $0.bytes()) }, body: body, type: nil)
  }

  mutating func status() -> SourceStatus {
    var status = SourceStatus(
      SourceKind.allCases[count(SourceKind.allCases.count)], name: text(),
      phase: [.connecting, .catchingUp, .up, .degraded, .down][count(5)])
    status.lastSuccess = maybe { $0.time() }
    status.error = maybe { $0.text() }
    status.retryAt = maybe { $0.time() }
    status.latency = maybe { $0.duration() }
    status.progress = maybe { $0.number() }
    status.isComplete = flag()
    (status.messages, status.bytes) = (count(100), count(100))
    status.notes = list { $0.text() }
    status.brokers = maybe { $0.count(9) }
    status.topics = maybe { $0.count(9) }
    status.partitions = maybe { $0.count(9) }
    status.missing = list { it in
      .init(topic: it.text(), partition: Int32(it.count(9)), leader: it.maybe { $0.text() })
    }
    return status
  }

  /// Each partition occurs once. Older recordings have no last stable offset.
  mutating func lag() -> LagSample {
    let (isOld, numbers) = (flag(), count(9))
    return LagSample(
      time: time(), took: duration(), requests: count(99), isListed: flag(),
      partitions: (0..<numbers).map { number in
        let end = maybe { Int64($0.count(99)) }
        let stable = isOld || number > 0 && flag() ? nil : end.map { max(0, $0 - Int64(count(3))) } ?? 0
        return PartitionOffsets(
          topic: topic(), partition: Int32(number), start: maybe { Int64($0.count(99)) }, end: end,
          stable: isOld ? nil : stable)
      }, gone: list { TopicPartitionKey(topic: $0.topic(), partition: Int32($0.count(9))) },
      found: list { $0.found() }, groups: list { $0.group() }, incompleteness: maybe { $0.text() })
  }

  private mutating func topic() -> Symbol { symbols.symbol(["orders", "pay\"ments", "stock"][count(3)]) }

  private mutating func found() -> FirstMessage {
    let from = Int64(count(99))
    return FirstMessage(
      key: TopicPartitionKey(topic: topic(), partition: Int32(count(9))), from: from, offset: from + Int64(count(9)),
      hasMessage: flag(), time: maybe { $0.time() })
  }

  private mutating func group() -> GroupSample {
    GroupSample(
      name: text(), state: maybe { GroupSample.State.allCases[$0.count(5)] }, isSimple: maybe { $0.flag() },
      members: maybe { it in
        it.list { it in
          GroupSample.Member(
            id: it.text(), clientID: it.text(), host: it.text(),
            partitions: it.list { TopicPartitionKey(topic: $0.topic(), partition: Int32($0.count(9))) })
        }
      },
      commits: maybe { it in
        it.list { it in
          GroupSample.Commit(
            topic: it.topic(), partition: Int32(it.count(9)), offset: it.maybe { Int64($0.count(99)) })
        }
      }, error: maybe { $0.text() })
  }

  mutating func locks() -> LockSample {
    LockSample(
      source: text(), time: time(), took: duration(), isExact: flag(), locks: list { $0.lock() },
      gone: list { $0.text() },
      events: list { it in
        let kinds: [LockEvent.Kind] = [.written, .renewed, .released, .expired]
        return LockEvent(key: it.text(), definition: it.count(3), kind: kinds[it.count(4)], time: it.time())
      }, counts: maybe { it in it.list { $0.count(99) } }, passes: count(9), progress: number(), dropped: count(9))
  }

  private mutating func lock() -> LockObservation {
    LockObservation(
      key: text(), definition: count(3), kind: LockObservation.Kind.allCases[count(6)],
      holders: list { it in
        LockHolder(
          token: it.text(), thread: it.maybe { $0.text() }, count: it.maybe { $0.count(9) }, isReader: it.flag(),
          takenAt: it.maybe { $0.time() })
      }, time: time(), ttl: maybe { $0.duration() }, waiters: maybe { $0.count(9) }, idle: maybe { $0.duration() })
  }

  mutating func service() -> ServiceSample {
    let outcome: ServiceSample.Outcome =
      switch count(5) {
      case 0: .failed(text())
      case 1: .notAsked(text())
      case 2: .noMetrics(text())
      case 3: .metrics(metrics())
      default: .answered(answer())
      }
    return ServiceSample(service: text(), instance: count(3), time: time(), outcome: outcome)
  }

  private mutating func metrics() -> MetricsPage {
    var metrics = MetricsPage()
    metrics.counters = list { it in .init(it.text(), it.number(), isError: it.maybe { $0.flag() }) }
    metrics.histograms = list { it in
      .init(series: it.text(), buckets: it.list { .init($0.number(), $0.number()) })
    }
    metrics.gauges = list { .init($0.text(), $0.number()) }
    metrics.processStarts = list { $0.number() }
    (metrics.problem, metrics.quantileProblem) = (maybe { $0.text() }, maybe { $0.text() })
    (metrics.lines, metrics.badLines) = (count(99), count(9))
    metrics.firstBadLine = maybe { $0.text() }
    return metrics
  }

  private mutating func answer() -> ServiceSample.Answer {
    ServiceSample.Answer(
      status: count(600),
      phases: .init(
        lookup: duration(), connect: duration(), tls: duration(), firstByte: duration(), total: duration()),
      body: health(), excerpt: bytes(), length: count(99), isCut: flag(), location: maybe { $0.text() },
      certificateEnd: maybe { $0.time() })
  }

  private mutating func health() -> HealthBody {
    var body = HealthBody()
    body.status = maybe { $0.text() }
    body.meaning = maybe { HealthWords.Meaning.allCases[$0.count(4)] }
    body.detail = maybe { $0.text() }
    body.isGateway = flag()
    body.components = list { it in
      .init(
        it.text(), it.text(), it.maybe { HealthWords.Meaning.allCases[$0.count(4)] }, detail: it.maybe { $0.text() })
    }
    body.circuits = list { it in
      .init(
        it.text(), CircuitState.allCases[it.count(5)], failureRate: it.maybe { $0.number() },
        threshold: it.maybe { $0.number() }, failureCount: it.maybe { $0.count(9) },
        retryAfter: it.maybe { $0.duration() })
    }
    body.projections = list { it in .init(it.text(), it.text(), updatedAt: it.maybe { $0.time() }) }
    body.problem = maybe { $0.text() }
    return body
  }

  mutating func action() -> ActionRecord {
    var record = ActionRecord(
      intent: text(), action: ActionName.allCases[count(ActionName.allCases.count)], context: text(), subject: text(),
      type: text(), operator: .init(name: text(), sudoUser: maybe { $0.text() }, sshConnection: maybe { $0.text() }),
      reason: text(), attempt: count(9), idempotencyKey: text(), request: text(), digest: text(),
      latency: maybe { $0.duration() }, intendedAt: time())
    let outcomes: [ActionOutcome] = [
      .sent, .accepted(maybe { $0.text() }), .refused(status: maybe { $0.count(600) }, message: text()),
      .unknown(text()), .observed(after: duration()), .notObserved(after: duration()), .skipped(text()),
      .failedAgain(text()), .cancelled,
    ]
    record.stages += outcomes.map { ActionRecord.Stage(time: time(), outcome: $0) }
    return record
  }
}

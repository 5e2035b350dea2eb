import Clients
import Core
import Text

/// Polls one document: its requests, its previous content and its status. Belongs to one thread.
final class DocumentPoll {
  /// When to send the next request.
  enum Next {
    case atOnce
    case inTurn
    case notBefore(Duration)
  }

  /// Validators of the previous response, for a conditional request.
  private struct Validators {
    var url: String
    var lines: [String]
  }

  let transfer: HTTPTransfer
  let interval: Duration
  private let definition: DocumentDefinition
  private let url: String
  private var feed: MessageFeed
  private var backoff = Backoff()
  private var validators: Validators?
  private var lastBody: [UInt8] = []
  private var cursor: String?
  private var round: DocumentRound?
  /// The time of the first request of the round. Messages without a time get it: they were true at this time at the latest.
  private var askedAt: Timestamp?
  private(set) var status: SourceStatus

  /// `nil` if out of memory.
  init?(_ document: DocumentTarget, feed: consuming MessageFeed) {
    guard let transfer = HTTPTransfer(document.target) else { return nil }
    self.transfer = transfer
    definition = document.definition
    interval = max(.milliseconds(100), document.definition.interval)
    url = document.url
    self.feed = feed
    status = SourceStatus(.document, name: DocumentSource.name(of: document.definition))
  }

  private var pageURL: String {
    guard let paging = definition.paging, let cursor = round?.cursor ?? cursor else { return url }
    return url + Self.query(paging.parameter, cursor, after: url)
  }

  static func query(_ parameter: String, _ value: String, after url: String) -> String {
    (url.contains("?") ? "&" : "?") + parameter + "=" + encoded(value)
  }

  private static func encoded(_ text: String) -> String {
    var result = ""
    for byte in text.utf8 {
      let scalar = Unicode.Scalar(byte)
      if scalar.isASCII, scalar.properties.isAlphabetic || (0x30...0x39).contains(byte) || "-._~".utf8.contains(byte) {
        result.unicodeScalars.append(scalar)
      } else {
        result += (byte < 16 ? "%0" : "%") + String(byte, radix: 16, uppercase: true)
      }
    }
    return result
  }

  /// Must be called before each request.
  func prepare(at instant: Timestamp) {
    if round == nil { askedAt = instant }
    let page = pageURL
    if validators?.url != page {
      validators = nil
      lastBody = []
    }
    transfer.setURL(page, headers: validators?.lines ?? [])
  }

  /// Handles the result of the request and delivers new messages.
  func finish(_ code: HTTPEnd, at instant: Timestamp) -> Next {
    guard transfer.isAnswered(code) else { return fail(transfer.failure(code).text, isOff: true, at: instant) }
    guard !transfer.isCut else {
      return fail("\(place): more than \(Quantity.bytes(transfer.target.bodyLimit))", isOff: false, at: instant)
    }
    status.bytes += transfer.bytes.count
    status.latency = transfer.phases.total
    switch transfer.status {
    // A 304 is valid only if the request had validators.
    case 304 where validators != nil: return settle(at: instant)
    case 200..<300: return read(at: instant)
    case let number:
      let way = transfer.location.map { ", which leads to \($0); redirects are not followed" } ?? ""
      return fail("\(place): HTTP \(number)\(way)", isOff: (400..<500).contains(number), at: instant)
    }
  }

  private var place: String { pageURL }

  private func read(at instant: Timestamp) -> Next {
    keepValidators()
    guard transfer.bytes != lastBody else { return settle(at: instant) }
    guard let document = JSONNode(transfer.bytes) else {
      validators = nil
      return fail("\(place): \(Self.kind(transfer)) that are no whole JSON", isOff: false, at: instant)
    }
    lastBody = transfer.bytes
    var round = round ?? DocumentRound(definition, from: cursor)
    let hasMore = round.add(document)
    self.round = round
    return hasMore ? .atOnce : settle(at: instant)
  }

  /// Size and content type, such as "1.2 KiB (text/html)". The type makes a login page recognizable.
  static func kind(_ transfer: HTTPTransfer) -> String {
    let type = transfer.header("Content-Type")?.prefix { $0 != ";" }.prefix(60)
    return Quantity.bytes(transfer.bytes.count) + (type.map { " (\($0))" } ?? "")
  }

  private func keepValidators() {
    let named = [("If-None-Match", "ETag"), ("If-Modified-Since", "Last-Modified")]
    let lines = named.compactMap { ask, told in transfer.header(told).map { "\(ask): \($0)" } }
    validators = lines.isEmpty ? nil : Validators(url: pageURL, lines: lines)
  }

  /// Ends the round and delivers its messages.
  private func settle(at instant: Timestamp) -> Next {
    // The next round continues where a round with too many pages has ended.
    let isCut = round?.isCut ?? false
    if let round {
      for found in round.ordered { feed.take(found, at: askedAt ?? instant) }
      feed.flush()
      if round.cursor != cursor { (cursor, validators, lastBody) = (round.cursor, nil, []) }
      status.notes = round.lacking == 0 ? [] : ["\(round.lacking) of its elements are no messages"]
    }
    round = nil
    backoff.reset()
    status.messages = feed.count
    status.lastSuccess = instant
    if !isCut { status.isComplete = true }
    status.phase = .up
    (status.error, status.retryAt) = (nil, nil)
    return .inTurn
  }

  /// Resets the cursor if the server was unreachable or rejected the request (HTTP 4xx): the list is then read from its start.
  private func fail(_ reason: String, isOff: Bool, at instant: Timestamp) -> Next {
    round = nil
    if isOff { (cursor, validators, lastBody) = (nil, nil, []) }
    let wait = max(backoff.next(), interval)
    status.phase = .down
    status.retryAt = instant + wait
    status.error = "\(reason); trying again"
    return .notBefore(wait)
  }
}

/// Result of one round of requests for a document: one response, or the pages of a list.
struct DocumentRound {
  static let mostPages = 100
  private static let mostMessages = 100_000

  let definition: DocumentDefinition
  private(set) var found: [MessageFinder.Found] = []
  private(set) var pages = 0
  /// Number of list elements that are no messages.
  private(set) var lacking = 0
  /// Cursor of the last element read; the next request continues after it.
  private(set) var cursor: String?
  /// The cursors of this round: pages may form a loop.
  private var visited: Set<String>
  /// There may be more pages than one round reads.
  private(set) var isCut = false

  init(_ definition: DocumentDefinition, from cursor: String?) {
    self.definition = definition
    self.cursor = cursor
    visited = Set([cursor].compactMap(\.self))
  }

  /// Adds one response. Returns whether there may be another page.
  mutating func add(_ document: JSONNode) -> Bool {
    pages += 1
    let page = MessageFinder(rules: definition.messages, source: definition.name).find(in: document, lacking: &lacking)
    found += page
    guard let paging = definition.paging else { return false }
    let end = Self.furthest(page.compactMap { $0.body.value(at: paging.member)?.scalar }, from: cursor)
    let isFurther = end != cursor && !(end.map(visited.contains) ?? false)
    if let end { visited.insert(end) }
    cursor = end
    isCut = isFurther && (pages >= Self.mostPages || found.count >= Self.mostMessages)
    return isFurther && !isCut
  }

  /// The greatest value for numbers and times, the last value for other ids; `known` if no value is greater.
  private static func furthest(_ values: [String], from known: String?) -> String? {
    guard let last = values.last else { return known }
    var best = known
    for value in values {
      guard let instant = TimestampParser.parse(value) else { return last }
      guard let former = best.flatMap({ TimestampParser.parse($0) }), instant <= former else {
        best = value
        continue
      }
    }
    return best
  }

  /// The messages in list order. Messages of one subject are sorted by their number.
  var ordered: [MessageFinder.Found] {
    guard let order = definition.order else { return found }
    var places: [String: [Int]] = [:]
    for (place, one) in found.enumerated() {
      places[one.body.value(at: order.per)?.scalar ?? "", default: []].append(place)
    }
    var result = found
    for mine in places.values {
      let sorted = mine.sorted { left, right in
        let (first, second) = (number(found[left], order), number(found[right], order))
        return first == second ? left < right : first < second
      }
      for (place, from) in zip(mine, sorted) { result[place] = found[from] }
    }
    return result
  }

  private func number(_ found: MessageFinder.Found, _ order: DocumentDefinition.Order) -> Double {
    found.body.value(at: order.member)?.scalar.flatMap(Double.init) ?? 0
  }
}

import Clients
import Core
import Text

/// One document: its requests, what it was when it was last read, and how it is doing. Belongs to one thread.
final class DocumentPoll {
  /// When it is to be asked again.
  enum Next {
    case atOnce
    case inTurn
    case notBefore(Duration)
  }

  /// What the server told of the answer before, so that it need not send it again.
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
  /// What a document says without a time was so then at the latest: what happened since may have a time of its own.
  private var askedAt: Timestamp?
  private(set) var status: SourceStatus

  /// `nil` when there is no memory for it.
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

  /// To be called before each request.
  func prepare(at instant: Timestamp) {
    if round == nil { askedAt = instant }
    let page = pageURL
    if validators?.url != page {
      validators = nil
      lastBody = []
    }
    transfer.setURL(page, headers: validators?.lines ?? [])
  }

  /// What came of the request; hands over what is new.
  func finish(_ code: HTTPEnd, at instant: Timestamp) -> Next {
    guard transfer.isAnswered(code) else { return fail(transfer.failure(code).text, isOff: true, at: instant) }
    guard !transfer.isCut else {
      return fail("\(place): more than \(Quantity.bytes(transfer.target.bodyLimit))", isOff: false, at: instant)
    }
    status.bytes += transfer.bytes.count
    status.latency = transfer.phases.total
    switch transfer.status {
    // Who was not told what is known has nothing to say that it is the same as.
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

  /// "1.2 KiB (text/html)": a page for logging in is known by its type.
  static func kind(_ transfer: HTTPTransfer) -> String {
    let type = transfer.header("Content-Type")?.prefix { $0 != ";" }.prefix(60)
    return Quantity.bytes(transfer.bytes.count) + (type.map { " (\($0))" } ?? "")
  }

  private func keepValidators() {
    let named = [("If-None-Match", "ETag"), ("If-Modified-Since", "Last-Modified")]
    let lines = named.compactMap { ask, told in transfer.header(told).map { "\(ask): \($0)" } }
    validators = lines.isEmpty ? nil : Validators(url: pageURL, lines: lines)
  }

  /// The round is over.
  private func settle(at instant: Timestamp) -> Next {
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
    status.isComplete = true
    status.phase = .up
    (status.error, status.retryAt) = (nil, nil)
    return .inTurn
  }

  /// A list whose server was away, or does not know where it was read to, is read from its beginning.
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

/// What one round of requests for a document has given so far: one answer, or the pages of a list.
struct DocumentRound {
  static let mostPages = 100
  private static let mostMessages = 100_000

  let definition: DocumentDefinition
  private(set) var found: [MessageFinder.Found] = []
  private(set) var pages = 0
  /// Elements of lists that were no messages.
  private(set) var lacking = 0
  /// Where the list goes on; what follows it is asked for.
  private(set) var cursor: String?

  init(_ definition: DocumentDefinition, from cursor: String?) {
    self.definition = definition
    self.cursor = cursor
  }

  /// Takes one answer. Returns whether there may be more behind it.
  mutating func add(_ document: JSONNode) -> Bool {
    pages += 1
    let page = MessageFinder(rules: definition.messages, source: definition.name).find(in: document, lacking: &lacking)
    found += page
    guard let paging = definition.paging else { return false }
    let end = Self.furthest(page.compactMap { $0.body.value(at: paging.member)?.scalar }, from: cursor)
    let isFurther = end != cursor
    cursor = end
    return isFurther && pages < Self.mostPages && found.count < Self.mostMessages
  }

  /// The greatest of numbers and times, the last of other ids; `known` where nothing lies behind it.
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

  /// The messages in the order of the list, but those that speak of one thing by their number.
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

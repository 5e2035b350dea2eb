import Testing

@testable import Core

@Suite("Step and meaning of an event name")
struct EventNameTests {
  @Test(
    "noun, verb and meaning of events in every spelling",
    arguments: [
      ("order-created", "order", "created", EventName.Meaning.completes),
      ("OrderCreated", "order", "created", .completes),
      ("OrderCreatedEvent", "order", "created", .completes),
      ("OrderCreatedIntegrationEvent", "order", "created", .completes),
      ("com.shop.events.PaymentFailedEvent", "payment", "failed", .fails),
      ("Shop.Messages.OrderBilled, Shop.Messages, Version=1.4.0.0", "order", "billed", .completes),
      ("urn:message:Shop.Contracts:StockReserved", "stock", "reserved", .completes),
      ("shop.Events$ParcelSent", "parcel", "sent", .completes),
      ("Order.Created", "order", "created", .completes),
      ("user.registered.v2", "user", "registered", .completes),
      ("FRIEND_REQUEST_SENT", "friend-request", "sent", .completes),
      ("HTTPCallFailed", "http-call", "failed", .fails),
      ("delivery-started", "delivery", "started", .begins),
      ("delivery.starting", "delivery", "starting", .begins),
      ("PaymentDeclined", "payment", "declined", .fails),
      ("payment-success", "payment", "success", .completes),
      ("inventory-fail", "inventory", "fail", .fails),
      ("RESERVE_SEAT_SUCCESSFULLY", "seat", "successfully", .completes),
      ("RESERVE_SEAT_FAILED", "seat", "failed", .fails),
      ("StockUnavailable", "stock", "unavailable", .fails),
      ("CourierNotFound", "courier", "notfound", .fails),
      ("PaymentTimedOut", "payment", "timedout", .fails),
      ("payment-timed-out", "payment", "timedout", .fails),
      ("StockReleased", "stock", "released", .compensates),
      ("UserUnlocked", "user", "unlocked", .compensates),
      ("payment_rolled-back", "payment", "rolledback", .compensates),
      ("SagaCompensated", "saga", "compensated", .compensates),
      ("RefundRequested", "refund", "requested", .compensating),
      ("RefundCompleted", "refund", "completed", .compensates),
      ("CANCEL_BOOKING_FAILED", "booking", "failed", .compensationFails),
      ("StockReleaseFailed", "stock-release", "failed", .compensationFails),
      ("SagaCompensationFailed", "saga-compensation", "failed", .compensationFails),
      ("TransferRejectedDueToLimit", "transfer", "rejected", .fails),
      ("AccountCreditedForTransfer", "account", "credited", .completes),
      ("OrderStatusChangedToShipped", "order", "shipped", .completes),
      ("OrderStatusChangedToStockConfirmed", "stock", "confirmed", .completes),
      ("OrderAddressChanged", "order-address", "changed", .tells),
      ("AccountSuspended", "account", "suspended", .halts),
      ("OrderPartiallyShipped", "order-partially", "shipped", .halts),
      ("ErrorResolved", "error", "resolved", .tells),
      ("SagaStepCompleted", "saga-step", "completed", .completes),
    ])
  func meaning(name: String, noun: String, verb: String, meaning: EventName.Meaning) {
    let read = EventName(name)
    #expect(read.noun == noun)
    #expect(read.verb == verb)
    #expect(read.meaning == meaning)
    #expect(read.isEventLike)
  }

  @Test(
    "commands are distinguished from results",
    arguments: [
      ("create-payment", "payment", EventName.Meaning.begins), ("confirm-order", "order", .begins),
      ("inventory.reserve.command", "inventory", .begins), ("com.shop.api.CreateTicket", "ticket", .begins),
      ("ReserveStockCommand", "stock", .begins), ("cancel-order", "order", .compensates),
      ("refund-payment", "payment", .compensates), ("reject-order", "order", .fails),
      ("lock-account", "account", .begins),
    ])
  func orders(name: String, noun: String, meaning: EventName.Meaning) {
    let read = EventName(name)
    #expect(read.noun == noun && read.meaning == meaning && read.isCommand)
  }

  @Test(
    "the outcome in a type's messages overrides its name",
    arguments: [
      ("stock.reply", "SUCCESS", "stock", EventName.Meaning.completes), ("stock.reply", "FAILURE", "stock", .fails),
      ("stock.reply", "RELEASED", "stock", .compensates), ("saga.trip.end", "FAILURE", "saga-trip", .fails),
      ("PaymentProcessed", "DECLINED", "payment", .fails), ("PaymentProcessed", "true", "payment", .completes),
      ("PaymentProcessed", "PENDING", "payment", .completes), ("RejectOrder", "SUCCESS", "order", .fails),
      ("CancelCreateTicket", "SUCCESS", "ticket", .compensates),
      ("CancelTicket", "FAILURE", "ticket", .compensationFails),
      ("OrderStatusChanged", "SHIPPED", "order", .completes), ("Authorize", "FAILURE", "authorize", .fails),
    ])
  func outcome(name: String, outcome: String, noun: String, meaning: EventName.Meaning) {
    let read = EventName(name, outcome: outcome)
    #expect(read.noun == noun)
    #expect(read.meaning == meaning)
  }

  /// A name with one of these words never means success, regardless of its other words.
  @Test("cancelled, refused, compensated or late never means success, in any form of the word and name")
  func never() {
    let verbs = [
      "cancel", "refund", "release", "reject", "abort", "deny", "expire", "terminate", "decline", "revert", "void",
      "fail",
    ]
    let pasts = [
      "cancelled", "canceled", "refunded", "released", "rejected", "aborted", "denied", "expired", "terminated",
      "declined", "reverted",
      "voided", "failed", "timed-out", "rolled-back",
    ]
    func forms(_ words: [String]) -> [String] {
      let camel = words.map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
      return [
        words.joined(separator: "-"), words.joined(separator: "_").uppercased(), words.joined(separator: "."),
        camel + "Event",
        "com.acme." + camel,
        words.joined(separator: "_") + ".v2",
      ]
    }
    var names: [String] = []
    for thing in ["order", "payment", "seat"] {
      for verb in verbs { names += forms([verb, thing]) + forms([thing, verb]) }
      for past in pasts { names += forms([thing] + past.split(separator: "-").map(String.init)) }
    }
    for name in names {
      let meaning = EventName(name).meaning
      #expect(meaning == .fails || meaning == .compensates, "\(name) is read as \(meaning?.rawValue ?? "unknown")")
    }
  }

  @Test(
    "an unclassified word has no meaning",
    arguments: ["OrderFrobnicated", "payment.reply", "GlorpDone2", "order-validation"])
  func unknown(name: String) {
    #expect(EventName(name).meaning == nil)
  }

  @Test("configured words and names override the built-in ones")
  func given() {
    let vocabulary = Vocabulary([.done: ["frobnicated"], .failed: ["stock.short"], .undone: ["glorped"]])
    #expect(EventName("OrderFrobnicated", vocabulary: vocabulary).meaning == .completes)
    #expect(EventName("StockShort", vocabulary: vocabulary).meaning == .fails)
    #expect(EventName("order-glorped", vocabulary: vocabulary).meaning == .compensates)
    #expect(EventName("OrderShipped", vocabulary: vocabulary).meaning == .completes)
  }

  @Test("names of things are not events", arguments: ["orders", "metrics", "user", "text/plain", "", "42", "red"])
  func things(name: String) {
    #expect(!EventName(name).isEventLike)
  }

  @Test(
    "participles of other languages are recognised, with and without diacritics",
    arguments: [
      ("auftrag-storniert", .compensates), ("ZahlungFehlgeschlagen", .fails), ("zahlung.bestätigt", .completes),
      ("pedido.rechazado", .fails), ("PagoCompletado", .completes), ("inventario_liberado", .compensates),
      ("PaiementRefusé", .fails), ("CommandeLivrée", .completes), ("StockLibere", .compensates),
      ("pedido-entregue", .completes), ("pagamento.recusado", .fails), ("OrdineAnnullato", .compensates),
      ("betaling-mislukt", .fails), ("ZhiFuShiBai", nil),
    ] as [(String, EventName.Meaning?)])
  func otherLanguages(name: String, meaning: EventName.Meaning?) { #expect(EventName(name).meaning == meaning) }

  @Test(
    "words after a preposition can negate a completion",
    arguments: [
      ("OrderCompletedWithErrors", .halts), ("order.closed.due.to.timeout", .halts),
      ("OrderCompletedWithoutErrors", .completes),
      ("OrderCompletedByCustomer", .completes), ("JobFinishedWithWarnings", .completes),
    ] as [(String, EventName.Meaning?)])
  func marred(name: String, meaning: EventName.Meaning?) { #expect(EventName(name).meaning == meaning) }

  @Test("configured word sequences match at the end of any name")
  func givenPhrases() {
    let vocabulary = Vocabulary([.done: ["WanCheng"], .undone: ["put-back"], .failed: ["hand over refused"]])
    #expect(EventName("DingDanWanCheng", vocabulary: vocabulary).meaning == .completes)
    #expect(EventName("stock-put-back", vocabulary: vocabulary).noun == "stock")
    #expect(EventName("parcel_hand_over_refused", vocabulary: vocabulary).meaning == .fails)
    #expect(EventName("WanChengDan", vocabulary: vocabulary).meaning == nil)
  }
}

extension PublicNames {
  /// Lists that were written after the vocabulary was finished. The vocabulary was not adapted to them.
  static let untried: [PublicNames] = [
    PublicNames(
      source: "Square, webhook events",
      names: [
        .good: """
        payment.created order.created payout.paid payout.sent subscription.created invoice.created invoice.payment_made \
        invoice.published booking.created gift_card.created terminal.checkout.created loyalty.account.created
        """,
        .bad: """
        refund.created invoice.canceled invoice.refunded invoice.scheduled_charge_failed payout.failed terminal.refund.created
        """,
        .other: """
        payment.updated refund.updated order.updated order.fulfillment.updated dispute.state.updated card.disabled \
        card.automatically_updated customer.deleted booking.updated
        """,
      ]),
    PublicNames(
      source: "Mollie and Klarna, order and payment states",
      names: [
        .good: "authorized paid completed CAPTURED FRAUD_RISK_ACCEPTED CLOSED",
        .bad: "expired failed canceled CANCELLED EXPIRED FRAUD_RISK_REJECTED FRAUD_RISK_STOPPED",
        .open: "pending shipping",
        .other: "PART_CAPTURED",
      ]),
    PublicNames(
      source: "commercetools, message types",
      names: [
        .good: """
        OrderCreated OrderImported DeliveryAdded PaymentCreated PaymentTransactionAdded ReturnInfoAdded \
        InventoryEntryCreated OrderEditApplied QuoteRequestCreated CustomerCreated ParcelAddedToDelivery
        """,
        .other: """
        OrderStateChanged OrderShipmentStateChanged OrderPaymentStateChanged DeliveryRemoved \
        PaymentTransactionStateChanged OrderDeleted OrderShippingAddressSet OrderCustomerSet DeliveryAddressSet
        """,
      ]),
    PublicNames(
      source: "Twilio and SendGrid, message and call states",
      names: [
        .good: "sent delivered received accepted processed completed",
        .bad: "undelivered failed canceled bounce no-answer busy spamreport",
        .open: "queued sending receiving scheduled in-progress ringing",
        .other: "read dropped deferred unsubscribe",
      ]),
    PublicNames(
      source: "DocuSign, envelope and recipient events",
      names: [
        .good:
          "envelope-created envelope-sent envelope-delivered envelope-completed recipient-completed recipient-signed",
        .bad: "envelope-declined envelope-voided recipient-declined recipient-authenticationfailed",
        .other: "envelope-deleted envelope-corrected",
      ]),
    PublicNames(
      source: "DoorDash Drive, delivery events",
      names: [
        .good: "DASHER_CONFIRMED DASHER_PICKED_UP DASHER_DROPPED_OFF DELIVERY_CREATED",
        .bad: "DELIVERY_CANCELLED DELIVERY_RETURNED",
        .open: "DASHER_ENROUTE_TO_PICKUP DASHER_ENROUTE_TO_DROPOFF",
      ]),
    PublicNames(
      source: "Dwolla and Plaid, transfer events",
      names: [
        .good: """
        customer_created customer_verified customer_transfer_created customer_transfer_completed \
        customer_bank_transfer_completed settled posted customer_funding_source_added
        """,
        .bad: """
        customer_transfer_cancelled customer_transfer_failed customer_bank_transfer_creation_failed \
        customer_bank_transfer_failed cancelled failed returned
        """,
        .open: "pending",
        .other: "customer_suspended customer_deactivated customer_updated",
      ]),
    PublicNames(
      source: "Coinbase Commerce, charge events",
      names: [
        .good: "charge:created charge:confirmed charge:resolved", .bad: "charge:failed", .open: "charge:pending",
        .other: "charge:delayed",
      ]),
    PublicNames(
      source: "Persona and Checkr, inquiry and report events",
      names: [
        .good: """
        inquiry.created inquiry.completed inquiry.approved report.created report.completed invitation.created \
        invitation.completed verification.passed candidate.created
        """,
        .bad: """
        inquiry.expired inquiry.failed inquiry.declined report.canceled invitation.expired invitation.deleted_expired \
        verification.failed verification.canceled
        """,
        .open: "inquiry.started report.resumed verification.submitted",
        .other: "inquiry.marked-for-review report.suspended report.disputed report.upgraded inquiry.transitioned",
      ]),
  ]
}
